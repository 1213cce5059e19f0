"""`/ext refresh ‹number›`, which asks Vonage now, beside a plain httpx client that asks the same.

The two take turns, a few numbers each, so that a round's difference is what Ext adds: the way
in and out, the card, and its care with quota, deadlines and strange replies.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from statistics import median

import httpx

from bot.sandbox.company.people import build_company
from bot.sandbox.faults import CONTROL_PATH
from bot.sandbox.vonage.app import BASE_PATH
from tests.bench import stand
from tests.bench.load import load, slash_command
from tests.bench.report import Figure, at_most, told

ROUNDS = 7
NUMBERS = 16  # asked in a round
LATENCIES = (0.0, 0.02)  # seconds that the API takes, beside what it really does
BAR = 5  # ms


async def measure() -> list[Figure]:
    """Cold lookup, asked of Vonage now: the time above the API's own latency."""
    figures: list[Figure] = []
    unasked = iter([each.number for each in build_company(1_000) if each.number != "789"])
    async with AsyncExitStack() as stack:
        near = await stack.enter_async_context(stand.neighbours(1_000))
        ext = await stack.enter_async_context(stand.ext(near))
        await stand.whole(ext)  # so that nothing else is asked of the API
        http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        await stand.log_in(http, near)
        await _one_round(ext, near, http, [next(unasked) for _ in range(NUMBERS)])
        for latency in LATENCIES:
            await http.post(
                f"{near.vonage}{CONTROL_PATH}/faults", json={"latency": latency or False}
            )
            numbers = [[next(unasked) for _ in range(NUMBERS)] for _ in range(ROUNDS)]
            rounds = [await _one_round(ext, near, http, each) for each in numbers]
            figures += _figures(latency, rounds)
    return figures


def _figures(latency: float, rounds: Sequence[tuple[float, float]]) -> list[Figure]:
    above = [1000 * (ext - bare) for ext, bare in rounds]
    named = f"{1000 * latency:.0f} ms API"
    return [
        at_most(f"cold lookup, {named}: time above bare httpx", above, BAR, "ms"),
        told("  /ext refresh, p50", [1000 * ext for ext, _ in rounds], "ms"),
        told("  bare httpx, p50", [1000 * bare for _, bare in rounds], "ms"),
    ]


async def _one_round(
    ext: stand.Server, near: stand.Neighbours, http: httpx.AsyncClient, numbers: Sequence[str]
) -> tuple[float, float]:
    """Return the middle time of Ext's answers and of the bare client's, in seconds."""
    asked = await load(
        ext.port, [slash_command(f"refresh {each}") for each in numbers], expect=b'"blocks"'
    )
    bare = []
    for each in numbers:
        begun = time.perf_counter()
        reply = await http.get(f"{near.vonage}{BASE_PATH}/api/accounts/self/extensions/{each}")
        bare.append(time.perf_counter() - begun)
        reply.raise_for_status()
    return median(asked.took), median(bare)
