"""How many API calls many askers cost. The fake API counts them, so no clock is involved."""

from __future__ import annotations

from typing import Any

import httpx

from bot.sandbox.company.people import build_company
from bot.sandbox.faults import CONTROL_PATH
from tests.bench import servers
from tests.bench.load import load, slash_command
from tests.bench.report import Figure, at_most

PEOPLE = 1_000
ASKERS = 200
QUOTA_PER_MINUTE = 10
EXTENSION_PATH = "/extensions/{extension_number}"


async def measure() -> list[Figure]:
    """API calls: one number, all numbers after a sync, many with a small quota."""
    return [await _one_number(), await _after_a_sync(), await _many_numbers()]


async def _one_number() -> Figure:
    """Ask for a number on a page that the first minutes of the quota do not reach."""
    number = build_company(PEOPLE)[-1].number
    async with (
        servers.running_fakes(PEOPLE) as fakes,
        servers.running_ext(fakes, VONAGE_REQUESTS_PER_MINUTE=str(QUOTA_PER_MINUTE)) as ext,
    ):
        before = await _counts(fakes)
        requests = [slash_command(number) for _ in range(ASKERS)]
        await load(ext.port, requests, connections=ASKERS, expect=number.encode())
        after = await _counts(fakes)
    calls = _single_lookups(after) - _single_lookups(before)
    return at_most(f"API calls for {ASKERS} askers of one cold number", [calls], 1, "calls")


def _single_lookups(counts: Any) -> int:
    """Return the number of calls for a single extension; the pages of the sync do not count."""
    templates: dict[str, int] = counts["templates"]
    return sum(count for path, count in templates.items() if path.endswith(EXTENSION_PATH))


async def _after_a_sync() -> Figure:
    numbers = [entry.number for entry in build_company(PEOPLE)]
    async with servers.running_fakes(PEOPLE) as fakes, servers.running_ext(fakes) as ext:
        await servers.wait_for_sync(ext)
        before = (await _counts(fakes))["api_calls"]
        requests = [slash_command(number) for number in numbers]
        await load(ext.port, requests, connections=8, expect=b'"blocks"')
        calls = (await _counts(fakes))["api_calls"] - before
    return at_most(f"API calls for {PEOPLE:,} different lookups after a sync", [calls], 0, "calls")


async def _many_numbers() -> Figure:
    requests = [slash_command(entry.number) for entry in build_company(PEOPLE)[-ASKERS:]]
    quota = str(QUOTA_PER_MINUTE)
    async with (
        servers.running_fakes(PEOPLE) as fakes,
        servers.running_ext(fakes, VONAGE_REQUESTS_PER_MINUTE=quota) as ext,
    ):
        await load(ext.port, requests, connections=ASKERS)
        calls = (await _counts(fakes))["busiest_minute"]
    name = f"API calls in any minute, {ASKERS} askers of different cold numbers"
    return at_most(name, [calls], QUOTA_PER_MINUTE, "calls")


async def _counts(fakes: servers.Fakes) -> Any:
    async with httpx.AsyncClient(trust_env=False) as http:
        return (await http.get(f"{fakes.vonage}{CONTROL_PATH}/calls")).json()
