"""The ASGI application: Slack's set-up checks, Bolt's responses, and what Bolt can't read."""

from __future__ import annotations

import json
import logging
from typing import Any

import httpx
import pytest
from slack_bolt import BoltResponse

from bot.log import TextFormatter
from bot.metrics import Metrics
from bot.sandbox.slack import signing
from bot.settings import Secret
from bot.web.app import PATH, BoltEndpoint, Web
from bot.web.guard import NOT_FROM_SLACK, Guard

FORM = b"command=%2Fext&text=789"


class StubBolt:
    """Bolt that gives one response to every request, or raises; it keeps the bodies."""

    def __init__(self, outcome: BoltResponse | Exception) -> None:
        self.bodies: list[dict[str, Any]] = []
        self._outcome = outcome

    async def async_dispatch(self, request):
        """Return the response, or raise."""
        self.bodies.append(request.body)
        if isinstance(self._outcome, Exception):
            raise self._outcome
        return self._outcome


async def send(bolt: StubBolt, body: bytes, headers: dict[str, str]) -> httpx.Response:
    """Send one signed request to an application with this Bolt."""
    endpoint, web = BoltEndpoint(), Web()
    endpoint.bolt = bolt  # type: ignore[assignment]
    web.guard = Guard(
        endpoint.respond, signing_secret=Secret(signing.SIGNING_SECRET), metrics=Metrics()
    )
    transport = httpx.ASGITransport(app=web)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as http:
        return await http.post(PATH, content=body, headers=headers)


async def send_form(bolt: StubBolt, body: bytes = FORM) -> httpx.Response:
    """Send a slash command."""
    return await send(bolt, body, signing.form_headers(body))


async def test_response_of_bolt_is_returned_whole():
    """Status, body and every header of Bolt's response reach Slack."""
    bolt = StubBolt(BoltResponse(status=200, body='{"text":"José"}', headers={"x-a": ["1", "2"]}))
    response = await send_form(bolt)
    assert (response.status_code, response.json()) == (200, {"text": "José"})
    assert response.headers["content-length"] == str(len('{"text":"José"}'.encode()))
    assert response.headers.get_list("x-a") == ["1", "2"]
    assert bolt.bodies[0]["text"] == "789"


async def test_url_verification_is_answered_with_its_challenge():
    """Slack saves a Request URL only if it echoes the challenge."""
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a"}).encode()
    bolt = StubBolt(BoltResponse(status=404))
    headers = {"Content-Type": "application/json", **signing.sign(body)}
    response = await send(bolt, body, headers)
    assert (response.status_code, response.json()) == (200, {"challenge": "3eZbrw1a"})
    assert bolt.bodies == []


@pytest.mark.parametrize("challenge", [None, 5, 1e300, True, [], {"a": "b"}, [["x"]]])
async def test_challenge_that_is_no_text_is_rejected(challenge):
    """Slack sends a text; the response repeats nothing else."""
    body = json.dumps({"type": "url_verification", "challenge": challenge}).encode()
    headers = {"Content-Type": "application/json", **signing.sign(body)}
    response = await send(StubBolt(BoltResponse(status=404)), body, headers)
    assert (response.status_code, response.text) == (400, NOT_FROM_SLACK)


async def test_challenge_with_half_a_character_is_answered():
    """A lone surrogate can't be encoded, and must not end in a 500."""
    body = rb'{"type":"url_verification","challenge":"a\ud800"}'
    headers = {"Content-Type": "application/json", **signing.sign(body)}
    response = await send(StubBolt(BoltResponse(status=404)), body, headers)
    assert (response.status_code, response.json()) == (200, {"challenge": "a?"})


async def test_response_with_half_a_character_is_sent():
    """Whatever an answer holds, the person gets the rest of it."""
    response = await send_form(StubBolt(BoltResponse(status=200, body='{"text":"a\ud800b"}')))
    assert response.json() == {"text": "a?b"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/nowhere", "//", "*"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "OPTIONS", "CONNECT"])
@pytest.mark.parametrize("header", [(b"content-length", b"9"), (b"transfer-encoding", b"chunked")])
async def test_body_is_refused_where_nobody_reads_it(path, method, header):
    """The response is 413 without reading the body, and the connection ends."""
    messages = []

    async def receive():
        raise AssertionError("the body was read")

    async def keep(message):
        messages.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": [header]}
    await Web()(scope, receive, keep)
    assert messages[0]["status"] == 413
    assert (b"connection", b"close") in messages[0]["headers"]


async def test_certificate_check_is_answered_without_bolt():
    """Slack checks the certificate of a command's address with `ssl_check=1`."""
    bolt = StubBolt(BoltResponse(status=404))
    response = await send_form(bolt, b"ssl_check=1&token=x")
    assert (response.status_code, response.content) == (200, b"")
    assert bolt.bodies == []


@pytest.mark.parametrize(
    "outcome",
    [KeyError("john.smith@example.com"), BoltResponse(status=500, body="john.smith")],
    ids=["raises", "responds with 500"],
)
async def test_payload_that_bolt_cannot_read_is_rejected(outcome, caplog):
    """Such a payload is not Slack's, and neither the response nor the log repeats its content."""
    response = await send_form(StubBolt(outcome))
    assert response.status_code == 400
    assert NOT_FROM_SLACK in response.text
    for record in caplog.records:
        record.exc_text = None  # caplog's own formatter has left the whole text there
    lines = [TextFormatter().format(record) for record in caplog.records]
    assert any("Bolt could not read a request" in line for line in lines)
    assert not any("john" in line for line in [*lines, response.text])


async def test_response_of_bolt_below_500_is_no_failure(caplog):
    """Bolt responds with 404 to a command that has no listener."""
    caplog.set_level(logging.WARNING)
    response = await send_form(StubBolt(BoltResponse(status=404, body='{"error":"unhandled"}')))
    assert response.status_code == 404
    assert caplog.records == []
