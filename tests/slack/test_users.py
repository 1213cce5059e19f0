"""Slack users: asked for once, cached, and errors of Slack's that name nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.errors import SlackUnavailable
from bot.slack.users import SlackUsers
from bot.tasks import Tasks


@pytest.fixture
async def users(client) -> AsyncIterator[SlackUsers]:
    """The users of the stand-in."""
    tasks = Tasks()
    users = SlackUsers(client, tasks)
    yield users
    await users.close()
    await tasks.drain(0)


def in_seconds(seconds: float = 3.0) -> float:
    """Return a deadline in the event loop's time."""
    return asyncio.get_running_loop().time() + seconds


async def test_user_is_asked_for_once(users, workspace):
    """Two hundred questions about one person cost one call."""
    questions = (users.member("U0JOHN", deadline=in_seconds()) for _ in range(200))
    (member,) = set(await asyncio.gather(*questions))
    assert member.email == "john.smith@example.com"
    assert len(workspace.calls) == 1


async def test_unknown_user_is_asked_for_once(users, workspace):
    """It is cached as well that Slack doesn't know a user."""
    for _ in range(3):
        assert await users.member("U0NOBODY", deadline=in_seconds()) is None
    assert len(workspace.calls) == 1


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ("U0GUEST", "is_guest"),
        ("U0SINGLE", "is_guest"),
        ("U0FARAWAY", "is_stranger"),
        ("U0GONE", "deleted"),
        ("U0EXTBOT", "is_bot"),
    ],
)
async def test_kind_of_user_is_read(users, user, expected):
    """Guests, strangers, bots and people who left are told apart."""
    member = await users.member(user, deadline=in_seconds())
    kinds = ("is_guest", "is_stranger", "is_bot", "deleted")
    assert [kind for kind in kinds if getattr(member, kind)] == [expected]


@pytest.mark.parametrize("fault", ["down", "ratelimited"])
async def test_failure_of_slack_raises_our_error(users, workspace, fault, caplog):
    """A failure of Slack's is our error, and the log names nobody."""
    workspace.faults.on(fault)
    with pytest.raises(SlackUnavailable):
        await users.member("U0JOHN", deadline=in_seconds())
    assert "U0JOHN" not in caplog.text


async def test_question_without_response_ends_at_its_deadline(users, workspace):
    """A person waits no longer than their deadline for Slack."""
    workspace.faults.on("hang")
    with pytest.raises(SlackUnavailable):
        await users.member("U0JOHN", deadline=in_seconds(0.05))


async def test_refused_token_is_logged_by_slacks_error_code(users, client, caplog):
    """The log has the reason, and no token."""
    client.token = "xoxb-wrong"
    with pytest.raises(SlackUnavailable):
        await users.member("U0JOHN", deadline=in_seconds())
    assert "invalid_auth" in caplog.text
    assert "xoxb" not in caplog.text


async def test_workspace_is_asked_for_once(users, workspace):
    """The ids of the workspace and the bot are cached."""
    assert users.known_workspace() is None
    for _ in range(3):
        own = await users.workspace(deadline=in_seconds())
    assert (own.team_id, own.bot_user_id) == ("T0LANTERN", "U0EXTBOT")
    assert users.known_workspace() == own
    assert len(workspace.calls) == 1


async def test_user_id_is_looked_up_in_the_background(users, workspace):
    """The user with an email address is asked for once, and known from then on."""
    assert users.known_id("") == ""
    for _ in range(5):
        assert users.known_id("John.Smith@example.com") == ""
    async with asyncio.timeout(3):
        while not users.known_id("john.smith@example.com"):  # noqa: ASYNC110 - over HTTP
            await asyncio.sleep(0.01)
    assert users.known_id("JOHN.SMITH@example.com") == "U0JOHN"
    assert len(workspace.calls) == 1


async def test_email_without_user_is_looked_up_once(users, workspace):
    """It is cached as well that nobody in Slack has an email address."""
    users.known_id("nobody@example.com")
    async with asyncio.timeout(3):
        while not workspace.calls:  # noqa: ASYNC110 - over HTTP
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    assert users.known_id("nobody@example.com") == ""
    assert len(workspace.calls) == 1
