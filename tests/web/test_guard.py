"""The guard: requests that are forged, stale, too large or malformed are rejected."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.responses import Response
from starlette.types import Scope

from bot import limits
from bot.cards import action_ids
from bot.cards.buttons import button_value
from bot.sandbox.slack import signing
from bot.settings import Secret
from bot.web.app import PATH
from bot.web.guard import Guard
from tests import simulated_time
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


@pytest.mark.parametrize("content_type", ["Application/JSON", " application/json ; charset=x"])
async def test_content_type_is_read_in_any_form(content_type):
    """Names of media types have no case, and spaces around them mean nothing."""
    content = b'{"type":"url_verification","challenge":"x"}'
    assert (await send(content, content_type=content_type)).status_code == 200


@pytest.mark.parametrize("age", [-limits.MAX_REQUEST_AGE_S, limits.MAX_REQUEST_AGE_S])
async def test_request_of_the_greatest_age_is_passed_on(age):
    """Five minutes are allowed, not only less."""
    headers = signing.sign(COMMAND, SECRET, NOW - age)
    sent = {name.lower().replace("-", "_"): value for name, value in headers.items()}
    assert (await send(COMMAND, app=None, method="POST", **sent)).status_code == 200


@pytest.mark.parametrize("actions", ["[]", "[1]", '[{}, "a"]', "[[]]"])
async def test_press_without_whole_actions_is_rejected(actions):
    """Every one of the actions is used, so one that Slack can't have sent is enough."""
    body = ("payload=" + quote('{"type":"block_actions","actions":' + actions + "}")).encode()
    app = StubApp()
    assert (await send(body, app=app)).status_code == 400
    assert app.contents == []


async def test_request_that_is_cut_off_is_not_passed_on():
    """A client that goes away in the middle of its body has sent nothing that counts."""
    messages = [
        {"type": "http.request", "body": COMMAND, "more_body": True},
        {"type": "http.disconnect"},
    ]
    sent = []

    async def receive():
        return messages.pop(0)

    async def respond(message):
        sent.append(message)

    app = StubApp()
    guard = Guard(app, signing_secret=Secret(SECRET), clock=lambda: NOW)
    headers = {"Content-Type": FORM, **signing.sign(COMMAND, SECRET, NOW)}
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": PATH, "headers": raw}
    await guard(scope, receive, respond)
    assert sent[0]["status"] == 400
    assert app.contents == []


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
        ({"content_type": "application/jsonp"}, 400),
        ({"content_length": "1 2"}, 400),
        ({"content_length": "-1"}, 400),
        ({"content_length": "9" * 5_000}, 400),
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
        (b'{"event":"x"}', "application/json"),
        (b'{"event":{},"type":5}', "application/json"),
        (b'{"command":["/ext"]}', "application/json"),
        (b'{"type":"block_actions","actions":[]}', "application/json"),
        (b'{"type":"block_actions","actions":["x"]}', "application/json"),
        (b'{"type":"block_actions","user":"U"}', "application/json"),
        (b'{"a":NaN}', "application/json"),
        (b'{"a":-Infinity}', "application/json"),
        (b'{"a":' + b"9" * 5_000 + b"}", "application/json"),
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


def scope_of(headers: dict[str, str] | list[tuple[str, str]], method: str = "POST") -> Scope:
    """Return the ASGI scope of a request with these headers."""
    pairs = headers.items() if isinstance(headers, dict) else headers
    raw = [(name.lower().encode(), value.encode()) for name, value in pairs]
    return {"type": "http", "method": method, "headers": raw}


SIGNED = {"Content-Type": FORM, **signing.sign(COMMAND, SECRET, NOW)}
STALE = signing.sign(COMMAND, SECRET, NOW - 301)
HEADER_FAULTS = [
    pytest.param(scope_of(SIGNED, "GET"), 405, id="method"),
    pytest.param(scope_of(SIGNED | {"X-Slack-Signature": "v0=1"}), 401, id="signature"),
    pytest.param(scope_of(SIGNED | {"X-Slack-Request-Timestamp": "x"}), 401, id="timestamp"),
    pytest.param(scope_of(SIGNED | STALE), 401, id="age"),
    pytest.param(scope_of(SIGNED | {"Content-Type": "text/plain"}), 400, id="type"),
    pytest.param(scope_of(SIGNED | {"Content-Length": "x"}), 400, id="length"),
    pytest.param(scope_of(SIGNED | {"Content-Length": "1048577"}), 413, id="size"),
    pytest.param(scope_of([*SIGNED.items(), *SIGNED.items()]), 401, id="repeated"),
    pytest.param(
        scope_of([("X-Slack-Signature", "v0=" + "0" * 64), *SIGNED.items()]),
        401,
        id="two signatures",
    ),
]


async def respond(guard: Guard, scope: Scope, *parts: bytes) -> dict[str, Any]:
    """Send a request in parts, and return the start of the response; each part is read once."""
    messages: list[dict[str, Any]] = []
    unread = list(parts)

    async def receive() -> dict[str, Any]:
        assert unread, "more was read than was sent"
        part = unread.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(unread)}

    async def keep(message) -> None:
        messages.append(message)

    await guard(scope, receive, keep)
    return messages[0]


@pytest.mark.parametrize(("scope", "status"), HEADER_FAULTS)
async def test_body_is_not_read_if_the_headers_are_not_slacks(scope, status):
    """Such a request costs no memory, and its connection ends with the response."""
    guard = Guard(StubApp(), signing_secret=Secret(SECRET), clock=lambda: NOW)
    start = await respond(guard, scope)
    assert start["status"] == status
    assert (b"connection", b"close") in start["headers"]


async def test_repeated_header_of_a_proxy_is_accepted():
    """Only what Slack sends once must be there once."""
    guard = Guard(StubApp(), signing_secret=Secret(SECRET), clock=lambda: NOW)
    scope = scope_of([*SIGNED.items(), ("Via", "1.1 a"), ("Via", "1.1 b")])
    assert (await respond(guard, scope, COMMAND))["status"] == 200


class OpenBodies:
    """Unsigned requests whose bodies are sent up to the last byte."""

    def __init__(self, guard: Guard) -> None:
        self.responses: list[dict[str, Any]] = []
        self._guard = guard
        self._requests: list[asyncio.Task[None]] = []

    async def open(self, size: int) -> None:
        """Send all of a body but its end."""
        parts = [b"x" * size]

        async def receive() -> dict[str, Any]:
            if not parts:
                await asyncio.Event().wait()
            return {"type": "http.request", "body": parts.pop(), "more_body": True}

        async def keep(message) -> None:
            self.responses.append(message)

        forged = SIGNED | {"X-Slack-Signature": "v0=" + "0" * 64}
        request = self._guard(scope_of(forged), receive, keep)
        self._requests.append(asyncio.create_task(request))
        await asyncio.sleep(0.01)


async def test_large_bodies_share_a_budget_and_small_ones_pass():
    """Unsigned megabytes are refused beyond the budget, while a signed command is answered."""
    guard = Guard(StubApp(), signing_secret=Secret(SECRET), clock=lambda: NOW)
    others = OpenBodies(guard)
    for _ in range(40):
        await others.open(limits.MAX_BODY_BYTES)
    refused = [each for each in others.responses if each.get("status") == 503]
    accepted = 40 - len(refused)
    assert accepted == limits.MAX_LARGE_BODIES_BYTES // (
        limits.MAX_BODY_BYTES - limits.SMALL_BODY_BYTES
    )
    assert (b"retry-after", b"1") in refused[0]["headers"]
    assert (await respond(guard, scope_of(SIGNED), COMMAND))["status"] == 200
    large = b"command=/ext&text=" + b"x" * 300_000
    signed = {"Content-Type": FORM, **signing.sign(large, SECRET, NOW)}
    assert (await respond(guard, scope_of(signed), large))["status"] == 503
    await asyncio.sleep(limits.BODY_LIMIT_S)
    assert {each.get("status", 0) for each in others.responses} == {0, 408, 503}
    assert (await respond(guard, scope_of(signed), large))["status"] == 200, "the budget is free"


async def test_budget_is_free_again_after_every_kind_of_end():
    """A body that is refused, cut off or accepted gives its share back."""
    guard = Guard(StubApp(), signing_secret=Secret(SECRET), clock=lambda: NOW)
    large = b"command=/ext&text=" + b"x" * 1_000_000
    signed = scope_of({"Content-Type": FORM, **signing.sign(large, SECRET, NOW)})
    for _ in range(30):
        assert (await respond(guard, signed, large))["status"] == 200
        assert (await respond(guard, scope_of(SIGNED), large))["status"] == 401
        assert (await respond(guard, signed, large, large))["status"] == 413


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

    guard = Guard(StubApp(), signing_secret=Secret(SECRET), body_limit_s=0.01, clock=lambda: NOW)
    await guard(scope_of(SIGNED), receive, keep)
    assert messages[0]["status"] == 408


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\ud83d", "?"),
        (r"\uDE00\ud83d", "??"),
        (r"\ud83d\ude00", "😀"),
        (r"\ud83d\ude00\ud83d", "😀?"),
        (r"\\ud83d", r"\ud83d"),
    ],
)
async def test_half_of_an_escaped_pair_becomes_a_question_mark(text, expected):
    """Such a text could not be sent, stored or logged; whole emoji stay."""
    for wrap, content_type in ((str.encode, "application/json"), (_as_form, FORM)):
        app = StubApp()
        body = wrap(f'{{"a":["{text}"],"{text}":1}}')
        assert (await send(body, app=app, content_type=content_type)).status_code == 200
        assert app.contents == [{"a": [expected], expected: 1}]


def _as_form(payload: str) -> bytes:
    return str(httpx.QueryParams({"payload": payload})).encode()


@given(body=st.binary(max_size=300), content_type=st.sampled_from([FORM, "application/json"]))
@settings(max_examples=200)
def test_any_signed_body_is_passed_on_or_rejected(body, content_type):
    """Whatever is in a signed body, the response is 200 or 4xx."""
    status = asyncio.run(send(body, content_type=content_type)).status_code
    assert status == 200 or 400 <= status < 500


ODD_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        ["", "789", "share 789", "\ud83d", "a\x00b", "x" * 3_000, "U0JOHN", "<@U0EXT>"]
    ),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["id", "type", "text", "\udfff"]), inner, max_size=2)
    ),
    max_leaves=4,
)
BODIES = [
    signing.slash_fields("789"),
    {
        "type": "event_callback",
        "event_id": "Ev1",
        "team_id": "T0LANTERN",
        "authorizations": [{"user_id": "U0EXT", "is_bot": True}],
        "event": {
            "type": "app_mention",
            "user": "U0JOHN",
            "channel": "C0GENERAL",
            "text": "<@U0EXT> 789",
            "ts": "1.2",
            "thread_ts": "1.1",
        },
    },
    {
        "type": "block_actions",
        "user": {"id": "U0JOHN", "team_id": "T0LANTERN"},
        "team": {"id": "T0LANTERN"},
        "channel": {"id": "C0GENERAL"},
        "container": {"message_ts": "1.1", "thread_ts": "1.0", "is_ephemeral": True},
        "message": {"blocks": [{"block_id": action_ids.SHARED_BY, "elements": [{"text": "x"}]}]},
        "actions": [{"action_id": action_ids.SHOW, "value": button_value("789"), "type": "button"}],
        "response_url": "http://127.0.0.1:1/none",
    },
    {"type": "url_verification", "challenge": "x"},
    {"type": "view_submission", "view": {"callback_id": "x", "type": "modal"}, "user": {"id": "U"}},
    {"type": "shortcut", "callback_id": "x", "user": {"id": "U"}},
    {"type": "block_suggestion", "action_id": "x", "block_id": "y", "value": "z"},
]


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value in a payload but the whole."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from paths(inner, (*path, key))


@st.composite
def odd_payloads(draw: st.DrawFn) -> dict[str, Any]:
    """A payload of Slack's of which one or two values are odd or missing."""
    body: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(BODIES)))
    for _ in range(draw(st.integers(1, 2))):
        *parents, last = draw(st.sampled_from(list(paths(body)) or [("type",)]))
        holder: Any = body
        for key in parents:
            holder = holder[key]
        if draw(st.integers(0, 4)):
            holder[last] = draw(ODD_VALUES)
        else:
            del holder[last]
    return body


@given(payloads=st.lists(odd_payloads(), min_size=20, max_size=20))
@settings(max_examples=8)
def test_any_payload_is_answered_or_rejected(payloads):
    """Nothing leads to a 500 or to an error that nobody handles, and the bot answers afterwards."""

    async def scenario() -> list[logging.LogRecord]:
        async with running_bot(check_rules=False) as bot:
            with recorded_log() as records:
                for payload in payloads:
                    raw = json.dumps(payload).encode()
                    for body, kind in ((raw, "application/json"), (_as_form(raw.decode()), FORM)):
                        status = (await bot.post(body, content_type=kind)).status_code
                        assert status == 200 or 400 <= status < 500, payload
            assert "John Smith" in (await bot.ext("790 789")).text
        return records

    unhandled = ("bot.tasks", "asyncio", "uvicorn.error")
    assert [each for each in simulated_time.run(scenario()) if each.name in unhandled] == []


@contextmanager
def recorded_log() -> Iterator[list[logging.LogRecord]]:
    """Collect what is logged as a warning or an error."""
    records: list[logging.LogRecord] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = records.append  # type: ignore[assignment, method-assign]
    logging.getLogger().addHandler(handler)
    try:
        yield records
    finally:
        logging.getLogger().removeHandler(handler)


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
