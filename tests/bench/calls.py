"""How many calls of the API a crowd costs. Counted by the API, so that no clock is in it."""

from __future__ import annotations

from typing import Any

import httpx

from bot.sandbox.company.people import build_company
from bot.sandbox.faults import CONTROL_PATH
from tests.bench import stand
from tests.bench.load import load, slash_command
from tests.bench.report import Figure, at_most

PEOPLE = 1_000
ASKERS = 200
QUOTA = 10
TEMPLATE = "/extensions/{extension_number}"


async def measure() -> list[Figure]:
    """API calls: a crowd with one number, with all of a copy, with a small quota."""
    return [await _one_number(), await _after_a_copy(), await _burst()]


async def _one_number() -> Figure:
    """Of a page that the first minutes of the quota do not reach."""
    last = [each.number for each in build_company(PEOPLE)][-1]
    async with (
        stand.neighbours(PEOPLE) as near,
        stand.ext(near, VONAGE_REQUESTS_PER_MINUTE=str(QUOTA)) as ext,
    ):
        before = await _counts(near)
        askers = [slash_command(last) for _ in range(ASKERS)]
        await load(ext.port, askers, connections=ASKERS, expect=last.encode())
        made = await _counts(near)
    calls = _of_one(made) - _of_one(before)
    return at_most(f"API calls for {ASKERS} askers of one cold number", [calls], 1, "calls")


def _of_one(counts: Any) -> int:
    """The calls for one extension, which the pages of the copy are not."""
    templates: dict[str, int] = counts["templates"]
    return sum(count for path, count in templates.items() if path.endswith(TEMPLATE))


async def _after_a_copy() -> Figure:
    numbers = [each.number for each in build_company(PEOPLE)]
    async with stand.neighbours(PEOPLE) as near, stand.ext(near) as ext:
        await stand.whole(ext)
        before = (await _counts(near))["api_calls"]
        asked = [slash_command(each) for each in numbers]
        await load(ext.port, asked, connections=8, expect=b'"blocks"')
        made = (await _counts(near))["api_calls"] - before
    what = f"API calls for {PEOPLE:,} different lookups after a copy"
    return at_most(what, [made], 0, "calls")


async def _burst() -> Figure:
    numbers = [each.number for each in build_company(PEOPLE)][-ASKERS:]
    quota = str(QUOTA)
    async with (
        stand.neighbours(PEOPLE) as near,
        stand.ext(near, VONAGE_REQUESTS_PER_MINUTE=quota) as ext,
    ):
        await load(ext.port, [slash_command(each) for each in numbers], connections=ASKERS)
        made = (await _counts(near))["busiest_minute"]
    what = f"API calls in any minute, {ASKERS} askers of different cold numbers"
    return at_most(what, [made], QUOTA, "calls")


async def _counts(near: stand.Neighbours) -> Any:
    async with httpx.AsyncClient(trust_env=False) as http:
        return (await http.get(f"{near.vonage}{CONTROL_PATH}/calls")).json()
