"""What comes after an answer, by the way that it came: files, and what was not known yet."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from bot.cards import action_ids
from tests.running_bot import running_bot, shown

ADMINS: dict[str, Any] = {"admins": frozenset({"U0ADMIN"})}
SLOW: dict[str, float | None] = {"latency": 0.9}  # so that a name must be waited for


def last_of(rig):
    """The person on the last page of the list, by whom a reading is waited for to its end."""
    people = [(int(each.number), each.user) for each in rig.vonage.entries if each.user]
    number, user = max(people, key=lambda one: one[0])
    return str(number), f"{user.first_name} {user.last_name}"


async def test_a_mention_is_followed_up_in_its_thread():
    """First how far the reading is, then the card, both where it was asked."""
    async with running_bot(faults=SLOW, warm=False) as rig:
        number, name = last_of(rig)
        sent = await rig.mention(f"who is {name}?")
        waiting, card = await rig.replies(sent, 2)
        assert "still reading the directory" in shown(waiting)
        assert number in shown(card)
        assert card.root_ts == waiting.root_ts


async def test_several_names_of_one_message_are_followed_up_together():
    """One notice, and one answer for all once the last of them is known."""
    async with running_bot(faults=SLOW, warm=False) as rig:
        _, name = last_of(rig)
        sent = await rig.direct(f"{name}\njohn smith")
        _, answer = await rig.replies(sent, 2)
        assert name in shown(answer)
        assert "John Smith" in shown(answer)


async def test_what_is_shared_before_it_is_known_is_shared_when_it_is():
    """The waiting is the asker's alone, the card is for the channel."""
    async with running_bot(faults=SLOW, warm=False) as rig:
        _, name = last_of(rig)
        ack = await rig.ext(f"share {name}")
        assert not ack.is_public
        later = await ack.later()
        assert "Shared by" in later.text
        assert later.is_public


async def test_who_waits_when_the_bot_ends_is_told_so():
    """Nobody is left with a promise that a new release has forgotten."""
    async with running_bot(faults={"latency": 9.0}, warm=False) as rig:
        ack = await rig.ext("john smith")
        assert "I’ll answer" in ack.text
    (last,) = rig.slack.responses
    assert "again" in last.body["text"]


async def test_an_export_comes_to_the_admins_direct_message_once():
    """The file holds everybody; where it was asked one reads that it has come."""
    async with running_bot(**ADMINS) as rig:
        ack = await rig.ext("export", user_id="U0ADMIN")
        assert "direct message" in ack.text
        told = await ack.later()
        assert "250 extensions" in told.text
        (message,) = [each for each in rig.slack.messages.all if each.files]
        assert message.channel.startswith("D")
        file = rig.slack.files.get(message.files[0]["id"])
        assert file
        assert file.content
        rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
        assert len(rows) == 250
        (john,) = [each for each in rows if each["Extension"] == "789"]
        assert (john["First name"], john["Direct numbers"]) == (
            "John", "(+1) 415-555-0100 (My Tag)",
        )  # fmt: skip


async def test_an_export_before_the_first_reading_is_sent_after_it():
    """It waits for the whole directory, and is whole then."""
    async with running_bot(faults=SLOW, warm=False, **ADMINS) as rig:
        ack = await rig.ext("export location:london", user_id="U0ADMIN")
        assert "still reading" in ack.text
        assert "on its way" in (await ack.later()).text
        assert "32 extensions" in (await ack.later()).text


@pytest.mark.parametrize("line", ["export", "changes", "audit", "audit dnd", "export dnd:on"])
async def test_what_is_for_admins_is_for_nobody_else(line):
    """In no way of asking, and where others read along for admins neither."""
    async with running_bot(**ADMINS) as rig:
        ack = await rig.ext(line)
        direct = (await rig.replies(await rig.direct(line)))[0]
        public = (await rig.replies(await rig.mention(line, user="U0ADMIN")))[0]
        for said in (ack.text, direct.text, public.text):
            assert "admins" in said
            assert "xtension" not in said.partition("admins")[0]
        assert not [each for each in rig.slack.messages.all if each.files]


async def test_changes_tell_who_joined_and_who_left():
    """Each reading is compared with the one before; a single answer counts too."""
    async with running_bot(**ADMINS) as rig:
        assert "Nothing has changed" in (await rig.ext("changes", user_id="U0ADMIN")).text
        await rig.ext("refresh 790")
        rig.vonage.set_entries([each for each in rig.vonage.entries if each.number != "789"])
        assert "Nothing found" in (await rig.ext("refresh 789")).text
        told = await rig.ext("changes", user_id="U0ADMIN")
        assert "John Smith" in told.shown
        assert "789" in told.shown


async def test_an_audit_opens_each_count_as_a_list():
    """A button beside each count that is not nothing; the list turns like any other."""
    async with running_bot(**ADMINS) as rig:
        report = await rig.ext("audit", user_id="U0ADMIN")
        assert "Extensions without a user: 19" in report.text
        listed = await (await rig.press(report, action_ids.SHOW, "U0ADMIN")).later()
        assert "19 extensions" in listed.text
        turned = await (await rig.press(listed, action_ids.NEXT, "U0ADMIN")).later()
        assert "page 2 of 3" in turned.text


async def test_status_tells_of_the_copy():
    """How many, how old, when next: what an admin asks first."""
    async with running_bot() as rig:
        told = (await rig.ext("status")).text
        assert "Directory: 250 extensions, read just now." in told
        assert "Next update: in 1" in told
