"""`python -m tests.bench.copying`: copy an account as the settings in the environment say.

Prints as one line of JSON how long that took, and for how long at most nothing else could run
on the event loop meanwhile. A beat in the same loop tells: it is late by what held it up.
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

BEAT = 0.005  # seconds
GLANCE = 0.05  # seconds between two looks whether it is there


class Beat:
    """Counts how late it is: `longest` in seconds, `busy` what the processor did meanwhile."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.busy = 0.0

    async def go_on(self) -> None:
        """Beat until cancelled."""
        while True:
            begun, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(BEAT)
            self.longest = max(self.longest, time.perf_counter() - begun - BEAT)
            self.busy = max(self.busy, time.thread_time() - worked)


async def copied() -> dict[str, float]:
    """Copy the account once."""
    tasks, metrics, beat = Tasks(), Metrics(), Beat()
    async with AsyncExitStack() as stack:
        directory = await stack.enter_async_context(open_directory(load(), tasks, metrics))
        gc.collect()
        gc.freeze()  # as `serve` does
        beating = asyncio.create_task(beat.go_on())
        begun, worked = time.perf_counter(), time.process_time()
        directory.start(tasks)
        while not directory.has_copy:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(GLANCE)
        took, cpu = time.perf_counter() - begun, time.process_time() - worked
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
        rows = directory.status().extensions or 0
        await tasks.drain(0)
    return {"seconds": took, "longest": beat.longest, "busy": beat.busy, "rows": rows, "cpu": cpu}


if __name__ == "__main__":
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    print(json.dumps(asyncio.run(copied())), flush=True)
