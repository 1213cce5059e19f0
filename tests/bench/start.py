"""From `python -m bot serve` to the first answer, in a fresh folder: nothing is known yet."""

from __future__ import annotations

import time
from contextlib import AbstractAsyncContextManager

from tests.bench import stand
from tests.bench.report import Figure, at_most, ratios, told

ROUNDS = 4
BAR = 1.5  # seconds; with a snapshot on disk, and without one too while there is none


async def measure() -> list[Figure]:
    """Start to first answer: the process, the login, one call, the card."""
    ext: list[float] = []
    empty: list[float] = []
    async with stand.neighbours() as near:
        for _ in range(ROUNDS):
            ext.append(await _seconds(stand.ext(near)))
            empty.append(await _seconds(stand.empty("same", near)))
    return [
        at_most("start to first answer, nothing on disk", ext, BAR, "s"),
        told("  ÷ start of an empty Bolt listener", ratios(ext, empty), "×"),
    ]


async def _seconds(starting: AbstractAsyncContextManager[stand.Server]) -> float:
    begun = time.perf_counter()
    async with starting:
        return time.perf_counter() - begun
