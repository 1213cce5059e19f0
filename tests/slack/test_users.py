"""Who somebody is in Slack: asked once, remembered, and no answer is no crash."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import SlackUnavailable
from bot.sandbox.server import serving
from bot.sandbox.slack.app import create_slack
from bot.sandbox.slack.members import BOT_TOKEN
from bot.sandbox.slack.workspace import Workspace
from bot.slack.users import SlackUsers
from bot.tasks import Tasks


@pytest.fixture
async def slack():
    """A workspace, and the profiles that ask it."""
    workspace, tasks = Workspace(), Tasks()
    async with serving(create_slack(workspace)) as url, aiohttp.ClientSession() as session:
        client = AsyncWebClient(BOT_TOKEN, f"{url}/api/", session=session, timeout=2)
        profiles = SlackUsers(client, tasks)
        yield workspace, profiles, client
        await profiles.close()
        await tasks.drain(0)


def soon() -> float:
    """A deadline."""
    return asyncio.get_running_loop().time() + 3


async def test_a_user_is_asked_for_once(slack):
    """Two hundred askers of one person cost one call."""
    workspace, profiles, _ = slack
    asked = (profiles.member("U0JOHN", deadline=soon()) for _ in range(200))
    (member,) = set(await asyncio.gather(*asked))
    assert member.email == "john.smith@example.com"
    assert len(workspace.calls) == 1


async def test_nobody_is_remembered_too(slack):
    """A user whom Slack does not know is asked for once."""
    workspace, profiles, _ = slack
    for _ in range(3):
        assert await profiles.member("U0NOBODY", deadline=soon()) is None
    assert len(workspace.calls) == 1


@pytest.mark.parametrize(
    ("user", "rights"),
    [
        ("U0GUEST", {"is_guest": True}),
        ("U0SINGLE", {"is_guest": True}),
        ("U0FARAWAY", {"is_stranger": True}),
        ("U0GONE", {"deleted": True}),
        ("U0EXTBOT", {"is_bot": True}),
    ],
)
async def test_rights_are_read(slack, user, rights):
    """Guests, strangers, bots and those who left are told apart."""
    _, profiles, _ = slack
    member = await profiles.member(user, deadline=soon())
    names = ("is_guest", "is_stranger", "is_bot", "deleted")
    assert {name for name in names if getattr(member, name)} == set(rights)


@pytest.mark.parametrize("fault", ["down", "ratelimited"])
async def test_a_slack_that_fails_is_unavailable(slack, fault, caplog):
    """A failure of Slack is ours to translate, and names nobody."""
    workspace, profiles, _ = slack
    workspace.faults.on(fault)
    with pytest.raises(SlackUnavailable):
        await profiles.member("U0JOHN", deadline=soon())
    assert "U0JOHN" not in caplog.text


async def test_a_slack_that_hangs_is_given_up(slack):
    """The asker's deadline holds."""
    workspace, profiles, _ = slack
    workspace.faults.on("hang")
    with pytest.raises(SlackUnavailable):
        await profiles.member("U0JOHN", deadline=asyncio.get_running_loop().time() + 0.05)


async def test_a_refused_token_is_unavailable(slack, caplog):
    """Slack's own name of the refusal is logged."""
    _, profiles, client = slack
    client.token = "xoxb-wrong"
    with pytest.raises(SlackUnavailable):
        await profiles.member("U0JOHN", deadline=soon())
    assert "invalid_auth" in caplog.text
    assert "xoxb" not in caplog.text


async def test_where_ext_is_installed_is_asked_once(slack):
    """auth.test tells our workspace and our own id, and is remembered."""
    workspace, profiles, _ = slack
    assert profiles.known_workspace() is None
    for _ in range(3):
        ours = await profiles.workspace(deadline=soon())
    assert (ours.team_id, ours.bot_user_id) == ("T0LANTERN", "U0EXTBOT")
    assert profiles.known_workspace() == ours
    assert len(workspace.calls) == 1


async def test_a_profile_is_there_the_next_time(slack):
    """A person's Slack user is looked up behind the answer, once, and found from then on."""
    workspace, profiles, _ = slack
    assert profiles.known_id("") == ""
    for _ in range(5):
        assert profiles.known_id("John.Smith@example.com") == ""
    async with asyncio.timeout(3):
        while not profiles.known_id("john.smith@example.com"):  # noqa: ASYNC110 - over HTTP
            await asyncio.sleep(0.01)
    assert profiles.known_id("JOHN.SMITH@example.com") == "U0JOHN"
    assert len(workspace.calls) == 1


async def test_somebody_who_is_not_in_slack_is_asked_for_once(slack):
    """A miss is remembered too, and so is a Slack that fails."""
    workspace, profiles, _ = slack
    profiles.known_id("nobody@example.com")
    async with asyncio.timeout(3):
        while not workspace.calls:  # noqa: ASYNC110 - over HTTP
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    assert profiles.known_id("nobody@example.com") == ""
    assert len(workspace.calls) == 1
