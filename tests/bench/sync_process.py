"""`python -m tests.bench.sync_process`: sync the account of the settings in the environment once.

Prints one line of JSON: how long the sync took, and the longest time in which nothing else could
run on the event loop. A task that sleeps in the same loop measures that by how late it wakes up.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import sys
import time
from contextlib import AsyncExitStack, suppress

from bot.app import open_directory
from bot.metrics import Metrics
from bot.settings import load
from bot.tasks import Tasks

BEAT_S = 0.005
POLL_PAUSE_S = 0.05


class LoopMonitor:
    """The longest block of the event loop, and the longest CPU time between two beats."""

    def __init__(self) -> None:
        self.longest_block_s = 0.0
        self.longest_work_s = 0.0

    async def run(self) -> None:
        """Measure until cancelled."""
        while True:
            started_at, cpu_before = time.perf_counter(), time.thread_time()
            await asyncio.sleep(BEAT_S)
            self.longest_block_s = max(
                self.longest_block_s, time.perf_counter() - started_at - BEAT_S
            )
            self.longest_work_s = max(self.longest_work_s, time.thread_time() - cpu_before)


async def sync_once() -> dict[str, float]:
    """Sync the account once; return the figures."""
    tasks, metrics, monitor = Tasks(), Metrics(), LoopMonitor()
    async with AsyncExitStack() as stack:
        directory = await stack.enter_async_context(open_directory(load(), tasks, metrics))
        gc.collect()
        gc.freeze()  # as `serve` does
        monitoring = asyncio.create_task(monitor.run())
        started_at, cpu_before = time.perf_counter(), time.process_time()
        directory.start(tasks)
        while not directory.has_copy:  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(POLL_PAUSE_S)
        seconds, cpu = time.perf_counter() - started_at, time.process_time() - cpu_before
        monitoring.cancel()
        with suppress(asyncio.CancelledError):
            await monitoring
        rows = directory.status().extensions or 0
        await tasks.drain(0)
    return {
        "seconds": seconds,
        "longest": monitor.longest_block_s,
        "busy": monitor.longest_work_s,
        "rows": rows,
        "cpu": cpu,
    }


if __name__ == "__main__":
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    print(json.dumps(asyncio.run(sync_once())), flush=True)
