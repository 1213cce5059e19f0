"""The session to Slack: no cookie, nothing compressed, nothing huge, and only plain failures."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import slack_client
from bot.errors import SlackUnavailable
from bot.limits import MAX_BODY_BYTES
from bot.metrics import Metrics
from bot.slack.api import call
from bot.slack.response_urls import ResponseUrls
from tests.running_bot import settings_for
from tests.test_metrics import counted
from tests.vonage.raw_server import RawServer, raw_server, response

JSON = b"Content-Type: application/json"
OK = b'{"ok": true}'
BOMB = gzip.compress(gzip.compress(b"\0" * (64 * 1024 * 1024)))


def client_of(server: RawServer, session) -> AsyncWebClient:
    """A client of the Web API at a raw server."""
    return slack_client(settings_for("http://vonage.example", server.url), session)


async def test_no_cookie_is_sent_back(session):
    """Cookies would pile up until Slack refuses the request for its size."""
    async with raw_server() as server:
        # aiohttp itself keeps no cookie of an address without a name.
        server.host = "localhost"
        for cookie in (b"a=b", b"a=b; Domain=localhost; Path=/", b"=", b"b=" + b"x" * 4_000):
            server.parts = [response(OK, JSON, b"Set-Cookie: " + cookie)]
            assert await call(client_of(server, session), "auth.test") == {"ok": True}
    assert len(server.requests) == 4
    assert not any(b"cookie" in each.lower() for each in server.requests)
    assert all(b"accept-encoding: identity" in each.lower() for each in server.requests)


@pytest.mark.parametrize(
    "sent",
    [
        *(response(BOMB, JSON, b"Content-Encoding: " + each) for each in (b"gzip", b"gzip, gzip")),
        response(gzip.compress(OK), JSON, b"Content-Encoding: GZIP"),
        response(gzip.compress(OK), JSON, b"Content-Encoding: br"),
        response(OK, JSON, b"Content-Encoding: gzip"),
        response(b" " * MAX_BODY_BYTES + OK, JSON),
        response(b"[" * 500_000, JSON),
        response(b"9" * 9_000, JSON),
        response(b'{"ok": 1e999, "x": ', JSON),
        response(b"\xff\xfe", JSON),
        response(b"", JSON, b"Retry-After: soon", status=b"429 Too Many"),
        response(b"", JSON, b"Content-Length: 99", status=b"500 X"),
        b"\0" * 100,
        b"",
    ],
    ids=range(14),
)
async def test_odd_response_of_slack_is_a_plain_failure(session, sent):
    """Nothing is unpacked or read without end, and no other exception is raised."""
    async with raw_server(sent) as server:
        tracemalloc.start()
        with pytest.raises(SlackUnavailable):
            await call(client_of(server, session), "users.info", user="U1")
        assert tracemalloc.get_traced_memory()[1] < 16 * MAX_BODY_BYTES
        tracemalloc.stop()


@pytest.mark.parametrize(
    "wait", [b"soon", b"", b"nan", b"1e400", b"-", b"9" * 400, b"9" * 5_000, b"\xd9\xa5", b";"]
)
async def test_odd_retry_after_of_a_response_url_raises_nothing(session, wait):
    """The message counts as lost, like any that Slack does not take."""
    metrics = Metrics()
    sent = response(b"", b"Retry-After: " + wait, status=b"429 Too Many Requests")
    async with raw_server(sent) as server:
        await ResponseUrls(session, metrics).post(f"{server.url}/r", {"text": "x"})
    assert counted(metrics, "ext_answers_total")["lost"] == 1
