"""Whatever a server sends, a call ends in a model or a `SourceError`, in time and within bounds."""

from __future__ import annotations

import asyncio
import gzip
import json
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import chain, repeat

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import LoginRefused, OverQuota, SourceError, Unavailable, UnexpectedReply
from bot.limits import MAX_RESPONSE_BYTES
from bot.settings import Secret
from bot.tasks import Tasks
from bot.vonage.auth import Login, StaticToken
from bot.vonage.client import VonageClient
from bot.vonage.transport import TimedOut
from tests import simulated_time
from tests.vonage.api import CREDENTIALS, soon
from tests.vonage.raw_server import HEAD, raw_server, response
from tests.vonage.samples import JOHN, live_list

GOOD = json.dumps(live_list(JOHN)).encode()
# Less than the first pause after a throttle, which the client measures by a clock of its own.
PATIENCE_S = 4.0
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@asynccontextmanager
async def client_at(url: str, http: httpx.AsyncClient | None = None) -> AsyncIterator[VonageClient]:
    """A client of a server's API, with a token and without a quota."""
    tasks = Tasks()
    async with http or httpx.AsyncClient() as opened:
        yield VonageClient(
            opened,
            base_url=url,
            account_id="self",
            auth=StaticToken(Secret("token")),
            requests_per_minute=10_000,
            tasks=tasks,
        )
        await tasks.drain(0)


async def error_of(call: Awaitable[object]) -> SourceError | None:
    """Return the `SourceError` that a call ends with; any other exception fails the test."""
    try:
        await call
    except SourceError as error:
        return error
    return None


async def log_in_at(url: str) -> str:
    """Log in at a server's token endpoint."""
    async with httpx.AsyncClient() as http:
        login = Login(http, token_url=f"{url}/token", credentials=CREDENTIALS)
        return await login.token(soon())


CALLS: list[Callable[[str], Awaitable[object]]] = []


def is_a_call(call: Callable[[str], Awaitable[object]]) -> Callable[[str], Awaitable[object]]:
    """Add one of the ways in which Ext calls Vonage to `CALLS`."""
    CALLS.append(call)
    return call


CALLS.append(log_in_at)


@is_a_call
async def list_at(url: str) -> object:
    """Request a page of extensions."""
    async with client_at(url) as client:
        return await client.extensions(deadline=soon(PATIENCE_S), page=1, page_size=100)


@is_a_call
async def one_at(url: str) -> object:
    """Request one extension."""
    async with client_at(url) as client:
        return await client.extension("789", deadline=soon(PATIENCE_S))


@is_a_call
async def locations_at(url: str) -> object:
    """Request the locations."""
    async with client_at(url) as client:
        return await client.locations(deadline=soon(PATIENCE_S))


ODD_COOKIES = [
    b"a=b",
    b"a=b; Domain=127.0.0.1",
    b"a=c; Path=/t",
    b"",
    b"=",
    b";;;",
    b"a",
    b"=b",
    b"a=b; Max-Age=99999999999999999999",
    b"a=b; Max-Age=x",
    b"a=b; Expires=Fri, 31 Dec 9999 23:59:59 GMT",
    b"a=b; Expires=" + b"1 " * 2_000,
    b'a=b; Version=x; Port=""',
    b'a="unclosed',
    b"a=\xff\xfe; Domain=\xe2\x80\xa8",
    b"Authorization=x; HttpOnly; Secure",
    b"a=" + b"b" * 30_000,
]


async def test_no_cookie_is_sent_back_however_many_come():
    """Cookies would pile up until the server refuses the request for its size, and for good."""
    cookies = [*ODD_COOKIES, *(b"c%d=%s" % (i, b"x" * 4_000) for i in range(300))]
    async with raw_server() as server, client_at(server.url) as client:
        for cookie in cookies:
            headers = [b"Set-Cookie: " + cookie, b"Set-Cookie2: " + cookie, b"Set-Cookie: s=1"]
            server.parts = [response(GOOD, *headers)]
            assert (await client.extensions(deadline=soon())).items
    assert len(server.requests) == len(cookies)
    assert not any(b"cookie" in each.lower() for each in server.requests)


@pytest.mark.parametrize("call", CALLS)
async def test_only_plain_responses_are_asked_for(call):
    """A server that keeps to HTTP compresses nothing then."""
    async with raw_server(response(GOOD)) as server:
        await error_of(call(server.url))
    assert b"accept-encoding: identity\r\n" in server.requests[0].lower()


BOMB = gzip.compress(gzip.compress(b"\0" * (256 * 1024 * 1024)))


@pytest.mark.parametrize(
    "encoding",
    [
        b"gzip",
        b"GZIP",
        b"gzip, gzip",
        b"identity, gzip",
        b"deflate",
        b"br",
        b"zstd",
        b"x",
        b"gzip,",
    ],
)
@pytest.mark.parametrize("call", CALLS)
async def test_compressed_response_is_refused_without_decoding_it(call, encoding):
    """A bomb of a kilobyte becomes nothing, however often it is compressed."""
    async with raw_server(response(BOMB, b"Content-Encoding: " + encoding)) as server:
        tracemalloc.start()
        assert isinstance(await error_of(call(server.url)), UnexpectedReply)
        assert tracemalloc.get_traced_memory()[1] < MAX_RESPONSE_BYTES
        tracemalloc.stop()


async def test_good_body_labelled_as_compressed_is_refused():
    """The header alone decides, before a byte of the body is looked at."""
    async with raw_server(response(GOOD, b"Content-Encoding: gzip")) as server:
        assert isinstance(await error_of(list_at(server.url)), UnexpectedReply)


@pytest.mark.parametrize("encoding", [b"identity", b"Identity", b"", b"identity, identity", b" "])
async def test_plain_response_may_say_that_it_is_plain(encoding):
    """`identity` means that nothing was done to the body."""
    async with raw_server(response(GOOD, b"Content-Encoding: " + encoding)) as server:
        assert await error_of(list_at(server.url)) is None


@pytest.mark.parametrize(
    ("status", "call", "error"),
    [
        (b"429 Too Many", list_at, OverQuota),
        (b"503 Unavailable", list_at, Unavailable),
        (b"400 Bad Request", log_in_at, LoginRefused),
        (b"401 Unauthorized", log_in_at, LoginRefused),
        (b"302 Found", list_at, UnexpectedReply),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        response(BOMB, b"Content-Encoding: gzip"),
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (MAX_RESPONSE_BYTES + 1),
    ],
    ids=["compressed", "cut off", "huge"],
)
async def test_status_of_a_refusal_counts_if_its_body_is_unreadable(status, call, error, body):
    """A refused login that isn't recognized would be repeated until Vonage locks the user."""
    async with raw_server(body.replace(b"200 OK", status)) as server:
        failure = await error_of(call(server.url))
        is_cut_off = isinstance(failure, Unavailable) and status.startswith(b"302")
        assert isinstance(failure, error) or is_cut_off


ENDLESS = {
    "header lines": ([HEAD], b"X-A: b\r\n" * 1_000),
    "one header": ([HEAD + b"X-A: "], b"b" * 8_000),
    "status line": ([b"HTTP/1.1 200 "], b"b" * 8_000),
    "informational responses": ([], b"HTTP/1.1 100 Continue\r\n\r\n" * 300),
    "body": ([HEAD + b"\r\n"], b"x" * 65_536),
    "tiny chunks": ([CHUNKED], b"1\r\nx\r\n" * 1_000),
    "chunk extension": ([CHUNKED + b"1;"], b"x" * 8_000),
    "chunk size": ([CHUNKED], b"0" * 8_000),
    "trailers": ([CHUNKED + b"0\r\n"], b"X-A: b\r\n" * 1_000),
}


@pytest.mark.parametrize("call", [list_at, log_in_at])
@pytest.mark.parametrize("kind", ENDLESS)
async def test_endless_response_is_cut_off(call, kind):
    """Reading ends at a limit or at the deadline, with no more memory than a large body takes."""
    start, part = ENDLESS[kind]
    parts = chain(start, repeat(part, 10_000))
    async with raw_server(endless=parts) as server:
        tracemalloc.start()
        assert isinstance(await error_of(call(server.url)), Unavailable | UnexpectedReply)
        assert tracemalloc.get_traced_memory()[1] < 4 * MAX_RESPONSE_BYTES
        tracemalloc.stop()
    assert server.sent_bytes < 4 * MAX_RESPONSE_BYTES


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\r\n\r\n",
        b"\0" * 100,
        b"\x16\x03\x01",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 999 \r\n\r\n",
        b"HTTP/1.1 101 Upgrade\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n{}",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 304 Not Modified\r\n\r\n",
        HEAD + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n{}",
        HEAD + b"Content-Length: -1\r\n\r\n{}",
        HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        CHUNKED + b"fffffffffffffffffffff\r\n{}",
        CHUNKED + b"-1\r\n{}",
        *(
            response(b"", b"Location: " + target, status=b"302 Found")
            for target in (
                b"",
                b"http://[",
                b"http://x:99999999/",
                b"//",
                b"\xff\xfe",
                b"x" * 80_000,
            )
        ),
        response(b"", b"Location: http://" + b"\xc3\xa9" * 300 + b"/", status=b"302 Found"),
    ],
    ids=lambda each: each[:40].decode("latin-1"),
)
async def test_malformed_response_is_a_plain_failure(call, sent):
    """What isn't HTTP, or leads elsewhere, is a `SourceError`, and no exception of a library."""
    async with raw_server(sent) as server:
        error = await error_of(call(server.url))
    if not (call is locations_at and error is None):
        assert isinstance(error, Unavailable | UnexpectedReply)


async def test_silent_server_times_out():
    """A server that keeps the connection and sends nothing ends at the deadline."""
    async with raw_server(pause_s=3_600) as server:
        assert isinstance(await error_of(list_at(server.url)), TimedOut)


# Without Retry-After, for which a client waits by a clock that isn't simulated here; the tests of
# `responses.retry_after` have every form of it.
HEADER_NAMES = st.sampled_from(
    [
        *("Set-Cookie", "Location", "Content-Encoding", "Content-Length", "Content-Type"),
        *("Transfer-Encoding", "Connection", "X-Other"),
    ]
)
HEADERS = st.lists(st.tuples(HEADER_NAMES, st.binary(max_size=30)), max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda each: (
        st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=9), each, max_size=3)
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(
    [
        *("_embedded", "extensions", "extension", "locations", "page", "page_size", "total_items"),
        *("total_pages", "_links", "next", "fault", "code", "description", "nextAccessTime"),
        *("error", "access_token", "refresh_token", "expires_in", "title", "invalid_parameters"),
        "status",
    ]
)
OBJECTS = st.dictionaries(KEYS, VALUES | st.dictionaries(KEYS, VALUES, max_size=3), max_size=6)
BODIES = st.binary(max_size=60) | OBJECTS.map(lambda each: json.dumps(each).encode())


@given(
    call=st.sampled_from(CALLS),
    status=st.sampled_from([200, 204, 302, 400, 401, 403, 404, 429, 500, 503])
    | st.integers(0, 999),
    headers=HEADERS,
    body=BODIES,
)
def test_any_response_ends_in_a_model_or_a_source_error(call, status, headers, body):
    """Whatever the status, the headers and the body are, nothing else is raised, and in time."""
    lines = [b"%s: %s" % (name.encode(), value) for name, value in headers]
    sent = response(body, *lines, status=b"%03d X" % status)

    async def scenario() -> None:
        async with raw_server(sent) as server:
            before = asyncio.get_running_loop().time()
            await error_of(call(server.url))
            assert asyncio.get_running_loop().time() < before + 10

    simulated_time.run(scenario())


@given(call=st.sampled_from(CALLS), sent=st.binary(max_size=80), has_head=st.booleans())
def test_any_bytes_end_in_a_model_or_a_source_error(call, sent, has_head):
    """The same for bytes that are no response at all."""

    async def scenario() -> None:
        async with raw_server(HEAD + sent if has_head else sent) as server:
            await error_of(call(server.url))

    simulated_time.run(scenario())
