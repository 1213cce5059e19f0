"""What the stand-in for Slack tells of channels, and to whom."""

from __future__ import annotations

import pytest

from tests.sandbox.slack.slack_calls import called

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
async def test_channels_have_their_kind(web, slack, channel, expected):
    """Public, private, shared, archived, and direct messages can be told apart."""
    told = await called(web, INFO, channel=channel)
    assert {name: told["channel"][name] for name in expected} == expected
    assert slack.violations == []


async def test_a_direct_message_says_nothing_of_sharing(web):
    """Slack leaves it out there."""
    assert "is_ext_shared" not in (await called(web, INFO, channel="D0JOHN"))["channel"]


async def test_a_channel_can_be_about_to_be_shared(web, slack):
    """What a test changes is told."""
    slack.channels["C0GENERAL"].is_pending_ext_shared = True
    room = (await called(web, INFO, channel="C0GENERAL"))["channel"]
    assert room["is_pending_ext_shared"] is True
    assert room["pending_shared"]


async def test_members_are_counted_when_asked(web, slack):
    """Only then."""
    assert "num_members" not in (await called(web, INFO, channel="C0TEAM"))["channel"]
    told = await called(web, INFO, channel="C0TEAM", include_num_members="true")
    assert told["channel"]["num_members"] == len(slack.channels["C0TEAM"].members) == 4


@pytest.mark.parametrize("channel", ["C0SECRET", "G0THREE", "D0FRIENDS", "C0NOWHERE", ""])
async def test_what_the_app_is_not_in_does_not_exist(web, slack, channel):
    """Public channels excepted. To ask is no broken rule: an id does not tell."""
    told = await called(web, INFO, channel=channel)
    assert (told["ok"], told["error"]) == (False, "channel_not_found")
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
async def test_each_kind_has_a_scope_of_its_own(web, slack, channel, scope):
    """With it the channel is told; with another one it is not, and that is no broken rule."""
    slack.scopes = (scope,)
    assert (await called(web, INFO, channel=channel))["ok"]
    slack.scopes = ("im:read",) if scope != "im:read" else ("channels:read",)
    told = await called(web, INFO, channel=channel)
    assert (told["error"], told["needed"]) == ("missing_scope", scope)
    assert slack.violations == []


async def test_with_no_such_scope_asking_is_a_mistake(web, slack):
    """Whoever has none of them should not ask."""
    slack.scopes = ("commands",)
    told = await called(web, INFO, channel="C0GENERAL")
    assert told["needed"] == "channels:read,groups:read,mpim:read,im:read"
    assert slack.violations.rules == ["missing_scope"]


async def test_direct_messages_are_opened(web):
    """The answer names the channel, whole if that is asked for."""
    told = await called(web, OPEN, users="U0ANNA")
    assert told["channel"] == {"id": "D0ANNA"}
    whole = await called(web, OPEN, users="U0ANNA", return_im="true")
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
async def test_not_everybody_can_be_written_to(web, users, error):
    """Bots, those who left and nobody cannot."""
    assert (await called(web, OPEN, users=users))["error"] == error


async def test_opening_needs_a_scope(web, slack):
    """Without im:write it is refused and noted."""
    slack.scopes = ("chat:write",)
    assert (await called(web, OPEN, users="U0ANNA"))["error"] == "missing_scope"
    assert slack.violations.rules == ["missing_scope"]
