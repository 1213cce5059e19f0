"""The guard: requests that are forged, stale, too large or malformed are rejected."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.responses import Response

from bot import limits
from bot.sandbox.slack import signing
from bot.settings import Secret
from bot.web.app import PATH
from bot.web.guard import Guard
from tests.running_bot import running_bot

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1_531_420_618
FORM = "application/x-www-form-urlencoded"


class StubApp:
    """The application behind the guard: it keeps the contents that were passed on."""

    def __init__(self) -> None:
        self.contents: list[dict[str, Any]] = []

    async def __call__(self, content: dict[str, Any]) -> Response:
        """Keep the content and respond with 200."""
        self.contents.append(content)
        return Response("passed on")


async def send(body: Any, *, app: StubApp | None = None, method: str = "POST", **headers: str):
    """Send one request to the guard, signed correctly unless `headers` replace a header."""
    guard = Guard(app or StubApp(), signing_secret=Secret(SECRET), clock=lambda: NOW)
    raw = body if isinstance(body, bytes) else b""
    signed = {"Content-Type": FORM, **signing.sign(raw, SECRET, NOW)}
    replaced = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    all_headers = {name.lower(): value for name, value in signed.items()} | replaced
    given_headers = {name: value for name, value in all_headers.items() if value}
    transport = httpx.ASGITransport(app=guard)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as http:
        return await http.request(method, PATH, content=body, headers=given_headers)


COMMAND = signing.slash_command("789")


async def test_signed_command_is_passed_on_unchanged():
    """The fields that Slack signed are passed on, empty ones too."""
    app = StubApp()
    assert (await send(COMMAND, app=app)).status_code == 200
    (fields,) = app.contents
    assert (fields["command"], fields["text"], fields["response_url"]) == ("/ext", "789", "")


async def test_example_of_slacks_documentation_is_accepted():
    """The signature is computed as Slack's documentation says."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015"
        b".47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert (await send(body, x_slack_signature=signature)).status_code == 200


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b'{"type":"url_verification","challenge":"x"}', "application/json"),
        (b'{"type":"event_callback","event":{}}', "application/json; charset=utf-8"),
        (b"payload=" + b"%7B%22type%22%3A%22block_actions%22%7D", FORM),
        (b"ssl_check=1&token=x", FORM),
    ],
)
async def test_every_kind_of_payload_is_passed_on(content, content_type):
    """Events, interactions and Slack's certificate check are passed on."""
    assert (await send(content, content_type=content_type)).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"x_slack_signature": ""}, 401),
        ({"x_slack_signature": "v0=" + "0" * 64}, 401),
        ({"x_slack_signature": "v0=" + "g" * 64}, 401),
        ({"x_slack_signature": "v1=" + "0" * 64}, 401),
        ({"x_slack_request_timestamp": ""}, 401),
        ({"x_slack_request_timestamp": "abc"}, 401),
        ({"x_slack_request_timestamp": "1.5"}, 401),
        ({"x_slack_request_timestamp": "-5"}, 401),
        ({"x_slack_request_timestamp": "9" * 40}, 401),
        ({"content_type": "text/plain"}, 400),
        ({"content_type": ""}, 400),
        ({"content_type": "multipart/form-data; boundary=x"}, 400),
    ],
)
async def test_request_with_forged_headers_is_rejected(headers, status):
    """A missing, wrong or odd signature, timestamp or type is 4xx and is not passed on."""
    app = StubApp()
    assert (await send(COMMAND, app=app, **headers)).status_code == status
    assert app.contents == []


@pytest.mark.parametrize("age", [-301, 301, 86_400])
async def test_stale_request_is_rejected(age):
    """A correct signature of another time may be a replay."""
    signed = signing.sign(COMMAND, SECRET, NOW - age)
    timestamp, signature = signed["X-Slack-Request-Timestamp"], signed["X-Slack-Signature"]
    response = await send(COMMAND, x_slack_request_timestamp=timestamp, x_slack_signature=signature)
    assert response.status_code == 401


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"", FORM),
        (b"text=789", FORM),
        (b"\xff\xfe", FORM),
        (b"payload=%7B", FORM),
        (b"payload=%5B%5D", FORM),
        (b"payload=null", FORM),
        (b"payload=" + b"[" * 100_000, FORM),
        (b'{"command":"/ext"}', FORM),
        (b"command=/ext&" + b"a=1&" * 200, FORM),
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b'"x"', "application/json"),
        (b"\xff", "application/json"),
        (b"[" * 100_000, "application/json"),
    ],
)
async def test_malformed_body_is_rejected_although_signed(content, content_type):
    """A body that Bolt would crash on is 400."""
    app = StubApp()
    assert (await send(content, app=app, content_type=content_type)).status_code == 400
    assert app.contents == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_request_other_than_post_is_rejected(method):
    """Slack only posts."""
    assert (await send(COMMAND, method=method)).status_code == 405


async def test_oversized_body_is_rejected_before_it_is_read():
    """A declared length above the limit is enough; a body without a length is cut off."""
    sent_bytes = 0

    async def endless_body():
        nonlocal sent_bytes
        for _ in range(1000):
            sent_bytes += 64 * 1024
            yield b"x" * 64 * 1024

    assert (await send(b"x" * (limits.MAX_BODY_BYTES + 1))).status_code == 413
    assert (await send(endless_body())).status_code == 413
    assert sent_bytes <= limits.MAX_BODY_BYTES + 2 * 64 * 1024


async def test_body_that_does_not_come_is_given_up():
    """A client that sends headers and then nothing holds its connection for a short time."""

    async def receive():
        await asyncio.sleep(60)

    messages = []

    async def keep(message):
        messages.append(message)

    guard = Guard(StubApp(), signing_secret=Secret(SECRET), body_limit_s=0.01)
    await guard({"type": "http", "method": "POST", "headers": []}, receive, keep)
    assert messages[0]["status"] == 408


@given(body=st.binary(max_size=300), content_type=st.sampled_from([FORM, "application/json"]))
@settings(max_examples=200)
def test_any_signed_body_is_passed_on_or_rejected(body, content_type):
    """Whatever is in a signed body, the response is 200 or 4xx."""
    status = asyncio.run(send(body, content_type=content_type)).status_code
    assert status == 200 or 400 <= status < 500


async def test_bot_goes_on_after_signed_nonsense():
    """Odd but signed payloads are rejected or ignored, and the next command works."""
    payloads = [
        {},
        {"type": "block_actions"},
        {"type": 5},
        {"type": "event_callback", "event": "x"},
        {"type": "event_callback", "event": {"type": "message", "user": []}},
        {"type": "view_submission", "view": None, "user": "U", "team": 7},
        {"type": "block_suggestion", "action_id": {}},
        {"command": ["/ext"]},
    ]
    async with running_bot() as bot:
        for payload in payloads:
            raw = json.dumps(payload).encode()
            response = await bot.post(raw, content_type="application/json")
            assert response.status_code < 500, payload
            form = httpx.QueryParams({"payload": raw.decode()})
            assert (await bot.post(str(form).encode())).status_code < 500, payload
        other = signing.slash_command("789", command="/other")
        assert (await bot.post(other)).status_code < 500
        stale = signing.sign(COMMAND, timestamp=int(time.time()) - 4000)
        response = await bot.http.post(bot.url + PATH, content=COMMAND, headers=stale)
        assert response.status_code == 401
        assert "John Smith" in (await bot.ext("789")).text
        assert (await bot.http.get(bot.url + "/healthz")).text == "ok\n"
        assert (await bot.http.get(bot.url + "/nowhere")).status_code == 404
