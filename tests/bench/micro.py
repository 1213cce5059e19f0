"""The parts of an answer by themselves, in units of turning the card into JSON once."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable

from starlette.types import Message, Receive, Scope, Send

from bot import query
from bot.cards import extension
from bot.guard import Guard
from bot.models import Did, Extension, Handset, Location, Match, User
from bot.sandbox import signing
from bot.settings import Secret
from tests.bench.report import Figure, ratios, told

ROUNDS = 9
TURN = 0.02  # seconds that each takes in a round

LINES = {
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

Part = Callable[[], object]


async def measure() -> list[Figure]:
    """Parts of an answer: reading a line, the guard, the card."""
    parts: dict[str, Part] = {"card to JSON": _card_to_json()}
    parts |= {f"reading {kind}": _reading(line) for kind, line in LINES.items()}
    parts["card of an extension"] = _card
    times: dict[str, list[float]] = {name: [] for name in [*parts, GUARD]}
    for _ in range(ROUNDS):
        for name, part in parts.items():
            times[name].append(_microseconds(part))
        times[GUARD].append(await _microseconds_of(_guarded()))
        await asyncio.sleep(0)
    unit = times["card to JSON"]
    return [
        _figure(name, rounds, ratios(rounds, unit)) for name, rounds in times.items()
    ]


def _figure(name: str, rounds: list[float], multiples: list[float]) -> Figure:
    return told(f"{name}, µs", rounds, "µs")
