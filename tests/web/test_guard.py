"""The door: what is not Slack's, too large or malformed is turned away and does no harm."""

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
from bot.web.guard import Guard
from tests.running_bot import running_bot

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOW = 1_531_420_618
FORM = "application/x-www-form-urlencoded"


class Behind:
    """What stands behind the door: it keeps what came through."""

    def __init__(self) -> None:
        self.contents: list[dict[str, Any]] = []

    async def __call__(self, content: dict[str, Any]) -> Response:
        """Answer 200."""
        self.contents.append(content)
        return Response("in")


async def knock(body: Any, *, behind: Behind | None = None, method: str = "POST", **headers: str):
    """Send one request to the door; signed well unless headers say otherwise."""
    behind = behind or Behind()
    app = Guard(behind, signing_secret=Secret(SECRET), clock=lambda: NOW)
    raw = body if isinstance(body, bytes) else b""
    sent = {"Content-Type": FORM, **signing.sign(raw, SECRET, NOW)}
    for name, value in headers.items():
        sent = {n: v for n, v in sent.items() if n.lower() != name.replace("_", "-").lower()}
        if value:
            sent[name.replace("_", "-")] = value
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as http:
        return await http.request(method, "/slack/events", content=body, headers=sent)


COMMAND = signing.slash_command("789")


async def test_a_signed_command_comes_through_unchanged():
    """The fields that Slack signed are handed on, empty ones too."""
    behind = Behind()
    assert (await knock(COMMAND, behind=behind)).status_code == 200
    (fields,) = behind.contents
    assert (fields["command"], fields["text"], fields["response_url"]) == ("/ext", "789", "")


async def test_the_published_example_is_accepted():
    """The signature of Slack's own documentation is ours too."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
        b"&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
        b"&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands"
        b"%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015"
        b".47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    signature = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert (await knock(body, x_slack_signature=signature)).status_code == 200


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b'{"type":"url_verification","challenge":"x"}', "application/json"),
        (b'{"type":"event_callback","event":{}}', "application/json; charset=utf-8"),
        (b"payload=" + b"%7B%22type%22%3A%22block_actions%22%7D", FORM),
        (b"ssl_check=1&token=x", FORM),
    ],
)
async def test_each_kind_of_body_comes_through(content, content_type):
    """Events, interactions and Slack's certificate check are let in."""
    assert (await knock(content, content_type=content_type)).status_code == 200


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
async def test_forged_headers_are_refused(headers, status):
    """A missing, wrong or odd signature, timestamp or type is 4xx and goes no further."""
    behind = Behind()
    assert (await knock(COMMAND, behind=behind, **headers)).status_code == status
    assert behind.contents == []


@pytest.mark.parametrize("age", [-301, 301, 86_400])
async def test_a_stale_request_is_refused(age):
    """A good signature of another time is no use: it may be a replay."""
    signed = signing.sign(COMMAND, SECRET, NOW - age)
    timestamp, signature = signed["X-Slack-Request-Timestamp"], signed["X-Slack-Signature"]
    reply = await knock(COMMAND, x_slack_request_timestamp=timestamp, x_slack_signature=signature)
    assert reply.status_code == 401


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
async def test_malformed_bodies_are_refused_though_signed(content, content_type):
    """A body that Bolt would crash on is 400."""
    behind = Behind()
    assert (await knock(content, behind=behind, content_type=content_type)).status_code == 400
    assert behind.contents == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
async def test_only_post_is_answered(method):
    """Slack posts; nothing else is let in."""
    assert (await knock(COMMAND, method=method)).status_code == 405


async def test_an_oversized_body_is_refused_before_it_is_read():
    """A length above the limit is enough; a longer body without a length is cut off."""
    read = 0

    async def endless():
        nonlocal read
        for _ in range(1000):
            read += 64 * 1024
            yield b"x" * 64 * 1024

    assert (await knock(b"x" * (limits.MAX_BODY_BYTES + 1))).status_code == 413
    assert (await knock(endless())).status_code == 413
    assert read <= limits.MAX_BODY_BYTES + 2 * 64 * 1024


async def test_a_body_that_does_not_come_is_given_up():
    """Somebody who sends the headers and then nothing does not hold the door."""

    async def receive():
        await asyncio.sleep(60)

    sent = []

    async def send(message):
        sent.append(message)

    app = Guard(Behind(), signing_secret=Secret(SECRET), body_limit_s=0.01)
    await app({"type": "http", "method": "POST", "headers": []}, receive, send)
    assert sent[0]["status"] == 408


@given(body=st.binary(max_size=300), content_type=st.sampled_from([FORM, "application/json"]))
@settings(max_examples=200)
def test_any_signed_bytes_are_let_in_or_refused(body, content_type):
    """Whatever stands in a signed body, the answer is 200 or 4xx."""
    status = asyncio.run(knock(body, content_type=content_type)).status_code
    assert status == 200 or 400 <= status < 500


async def test_the_whole_bot_stays_up_under_nonsense():
    """Odd but signed payloads are turned away or unanswered, and the next command works."""
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
    async with running_bot() as rig:
        for payload in payloads:
            raw = json.dumps(payload).encode()
            headers = {"content_type": "application/json"}
            reply = await rig.post(raw, **headers)
            assert reply.status_code < 500, payload
            form = httpx.QueryParams({"payload": raw.decode()})
            assert (await rig.post(str(form).encode())).status_code < 500, payload
        other = signing.slash_command("789", command="/other")
        assert (await rig.post(other)).status_code < 500
        stale = signing.sign(COMMAND, timestamp=int(time.time()) - 4000)
        assert (
            await rig.http.post(rig.url + "/slack/events", content=COMMAND, headers=stale)
        ).status_code == 401
        assert "John Smith" in (await rig.ext("789")).text
        assert (await rig.http.get(rig.url + "/healthz")).text == "ok\n"
        assert (await rig.http.get(rig.url + "/nowhere")).status_code == 404
