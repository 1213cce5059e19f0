"""The connections of `serve`: how many may be open, and how long each may take.

uvicorn limits none of that: a client that sends headers slowly, or a body after its response, could
hold a connection forever, and enough of them would use up the memory and the file descriptors.
https://datatracker.ietf.org/doc/html/rfc9112#name-tear-down
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from bot.limits import (
    HEADERS_LIMIT_S,
    MAX_CONNECTIONS,
    MAX_QUEUED_CONNECTIONS,
    MAX_READ_BYTES,
    REPEATED_WARNING_S,
    REQUEST_LIMIT_S,
)
from bot.metrics import Metrics

try:
    import resource
except ImportError:  # Windows counts no file descriptors
    resource = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

# What a client is told whose request never reaches the application.
_RESPONSE = b"HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
TIMED_OUT = _RESPONSE % b"408 Request Timeout"
BUSY = _RESPONSE % b"503 Service Unavailable\r\nRetry-After: 1"

# One buffer for all connections. asyncio's own would be 256 kB for each that has sent something,
# and all of them would be filled before the first request is looked at.
_BUFFER = memoryview(bytearray(MAX_READ_BYTES))


def connection_limit() -> int:
    """Return how many connections may be open: at most half of the files that may be.

    The other half is for the database, the log, and the calls to Vonage and Slack.
    """
    if not resource:
        return MAX_CONNECTIONS
    open_files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if open_files == resource.RLIM_INFINITY:
        return MAX_CONNECTIONS
    return max(min(MAX_CONNECTIONS, open_files // 2), 1)


class Connections(ServerState):
    """The open connections, and in `waiting` those whose client owes a part of a request.

    `waiting` is in the order in which the clients were last heard to begin one, oldest first.
    """

    def __init__(self, limit: int, metrics: Metrics | None = None) -> None:
        super().__init__()
        self.limit = limit
        self.waiting: dict[Connection, None] = {}
        self.metrics = metrics or Metrics()
        self._warn = RepeatedWarning()

    def make_room(self) -> bool:
        """Return whether a new connection may stay; cut off the one that has waited longest for it.

        Slack sends a request at once, so the oldest one that is incomplete is hardly Slack's.
        Without that, idle connections could keep Slack out.
        """
        if len(self.connections) <= self.limit:
            return True
        self.metrics.closed("limit")
        self._warn("The limit of %d open connections is reached", self.limit)
        oldest = next(iter(self.waiting), None)
        if oldest is None:
            return False
        del self.waiting[oldest]
        oldest.transport.abort()
        return True


class Connection(H11Protocol, asyncio.BufferedProtocol):
    """uvicorn's connection with deadlines, that ends where a response leaves a body unread.

    Its state is one of three: the client owes the rest of a request (`HEADERS_LIMIT_S` for the
    headers; the guard limits the body), a request is being answered (`REQUEST_LIMIT_S` in all), or
    it is idle between two requests, which uvicorn limits.
    """

    server_state: Connections

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline: asyncio.TimerHandle | None = None
        self._timed: object = None  # the request that the deadline is for

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, or refuse the connection."""
        super().connection_made(transport)
        if self.server_state.make_room():
            self.server_state.waiting[self] = None
            self._limit(HEADERS_LIMIT_S, self._end_slow_headers)
        else:
            self._refuse(BUSY)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.server_state.waiting.pop(self, None)
        if self._deadline:
            self._deadline.cancel()
        super().connection_lost(exc)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return the buffer that asyncio reads into; `buffer_updated` empties it at once."""
        return _BUFFER

    def buffer_updated(self, nbytes: int) -> None:
        """Take what was read."""
        self.data_received(bytes(_BUFFER[:nbytes]))

    def data_received(self, data: bytes) -> None:
        """Take a part of a request."""
        super().data_received(data)
        self._note_progress()

    def on_response_complete(self) -> None:
        """Begin the next request, or close the connection if the rest of this one is unread."""
        if self.conn.their_state is h11.SEND_BODY:
            self.transport.close()
        super().on_response_complete()
        self._note_progress()

    def send_400_response(self, msg: str) -> None:
        """Refuse what isn't HTTP, unless a response has begun already."""
        self.server_state.metrics.refused(400)
        if self.cycle is not None:
            self.cycle.disconnected = True  # the application can't respond any more
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.close()

    def _should_upgrade(self) -> bool:
        """Answer a request for another protocol as HTTP; uvicorn would log each."""
        return False

    def _note_progress(self) -> None:
        """Update the deadline, and whether the client owes a part of a request."""
        if self.transport.is_closing():
            # The deadline stays: a client that doesn't read its response can't hold the rest.
            self.server_state.waiting.pop(self, None)
            return
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self.server_state.waiting.setdefault(self)
        else:
            self.server_state.waiting.pop(self, None)
        request = self.cycle
        if request is not None and not request.response_complete:
            if self._timed is not request:
                self._timed = request
                self._limit(REQUEST_LIMIT_S, self._end_slow_request)
        elif self.conn.trailing_data[0]:
            if self._timed is not None:
                self._timed = None
                self._limit(HEADERS_LIMIT_S, self._end_slow_headers)
        elif self._timed is not None and self._deadline and not self._has_unsent():
            self._deadline.cancel()

    def _limit(self, seconds: float, end: Callable[[], None]) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, end)

    def _end_slow_headers(self) -> None:
        self.server_state.metrics.closed("slow_headers")
        self._refuse(TIMED_OUT)

    def _end_slow_request(self) -> None:
        """Cut off a request without an answer, or a client that doesn't read its response."""
        if not self.cycle.response_complete or self._has_unsent():
            self.server_state.metrics.closed("slow_request")
            self.transport.abort()

    def _has_unsent(self) -> bool:
        """Whether a part of a response waits for the client to read."""
        return self.transport.get_write_buffer_size() > 0

    def _refuse(self, response: bytes) -> None:
        """Send a response that needs no request, and close."""
        if not self.transport.is_closing():
            self.transport.write(response)
        self.transport.close()


class RepeatedWarning:
    """Logs a warning once in `REPEATED_WARNING_S`, however often it is given."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._next_at = float("-inf")

    def __call__(self, text: str, *values: object) -> None:
        """Log the warning, unless it was logged a short time ago."""
        if self._clock() >= self._next_at:
            self._next_at = self._clock() + REPEATED_WARNING_S
            log.warning(text, *values)


def wait_for_descriptors(loop: asyncio.AbstractEventLoop) -> None:
    """Log a lack of file descriptors once a minute.

    asyncio then accepts no connection for a second, but reports each attempt to accept one.
    """
    warn = RepeatedWarning()

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if str(context.get("message", "")).startswith("socket.accept()"):
            warn("No file descriptor is left for a new connection: waiting until one is closed")
        else:
            loop.default_exception_handler(context)

    loop.set_exception_handler(handle)


def lengthen_queues(servers: Iterable[asyncio.Server]) -> None:
    """Let more connections wait in the kernel than are accepted in one go.

    asyncio uses one number for both.
    """
    for server in servers:
        for listener in server.sockets:
            with listener.dup() as same:
                same.listen(MAX_QUEUED_CONNECTIONS)
