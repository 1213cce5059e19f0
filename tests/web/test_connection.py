"""Connections: slow, idle, too many or malformed ones end, and Slack's stay."""

from __future__ import annotations

import asyncio
import errno
import logging
import resource
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from bot import limits
from bot.metrics import Metrics
from bot.web.connection import (
    Connection,
    Connections,
    RepeatedWarning,
    connection_limit,
    lengthen_queues,
    wait_for_descriptors,
)
from tests import simulated_time
from tests.clock import Clock

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
HEADERS = b"POST / HTTP/1.1\r\nHost: x\r\n"
OK = b"HTTP/1.1 200 OK\r\n"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Server:
    """A server on loopback. Its app answers `reply` without reading bodies, once `may_answer`."""

    limit: int = 100
    reply: bytes = b"hello"
    reads_body: bool = False
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    requests: int = 0
    body_bytes: int = 0
    port: int = 0

    def __post_init__(self) -> None:
        """Answer at once, unless the test says otherwise."""
        self.metrics = Metrics()
        self.clients: list[asyncio.StreamWriter] = []
        self.state = Connections(self.limit, self.metrics)
        self.may_answer.set()

    async def app(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        self.requests += 1
        while self.reads_body:
            message = await receive()
            self.body_bytes += len(message.get("body", b""))
            if not message.get("more_body"):
                break
        await self.may_answer.wait()
        length = b"%d" % len(self.reply)
        headers = [(b"content-length", length)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self.reply})

    async def connect(self, first: bytes = b"") -> Streams:
        """Open a connection and send the first bytes."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.clients.append(writer)
        writer.write(first)
        await asyncio.sleep(0.01)
        return reader, writer

    async def send(self, data: bytes) -> bytes:
        """Send bytes over a new connection, and return everything until it is closed."""
        reader, _ = await self.connect(data)
        return await reader.read()

    def closed(self, reason: str) -> float:
        """Return how many connections were closed for this reason."""
        line = f'ext_connections_closed_total{{reason="{reason}"}} '
        text = self.metrics.text().decode()
        return float(text.partition(line)[2].partition("\n")[0] or 0)


@asynccontextmanager
async def serving(**options) -> AsyncIterator[Server]:
    """Run a server."""
    served = Server(**options)
    config = uvicorn.Config(
        served.app,
        http=Connection,
        ws="none",
        interface="asgi3",
        lifespan="off",
        log_config=None,
        access_log=False,
        h11_max_incomplete_event_size=limits.MAX_HEADER_BYTES,
        backlog=limits.MAX_ACCEPTS,
    )
    config.load()
    server = uvicorn.Server(config)
    server.server_state = served.state
    server.lifespan = config.lifespan_class(config)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        served.port = listener.getsockname()[1]
        await server.startup([listener])
        lengthen_queues(server.servers)
        try:
            yield served
        finally:
            for each in server.servers:
                each.close()
            for transport in [each.transport for each in served.clients]:
                transport.abort()
            for client in list(served.state.connections):
                client.transport.abort()
            requests = list(served.state.tasks)
            for request in requests:
                request.cancel()
            await asyncio.gather(*requests, return_exceptions=True)
            await asyncio.sleep(0.01)


async def is_closed(reader: asyncio.StreamReader) -> bool:
    """Whether the server has closed the connection; what it sent before is dropped."""
    try:
        async with asyncio.timeout(0.05):
            await reader.read()
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


async def test_connection_serves_several_requests():
    """Slack and proxies keep a connection for the next request, also pipelined ones."""
    async with serving() as server:
        reader, writer = await server.connect(GET * 3)
        await asyncio.sleep(1)
        writer.write(GET)
        answers = await reader.read()
        assert answers.count(OK) == 4
        assert server.requests == 4


@pytest.mark.parametrize("first", [b"", b"P", HEADERS, HEADERS + b"X: " + b"y" * 1000])
async def test_headers_that_do_not_come_are_given_up(first):
    """A client that trickles its headers doesn't hold the connection."""
    async with serving() as server:
        reader, writer = await server.connect(first)
        for _ in range(int(limits.HEADERS_LIMIT_S) - 1):
            await asyncio.sleep(1)
            writer.write(b"X" if first else b"")
        assert not await is_closed(reader)
        await asyncio.sleep(1.1)
        assert b"408" in await reader.read()
        assert server.closed("slow_headers") == 1
        assert server.requests == 0


async def test_headers_of_second_request_are_given_up():
    """The first request of a connection buys no time for the next one."""
    async with serving() as server:
        reader, writer = await server.connect(GET)
        await asyncio.sleep(limits.HEADERS_LIMIT_S - 1)
        writer.write(HEADERS)
        await asyncio.sleep(limits.HEADERS_LIMIT_S - 1)
        assert not reader.at_eof()
        await asyncio.sleep(1.1)
        assert (await reader.read()).count(b"408") == 1


async def test_idle_connection_is_closed_between_requests():
    """Uvicorn's own limit still applies."""
    async with serving() as server:
        reader, _ = await server.connect(GET)
        await asyncio.sleep(6)
        assert (await reader.read()).count(OK) == 1
        assert server.closed("slow_headers") == 0


async def test_request_that_is_answered_in_time_is_not_cut_off():
    """The deadline of a request is far above the longest answer, and it ends with the answer."""
    assert limits.REQUEST_LIMIT_S > limits.BODY_LIMIT_S + limits.ACK_BUDGET_S
    async with serving() as server:
        server.may_answer.clear()
        reader, writer = await server.connect(GET)
        await asyncio.sleep(limits.REQUEST_LIMIT_S - 1)
        server.may_answer.set()
        await asyncio.sleep(3)
        writer.write(GET)
        assert (await reader.read()).count(OK) == 2


async def test_response_that_is_not_read_is_cut_off():
    """A client that never reads doesn't hold the connection and the memory of its response."""
    async with serving(reply=b"x" * 20_000_000) as server:
        _reader, writer = await server.connect()
        writer.transport.pause_reading()  # type: ignore[attr-defined]
        writer.write(GET)
        await asyncio.sleep(limits.REQUEST_LIMIT_S - 1)
        assert len(server.state.connections) == 1
        await asyncio.sleep(2)
        assert len(server.state.connections) == 0
        assert server.closed("slow_request") == 1


@pytest.mark.parametrize(
    "length", [b"Content-Length: 300000000", b"Transfer-Encoding: chunked"], ids=["length", "chunk"]
)
async def test_body_that_nobody_reads_ends_the_connection(length):
    """After the response no byte of the body is read, however much was announced."""
    async with serving() as server:
        reader, writer = await server.connect(HEADERS + length + b"\r\n\r\n40000\r\n")
        answer = b""
        sent_bytes = 0
        try:
            for _ in range(1_000):
                writer.write(b"x" * 262_144)
                await writer.drain()
                sent_bytes += 262_144
        except ConnectionError:
            pass
        answer = reader._buffer  # type: ignore[attr-defined]  # `read` would raise the reset
        assert OK in answer
        assert sent_bytes < 20_000_000, "the rest was refused by the kernel"
        assert len(server.state.connections) == 0


async def test_body_is_read_in_small_parts():
    """What is read from all connections at once stays small; the whole body arrives."""
    async with serving(reads_body=True) as server:
        body = b"y" * 500_000
        head = HEADERS + b"Connection: close\r\nContent-Length: 500000\r\n\r\n"
        assert OK in await server.send(head + body)
        assert server.body_bytes == 500_000


async def test_expectation_is_not_met_before_the_headers_are_checked():
    """A body that nobody reads isn't asked for with `100 Continue`."""
    async with serving() as server:
        head = HEADERS + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n"
        assert b"100" not in (await server.send(head)).partition(b"\r\n")[0]


async def test_new_connection_replaces_the_one_that_has_waited_longest():
    """Idle connections can't keep Slack out, and a request that is being answered stays."""
    async with serving(limit=10) as server:
        server.may_answer.clear()
        busy, _ = await server.connect(GET)
        idle = [(await server.connect(HEADERS))[0] for _ in range(9)]
        slack, _ = await server.connect(GET)
        await asyncio.sleep(0.1)
        server.may_answer.set()
        await asyncio.sleep(0.1)
        assert OK in await slack.read(1000)
        assert OK in await busy.read(1000)
        assert [await is_closed(each) for each in idle] == [True] + [False] * 8
        assert server.closed("limit") == 1


async def test_unfinished_body_makes_room_too():
    """Otherwise clients that send bodies slowly could keep Slack out."""
    async with serving(limit=5, reads_body=True) as server:
        slow = [
            (await server.connect(HEADERS + b"Content-Length: 9\r\n\r\nx"))[0] for _ in range(5)
        ]
        slack, _ = await server.connect(GET)
        assert OK in await slack.read(1000)
        assert await is_closed(slow[0])
        assert not await is_closed(slow[4])


async def test_connection_is_refused_while_all_others_are_answered():
    """A request that is complete is never cut off for another."""
    async with serving(limit=3) as server:
        server.may_answer.clear()
        busy = [(await server.connect(GET))[0] for _ in range(3)]
        refused = await server.send(GET)
        assert refused.startswith(b"HTTP/1.1 503")
        assert b"Retry-After: 1" in refused
        server.may_answer.set()
        assert all([OK in await each.read(1000) for each in busy])
        reader, _ = await server.connect(GET)
        assert OK in await reader.read(1000)


async def test_flood_of_connections_keeps_to_the_limit_and_logs_one_line(caplog):
    """The number of open ones is what memory and file descriptors depend on."""
    async with serving(limit=20) as server:
        opened = [await server.connect(HEADERS) for _ in range(200)]
        await asyncio.sleep(0.1)
        assert len(server.state.connections) == 20
        assert len(server.state.waiting) == 20
        assert OK in await (await server.connect(GET))[0].read(1000)
        for _, writer in opened:
            writer.close()
        await asyncio.sleep(7)
        assert len(server.state.connections) == len(server.state.waiting) == 0
    assert [record.getMessage() for record in caplog.records] == [
        "The limit of 20 open connections is reached"
    ]


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/x\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 30_000,
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 4_000,
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        HEADERS + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        HEADERS + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n",
        HEADERS + b"Content-Length: -1\r\n\r\n",
        HEADERS + b"Transfer-Encoding: gzip\r\n\r\n",
        HEADERS + b"X-A: b\x00c\r\n\r\n",
    ],
)
async def test_what_is_not_http_is_refused(request_bytes, caplog):
    """The response is 400, the connection ends, and the log repeats nothing that was sent."""
    caplog.set_level(logging.WARNING)
    async with serving() as server:
        reader, writer = await server.connect(request_bytes)
        assert b"400" in await reader.read(1000)
        writer.close()
        assert server.requests == 0
    assert not any(record.exc_info for record in caplog.records)
    assert {record.getMessage() for record in caplog.records} <= {"Invalid HTTP request received."}


@pytest.mark.parametrize(
    "chunks", [b"zz\r\n", b"5\r\nhelloXX", b"ffffffffffffffffffffffff\r\n", b"5;" + b"e" * 40_000]
)
async def test_malformed_chunk_is_refused_while_the_body_is_read(chunks, caplog):
    """A body that breaks off in the middle neither hangs nor leads to a traceback."""
    async with serving(reads_body=True) as server:
        head = HEADERS + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
        reader, writer = await server.connect(head)
        writer.write(chunks)
        assert b"400" in await reader.read(1000)
        await asyncio.sleep(0.1)
    assert not any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize("protocol", [b"websocket", b"h2c", b"TLS/1.0"])
async def test_other_protocol_is_answered_as_http(protocol, caplog):
    """An upgrade isn't offered, and asking for one leaves no line in the log."""
    async with serving() as server:
        upgrade = b"Connection: Upgrade\r\nUpgrade: " + protocol
        reader, _ = await server.connect(b"GET / HTTP/1.1\r\nHost: x\r\n" + upgrade + b"\r\n\r\n")
        assert OK in await reader.read(1000)
    assert caplog.records == []


@given(parts=st.lists(st.one_of(st.binary(max_size=40), st.just(GET), st.just(HEADERS))))
@settings(max_examples=100)
def test_any_bytes_are_answered_or_refused(parts):
    """Whatever is sent, no exception escapes, and the server answers the next client."""

    async def scenario() -> None:
        failures = []
        asyncio.get_running_loop().set_exception_handler(
            lambda _, context: failures.append(context)
        )
        async with serving() as server:
            _, writer = await server.connect()
            for part in parts:
                writer.write(part)
                await asyncio.sleep(0.01)
            other, _ = await server.connect(GET)
            assert OK in await other.read(1000)
            writer.close()
        assert failures == []

    simulated_time.run(scenario())


def test_connection_limit_leaves_half_of_the_file_descriptors(monkeypatch):
    """The database and the calls to Slack and Vonage need some as well."""
    for open_files, limit in [(64, 32), (1, 1), (1024, 512), (1_000_000, limits.MAX_CONNECTIONS)]:
        monkeypatch.setattr(resource, "getrlimit", lambda _, n=open_files: (n, n))
        assert connection_limit() == limit
    infinite = resource.RLIM_INFINITY
    monkeypatch.setattr(resource, "getrlimit", lambda _: (infinite, infinite))
    assert connection_limit() == limits.MAX_CONNECTIONS


async def test_lack_of_descriptors_is_logged_once(caplog):
    """Asyncio reports each failed attempt; other errors are reported as before."""
    loop = asyncio.get_running_loop()
    wait_for_descriptors(loop)
    error = OSError(errno.EMFILE, "Too many open files")
    for _ in range(1_000):
        loop.call_exception_handler(
            {"message": "socket.accept() out of system resource", "exception": error}
        )
    assert [record.name for record in caplog.records] == ["bot.web.connection"]
    loop.call_exception_handler({"message": "Task was destroyed", "exception": error})
    assert [record.name for record in caplog.records][1:] == ["asyncio"]


def test_repeated_warning_is_logged_again_after_a_minute(caplog):
    """A state that lasts shows in the log now and then."""
    clock = Clock()
    warn = RepeatedWarning(clock)
    for _ in range(3):
        warn("It is %s", "full")
    clock.advance(limits.REPEATED_WARNING_S)
    warn("It is %s", "full")
    assert [record.getMessage() for record in caplog.records] == ["It is full"] * 2
