"""From `python -m bot serve` to the first answer: with the copy on its disk, and with nothing."""

from __future__ import annotations

import tempfile
import time
from contextlib import AbstractAsyncContextManager

from tests.bench import stand
from tests.bench.report import Figure, at_most, ratios, told

ROUNDS = 4
PEOPLE = 20_000
BAR = 1.5  # seconds
WITHIN = 120.0  # seconds for a copy


async def measure() -> list[Figure]:
    """Start to first answer: the process, the copy or a login and one call, the card."""
    kept: list[float] = []
    bare: list[float] = []
    empty: list[float] = []
    with tempfile.TemporaryDirectory(prefix="ext-bench-") as folder:
        async with stand.neighbours(PEOPLE) as near:
            async with stand.ext(near, DATA_DIR=folder) as ext:
                copied = await stand.whole(ext, WITHIN)
            for _ in range(ROUNDS):
                kept.append(await _seconds(stand.ext(near, DATA_DIR=folder)))
                bare.append(await _seconds(stand.ext(near)))
                empty.append(await _seconds(stand.empty("same", near)))
    return [
        at_most(f"start to first answer, a copy of {copied:,} on disk", kept, BAR, "s"),
        told("  with nothing on disk", bare, "s"),
        told("  ÷ start of an empty Bolt listener", ratios(kept, empty), "×"),
    ]


async def _seconds(starting: AbstractAsyncContextManager[stand.Server]) -> float:
    begun = time.perf_counter()
    async with starting:
        return time.perf_counter() - begun
