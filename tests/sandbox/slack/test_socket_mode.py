"""Socket Mode: Slack's own client connects, gets its messages, and reconnects."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import serving
from bot.sandbox.slack.app import create_slack
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.message_posting import Destination, post
from bot.sandbox.slack.socket_mode import socket_mode
from bot.sandbox.slack.transports import EVENT
from bot.sandbox.slack.workspace import Workspace

BUTTON = {"type": "button", "action_id": "share", "text": {"type": "plain_text", "text": "Share"}}


class Client:
    """Slack's client with a listener that acknowledges unless it is set to be silent."""

    def __init__(self, slack: Workspace, url: str, sockets) -> None:
        self.slack, self.url, self.sockets = slack, url, sockets
        self.requests: list[SocketModeRequest] = []
        self.silent = False
        self.deliver = Delivery(slack, sockets, url)

    async def take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Answer one envelope; a command is answered with its own text."""
        self.requests.append(request)
        command = request.type == "slash_commands"
        payload = {"text": request.payload["text"]} if command else None
        if not self.silent:
            answer = SocketModeResponse(request.envelope_id, payload)
            await client.send_socket_mode_response(answer)


@asynccontextmanager
async def connected(slack: Workspace) -> AsyncIterator[Client]:
    """Serve Socket Mode with a connected client."""
    async with (
        serving(create_slack(slack)) as url,
        socket_mode(slack, ack_timeout_s=0.5) as sockets,
    ):
        app = Client(slack, url, sockets)
        web = AsyncWebClient(base_url=f"{url}/api/")
        client = SocketModeClient(slack.app_token, web_client=web, ping_interval=0.1)
        client.socket_mode_request_listeners.append(app.take)
        try:
            await client.connect_to_new_endpoint()
            await sockets.wait_connected()
            yield app
        finally:
            await client.close()


@pytest.fixture
def slack() -> Workspace:
    """A Slack workspace in real time."""
    return Workspace()


async def test_command_event_and_press_arrive_over_the_socket(slack):
    """Each envelope has its type, and is acknowledged over the socket."""
    async with connected(slack) as app:
        sent = await app.deliver.slash_command("789")
        assert sent.response.payload == {"text": "789"}
        assert [message.text for message in slack.visible_messages("U0JOHN", "C0GENERAL")] == [
            "789"
        ]
        assert (await app.deliver.mention("790")).response.is_ok
        content = {"text": "789", "blocks": [{"type": "actions", "elements": [BUTTON]}]}
        card = post(
            slack.messages, slack.violations, content, Destination("C0GENERAL"), "chat.postMessage"
        )
        assert (await app.deliver.press(card, "share")).response.is_ok
        kinds = [(request.type, request.accepts_response_payload) for request in app.requests]
        assert kinds == [("slash_commands", True), ("events_api", False), ("interactive", True)]
        assert app.requests[1].payload["event"]["type"] == "app_mention"
        assert app.requests[2].payload["actions"][0]["action_id"] == "share"
        assert len(app.sockets.acks) == 3
    slack.check()


async def test_redelivery_over_socket_names_number_and_reason(slack):
    """The number and the reason are in the envelope instead of in headers."""
    async with connected(slack) as app:
        app.silent = True
        sent = await app.deliver.mention("789")
        assert [response.failure for response in sent.responses] == ["http_timeout"] * 4
        retries = [(request.retry_attempt, request.retry_reason) for request in app.requests]
        assert retries == [(0, ""), *((n, "http_timeout") for n in (1, 2, 3))]
        assert slack.violations.rules == ["operation_timeout"]


@pytest.mark.parametrize("cause", ["abort", "reconnect"])
async def test_lost_connection_is_reopened(slack, cause):
    """After a cut or a request to reconnect, the client asks for a new address."""
    async with connected(slack) as app:
        if cause == "abort":
            app.sockets.abort_connections()
        else:
            await app.sockets.ask_to_reconnect()
        await app.sockets.wait_connected()
        assert (await app.deliver.slash_command("789")).response.is_ok
        assert app.sockets.connections == 1
        opened = [call for call in slack.calls if call.method == "apps.connections.open"]
        assert len(opened) == 2
    slack.check()


async def test_delivery_without_connection_fails(slack):
    """Waiting for a connection times out."""
    async with socket_mode(slack, ack_timeout_s=0.1) as sockets:
        sent = await Delivery(slack, sockets, "http://slack").slash_command("789")
        assert sent.response.failure == "connection_failed"
        assert slack.violations.rules == ["dispatch_failed"]
        with pytest.raises(TimeoutError):
            await sockets.wait_connected(0.01)
    assert slack.socket_url is None


async def test_second_use_of_ticket_is_refused(slack):
    """A connection without a ticket is refused as well."""
    async with socket_mode(slack) as sockets, aiohttp.ClientSession() as session:
        url = slack.socket_url()
        async with session.ws_connect(url) as link:
            hello = await link.receive_json()
            assert (hello["type"], hello["num_connections"]) == ("hello", 1)
            for used in (url, url.partition("?")[0]):
                with pytest.raises(aiohttp.WSServerHandshakeError):
                    await session.ws_connect(used)
        async with asyncio.timeout(2):
            while sockets.connections:  # noqa: ASYNC110 - the server learns of it in its own time
                await asyncio.sleep(0.005)


async def test_wrong_ack_is_a_violation(slack):
    """An unknown envelope, a second acknowledgement, and a payload for an event are violations."""
    async with _linked(slack) as (sockets, link):
        sending = asyncio.create_task(sockets.send(EVENT, {}))
        name = (await link.receive_json())["envelope_id"]
        for ack in ({"envelope_id": name, "payload": {"text": "789"}}, {"envelope_id": name}):
            await link.send_json(ack)
        assert (await sending).is_ok
        await link.send_json({"envelope_id": "nothing"})
        await _acknowledged(sockets, 3)
    assert sorted(slack.violations.rules) == ["ack", "envelope_id", "envelope_id"]


async def test_late_ack_is_a_violation_once(slack):
    """The violation was recorded at the time-out."""
    async with _linked(slack) as (sockets, link):
        await Delivery(slack, sockets, "http://slack").slash_command("789")
        await link.send_json({"envelope_id": (await link.receive_json())["envelope_id"]})
        await _acknowledged(sockets, 1)
    assert slack.violations.rules == ["operation_timeout"]


@asynccontextmanager
async def _linked(slack):
    """A connection without Slack's client, after its greeting."""
    async with (
        socket_mode(slack, ack_timeout_s=0.2) as sockets,
        aiohttp.ClientSession() as session,
        session.ws_connect(slack.socket_url()) as link,
    ):
        await link.receive_json()
        yield sockets, link


async def _acknowledged(sockets, count):
    async with asyncio.timeout(2):
        while len(sockets.acks) < count:  # noqa: ASYNC110 - sent, but not yet taken
            await asyncio.sleep(0.005)
