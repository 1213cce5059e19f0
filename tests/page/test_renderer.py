"""The page renders every card completely, and nothing that a card doesn't contain."""

from __future__ import annotations

from typing import Any

import pytest

from tests.page import gallery
from tests.page.visiting import DESKTOP, PHONE, Visitor, visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Shows messages as the page does; returns what is unrendered or too wide.
SHOW = """async (payloads) => {
  const { messageElement } = await import("/page/message.js");
  const container = document.querySelector("#messages");
  const problems = [];
  for (const [i, payload] of payloads.entries()) {
    const message = { channel: "C0GENERAL", ts: `1790000000.${i}`, author: "U0EXTBOT", ...payload };
    const node = messageElement(message);
    container.replaceChildren(node);
    const edge = container.getBoundingClientRect().right + 0.5;
    for (const error of node.querySelectorAll(".render-error")) {
      problems.push([i, error.textContent]);
    }
    for (const element of node.querySelectorAll("*")) {
      const codeBlock = element.parentElement.closest("pre");
      if (!codeBlock && element.getBoundingClientRect().right > edge) {
        problems.push([i, element.outerHTML]);
      }
    }
    if (!node.querySelector(".blocks").textContent.trim()) problems.push([i, "nothing is shown"]);
    if (node.querySelector("script, iframe, object, [onerror], [style]")) {
      problems.push([i, "HTML"]);
    }
    for (const link of node.querySelectorAll("a")) {
      if (!/^(https?|tel|mailto):/.test(link.protocol + "")) problems.push([i, link.href]);
    }
  }
  if (document.documentElement.scrollWidth > innerWidth) {
    problems.push([-1, "the page is too wide"]);
  }
  return problems;
}"""

TEXT = """async ([text, verbatim]) => {
  const { mrkdwn } = await import("/page/mrkdwn.js");
  const container = document.createElement("div");
  container.append(...mrkdwn(text, { verbatim }));
  return container.innerHTML;
}"""


async def test_every_card_is_rendered_completely(chromium, playground, tmp_path) -> None:
    """On desktop and phone, no card is wider than the column of messages."""
    payloads = [*await gallery.collect_cards(tmp_path), *gallery.hostile_cards()]
    assert len(payloads) > 250
    for size in (DESKTOP, PHONE):
        async with visit(chromium, playground, size=size) as visitor:
            assert await visitor.page.evaluate(SHOW, payloads) == []
            assert await visitor.page.title() == "Ext playground"


@pytest.mark.parametrize(
    ("block", "error"),
    [
        ({"type": "alert"}, "Unknown block: alert"),
        ({"type": "constructor"}, "Unknown block: constructor"),
        ({"type": "actions", "elements": [{"type": "datepicker"}]}, "Unknown element: datepicker"),
        ({"type": "context", "elements": [{"type": "button"}]}, "in a context: button"),
        ({"type": "rich_text", "elements": [{"type": "table"}]}, "Unknown rich text: table"),
    ],
)
async def test_unknown_content_is_a_visible_error(chromium, playground, block, error) -> None:
    """The error is in the place of the block, and screen readers announce it."""
    async with visit(chromium, playground) as visitor:
        await _show(visitor, {"text": "x", "blocks": [block]})
        assert error in await visitor.page.get_by_role("alert").filter(has_text=error).inner_text()


async def _show(visitor: Visitor, payload: dict[str, Any]) -> None:
    await visitor.page.evaluate(SHOW, [payload])


MARKUP = [
    ("*bold* _it_ ~no~ `code`", "<strong>bold</strong> <em>it</em> <s>no</s> <code>code</code>"),
    ("*a _b_ c*", "<strong>a <em>b</em> c</strong>"),
    ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
    ("&lt;b&gt; &amp;amp; &quot;", "&lt;b&gt; &amp;amp; &amp;quot;"),
    ("`*no* <@U0JOHN> &lt;`", "<code>*no* &lt;@U0JOHN&gt; &lt;</code>"),
    ("```a\n *b*```", '<pre tabindex="0"><code>a\n *b*</code></pre>'),
    ("&gt; message\nnot", "<blockquote>message</blockquote>not"),
    ("a\nb", "a<br>b"),
    ("<tel:+14155550100|+1 415>", '<a href="tel:+14155550100">+1 415</a>'),
    ("<mailto:a@b.c>", '<a href="mailto:a@b.c">a@b.c</a>'),
    ("*<tel:+1|x>*", '<strong><a href="tel:+1">x</a></strong>'),
    ("<@U0JOHN>", '<span class="mention you">@John Smith</span>'),
    ("<@U0NOBODY>", '<span class="mention">@U0NOBODY</span>'),
    ("<#C0GENERAL>", '<span class="mention">#general</span>'),
    ("<!channel>", '<span class="mention all">@channel</span>'),
    ("<javascript:alert(1)|click>", "click (javascript:alert(1))"),
    ("<!date^nonsense^{time}|then>", "then"),
    ("<!date^0^{nonsense}|then>", '<time datetime="1970-01-01T00:00:00.000Z">then</time>'),
    (
        "<!date^1790000000^{date_short}, {time}|then>",
        '<time datetime="2026-09-21T14:13:20.000Z">Sep 21, 2026, 10:13 AM</time>',
    ),
    (
        "<!date^1790000000^since {date_short} at {time}|then>",
        '<time datetime="2026-09-21T14:13:20.000Z">since Sep 21, 2026 at 10:13 AM</time>',
    ),
    ("https://x.example", "https://x.example"),
]


async def test_mrkdwn_is_rendered_as_in_slack(chromium, playground) -> None:
    """Other text stays text, and only three entities are decoded."""
    async with visit(chromium, playground) as visitor:
        rendered = {
            text: (await visitor.page.evaluate(TEXT, [text, True])).replace("\u202f", " ")
            for text, _ in MARKUP
        }
        assert rendered == dict(MARKUP)
        bare = await visitor.page.evaluate(TEXT, ["see https://x.example.", False])
        assert 'href="https://x.example"' in bare


async def test_file_has_name_size_and_link(chromium, playground) -> None:
    """The link downloads the file."""
    file = {
        "id": "F1", "name": "directory.csv", "size": 12_345, "mimetype": "text/csv",
        "url_private_download": f"{playground.url}/page/icon.svg",
    }  # fmt: skip
    async with visit(chromium, playground) as visitor:
        await _show(visitor, {"text": "The directory", "files": [file]})
        link = visitor.page.get_by_role("link", name="directory.csv")
        assert await link.get_attribute("href") == file["url_private_download"]
        assert "12.3 kB" in await visitor.messages.inner_text()
