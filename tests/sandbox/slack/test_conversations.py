"""What the Slack stand-in says about channels, and to whom."""

from __future__ import annotations

import pytest

from tests.sandbox.slack.slack_calls import call

INFO, OPEN = "conversations.info", "conversations.open"


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("C0GENERAL", {"is_channel": True, "is_private": False, "is_member": True}),
        ("C0RANDOM", {"is_channel": True, "is_member": False}),
        ("C0TEAM", {"is_private": True, "is_channel": False, "is_ext_shared": False}),
        ("C0PARTNERS", {"is_ext_shared": True, "is_shared": True, "is_private": False}),
        ("C0OLD", {"is_archived": True}),
        ("G0FOUR", {"is_mpim": True, "is_private": True}),
        ("D0JOHN", {"is_im": True, "user": "U0JOHN"}),
    ],
)
async def test_conversations_info_shows_the_kind_of_channel(web, slack, channel, expected):
    """Public, private, shared, archived and direct channels can be told apart."""
    response = await call(web, INFO, channel=channel)
    assert {name: response["channel"][name] for name in expected} == expected
    assert slack.violations == []


async def test_conversations_info_of_direct_message_has_no_sharing_fields(web):
    """Slack leaves out the fields about sharing."""
    assert "is_ext_shared" not in (await call(web, INFO, channel="D0JOHN"))["channel"]


async def test_conversations_info_shows_pending_sharing(web, slack):
    """A test's change of the channel shows in the response."""
    slack.channels["C0GENERAL"].is_pending_ext_shared = True
    room = (await call(web, INFO, channel="C0GENERAL"))["channel"]
    assert room["is_pending_ext_shared"] is True
    assert room["pending_shared"]


async def test_member_count_comes_only_on_request(web, slack):
    """Slack leaves it out by default."""
    assert "num_members" not in (await call(web, INFO, channel="C0TEAM"))["channel"]
    response = await call(web, INFO, channel="C0TEAM", include_num_members="true")
    assert response["channel"]["num_members"] == len(slack.channels["C0TEAM"].members) == 4


@pytest.mark.parametrize("channel", ["C0SECRET", "G0THREE", "D0FRIENDS", "C0NOWHERE", ""])
async def test_channel_without_app_is_not_found(web, slack, channel):
    """Only public channels are found; asking is no violation, as an id doesn't show the kind."""
    response = await call(web, INFO, channel=channel)
    assert (response["ok"], response["error"]) == (False, "channel_not_found")
    assert slack.violations == []


@pytest.mark.parametrize(
    ("channel", "scope"),
    [
        ("C0GENERAL", "channels:read"),
        ("C0TEAM", "groups:read"),
        ("D0JOHN", "im:read"),
        ("G0FOUR", "mpim:read"),
    ],
)
async def test_each_kind_of_channel_needs_its_scope(web, slack, channel, scope):
    """Another kind's scope is an error, but no violation."""
    slack.scopes = (scope,)
    assert (await call(web, INFO, channel=channel))["ok"]
    slack.scopes = ("im:read",) if scope != "im:read" else ("channels:read",)
    response = await call(web, INFO, channel=channel)
    assert (response["error"], response["needed"]) == ("missing_scope", scope)
    assert slack.violations == []


async def test_info_without_any_read_scope_is_a_violation(web, slack):
    """An app without any of the scopes shouldn't ask."""
    slack.scopes = ("commands",)
    response = await call(web, INFO, channel="C0GENERAL")
    assert response["needed"] == "channels:read,groups:read,mpim:read,im:read"
    assert slack.violations.rules == ["missing_scope"]


async def test_conversations_open_returns_direct_channel(web):
    """The whole channel comes only on request."""
    response = await call(web, OPEN, users="U0ANNA")
    assert response["channel"] == {"id": "D0ANNA"}
    whole = await call(web, OPEN, users="U0ANNA", return_im="true")
    assert whole["channel"]["user"] == "U0ANNA"


@pytest.mark.parametrize(
    ("users", "error"),
    [
        ("", "users_list_not_supplied"),
        ("U0NOBODY", "user_not_found"),
        ("U0GONE", "user_disabled"),
        ("U0ROBOT", "cannot_dm_bot"),
    ],
)
async def test_conversations_open_of_bot_or_deactivated_user_is_refused(web, users, error):
    """Unknown users are refused as well."""
    assert (await call(web, OPEN, users=users))["error"] == error


async def test_conversations_open_without_scope_is_refused(web, slack):
    """The missing im:write is recorded."""
    slack.scopes = ("chat:write",)
    assert (await call(web, OPEN, users="U0ANNA"))["error"] == "missing_scope"
    assert slack.violations.rules == ["missing_scope"]
