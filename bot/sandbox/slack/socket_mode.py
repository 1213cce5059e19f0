"""Socket Mode: Slack's messages and the app's responses go over a WebSocket that the app opened.

`apps.connections.open` gives the address, with a ticket that is valid for one connection.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.json_types import JsonObject
from bot.sandbox.server import HOST
from bot.sandbox.slack.signing import APP_ID
from bot.sandbox.slack.transports import ACK_TIMEOUT_S, EVENT, AppResponse, Retry
from bot.sandbox.slack.violations import Violations
from bot.sandbox.slack.workspace import Workspace

_HELLO = {
    "type": "hello",
    "connection_info": {"app_id": APP_ID},
    "debug_info": {"host": "applink-sandbox", "build_number": 1, "approximate_connection_time": 18},
}


@asynccontextmanager
async def socket_mode(
    workspace: Workspace, *, ack_timeout_s: float = ACK_TIMEOUT_S
) -> AsyncIterator[SocketModeTransport]:
    """Serve Socket Mode on loopback for the duration of the block."""
    sockets = SocketModeTransport(workspace.violations, ack_timeout_s=ack_timeout_s)
    app = web.Application()
    app.router.add_get("/link/", sockets.handle_connection)
    runner = web.AppRunner(app, handle_signals=False, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        site = web.TCPSite(runner, HOST, 0)
        await site.start()
        address = f"ws://{HOST}:{runner.addresses[0][1]}"
        workspace.socket_url = lambda: (
            f"{address}/link/?ticket={sockets.new_ticket()}&app_id={APP_ID}"
        )
        yield sockets
    finally:
        workspace.socket_url = None
        await sockets.close()
        await runner.cleanup()


class SocketModeTransport:
    """The WebSocket connections of an app, as a `Transport`.

    `acks` are all acknowledgements received, oldest first.
    """

    def __init__(self, violations: Violations, *, ack_timeout_s: float = ACK_TIMEOUT_S) -> None:
        self.ack_timeout_s = ack_timeout_s
        self.acks: list[JsonObject] = []
        self._violations = violations
        self._tickets: set[str] = set()
        self._connections: dict[web.WebSocketResponse, web.Request] = {}
        self._waiting: dict[str, asyncio.Future[JsonObject]] = {}
        self._timed_out: set[str] = set()
        self._connection_opened = asyncio.Event()

    @property
    def connections(self) -> int:
        """The number of open connections."""
        return len(self._connections)

    def new_ticket(self) -> str:
        """A new ticket, valid for one connection."""
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return ticket

    async def wait_connected(self, timeout_s: float = 5.0) -> None:
        """Wait until the app is connected. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not self._connections:
                self._connection_opened.clear()
                await self._connection_opened.wait()

    async def handle_connection(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection from the greeting to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401)
        self._tickets.remove(ticket)
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        self._connections[connection] = request
        try:
            await connection.send_json({**_HELLO, "num_connections": len(self._connections)})
            self._connection_opened.set()
            async for message in connection:
                if message.type == WSMsgType.TEXT:
                    self._resolve_ack(message.json())
        finally:
            self._connections.pop(connection, None)
        return connection

    async def send(
        self, kind: str, payload: Mapping[str, Any], retry: Retry | None = None
    ) -> AppResponse:
        """Send over the newest connection and wait for the acknowledgement."""
        if not self._connections:
            return AppResponse(0, 0.0, failure="connection_failed")
        envelope = _envelope(kind, payload, retry)
        name = str(envelope["envelope_id"])
        loop = asyncio.get_running_loop()
        answered = self._waiting[name] = loop.create_future()
        started = loop.time()
        try:
            await list(self._connections)[-1].send_json(envelope)
            async with asyncio.timeout(self.ack_timeout_s):
                content = await answered
        except TimeoutError:
            self._timed_out.add(name)
            return AppResponse(0, loop.time() - started, failure="http_timeout")
        except ConnectionError:
            return AppResponse(0, loop.time() - started, failure="connection_failed")
        finally:
            del self._waiting[name]
        if content and not envelope["accepts_response_payload"]:
            self._violations.record("ack", "An event was acknowledged with a payload.")
        return AppResponse(200, loop.time() - started, content)

    def _resolve_ack(self, ack: JsonObject) -> None:
        """Give an acknowledgement to the `send` that waits for it."""
        self.acks.append(ack)
        name = str(ack.get("envelope_id", ""))
        waiting = self._waiting.get(name)
        if waiting and not waiting.done():
            payload = ack.get("payload")
            waiting.set_result(payload if isinstance(payload, dict) else {})
        elif name in self._timed_out:
            self._timed_out.remove(name)  # recorded already, when it didn't come in time
        else:
            self._violations.record(
                "envelope_id", "An acknowledgement of an unknown envelope, or a second one."
            )

    async def ask_to_reconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the app to reconnect, as Slack does every few hours, then close the old
        connections.
        """
        connections, self._connections = self._connections, {}
        for connection in connections:
            debug = {"host": "applink-sandbox"}
            await connection.send_json(
                {"type": "disconnect", "reason": reason, "debug_info": debug}
            )
        await asyncio.sleep(0.05)  # Slack gives the app a moment to reconnect
        await asyncio.gather(*(connection.close() for connection in connections))

    def abort_connections(self) -> None:
        """Cut every connection without notice."""
        connections, self._connections = self._connections, {}
        for request in connections.values():
            if request.transport:
                request.transport.abort()

    async def close(self) -> None:
        """Close every connection."""
        connections, self._connections = self._connections, {}
        await asyncio.gather(*(connection.close() for connection in connections))


def _envelope(kind: str, payload: Mapping[str, Any], retry: Retry | None) -> JsonObject:
    envelope: JsonObject = {
        "envelope_id": secrets.token_hex(16),
        "payload": payload,
        "type": kind,
        "accepts_response_payload": kind != EVENT,
    }
    if kind == EVENT:
        envelope["retry_attempt"] = retry.number if retry else 0
        envelope["retry_reason"] = retry.reason if retry else ""
    return envelope
