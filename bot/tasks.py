"""Work that outlives the request that started it, in one tracked set.

asyncio keeps only weak references to tasks, so an unreferenced one can vanish, and nobody reads
its error. Here tasks are referenced, their errors are logged, and the shutdown waits for them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

log = logging.getLogger(__name__)


class Tasks:
    """The tasks that run now; `len` counts those that the shutdown waits for."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._background: set[asyncio.Task[Any]] = set()

    def start(
        self, work: Coroutine[Any, Any, T], *, name: str, background: bool = False
    ) -> asyncio.Task[T]:
        """Start a coroutine as a task; `name` is its name in the log.

        The shutdown does not wait for `background` work (watching, refreshing) but cancels it.
        """
        task = asyncio.create_task(work, name=name)
        (self._background if background else self._running).add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        self._background.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("The task %s failed", task.get_name(), exc_info=error)

    async def drain(self, seconds: float) -> None:
        """Wait at most `seconds` for the running tasks, then cancel whatever is left."""
        if self._running:
            await asyncio.wait(tuple(self._running), timeout=seconds)
        if self._running:
            log.warning("%d tasks were not finished in %.0f s", len(self._running), seconds)
        unfinished = (*self._running, *self._background)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)

    def counts(self) -> dict[str, int]:
        """Return the number of the loop's tasks by kind, for the metrics.

        The shutdown waits for `foreground`, not for `background`; `other` tasks are those that
        their callers wait for, and open requests.
        """
        foreground, background = len(self._running), len(self._background)
        other = len(asyncio.all_tasks()) - foreground - background
        return {"foreground": foreground, "background": background, "other": other}

    def __len__(self) -> int:
        return len(self._running)
