"""The copy of a large account: as fast as its pages can come, and nobody waits for it meanwhile."""

from __future__ import annotations

import time
from statistics import median

import httpx

from bot.limits import MAX_PARALLEL_PAGES as AT_ONCE
from bot.sandbox.faults import CONTROL
from bot.sandbox.vonage.app import BASE_PATH
from tests.bench import stand
from tests.bench.report import Figure, at_most, number, told

PEOPLE = 100_000
PAGE = 100  # extensions
LATENCY = 0.1  # seconds that the API takes for a page, beside what it really does
LOOKS = 10  # at a page, for what it really takes
BAR = 1.3  # times what the pages take, so many at once
LONGEST = 50  # ms in which nothing else can run
WITHIN = 300.0  # seconds


async def measure() -> list[Figure]:
    """Copy of 100,000: its time beside its pages', and the longest block of the loop."""
    async with stand.neighbours(PEOPLE) as near:
        async with httpx.AsyncClient(trust_env=False) as http:
            await http.post(f"{near.vonage}{CONTROL}/faults", json={"latency": LATENCY})
            await stand.log_in(http, near)
            page = await _page_takes(http, near)
        came = await stand.copying(near, WITHIN)
    assert came["rows"] == PEOPLE
    least = -(-PEOPLE // PAGE) * page / AT_ONCE
    what = f"copy of {PEOPLE:,} without quota: ÷ pages × latency ÷ {AT_ONCE}"
    return [
        at_most(what, [came["seconds"] / least], BAR, "×"),
        told("  it took", [came["seconds"]], "s", note=f"{number(came['cpu'])} s of a processor"),
        told("  a page, by a bare client", [1000 * page], "ms"),
        at_most("  longest block of the event loop", [1000 * came["longest"]], LONGEST, "ms"),
        told("  longest work in one go", [1000 * came["busy"]], "ms of a processor"),
    ]


async def _page_takes(http: httpx.AsyncClient, near: stand.Neighbours) -> float:
    url = f"{near.vonage}{BASE_PATH}/api/accounts/self/extensions"
    took = []
    for page in range(1, LOOKS + 1):
        begun = time.perf_counter()
        (await http.get(url, params={"page": page, "page_size": PAGE})).raise_for_status()
        took.append(time.perf_counter() - begun)
    return median(took)
