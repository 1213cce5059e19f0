"""The sync of a large account: how close it comes to its pages' own time, and what it blocks."""

from __future__ import annotations

import time
from statistics import median

import httpx

from bot.limits import MAX_PARALLEL_PAGES
from bot.sandbox.faults import CONTROL_PATH
from bot.sandbox.vonage.app import BASE_PATH
from tests.bench import servers
from tests.bench.report import Figure, at_most, format_number, info

PEOPLE = 100_000
PAGE_SIZE = 100
LATENCY_S = 0.1  # added to the time that the fake API itself takes for a page
PAGES_TIMED = 10  # by a plain client, for the time that a page takes
TARGET_RATIO = 1.3  # to the time of all pages, read as many at once as the sync does
MAX_BLOCK_MS = 50  # in which nobody is answered
SYNC_LIMIT_S = 300.0


async def measure() -> list[Figure]:
    """Sync of 100,000: its time compared with its pages', the longest block."""
    async with servers.running_fakes(PEOPLE) as fakes:
        async with httpx.AsyncClient(trust_env=False) as http:
            await http.post(f"{fakes.vonage}{CONTROL_PATH}/faults", json={"latency": LATENCY_S})
            await servers.log_in(http, fakes)
            page_s = await _seconds_per_page(http, fakes)
        result = await servers.sync_once(fakes, SYNC_LIMIT_S)
    assert result["rows"] == PEOPLE
    least_s = -(-PEOPLE // PAGE_SIZE) * page_s / MAX_PARALLEL_PAGES
    name = f"sync of {PEOPLE:,} without quota: ÷ pages × latency ÷ {MAX_PARALLEL_PAGES}"
    return [
        at_most(name, [result["seconds"] / least_s], TARGET_RATIO, "×"),
        info(
            "  its time", [result["seconds"]], "s", note=f"{format_number(result['cpu'])} s of CPU"
        ),
        info("  a page, by a plain client", [1000 * page_s], "ms"),
        at_most(
            "  longest block of the event loop", [1000 * result["longest"]], MAX_BLOCK_MS, "ms"
        ),
        info("  longest work without a break", [1000 * result["busy"]], "ms of CPU"),
    ]


async def _seconds_per_page(http: httpx.AsyncClient, fakes: servers.Fakes) -> float:
    url = f"{fakes.vonage}{BASE_PATH}/api/accounts/self/extensions"
    seconds = []
    for page in range(1, PAGES_TIMED + 1):
        started_at = time.perf_counter()
        (await http.get(url, params={"page": page, "page_size": PAGE_SIZE})).raise_for_status()
        seconds.append(time.perf_counter() - started_at)
    return median(seconds)
