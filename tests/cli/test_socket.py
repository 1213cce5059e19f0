"""`socket` as a process: answers, reconnection and shutdown."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from bot.cli.socket import SHUTTING_DOWN
from bot.sandbox.slack import members
from bot.sandbox.slack.delivery import Delivery, DeliveryResult
from bot.sandbox.slack.socket_mode import SocketModeTransport, socket_mode
from tests.cli.running import FakeServices, fake_services, run, start, wait_for_calls


@dataclass
class SocketProcess:
    """A running `socket`, and what people do in Slack."""

    process: asyncio.subprocess.Process
    services: FakeServices
    sockets: SocketModeTransport
    deliver: Delivery

    async def terminate(self) -> str:
        """Send SIGTERM; return what the process logged until it exited."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(20):
            _, err = await self.process.communicate()
        return err.decode()

    async def wait_for_log(self, text: str) -> str:
        """Wait until a text is logged; return the log up to there."""
        logged, stream = "", self.process.stderr
        assert stream
        async with asyncio.timeout(20):
            while text not in logged:
                logged += (line := await stream.readline()).decode()
                assert line, f"the process ended: {logged}"
        return logged


@asynccontextmanager
async def started(**changes: str) -> AsyncIterator[SocketProcess]:
    """Start a bot between both fakes; it may not be connected yet."""
    changes = {"SLACK_APP_TOKEN": members.APP_TOKEN, "SLACK_SIGNING_SECRET": ""} | changes
    async with fake_services(**changes) as services, socket_mode(services.slack) as sockets:
        process = await start("socket", environment=services.environment)
        try:
            delivery = Delivery(services.slack, sockets, services.slack_url)
            yield SocketProcess(process, services, sockets, delivery)
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()


@asynccontextmanager
async def connected(**changes: str) -> AsyncIterator[SocketProcess]:
    """Start a bot and wait until it is connected; afterwards, check that it kept Slack's rules."""
    async with started(**changes) as bot:
        await bot.sockets.wait_connected(20)
        yield bot
        bot.services.slack.check()


def shown_text(sent: DeliveryResult) -> str:
    """Return the text that an acknowledgement showed."""
    assert sent.message, sent.response
    return sent.message.text


async def test_command_and_mention_are_answered_over_the_connection():
    """A command is answered in its acknowledgement, a mention in its thread."""
    async with connected(ALLOW_GUEST="Sesame", LOG_LEVEL="DEBUG") as bot:
        command = await bot.deliver.slash_command("789")
        assert shown_text(command).startswith("John Smith, extension 789")
        mention = await bot.deliver.mention("who is 789?")
        assert mention.response.is_ok
        logged = await bot.terminate()
        (reply,) = bot.services.slack.app_messages(since=mention.messages_before)
        assert reply.root_ts == mention.ts
        assert "John Smith" in reply.text
        assert bot.process.returncode == 0
        assert "connected" in logged
        assert "ALLOW_GUEST is not a setting" in logged
        for private in ("John", "xapp", "xoxb", "ticket", "Sesame", "slack_bolt"):
            assert private not in logged


@pytest.mark.parametrize("cause", ["drop", "refresh"])
async def test_lost_connection_is_reestablished(cause):
    """After a cut, or Slack's request to reconnect, the next command is answered."""
    async with connected() as bot:
        if cause == "drop":
            bot.sockets.abort_connections()
        else:
            await bot.sockets.ask_to_reconnect()
        await bot.sockets.wait_connected(20)
        command = await bot.deliver.slash_command("789")
        assert "John Smith" in shown_text(command)
        await bot.terminate()
        assert bot.process.returncode == 0


async def test_sigterm_with_open_lookups_answers_them_all():
    """An acknowledged lookup is answered; one that has just arrived is acknowledged as well."""
    async with connected() as bot:
        vonage = bot.services.vonage
        await bot.deliver.slash_command("789")
        vonage.faults.on("latency", 4.0, path="/extensions/")
        acknowledged, just_arrived = [entry.number for entry in vonage.entries if entry.user][-2:]
        first = await bot.deliver.slash_command(f"refresh {acknowledged}")
        second = asyncio.create_task(bot.deliver.slash_command(f"refresh {just_arrived}"))
        await wait_for_calls(vonage, (acknowledged, just_arrived))
        logged = await bot.terminate()
        assert bot.process.returncode == 0
        for sent, number in ((first, acknowledged), (await second, just_arrived)):
            assert shown_text(sent).startswith("Looking up")
            answer = await bot.services.slack.next_response(sent.url_id, 1)
            assert f"extension {number}," in answer["text"].lower()
        assert "not finished" not in logged


async def test_second_sigterm_ends_the_process_immediately():
    """The second signal drops open work."""
    async with connected() as bot:
        bot.services.vonage.faults.on("hang", path="/extensions/")
        await bot.deliver.slash_command("refresh 1001")
        bot.process.send_signal(signal.SIGTERM)
        await bot.wait_for_log(SHUTTING_DOWN)
        await bot.terminate()
        assert bot.process.returncode == -signal.SIGTERM


async def test_refused_app_token_exits_and_names_the_setting():
    """Without this check, Slack's client would retry the same token forever."""
    async with fake_services(SLACK_APP_TOKEN="xapp-another") as services:
        code, _, err = await run("socket", environment=services.environment)
        assert code == 1
        assert "SLACK_APP_TOKEN" in err
        assert "invalid_auth" in err
        assert "another" not in err


async def test_refused_connection_is_retried_with_a_new_ticket():
    """Once Slack accepts connections again the bot connects; no ticket is logged."""
    async with started() as bot:
        slack = bot.services.slack
        address = slack.socket_url
        assert address
        slack.socket_url = lambda: address().replace("ticket=", "ticket=stale")
        logged = await bot.wait_for_log("Failed to connect")
        slack.socket_url = address
        await bot.sockets.wait_connected(20)
        assert "John Smith" in shown_text(await bot.deliver.slash_command("789"))
        assert "ticket" not in logged + await bot.terminate()


async def test_sigterm_before_the_connection_ends_the_process():
    """While Slack is unreachable, a signal still works."""
    async with started(SLACK_API_URL="http://127.0.0.1:1/api/") as bot:
        await bot.wait_for_log("Failed to connect")
        await bot.terminate()
        assert bot.process.returncode == 0
