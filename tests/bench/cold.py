"""`/ext refresh ‹number›`, which asks Vonage now, compared with a plain httpx client.

Both ask for the same numbers in turns, a few in each round. The difference is what Ext adds: its
HTTP endpoint, the card, and the handling of quota, deadlines and unexpected replies.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import islice
from statistics import median

import httpx

from bot.sandbox.company.people import build_company
from bot.sandbox.faults import CONTROL_PATH
from bot.sandbox.vonage.app import BASE_PATH
from tests.bench import servers
from tests.bench.load import load, slash_command
from tests.bench.report import Figure, at_most, info

ROUNDS = 7
NUMBERS_PER_ROUND = 16
LATENCIES_S = (0.0, 0.02)  # added to the time that the fake API itself takes
TARGET_MS = 5


async def measure() -> list[Figure]:
    """Cold lookup, which asks Vonage: the time above the API's own latency."""
    figures: list[Figure] = []
    fresh_numbers = (entry.number for entry in build_company(1_000) if entry.number != "789")
    async with AsyncExitStack() as stack:
        fakes = await stack.enter_async_context(servers.running_fakes(1_000))
        ext = await stack.enter_async_context(servers.running_ext(fakes))
        await servers.wait_for_sync(ext)  # so that nothing else calls the API
        http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        await servers.log_in(http, fakes)
        await _one_round(ext, fakes, http, list(islice(fresh_numbers, NUMBERS_PER_ROUND)))
        for latency in LATENCIES_S:
            await http.post(
                f"{fakes.vonage}{CONTROL_PATH}/faults", json={"latency": latency or False}
            )
            numbers = [list(islice(fresh_numbers, NUMBERS_PER_ROUND)) for _ in range(ROUNDS)]
            rounds = [await _one_round(ext, fakes, http, each) for each in numbers]
            figures += _figures(latency, rounds)
    return figures


def _figures(latency: float, rounds: Sequence[tuple[float, float]]) -> list[Figure]:
    above = [1000 * (ext - bare) for ext, bare in rounds]
    api = f"{1000 * latency:.0f} ms API"
    return [
        at_most(f"cold lookup, {api}: time above bare httpx", above, TARGET_MS, "ms"),
        info("  /ext refresh, p50", [1000 * ext for ext, _ in rounds], "ms"),
        info("  bare httpx, p50", [1000 * bare for _, bare in rounds], "ms"),
    ]


async def _one_round(
    ext: servers.Server, fakes: servers.Fakes, http: httpx.AsyncClient, numbers: Sequence[str]
) -> tuple[float, float]:
    """Return the median time of Ext's answers and of the plain client's, in seconds."""
    answers = await load(
        ext.port, [slash_command(f"refresh {number}") for number in numbers], expect=b'"blocks"'
    )
    bare = []
    for number in numbers:
        started_at = time.perf_counter()
        reply = await http.get(f"{fakes.vonage}{BASE_PATH}/api/accounts/self/extensions/{number}")
        bare.append(time.perf_counter() - started_at)
        reply.raise_for_status()
    return median(answers.seconds_each), median(bare)
