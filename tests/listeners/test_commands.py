"""`/ext` when things do not go smoothly: late answers, and what Slack makes of them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.sandbox.slack import signing
from tests.running_bot import running_bot
from tests.slack_limits import problems


async def test_a_late_shared_answer_is_public_and_the_waiting_is_not():
    """Looking up… is the asker's alone; the shared card is for the channel."""
    async with running_bot() as rig:
        new = replace(rig.vonage.entries[0], number="99999")
        rig.vonage.set_entries([*rig.vonage.entries, new])
        rig.vonage.faults.on("latency", 2.2)
        ack = await rig.ext("share 99999")
        assert not ack.is_public
        later = await ack.later()
        assert later.is_public
        assert "Shared by" in later.text


async def test_sixty_late_answers_all_arrive():
    """Every asker of a slow number gets the card."""
    async with running_bot() as rig:
        rig.vonage.faults.on("latency", 2.3)
        numbers = [each.number for each in rig.vonage.entries[:60]]
        acks = await asyncio.gather(*(rig.ext(f"refresh {number}") for number in numbers))
        finals = await asyncio.gather(*(ack.later() for ack in acks))
        assert len(rig.slack.responses) == 60
        for number, final in zip(numbers, finals, strict=True):
            assert f"xtension {number}" in final.text
            assert problems(final.payload) == []


async def test_a_late_answer_is_posted_though_the_bot_is_told_to_end():
    """Ending waits for what was begun."""
    async with running_bot() as rig:
        rig.vonage.faults.on("latency", 2.2)
        await rig.ext("refresh 789")
    assert "John Smith" in rig.slack.responses[0].body["text"]


@pytest.mark.parametrize("text", ["", "   ", "help", "?", "hello"])
async def test_nothing_asked_is_answered_with_help(text):
    """Whoever types only the command learns what it can do."""
    async with running_bot() as rig:
        assert "/ext who john.smith@example.com" in (await rig.ext(text)).shown


async def test_a_command_without_its_fields_is_answered():
    """Fields that Slack always sends may be missing without harm; nobody is told anything."""
    async with running_bot() as rig:
        reply = await rig.post(b"command=%2Fext&text=789")
        assert reply.status_code == 200
        assert "John" not in reply.text
        late = signing.slash_command("me", user_id="", response_url="")
        assert (await rig.post(late)).status_code == 200
