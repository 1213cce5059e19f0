"""`/ext`: answers in the acknowledgement, late answers, help, and incomplete payloads."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.cards import export_notices, notices
from bot.sandbox.slack import signing
from bot.sandbox.slack.workspace import Workspace
from tests.running_bot import manifest_scopes, running_bot
from tests.slack_limits import problems
from tests.wording import start_of


async def test_late_shared_answer_is_public_but_its_announcement_is_not():
    """The "looking up" notice is for the asker alone; the shared card is for the channel."""
    async with running_bot() as bot:
        new = replace(bot.vonage.entries[0], number="99999")
        bot.vonage.set_entries([*bot.vonage.entries, new])
        bot.vonage.faults.on("latency", 2.2)
        ack = await bot.ext("share 99999")
        assert not ack.is_public
        later = await ack.later()
        assert later.is_public
        assert start_of(notices.SHARED_BY) in later.text


async def test_sixty_late_answers_all_arrive():
    """Everybody who asks while Vonage is slow gets the card."""
    async with running_bot() as bot:
        bot.vonage.faults.on("latency", 2.3)
        numbers = [entry.number for entry in bot.vonage.entries[:60]]
        acks = await asyncio.gather(*(bot.ext(f"refresh {number}") for number in numbers))
        answers = await asyncio.gather(*(ack.later() for ack in acks))
        assert len(bot.slack.responses) == 60
        for number, answer in zip(numbers, answers, strict=True):
            assert f"xtension {number}" in answer.text
            assert problems(answer.payload) == []


async def test_late_answer_is_posted_before_the_bot_shuts_down():
    """The shutdown waits for open work."""
    async with running_bot() as bot:
        bot.vonage.faults.on("latency", 2.2)
        await bot.ext("refresh 789")
    assert "John Smith" in bot.slack.responses[0].body["text"]


@pytest.mark.parametrize("text", ["", "   ", "help", "?", "hello"])
async def test_command_that_asks_nothing_gets_help(text):
    """Whoever types only the command learns what it can do."""
    async with running_bot() as bot:
        help_text = (await bot.ext(text)).shown
        assert notices.WHAT_EXT_DOES in help_text
        assert "/ext who john.smith@example.com" in help_text


async def test_command_without_usual_fields_is_answered():
    """Fields that Slack always sends may be missing; then nobody is told anything."""
    async with running_bot() as bot:
        response = await bot.post(b"command=%2Fext&text=789")
        assert response.status_code == 200
        assert "John" not in response.text
        without_user = signing.slash_command("me", user_id="", response_url="")
        assert (await bot.post(without_user)).status_code == 200


async def test_share_and_export_delivered_again_after_a_restart_happen_once(tmp_path):
    """A router may repeat a command to the next release; its trigger id tells."""
    workspace = Workspace(scopes=manifest_scopes())
    options: dict[str, Any] = {"data_dir": tmp_path, "admins": frozenset({"U0JOHN"})}
    async with running_bot(workspace=workspace, **options) as bot:
        assert (await bot.ext("share 789", trigger_id="1.share")).is_public
        await bot.ext("export", trigger_id="1.export")
        await asyncio.sleep(5)
    async with running_bot(workspace=workspace, **options) as bot:
        again = await bot.ext("share 789", trigger_id="1.share")
        assert (again.is_public, again.text) == (False, notices.already_shared().text)
        later = await (await bot.ext("export", trigger_id="1.export")).later()
        assert later.text == export_notices.already_started().text
    assert len(workspace.files.shared) == 1
