"""At 320 × 256 CSS pixels the page needs no horizontal scrolling and still shows the messages.

https://www.w3.org/WAI/WCAG22/Understanding/reflow.html
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from bot.sandbox.slack.message_posting import Destination, post
from tests.page.visiting import REFLOW, Visitor, visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

MIN_MESSAGES_HEIGHT_PX = 120

# Returns visible elements whose right or left edge is outside the viewport, and whether the page
# scrolls sideways. Code and tables may be wider: they scroll in a box of their own.
OUTSIDE = """() => {
  const outside = [];
  for (const element of document.querySelectorAll("body *:not(.skip-link)")) {
    if (!element.checkVisibility() || element.closest("pre code, .preview table")) continue;
    const { left, right, width } = element.getBoundingClientRect();
    if (width && (right > innerWidth + 0.5 || left < -0.5)) outside.push(element.outerHTML);
  }
  if (document.documentElement.scrollWidth > innerWidth) outside.push("the page scrolls sideways");
  return outside;
}"""


def plain(text: str) -> dict[str, Any]:
    """A plain text object."""
    return {"type": "plain_text", "text": text}


def option(text: str) -> dict[str, Any]:
    """An option with a long description."""
    return {"text": plain(text), "value": text, "description": plain(f"{text} " * 10)}


MENU = {"type": "overflow", "action_id": "menu", "options": [option("More"), option("Less")]}
BUTTON = {
    "type": "button",
    "action_id": "go",
    "text": plain("A button with a long label, up to 75"),
}
BLOCKS = [
    {"type": "section", "text": plain("A section"), "accessory": MENU},
    {"type": "actions", "elements": [BUTTON, MENU | {"action_id": "menu2"}]},
]
CHECKBOXES = {"type": "checkboxes", "action_id": "c", "options": [option("One"), option("Two")]}
SELECT = {"type": "static_select", "action_id": "s", "options": [option("A long option " * 4)]}
MODAL = {
    "type": "modal", "title": plain("A title of a modal here"), "submit": plain("Look up"),
    "blocks": [
        {"type": "input", "block_id": "i1", "label": plain("Number"),
         "element": {"type": "plain_text_input", "action_id": "t"}},
        {"type": "input", "block_id": "i2", "label": plain("Which"), "element": CHECKBOXES},
        {"type": "input", "block_id": "i3", "label": plain("Where"), "element": SELECT},
    ],
}  # fmt: skip


async def _assert_inside(visitor: Visitor) -> None:
    assert await visitor.page.evaluate(OUTSIDE) == []


async def test_answers_at_320_by_256_stay_inside_the_screen(chromium, playground) -> None:
    """The start, a card, a list, unread channels, completions, a thread and a file fit."""
    async with visit(chromium, playground, size=REFLOW) as visitor:
        await _assert_inside(visitor)
        await visitor.screenshot("reflow-start")
        await visitor.ask("/ext 789")
        await visitor.screenshot("reflow-card")
        await visitor.ask("/ext list location:London")
        for channel in ("C0PARTNERS", "D0JOHN"):
            playground.demo_env.workspace.messages.add(channel, {"text": "Unread"})
        playground.demo_env.change_signal.notify()
        await expect(visitor.page.locator("#channels .unread")).to_have_count(2)
        await _assert_inside(visitor)
        await visitor.box.fill("@")
        await expect(visitor.page.get_by_role("listbox", name="Completions")).to_be_visible()
        await _assert_inside(visitor)
        question = await visitor.ask("@Ext 790")
        await visitor.press(question.get_by_role("button", name="1 reply"))
        await expect(visitor.replies).to_have_count(2)
        await _assert_inside(visitor)
        await visitor.page.keyboard.press("Escape")
        await visitor.sign_in_as("Mary O'Brien, admin")
        await visitor.open_channel("Ext")
        await visitor.send("export")
        with_table = visitor.messages.filter(has=visitor.page.get_by_role("table"))
        await expect(with_table).to_have_count(1)
        await _assert_inside(visitor)


async def test_inspector_menus_and_modal_at_320_by_256_stay_inside_the_screen(
    chromium, playground
) -> None:
    """Everything in the inspector is open; then an overflow menu, and a modal with every input."""
    async with visit(chromium, playground, size=REFLOW) as visitor:
        demo_env, workspace = playground.demo_env, playground.demo_env.workspace
        workspace.violations.record("operation_timeout", "A slash command was late.")
        await visitor.ask("/ext refresh 789")
        await visitor.open_inspector()
        await visitor.inspector.locator(".group summary").first.click()
        await visitor.inspector.get_by_text("More to try").click()
        await _assert_inside(visitor)
        await visitor.screenshot("reflow-inspector")
        await visitor.close_inspector()
        content, destination = {"text": "x", "blocks": BLOCKS}, Destination("C0GENERAL")
        post(workspace.messages, workspace.violations, content, destination, "test")
        demo_env.change_signal.notify()
        for menu in await visitor.last.get_by_label("More actions").all():
            await menu.click()
            await _assert_inside(visitor)
            await visitor.page.keyboard.press("Escape")
        workspace.views.open("U0JOHN", MODAL)
        demo_env.change_signal.notify()
        await expect(visitor.page.get_by_role("dialog")).to_be_visible()
        await _assert_inside(visitor)
        await visitor.screenshot("reflow-modal")


async def test_messages_at_320_by_256_keep_a_readable_height(chromium, playground) -> None:
    """The frame around the messages leaves them about half of the screen."""
    async with visit(chromium, playground, size=REFLOW) as visitor:
        await visitor.ask("/ext 789")
        box = await visitor.page.locator("#messages").bounding_box()
        assert box
        assert box["height"] >= MIN_MESSAGES_HEIGHT_PX
