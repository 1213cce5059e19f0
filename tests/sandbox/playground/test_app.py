"""The playground's server: the page's files, the stream, and files of messages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.sandbox.playground.app import PAGE
from bot.sandbox.playground.feed import Feed


async def test_index_loads_only_own_files_without_inline_code(page):
    """Every file exists, and the policy allows no other source and no inline script."""
    index = await page.get("/")
    policy = index.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
    assert "unsafe" not in policy
    files = re.findall(r'(?:href|src)="(/[^"]+)"', index.text)
    assert len(files) >= 5
    for file in files:
        assert (await page.get(file)).status_code == 200
    assert not re.search(r"<style|style=|<script>|\son\w+=", index.text)


@pytest.mark.parametrize("path", sorted(PAGE.glob("*.js")), ids=lambda path: path.name)
def test_script_never_parses_text_as_html(path: Path):
    """Scripts build elements, say at the top what they are for, and import only each other."""
    text = path.read_text("utf-8")
    assert text.startswith("// ")
    assert text.count("\n") <= 300
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|Function\(", text
    )
    assert all(source.startswith("./") for source in re.findall(r'from "([^"]+)"', text))


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"people": 7}', b"x" * 200_000])
async def test_invalid_body_is_refused_with_a_message(page, body):
    """The page gets an error instead of a traceback."""
    response = await page.post("/api/resize", content=body)
    assert (response.status_code, bool(response.json()["error"])) == (400, True)


async def test_stream_of_unknown_user_is_404(page):
    """Only the users that the page offers have a stream."""
    assert (await page.get("/api/stream", params={"user": "U0EXTBOT"})).status_code == 404


async def test_file_is_served_only_to_members_of_its_channel(page, demo_env, slack):
    """It comes from the page's own address, as an attachment."""
    file = slack.files.expect("a <b>.csv", 9)
    file.content, file.channel = b"Name\r\nAnn\r\n", "D0ADMIN"
    slack.messages.add("D0ADMIN", {"text": "x", "files": [file.file_object()]})
    (entry,) = Feed(demo_env, "U0ADMIN").first_update()["messages"][0]["files"]
    assert entry["preview"] == [["Name"], ["Ann"]]
    response = await page.get(entry["url_private_download"])
    assert (response.status_code, response.content) == (200, file.content)
    assert response.headers["content-disposition"] == 'attachment; filename="a _b_.csv"'
    for user in ("U0JOHN", "U0STRANGER", "U0EXTBOT", ""):
        path = entry["url_private_download"].replace("U0ADMIN", user)
        assert (await page.get(path)).status_code == 404
    assert (await page.get("/api/file/F0?user=U0ADMIN")).status_code == 404
