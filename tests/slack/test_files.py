"""Sending a file to somebody: what Slack refuses, and what it half answers."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import SlackUnavailable
from bot.sandbox.server import serving
from bot.sandbox.slack import app as stand_in
from bot.sandbox.slack.members import BOT_TOKEN
from bot.sandbox.slack.web_api import Method
from bot.sandbox.slack.workspace import Workspace
from bot.slack.api import SlackRefused
from bot.slack.files import SlackFiles

WORKS = {"name": "a.csv", "channel": "D0JOHN", "comment": "5 bytes"}


@pytest.fixture
async def both() -> AsyncIterator[tuple[Workspace, SlackFiles]]:
    """A workspace, and the uploads to it."""
    workspace = Workspace()
    async with (
        serving(stand_in.create_slack(workspace)) as url,
        aiohttp.ClientSession() as session,
    ):
        client = AsyncWebClient(BOT_TOKEN, f"{url}/api/", session=session)
        yield workspace, SlackFiles(client, session)


async def test_bytes_arrive_as_they_were(both):
    """Whatever they are, with their name and the words beside them."""
    workspace, uploads = both
    channel = await uploads.open_direct_message("U0JOHN")
    await uploads.send(io.BytesIO(b"\x00\xff\r\n,"), **WORKS | {"channel": channel})
    [file] = workspace.files.shared
    assert (file.content, file.name, file.title) == (b"\x00\xff\r\n,", "a.csv", "a.csv")
    assert [each.text for each in workspace.visible_messages("U0JOHN", "D0JOHN")] == ["5 bytes"]
    workspace.check()


@pytest.mark.parametrize(
    ("user", "error"), [("U0NOBODY", "user_not_found"), ("U0GONE", "user_disabled")]
)
async def test_who_cannot_be_written_to(both, user, error):
    """Slack's name for why is kept."""
    with pytest.raises(SlackRefused) as caught:
        await both[1].open_direct_message(user)
    assert caught.value.code == error


@pytest.mark.parametrize("channel", ["U0JOHN", "C0RANDOM"])
async def test_where_a_file_cannot_go(both, channel):
    """A user's id is no channel, and in some channels we are not."""
    workspace, uploads = both
    with pytest.raises(SlackRefused):
        await uploads.send(io.BytesIO(b"12345"), **WORKS | {"channel": channel})
    assert workspace.files.shared == []


async def test_the_whole_file_is_sent(both):
    """Wherever it stood when it was handed over."""
    workspace, uploads = both
    file = io.BytesIO(b"12345")
    file.seek(3)
    await uploads.send(file, **WORKS)
    assert [each.content for each in workspace.files.shared] == [b"12345"]


async def test_an_empty_file_is_refused_by_slack_and_no_crash(both):
    """It says that no size was given."""
    with pytest.raises(SlackRefused):
        await both[1].send(io.BytesIO(), **WORKS)


@pytest.mark.parametrize(
    ("method", "told"),
    [
        ("conversations.open", {}),
        ("conversations.open", {"channel": None}),
        ("conversations.open", {"channel": {}}),
        ("files.getUploadURLExternal", {}),
        ("files.getUploadURLExternal", {"file_id": "F1"}),
        ("files.getUploadURLExternal", {"file_id": "F1", "upload_url": 5}),
        ("files.getUploadURLExternal", {"file_id": "F1", "upload_url": "nowhere"}),
    ],
)
async def test_half_an_answer_is_none(both, monkeypatch, method, told):
    """Without a channel or an address nothing is sent."""
    workspace, uploads = both
    monkeypatch.setitem(stand_in.METHODS, method, Method(lambda _, __: told))

    async def sent() -> None:
        await uploads.open_direct_message("U0JOHN")
        await uploads.send(io.BytesIO(b"12345"), **WORKS)

    with pytest.raises(SlackUnavailable):
        await sent()
    assert workspace.files.shared == []
