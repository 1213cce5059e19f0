"""The network: limits of time and size, and every error of httpx as a `SourceError`."""

from __future__ import annotations

import asyncio
import inspect

import httpx
import pytest

from bot import log
from bot.errors import Unavailable, UnexpectedReply
from bot.limits import MAX_RESPONSE_BYTES, MAX_RESPONSE_CHUNKS
from bot.vonage import transport
from bot.vonage.transport import ConnectFailed, NotReached, TimedOut, exchange, translate_error
from tests.vonage.api import soon
from tests.vonage.raw_server import raw_server, response


async def exchanged(handler, seconds=5.0):
    """Exchange one request with a server made of a function."""
    async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as http:
        request = http.build_request("GET", "https://api.example/x")
        return await exchange(http, request, soon(seconds))


class Drip(httpx.AsyncByteStream):
    """A body that comes a byte at a time, or all at once in large parts."""

    def __init__(self, part: bytes, parts: int, pause: float = 0.0) -> None:
        self.part, self.parts, self.pause, self.given = part, parts, pause, 0

    async def __aiter__(self):
        for _ in range(self.parts):
            await asyncio.sleep(self.pause)
            self.given += 1
            yield self.part


def httpx_errors():
    """Every exception class that httpx exports."""
    return [
        each
        for _, each in inspect.getmembers(httpx, inspect.isclass)
        if issubclass(each, Exception) and not issubclass(each, Warning)
    ]


async def test_response_is_read_whole():
    """Status, headers and body come back together."""
    reply = await exchanged(lambda _: httpx.Response(418, headers={"X-A": "b"}, content=b"tea"))
    assert (reply.status, reply.headers["x-a"], reply.body) == (418, "b", b"tea")


async def test_redirect_is_not_followed():
    """The token never goes to the host that a redirect names."""
    hosts = []

    def handler(request):
        hosts.append(request.url.host)
        return httpx.Response(302, headers={"Location": "https://evil.example/"})

    assert (await exchanged(handler)).status == 302
    assert hosts == ["api.example"]


async def test_huge_body_is_cut_off():
    """Reading stops soon after 8 MB, however much there is."""
    body = Drip(b"x" * 1024 * 1024, 1000)
    with pytest.raises(UnexpectedReply):
        await exchanged(lambda _: httpx.Response(200, stream=body))
    assert body.given <= 10


async def test_body_in_too_many_parts_is_cut_off():
    """Single bytes would take minutes of the processor long before they are 8 MB."""
    body = Drip(b"x", 2 * MAX_RESPONSE_CHUNKS)
    with pytest.raises(UnexpectedReply, match=transport.TOO_LARGE):
        await exchanged(lambda _: httpx.Response(200, stream=body))
    assert body.given == MAX_RESPONSE_CHUNKS + 1


async def test_body_at_the_limits_is_read():
    """As many bytes and parts as are allowed are no reason to refuse a response."""
    part = b"x" * (MAX_RESPONSE_BYTES // MAX_RESPONSE_CHUNKS)
    body = Drip(part, MAX_RESPONSE_CHUNKS)
    assert len((await exchanged(lambda _: httpx.Response(200, stream=body))).body) > 8_000_000
    whole = Drip(b"x" * MAX_RESPONSE_BYTES, 1)
    reply = await exchanged(lambda _: httpx.Response(200, stream=whole))
    assert len(reply.body) == MAX_RESPONSE_BYTES


@pytest.mark.parametrize("address", [b"http://x:y/", b"x" * 80_000], ids=["port", "length"])
async def test_redirect_to_an_unreadable_address_is_named(address):
    """The library reads the address although nothing follows it; the log says what is wrong."""
    sent = response(b"", b"Location: " + address, status=b"302 Found")
    async with raw_server(sent) as server, httpx.AsyncClient() as http:
        with pytest.raises(UnexpectedReply, match=transport.BAD_REDIRECT):
            await exchange(http, http.build_request("GET", server.url), soon())


@pytest.mark.parametrize("error", [ValueError, UnicodeError, LookupError, OverflowError])
@pytest.mark.parametrize("is_in_body", [False, True], ids=["head", "body"])
async def test_error_of_python_below_the_library_is_translated(error, is_in_body):
    """A length of thousands of digits, for example, is a ValueError that httpx lets through."""

    class Body(httpx.AsyncByteStream):
        async def __aiter__(self):
            for _ in range(1):
                raise error("secret")
            yield b""

    def handler(_request):
        if is_in_body:
            return httpx.Response(200, stream=Body())
        raise error("secret")

    with pytest.raises(UnexpectedReply, match=transport.MALFORMED):
        await exchanged(handler)


async def test_dripping_response_is_cut_off_at_the_deadline():
    """Bytes that keep coming do not keep the exchange alive past its deadline."""
    body = Drip(b"x", 1000, pause=0.01)
    with pytest.raises(TimedOut):
        await exchanged(lambda _: httpx.Response(200, stream=body), seconds=0.1)
    assert body.given < 100


async def test_silent_server_times_out():
    """A server that accepts the request and stays silent ends at the deadline."""

    async def handler(_request):
        await asyncio.sleep(60)

    with pytest.raises(TimedOut):
        await exchanged(handler, seconds=0.05)


@pytest.mark.parametrize("error", httpx_errors(), ids=lambda each: each.__name__)
async def test_every_error_of_httpx_is_translated(error):
    """No exception that httpx exports leaves the transport, nor does its text."""
    secret = "https://api.example/secret"
    raised = error(secret) if error not in _WITH_ARGUMENTS else _WITH_ARGUMENTS[error](secret)

    def handler(_request):
        raise raised

    with pytest.raises((Unavailable, UnexpectedReply)) as ours:
        await exchanged(handler)
    assert "secret" not in str(ours.value)


_WITH_ARGUMENTS = {
    httpx.HTTPStatusError: lambda words: httpx.HTTPStatusError(
        words, request=httpx.Request("GET", "x:"), response=httpx.Response(500)
    ),
    httpx.ResponseNotRead: lambda _: httpx.ResponseNotRead(),
    httpx.RequestNotRead: lambda _: httpx.RequestNotRead(),
    httpx.StreamConsumed: lambda _: httpx.StreamConsumed(),
    httpx.StreamClosed: lambda _: httpx.StreamClosed(),
}


@pytest.mark.parametrize(
    ("error", "ours"),
    [
        (httpx.ConnectError("x"), ConnectFailed),
        (httpx.ConnectTimeout("x"), NotReached),
        (httpx.ReadTimeout("x"), TimedOut),
        (httpx.WriteTimeout("x"), TimedOut),
        (httpx.ReadError("x"), Unavailable),
        (httpx.RemoteProtocolError("x"), Unavailable),
        (httpx.DecodingError("x"), UnexpectedReply),
    ],
)
def test_translated_error_keeps_what_matters(error, ours):
    """Whether the request was sent, and whether time ran out, is kept."""
    assert type(translate_error(error)) is ours


def test_size_limit_is_eight_megabytes():
    """The limit is the documented one."""
    assert MAX_RESPONSE_BYTES == 8 * 1024 * 1024


async def test_request_id_is_sent_with_the_call():
    """A call is found in both logs by the id of Slack's request; background calls have none."""
    ids = []

    def handler(request):
        ids.append(request.headers.get("x-request-id"))
        return httpx.Response(200)

    with log.request("one"):
        await exchanged(handler)
    await exchanged(handler)
    assert ids == ["one", None]
