"""From `python -m bot serve` to the first answer: with a snapshot on disk, and without one."""

from __future__ import annotations

import tempfile
import time
from contextlib import AbstractAsyncContextManager

from tests.bench import servers
from tests.bench.report import Figure, at_most, info, ratios

ROUNDS = 4
PEOPLE = 20_000
TARGET_S = 1.5
SYNC_LIMIT_S = 120.0


async def measure() -> list[Figure]:
    """Start to first answer: with a snapshot on disk, and with a login and one call."""
    with_snapshot: list[float] = []
    without_snapshot: list[float] = []
    empty_listener: list[float] = []
    with tempfile.TemporaryDirectory(prefix="ext-bench-") as folder:
        async with servers.running_fakes(PEOPLE) as fakes:
            async with servers.running_ext(fakes, DATA_DIR=folder) as ext:
                count = await servers.wait_for_sync(ext, SYNC_LIMIT_S)
            for _ in range(ROUNDS):
                with_snapshot.append(
                    await _seconds_to_start(servers.running_ext(fakes, DATA_DIR=folder))
                )
                without_snapshot.append(await _seconds_to_start(servers.running_ext(fakes)))
                empty_listener.append(
                    await _seconds_to_start(servers.running_empty_listener("same", fakes))
                )
    return [
        at_most(
            f"start to first answer, {count:,} extensions on disk", with_snapshot, TARGET_S, "s"
        ),
        info("  with nothing on disk", without_snapshot, "s"),
        info("  ÷ start of an empty Bolt listener", ratios(with_snapshot, empty_listener), "×"),
    ]


async def _seconds_to_start(starting: AbstractAsyncContextManager[servers.Server]) -> float:
    started_at = time.perf_counter()
    async with starting:
        return time.perf_counter() - started_at
