"""An event loop whose time jumps to the next thing that is due, so that minutes take no time."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
TICK = 1e-6  # seconds that each round of the loop takes, so that time never stands still
EPOCH = 1_800_000_000.0  # what the wall clock shows when the loop begins


class _Selector(selectors.DefaultSelector):
    """Waits for nothing but threads: where they rest, time goes on by what was to be waited."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.threads = 0

    def select(self, timeout: float | None = None) -> Any:
        """Return what is ready."""
        self.now += TICK
        if ready := super().select(0):
            return ready
        if self.threads or timeout is None:
            return super().select(timeout if timeout is None else 0.001)
        self.now += max(timeout, 0.0)
        return ready


class Loop(asyncio.SelectorEventLoop):
    """Goes by a time of its own."""

    def __init__(self) -> None:
        self._winds = _Selector()
        super().__init__(self._winds)

    def time(self) -> float:
        """Return the seconds since it began."""
        return self._winds.now

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., T], *args: Any
    ) -> Any:
        """Let time stand still while a thread works."""
        self._winds.threads += 1
        work = super().run_in_executor(executor, func, *args)
        work.add_done_callback(self._ended)
        return work

    def _ended(self, _: object) -> None:
        self._winds.threads -= 1


def run(story: Coroutine[Any, Any, T]) -> T:
    """Run what happens over minutes or days."""
    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(story)


def wall_clock() -> float:
    """Return epoch seconds, by the time of the loop that runs."""
    return EPOCH + asyncio.get_running_loop().time()
