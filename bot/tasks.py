"""Work that outlives the request that began it, in one tracked set.

asyncio keeps only weak references to tasks and nobody reads their errors; here they are
kept, their errors reach the log, and shutdown waits for them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

log = logging.getLogger(__name__)


class Tasks:
    """The tasks under way."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._background: set[asyncio.Task[Any]] = set()

    def start(
        self, work: Coroutine[Any, Any, T], *, name: str, background: bool = False
    ) -> asyncio.Task[T]:
        """Begin work that goes on by itself; `name` says what it is, for the log.

        Nobody waits for work in the `background`: shutdown ends it.
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
        """Wait for what was begun, at most so long, then end the rest."""
        if self._running:
            await asyncio.wait(tuple(self._running), timeout=seconds)
        if self._running:
            log.warning("%d tasks were not finished in %.0f s", len(self._running), seconds)
        left = (*self._running, *self._background)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def __len__(self) -> int:
        return len(self._running)
