"""Files sent to a person: what arrives, what Slack refuses, and incomplete responses."""

from __future__ import annotations

import io

import pytest

from bot.errors import SlackUnavailable
from bot.sandbox.slack import app as stand_in
from bot.sandbox.slack.web_api import Method
from bot.slack.api import SlackRefused
from bot.slack.files import SlackFiles

VALID = {"name": "a.csv", "channel": "D0JOHN", "comment": "5 bytes"}


@pytest.fixture
def files(client, session) -> SlackFiles:
    """The uploads to the stand-in."""
    return SlackFiles(client, session)


async def test_file_arrives_unchanged(files, workspace):
    """The bytes, the name and the comment arrive as they were sent."""
    channel = await files.open_direct_message("U0JOHN")
    await files.send(io.BytesIO(b"\x00\xff\r\n,"), **VALID | {"channel": channel})
    (file,) = workspace.files.shared
    assert (file.content, file.name, file.title) == (b"\x00\xff\r\n,", "a.csv", "a.csv")
    messages = workspace.visible_messages("U0JOHN", "D0JOHN")
    assert [message.text for message in messages] == ["5 bytes"]
    workspace.check()


@pytest.mark.parametrize(
    ("user", "code"), [("U0NOBODY", "user_not_found"), ("U0GONE", "user_disabled")]
)
async def test_direct_message_with_unreachable_user_raises_slacks_error(files, user, code):
    """Slack's error code is kept."""
    with pytest.raises(SlackRefused) as raised:
        await files.open_direct_message(user)
    assert raised.value.code == code


@pytest.mark.parametrize("channel", ["U0JOHN", "C0RANDOM"])
async def test_file_to_channel_without_the_bot_is_refused(files, workspace, channel):
    """A user id is no channel, and the bot is not a member of every channel."""
    with pytest.raises(SlackRefused):
        await files.send(io.BytesIO(b"12345"), **VALID | {"channel": channel})
    assert workspace.files.shared == []


async def test_whole_file_is_sent_wherever_it_was_read_to(files, workspace):
    """The upload starts at the beginning of the file."""
    file = io.BytesIO(b"12345")
    file.seek(3)
    await files.send(file, **VALID)
    assert [shared.content for shared in workspace.files.shared] == [b"12345"]


async def test_empty_file_is_refused(files):
    """Slack takes no file without a size, which is an error like any refusal."""
    with pytest.raises(SlackRefused):
        await files.send(io.BytesIO(), **VALID)


@pytest.mark.parametrize(
    ("method", "response"),
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
async def test_incomplete_response_is_slack_unavailable(
    files, workspace, monkeypatch, method, response
):
    """Nothing is sent without a channel or an upload URL."""
    monkeypatch.setitem(stand_in.METHODS, method, Method(lambda _, __: response))

    async def send() -> None:
        await files.open_direct_message("U0JOHN")
        await files.send(io.BytesIO(b"12345"), **VALID)

    with pytest.raises(SlackUnavailable):
        await send()
    assert workspace.files.shared == []
