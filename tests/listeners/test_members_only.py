"""Guests, strangers and other workspaces learn nothing, by any way in."""

from __future__ import annotations

import asyncio

import pytest

from bot.cards import action_ids
from bot.sandbox.slack.workspace import Workspace, enterprise_workspace
from tests.running_bot import running_bot, shown

NOT_US = ["U0GUEST", "U0SINGLE", "U0STRANGER", "U0FARAWAY", "U0GONE", "U0ROBOT"]
TELLING = ("John", "Smith", "555", "jsmith", "Holmdel", "789")


def tells_nothing(text: str) -> bool:
    """Whether nothing of the directory is in a text."""
    return not any(word in text for word in TELLING)


@pytest.mark.parametrize("user", NOT_US)
@pytest.mark.parametrize(
    "text", ["789", "who 14155550100", "john.smith@example.com", "list", "locations", "share 789"]
)
async def test_a_command_of_somebody_else_is_politely_refused(user, text):
    """Whatever is asked, the answer is a no, to them alone."""
    async with running_bot() as rig:
        ack = await rig.ext(text, user_id=user)
        assert tells_nothing(ack.text)
        assert not ack.is_public
        assert "Sorry" in ack.text


@pytest.mark.parametrize("user", ["U0GUEST", "U0STRANGER"])
async def test_a_mention_of_somebody_else_is_refused(user):
    """Also where members read along, a stranger's question is not answered."""
    async with running_bot() as rig:
        sent = await rig.mention("789", user=user, channel="C0PARTNERS")
        for reply in await rig.replies(sent):
            assert tells_nothing(reply.text)


async def test_a_direct_message_of_a_guest_is_refused():
    """A guest can write to Ext, and learns nothing."""
    async with running_bot() as rig:
        (reply,) = await rig.replies(await rig.direct("789", user="U0GUEST"))
        assert tells_nothing(reply.text)


@pytest.mark.parametrize("action", [action_ids.REFRESH, action_ids.SHOW, action_ids.NEXT])
async def test_buttons_on_the_messages_of_others_tell_them_nothing(action):
    """A stranger in a shared channel can press what stands there, and gets a no."""
    async with running_bot() as rig:
        question = await rig.ext("share list", channel_id="C0PARTNERS")
        if action == action_ids.REFRESH:
            question = await rig.ext("share 789", channel_id="C0PARTNERS")
        posted = await (await rig.press(question, action_ids.SHARE_ANYWAY)).later()
        before = shown(posted.message)
        told = await (await rig.press(posted, action, "U0STRANGER")).later()
        assert told.message.visible_to == "U0STRANGER"
        assert tells_nothing(told.shown)
        assert shown(posted.message) == before


async def test_slack_is_asked_who_somebody_is_once_and_beside_the_lookup():
    """One users.info for many lookups, and a slow Slack costs no more than itself."""
    async with running_bot() as rig:
        for text in ("789", "790", "list", "789"):
            await rig.ext(text)
        asked = [each.args["user"] for each in rig.slack.calls if each.method == "users.info"]
        assert asked == ["U0JOHN"]
        rig.slack.faults.on("latency", 0.6)
        rig.vonage.faults.on("latency", 0.6)
        ack = await rig.ext("1001", user_id="U0ANNA")
        assert "José" in ack.text
        assert ack.seconds < 1.1


async def test_an_unknown_person_gets_no_answer_while_slack_is_down():
    """Not knowing who asks is no open door; who is known is answered on."""
    async with running_bot() as rig:
        await rig.ext("789")
        rig.slack.faults.on("down")
        stranger = await rig.ext("789", user_id="U0ANNA")
        assert tells_nothing(stranger.text)
        assert "try again" in stranger.text.lower()
        assert "John Smith" in (await rig.ext("789")).text


async def test_a_slack_that_will_not_say_who_asks_is_for_the_operator():
    """A missing scope does not pass by itself, so people are not told to try again."""
    workspace = Workspace(scopes=("commands",))
    async with running_bot(workspace=workspace, check_rules=False) as rig:
        ack = await rig.ext("789")
        assert tells_nothing(ack.text)
        assert "doctor" in ack.text


async def test_nobody_waits_for_a_silent_slack_twice():
    """The second question is answered at once that Slack does not say who asks."""
    async with running_bot() as rig:
        rig.slack.faults.on("hang", path="users.info")
        first = await rig.ext("789", user_id="U0ANNA")
        told = first if "Looking" not in first.text else await first.later()
        assert tells_nothing(told.text)
        second = await rig.ext("790", user_id="U0ANNA")
        assert "Slack" in second.text


async def test_guests_are_let_in_where_the_operator_says_so():
    """`ALLOW_GUESTS` answers guests, and strangers still not."""
    async with running_bot(allow_guests=True) as rig:
        assert "John Smith" in (await rig.ext("789", user_id="U0GUEST")).text
        assert tells_nothing((await rig.ext("789", user_id="U0STRANGER")).text)


async def test_a_colleague_of_the_same_organisation_is_one_of_us():
    """In an Enterprise organisation members of its other workspaces are answered."""
    async with running_bot(workspace=enterprise_workspace()) as rig:
        for user in ("U0JOHN", "U0COUSIN"):
            assert "John Smith" in (await rig.ext("789", user_id=user)).text
        for user in NOT_US:
            assert tells_nothing((await rig.ext("789", user_id=user)).text)


async def test_nobody_elses_question_costs_more_than_it_must():
    """Once somebody is known to be a guest, their questions reach neither Vonage nor Slack."""
    async with running_bot() as rig:
        await rig.ext("789", user_id="U0GUEST")
        await asyncio.sleep(0.1)
        asked, calls = rig.calls_since_sync(), len(rig.slack.calls)
        for number in ("790", "1001", "100"):
            await rig.ext(number, user_id="U0GUEST")
        assert (rig.calls_since_sync(), len(rig.slack.calls)) == (asked, calls)


@pytest.mark.parametrize(
    "text",
    ["list dnd:on", 'list location:"Holmdel HQ"', "list tag:sales", "share list voicemail:off"],
)
async def test_a_list_does_not_tell_what_its_cards_must_not(text):
    """Filters by a field that is for admins are for admins."""
    fields = frozenset({"dnd", "location", "dids", "voicemail"})
    async with running_bot(admins=frozenset({"U0ADMIN"}), admin_only_fields=fields) as rig:
        assert "extensions" not in (await rig.ext(text)).text
        admins = (await rig.ext(text, user_id="U0ADMIN")).text
        assert ("extensions" in admins) is not text.startswith("share")
        (reply,) = await rig.replies(await rig.mention(text, user="U0ADMIN"))
        assert "extensions" not in reply.text, "others read along"


async def test_member_finds_nobody_by_an_admin_only_field():
    """A text that only a hidden field holds finds extensions for admins, and only in private."""
    fields = frozenset({"email", "login", "dids", "location", "caller_id", "handsets"})
    async with running_bot(admins=frozenset({"U0ADMIN"}), admin_only_fields=fields) as rig:
        for text in ("mtanaka", "sales", "konferenzraum", "VH6370927"):
            assert "Nothing found" in (await rig.ext(text)).text, text
            assert "Nothing found" not in (await rig.ext(text, user_id="U0ADMIN")).text, text
        (reply,) = await rig.replies(await rig.mention("mtanaka", user="U0ADMIN"))
        assert "Nothing found" in reply.text, "others read along"


async def test_each_part_of_a_question_counts():
    """Ten numbers in one command are ten lookups."""
    async with running_bot(lookups_per_minute=4) as rig:
        assert "John Smith" in (await rig.ext("789 790 1001")).text
        assert "John Smith" not in (await rig.ext("789 790")).text
