"""Whether outsiders can read a channel: read from Slack, cached briefly, in doubt unknown."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.sandbox.slack import app as stand_in
from bot.sandbox.slack.web_api import Method
from bot.slack.channels import SlackChannels


@pytest.fixture
async def channels(client) -> AsyncIterator[SlackChannels]:
    """The channels of the stand-in."""
    channels = SlackChannels(client)
    yield channels
    await channels.close()


def in_seconds(seconds: float = 3.0) -> float:
    """Return a deadline in the event loop's time."""
    return asyncio.get_running_loop().time() + seconds


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("C0GENERAL", False),
        ("C0TEAM", False),
        ("C0RANDOM", False),
        ("C0PARTNERS", True),
        ("C0SECRET", None),
        ("D0JOHN", None),
        ("C0NOWHERE", None),
        ("", None),
    ],
)
async def test_channel_says_whether_outsiders_read_it(channels, workspace, channel, expected):
    """A shared channel has outsiders; what the bot can't look into is unknown."""
    assert await channels.has_outsiders(channel, deadline=in_seconds()) is expected
    workspace.check()


async def test_channel_that_is_about_to_be_shared_has_outsiders(channels, workspace):
    """People of the other organization will read everything that was posted before."""
    workspace.channels["C0TEAM"].is_pending_ext_shared = True
    assert await channels.has_outsiders("C0TEAM", deadline=in_seconds()) is True


async def test_missing_scope_makes_channel_unknown(channels, workspace):
    """A bot without the scope can't tell, so the channel counts as unknown."""
    workspace.scopes = ("commands",)
    assert await channels.has_outsiders("C0GENERAL", deadline=in_seconds()) is None


async def test_channel_is_asked_for_once(channels, workspace):
    """Many questions in one channel cost one call."""
    questions = (channels.has_outsiders("C0TEAM", deadline=in_seconds()) for _ in range(50))
    assert set(await asyncio.gather(*questions)) == {False}
    assert await channels.has_outsiders("C0TEAM", deadline=in_seconds()) is False
    assert len(workspace.calls) == 1


@pytest.mark.parametrize("fault", ["down", "ratelimited", "hang"])
async def test_failure_of_slack_makes_channel_unknown(channels, workspace, fault, caplog):
    """No answer is used that could be old, and the log doesn't name the channel."""
    workspace.faults.on(fault)
    assert await channels.has_outsiders("C0TEAM", deadline=in_seconds(0.5)) is None
    assert "C0TEAM" not in caplog.text
    workspace.faults.off()


@pytest.mark.parametrize(
    "response", [{}, {"channel": None}, {"channel": []}, {"channel": {"id": "C0TEAM"}}]
)
async def test_incomplete_response_makes_channel_unknown(channels, monkeypatch, response):
    """A response without the field that counts is no proof that nobody else reads."""
    monkeypatch.setitem(stand_in.METHODS, "conversations.info", Method(lambda _, __: response))
    assert await channels.has_outsiders("C0TEAM", deadline=in_seconds()) is None
