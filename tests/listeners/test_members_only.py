"""Guests, strangers and people of other workspaces learn nothing, on any surface."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.cards import action_ids, notices
from bot.cards.not_found import NOTHING_FOUND
from bot.cards.source_errors import ASK_FOR_DOCTOR
from bot.sandbox.slack.workspace import Workspace, enterprise_workspace
from tests.running_bot import running_bot, shown
from tests.wording import start_of

NOT_MEMBERS = ["U0GUEST", "U0SINGLE", "U0STRANGER", "U0FARAWAY", "U0GONE", "U0ROBOT"]
DIRECTORY_WORDS = ("John", "Smith", "555", "jsmith", "Holmdel", "789")
NO_RESULT = start_of(NOTHING_FOUND)
REFUSALS = {problem for problem, _ in notices.NOT_ALLOWED.values()}


def reveals_nothing(text: str) -> bool:
    """Whether nothing of the directory is in a text."""
    return not any(word in text for word in DIRECTORY_WORDS)


def admin_only(*fields: str) -> dict[str, Any]:
    """Return the settings of a bot that shows these fields to U0ADMIN alone."""
    return {"admins": frozenset({"U0ADMIN"}), "admin_only_fields": frozenset(fields)}


@pytest.mark.parametrize("user", NOT_MEMBERS)
@pytest.mark.parametrize(
    "text", ["789", "who 14155550100", "john.smith@example.com", "list", "locations", "share 789"]
)
async def test_command_of_others_is_refused(user, text):
    """Whatever is asked, the answer is a refusal, to that person alone."""
    async with running_bot() as bot:
        ack = await bot.ext(text, user_id=user)
        assert reveals_nothing(ack.text)
        assert not ack.is_public
        assert any(ack.text.startswith(refusal) for refusal in REFUSALS)


@pytest.mark.parametrize("user", ["U0GUEST", "U0STRANGER"])
async def test_mention_by_others_is_refused(user):
    """A stranger's question is not answered, also where members read it."""
    async with running_bot() as bot:
        sent = await bot.mention("789", user=user, channel="C0PARTNERS")
        for reply in await bot.replies(sent):
            assert reveals_nothing(reply.text)


async def test_direct_message_of_guest_is_refused():
    """A guest can write to Ext, and learns nothing."""
    async with running_bot() as bot:
        (reply,) = await bot.replies(await bot.direct("789", user="U0GUEST"))
        assert reveals_nothing(reply.text)


@pytest.mark.parametrize("action_id", [action_ids.REFRESH, action_ids.SHOW, action_ids.NEXT])
async def test_button_pressed_by_stranger_is_refused(action_id):
    """A stranger in a shared channel can press the buttons there, and reads a refusal."""
    async with running_bot() as bot:
        line = "share 789" if action_id == action_ids.REFRESH else "share list"
        question = await bot.ext(line, channel_id="C0PARTNERS")
        posted = await (await bot.press(question, action_ids.SHARE_ANYWAY)).later()
        before = shown(posted.message)
        refusal = await (await bot.press(posted, action_id, "U0STRANGER")).later()
        assert refusal.message.visible_to == "U0STRANGER"
        assert reveals_nothing(refusal.shown)
        assert shown(posted.message) == before


async def test_slack_is_asked_who_asks_once_and_during_the_lookup():
    """One users.info serves many lookups, and a slow Slack costs no more than its own time."""
    async with running_bot() as bot:
        for text in ("789", "790", "list", "789"):
            await bot.ext(text)
        users = [call.args["user"] for call in bot.slack.calls if call.method == "users.info"]
        assert users == ["U0JOHN"]
        bot.slack.faults.on("latency", 0.6)
        bot.vonage.faults.on("latency", 0.6)
        ack = await bot.ext("1001", user_id="U0ANNA")
        assert "José" in ack.text
        assert ack.seconds < 1.1


async def test_unknown_person_gets_no_answer_while_slack_is_down():
    """Whoever is known already is answered; anybody else is asked to try again."""
    async with running_bot() as bot:
        await bot.ext("789")
        bot.slack.faults.on("down")
        answer = await bot.ext("789", user_id="U0ANNA")
        assert reveals_nothing(answer.text)
        assert answer.text == notices.ASKER_UNKNOWN
        assert "John Smith" in (await bot.ext("789")).text


async def test_missing_scope_gives_notice_to_contact_the_operator():
    """A missing scope doesn't end by itself, so people are not told to try again."""
    workspace = Workspace(scopes=("commands",))
    async with running_bot(workspace=workspace, check_rules=False) as bot:
        ack = await bot.ext("789")
        assert reveals_nothing(ack.text)
        assert notices.SLACK_REFUSES in ack.text
        assert start_of(ASK_FOR_DOCTOR) in ack.text


async def test_silent_slack_is_waited_for_once():
    """The second question is answered at once that Slack doesn't say who asks."""
    async with running_bot() as bot:
        bot.slack.faults.on("hang", path="users.info")
        first = await bot.ext("789", user_id="U0ANNA")
        is_pending = first.text.startswith(start_of(notices.LOOKING_UP))
        answer = await first.later() if is_pending else first
        assert reveals_nothing(answer.text)
        second = await bot.ext("790", user_id="U0ANNA")
        assert notices.ASKER_UNKNOWN in second.text


async def test_guest_is_answered_where_the_setting_allows_it():
    """`ALLOW_GUESTS` lets guests ask, and strangers still not."""
    async with running_bot(allow_guests=True) as bot:
        assert "John Smith" in (await bot.ext("789", user_id="U0GUEST")).text
        assert reveals_nothing((await bot.ext("789", user_id="U0STRANGER")).text)


async def test_member_of_another_workspace_of_the_organization_is_answered():
    """In an Enterprise organization members of its other workspaces are colleagues."""
    async with running_bot(workspace=enterprise_workspace()) as bot:
        for user in ("U0JOHN", "U0COUSIN"):
            assert "John Smith" in (await bot.ext("789", user_id=user)).text
        for user in NOT_MEMBERS:
            assert reveals_nothing((await bot.ext("789", user_id=user)).text)


async def test_question_of_known_guest_costs_no_call():
    """A guest who is cached as one causes calls neither to Vonage nor to Slack."""
    async with running_bot() as bot:
        await bot.ext("789", user_id="U0GUEST")
        await asyncio.sleep(0.1)
        calls = bot.calls_since_sync(), len(bot.slack.calls)
        for number in ("790", "1001", "100"):
            await bot.ext(number, user_id="U0GUEST")
        assert (bot.calls_since_sync(), len(bot.slack.calls)) == calls


@pytest.mark.parametrize(
    "text",
    ["list dnd:on", 'list location:"Holmdel HQ"', "list tag:sales", "share list voicemail:off"],
)
async def test_filter_by_admin_only_field_is_refused_to_members_and_in_public(text):
    """A filtered list would reveal the field that its cards leave out."""
    async with running_bot(**admin_only("dnd", "location", "dids", "voicemail")) as bot:
        assert "extensions" not in (await bot.ext(text)).text
        answer = (await bot.ext(text, user_id="U0ADMIN")).text
        assert ("extensions" in answer) is not text.startswith("share")
        (reply,) = await bot.replies(await bot.mention(text, user="U0ADMIN"))
        assert "extensions" not in reply.text, "others read the reply"


async def test_member_finds_nobody_by_an_admin_only_field():
    """A text that only a hidden field holds finds extensions for admins, and only in private."""
    fields = ("email", "login", "dids", "location", "caller_id", "handsets")
    async with running_bot(**admin_only(*fields)) as bot:
        for text in ("mtanaka", "sales", "konferenzraum", "VH6370927"):
            assert NO_RESULT in (await bot.ext(text)).text, text
            assert NO_RESULT not in (await bot.ext(text, user_id="U0ADMIN")).text, text
        (reply,) = await bot.replies(await bot.mention("mtanaka", user="U0ADMIN"))
        assert NO_RESULT in reply.text, "others read the reply"


async def test_every_part_of_a_question_is_one_lookup():
    """Three numbers in one command are three of the lookups of a minute."""
    async with running_bot(lookups_per_minute=4) as bot:
        assert "John Smith" in (await bot.ext("789 790 1001")).text
        refusal = await bot.ext("789 790")
        assert start_of(notices.RATE_LIMITED) in refusal.text
