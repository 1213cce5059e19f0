"""`socket` as a process: it answers, finds its way back, and ends in order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from bot.sandbox.slack import members
from bot.sandbox.slack.delivery import Delivery, DeliveryResult
from bot.sandbox.slack.socket_mode import SocketModeTransport, socket_mode
from tests.cli.running import World, asked_for, run, start, world


@dataclass
class Bot:
    """A `socket` that runs, and what people do in Slack."""

    process: asyncio.subprocess.Process
    world: World
    sockets: SocketModeTransport
    deliver: Delivery

    async def ends(self) -> str:
        """Tell it to end; return what it logged."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(20):
            _, err = await self.process.communicate()
        return err.decode()

    async def says(self, words: str) -> str:
        """Wait for words in its log; return the log up to them."""
        said, log = "", self.process.stderr
        assert log
        async with asyncio.timeout(20):
            while words not in said:
                said += (line := await log.readline()).decode()
                assert line, f"it ended: {said}"
        return said


@asynccontextmanager
async def started(**changes: str) -> AsyncIterator[Bot]:
    """Start a bot beside both neighbours; it may not be connected yet."""
    changes = {"SLACK_APP_TOKEN": members.APP_TOKEN, "SLACK_SIGNING_SECRET": ""} | changes
    async with world(**changes) as it, socket_mode(it.slack) as sockets:
        process = await start("socket", environment=it.environment)
        try:
            yield Bot(process, it, sockets, Delivery(it.slack, sockets, it.slack_url))
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()


@asynccontextmanager
async def connected(**changes: str) -> AsyncIterator[Bot]:
    """Start a bot and wait until it is connected; at the end it must have kept Slack's rules."""
    async with started(**changes) as bot:
        await bot.sockets.wait_connected(20)
        yield bot
        bot.world.slack.check()


def shown(sent: DeliveryResult) -> str:
    """Return what an acknowledgement showed."""
    assert sent.message, sent.response
    return sent.message.text


async def test_commands_and_mentions_are_answered_over_the_connection():
    """A command is answered in its acknowledgement, a mention in its thread."""
    async with connected() as bot:
        command = await bot.deliver.slash_command("789")
        assert shown(command).startswith("John Smith, extension 789")
        mention = await bot.deliver.mention("who is 789?")
        assert mention.response.is_ok
        said = await bot.ends()
        (reply,) = bot.world.slack.app_messages(since=mention.messages_before)
        assert reply.root_ts == mention.ts
        assert "John Smith" in reply.text
        assert bot.process.returncode == 0
        assert "connected" in said
        for hidden in ("John", "xapp", "xoxb", "ticket"):
            assert hidden not in said


@pytest.mark.parametrize("how", ["drop", "refresh"])
async def test_a_lost_connection_comes_back_by_itself(how):
    """Whether it was cut, or Slack asked to connect anew, the next question is answered."""
    async with connected() as bot:
        if how == "drop":
            bot.sockets.abort_connections()
        else:
            await bot.sockets.ask_to_reconnect()
        await bot.sockets.wait_connected(20)
        command = await bot.deliver.slash_command("789")
        assert "John Smith" in shown(command)
        await bot.ends()
        assert bot.process.returncode == 0


async def test_told_to_end_it_finishes_what_was_begun():
    """A question that was announced is answered; one that just came is announced and answered."""
    async with connected() as bot:
        vonage = bot.world.vonage
        await bot.deliver.slash_command("789")
        vonage.faults.on("latency", 4.0, path="/extensions/")
        announced, just_come = [each.number for each in vonage.entries if each.user][-2:]
        first = await bot.deliver.slash_command(f"refresh {announced}")
        second = asyncio.create_task(bot.deliver.slash_command(f"refresh {just_come}"))
        await asked_for(vonage, (announced, just_come))
        said = await bot.ends()
        assert bot.process.returncode == 0
        for sent, number in ((first, announced), (await second, just_come)):
            assert shown(sent).startswith("Looking up")
            answer = await bot.world.slack.next_response(sent.url_id, 1)
            assert f"extension {number}," in answer["text"].lower()
        assert "not finished" not in said


async def test_told_a_second_time_it_ends_at_once():
    """Whoever cannot wait says so again."""
    async with connected() as bot:
        bot.world.vonage.faults.on("hang", path="/extensions/")
        await bot.deliver.slash_command("refresh 1001")
        bot.process.send_signal(signal.SIGTERM)
        await bot.says("told to end")
        await bot.ends()
        assert bot.process.returncode == -signal.SIGTERM


async def test_a_refused_token_ends_it_with_the_setting_to_mend():
    """Slack's client would try the same token for ever."""
    async with world(SLACK_APP_TOKEN="xapp-another") as it:
        code, _, err = await run("socket", environment=it.environment)
        assert code == 1
        assert "SLACK_APP_TOKEN" in err
        assert "invalid_auth" in err
        assert "another" not in err


async def test_where_slack_turns_it_away_it_goes_on_trying():
    """When Slack takes connections again it is connected, and no ticket is in the log."""
    async with started() as bot:
        slack = bot.world.slack
        address = slack.socket_url
        assert address
        slack.socket_url = lambda: address().replace("ticket=", "ticket=stale")
        said = await bot.says("Failed to connect")
        slack.socket_url = address
        await bot.sockets.wait_connected(20)
        assert "John Smith" in shown(await bot.deliver.slash_command("789"))
        assert "ticket" not in said + await bot.ends()


async def test_it_can_be_ended_before_it_is_connected():
    """Where Slack does not answer, a signal is heard all the same."""
    async with started(SLACK_API_URL="http://127.0.0.1:1/api/") as bot:
        await bot.says("Failed to connect")
        await bot.ends()
        assert bot.process.returncode == 0
