"""The parts of an answer by themselves, as multiples of turning the card into JSON once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from statistics import median

from starlette.responses import Response
from starlette.types import Message as ASGIMessage
from starlette.types import Scope

from bot import query
from bot.cards import extension_card
from bot.cards.blocks import Message
from bot.models import Did, Extension, Handset, Location, Match, User
from bot.sandbox.slack import signing
from bot.settings import Secret
from bot.web.app import PATH
from bot.web.guard import Content, Guard
from tests.bench.report import Figure, format_number, info, ratios

ROUNDS = 9
TURN_S = 0.02  # of each part in a round

TEXTS = {
    "a number": "789",
    "a phone number": "who +1 (415) 555-0100",
    "a name": "smith, john",
    "small talk": "what's the extension of John Smith?",
    "a list": 'list page 2 location:"Holmdel HQ" dnd:on',
}

OFFICE = Location("145214", "Holmdel HQ", "America/New_York", "Holmdel", "US")
PERSON = Extension(
    "789",
    User("John", "Smith", "john.smith@example.com", "jsmith"),
    (Did("14155550100", "My Tag"), Did("14155550101")),
    (Handset("John's desk", "VH6370927"), Handset("John's mobile", "VH6370928")),
    "145214",
    "14155550100",
    block_caller_id=False,
    dnd_enabled=False,
    vtt_enabled=True,
)
NOW = 1_800_000_000.0

JSON = "card to JSON"
GUARD = "guard"

Part = Callable[[], object]


async def measure() -> list[Figure]:
    """Parts of an answer: parsing a text, the guard, the card."""
    message = card()
    parts: dict[str, Part] = {JSON: lambda: json.dumps(message.payload())}
    parts |= {f"parsing {kind}": partial(query.parse, text) for kind, text in TEXTS.items()}
    parts["card of an extension"] = card
    guard, scope, body = signed_request()
    rounds: dict[str, list[float]] = {name: [] for name in [*parts, GUARD]}
    for _ in range(ROUNDS):
        for name, part in parts.items():
            rounds[name].append(_seconds_per_run(part))
        rounds[GUARD].append(await _seconds_per_request(guard, scope, body))
    return [_figure(name, times, rounds[JSON]) for name, times in rounds.items()]


def card() -> Message:
    """Return the card of a person with two numbers and two handsets."""
    return extension_card.card_message(
        Match(PERSON, NOW - 240), locations={OFFICE.id: OFFICE}, now=NOW
    )


def signed_request() -> tuple[Guard, Scope, bytes]:
    """Return a guard in front of an empty app, and a request that it lets through."""

    async def empty_app(_content: Content) -> Response:
        return Response()

    body = signing.slash_command("789")
    headers = [
        (name.lower().encode(), value.encode())
        for name, value in signing.form_headers(body).items()
    ]
    scope: Scope = {"type": "http", "method": "POST", "path": PATH, "headers": headers}
    return Guard(empty_app, signing_secret=Secret(signing.SIGNING_SECRET)), scope, body


def _seconds_per_run(part: Part) -> float:
    """Return how long a part takes, as the mean of one turn."""
    runs, started_at = 0, time.perf_counter()
    while (passed := time.perf_counter() - started_at) < TURN_S:
        part()
        runs += 1
    return passed / runs


async def _seconds_per_request(guard: Guard, scope: Scope, body: bytes) -> float:
    """Return how long the guard takes for one request, as the mean of one turn."""

    async def receive() -> ASGIMessage:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(_message: ASGIMessage) -> None:
        return

    runs, started_at = 0, time.perf_counter()
    while (passed := time.perf_counter() - started_at) < TURN_S:
        await guard(scope, receive, send)
        runs += 1
    return passed / runs


def _figure(name: str, times: list[float], standard: list[float]) -> Figure:
    note = f"{format_number(1e6 * median(times))} µs"
    if name == JSON:
        return Figure(name, note)
    return info(f"{name}: ÷ {JSON}", ratios(times, standard), "×", note=note)
