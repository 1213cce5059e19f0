"""What follows an answer: files of exports, and answers that were not known at first."""

from __future__ import annotations

import asyncio
import csv
import io
from typing import Any

import pytest

from bot.cards import action_ids, export_notices, notices
from bot.cards.change_list import NOTHING_CHANGED
from bot.cards.not_found import NOTHING_FOUND, STILL_READING, WILL_ANSWER
from bot.limits import CONTRADICTION_PAUSE_S
from tests.running_bot import RunningBot, running_bot, shown
from tests.wording import start_of

ADMINS: dict[str, Any] = {"admins": frozenset({"U0ADMIN"})}
SLOW: dict[str, float | None] = {"latency": 0.9}  # so that a name is not known at once
ADMINS_ONLY = notices.NOT_ALLOWED["admins"][0]


def last_person(bot: RunningBot) -> tuple[str, str]:
    """Return the number and name of the person who is read last."""
    people = [(int(entry.number), entry.user) for entry in bot.vonage.entries if entry.user]
    number, user = max(people, key=lambda person: person[0])
    return str(number), f"{user.first_name} {user.last_name}"


async def test_mention_is_followed_up_in_its_thread():
    """How far the reading is comes first, then the card, both in the thread of the question."""
    async with running_bot(faults=SLOW, warm=False) as bot:
        number, name = last_person(bot)
        sent = await bot.mention(f"who is {name}?")
        announcement, card = await bot.replies(sent, 2)
        assert start_of(STILL_READING) in shown(announcement)
        assert number in shown(card)
        assert card.root_ts == announcement.root_ts


async def test_several_names_of_one_message_are_followed_up_together():
    """One notice, and one answer for all once the last of them is known."""
    async with running_bot(faults=SLOW, warm=False) as bot:
        _, name = last_person(bot)
        sent = await bot.direct(f"{name}\njohn smith")
        _, answer = await bot.replies(sent, 2)
        assert name in shown(answer)
        assert "John Smith" in shown(answer)


async def test_share_of_unknown_name_is_public_once_it_is_found():
    """The announcement is for the asker alone, the card for the channel."""
    async with running_bot(faults=SLOW, warm=False) as bot:
        _, name = last_person(bot)
        ack = await bot.ext(f"share {name}")
        assert not ack.is_public
        later = await ack.later()
        assert start_of(notices.SHARED_BY) in later.text
        assert later.is_public


async def test_promised_answer_is_called_off_when_the_bot_shuts_down():
    """People are told that the promised answer won't come, as a new process knows nothing of it."""
    async with running_bot(faults={"latency": 9.0}, warm=False) as bot:
        ack = await bot.ext("john smith")
        assert start_of(WILL_ANSWER) in ack.text
    (last,) = bot.slack.responses
    assert start_of(notices.SHUTTING_DOWN) in last.body["text"]


async def test_export_is_sent_to_the_admin_in_a_direct_message():
    """The file has every extension, and a notice says where it was asked for that it was sent."""
    async with running_bot(**ADMINS) as bot:
        ack = await bot.ext("export", user_id="U0ADMIN")
        assert export_notices.STARTED in ack.text
        assert (await ack.later()).text == export_notices.sent(250).text
        (message,) = [message for message in bot.slack.messages.all if message.files]
        assert message.channel.startswith("D")
        file = bot.slack.files.get(message.files[0]["id"])
        assert file
        assert file.content
        rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
        assert len(rows) == 250
        (john,) = [row for row in rows if row["Extension"] == "789"]
        assert john["First name"] == "John"
        assert john["Direct numbers"] == "(+1) 415-555-0100 (My Tag)"


async def test_export_before_the_first_sync_is_sent_after_it():
    """An export waits for the whole directory."""
    async with running_bot(faults=SLOW, warm=False, **ADMINS) as bot:
        ack = await bot.ext("export location:london", user_id="U0ADMIN")
        assert start_of(STILL_READING) in ack.text
        assert (await ack.later()).text == export_notices.STARTED
        assert "32 extensions" in (await ack.later()).text


@pytest.mark.parametrize("line", ["export", "changes", "audit", "audit dnd", "export dnd:on"])
async def test_admin_command_is_refused_to_others_and_in_public(line):
    """A member gets none on any surface, and an admin none where others read the answer."""
    async with running_bot(**ADMINS) as bot:
        ack = await bot.ext(line)
        (direct,) = await bot.replies(await bot.direct(line))
        (public,) = await bot.replies(await bot.mention(line, user="U0ADMIN"))
        for text in (ack.text, direct.text, public.text):
            assert text.startswith(ADMINS_ONLY)
            assert "xtension" not in text.partition("admins")[0]
        assert not any(message.files for message in bot.slack.messages.all)


async def test_changes_name_who_left():
    """A single answer of Vonage's counts as a change once a second one confirms it."""
    async with running_bot(**ADMINS) as bot:
        before = await bot.ext("changes", user_id="U0ADMIN")
        assert start_of(NOTHING_CHANGED) in before.text
        await bot.ext("refresh 790")
        bot.vonage.set_entries([entry for entry in bot.vonage.entries if entry.number != "789"])
        assert "I'll check again" in (await bot.ext("refresh 789")).text
        assert start_of(NOTHING_CHANGED) in (await bot.ext("changes", user_id="U0ADMIN")).text
        await asyncio.sleep(CONTRADICTION_PAUSE_S + 5)
        assert start_of(NOTHING_FOUND) in (await bot.ext("refresh 789")).text
        changes = await bot.ext("changes", user_id="U0ADMIN")
        assert "John Smith" in changes.shown
        assert "789" in changes.shown


async def test_check_of_audit_opens_as_a_list_with_pages():
    """A button beside a count opens the list, which is turned like any other."""
    async with running_bot(**ADMINS) as bot:
        report = await bot.ext("audit", user_id="U0ADMIN")
        assert "Extensions without a user: 19" in report.text
        first_page = await (await bot.press(report, action_ids.SHOW, "U0ADMIN")).later()
        assert "19 extensions" in first_page.text
        second_page = await (await bot.press(first_page, action_ids.NEXT, "U0ADMIN")).later()
        assert "page 2 of 3" in second_page.text


async def test_status_says_how_fresh_the_copy_is():
    """An admin reads how many extensions there are, how old they are, and when more is read."""
    async with running_bot() as bot:
        status = (await bot.ext("status")).text
        assert "Directory: 250 extensions, read just now." in status
        assert "Next update: in 1" in status
