"""How many calls of the API a crowd costs. Counted by the API, so that no clock is in it."""

from __future__ import annotations

from typing import Any

import httpx

from bot.sandbox.faults import CONTROL
from bot.sandbox.people import people
from tests.bench import stand
from tests.bench.load import load, slash_command
from tests.bench.report import Figure, at_most

ASKERS = 200
QUOTA = 10
TEMPLATE = "/extensions/{extension_number}"


async def measure() -> list[Figure]:
    """API calls: a crowd that wants one number, and one that wants all of them."""
    return [await _one_number(), await _burst()]


async def _one_number() -> Figure:
    async with stand.neighbours() as near, stand.ext(near) as ext:
        before = await _counts(near)
        askers = [slash_command("790") for _ in range(ASKERS)]
        await load(ext.port, askers, connections=ASKERS, expect=b"Mary O'Brien")
        made = (await _counts(near))["api_calls"] - before["api_calls"]
    return at_most(f"API calls for {ASKERS} askers of one cold number", [made], 1, "calls")


async def _burst() -> Figure:
    numbers = [each.number for each in people(ASKERS)]
    quota = str(QUOTA)
    async with (
        stand.neighbours() as near,
        stand.ext(near, VONAGE_REQUESTS_PER_MINUTE=quota) as ext,
    ):
        await load(ext.port, [slash_command(each) for each in numbers], connections=ASKERS)
        made = (await _counts(near))["busiest_minute"]
    what = f"API calls in any minute, {ASKERS} askers of different numbers"
    return at_most(what, [made], QUOTA, "calls")


async def _counts(near: stand.Neighbours) -> Any:
    async with httpx.AsyncClient(trust_env=False) as http:
        return (await http.get(f"{near.vonage}{CONTROL}/calls")).json()
