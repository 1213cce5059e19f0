"""An event loop with simulated time: it jumps to the next timer, so that days take no time."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
TICK_S = 1e-6  # added in each iteration of the loop, so that time never stands still
EPOCH = 1_800_000_000.0  # epoch seconds of the wall clock when the loop starts


class _Selector(selectors.DefaultSelector):
    """Never sleeps. If nothing is ready, the time moves on by the time-out instead.

    Only threads are waited for: while one works, the time stands still.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.threads = 0

    def select(self, timeout: float | None = None) -> Any:
        """Return what is ready."""
        self.now += TICK_S
        if ready := super().select(0):
            return ready
        if self.threads or timeout is None:
            return super().select(timeout if timeout is None else 0.001)
        self.now += max(timeout, 0.0)
        return ready


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose `time` is simulated."""

    def __init__(self) -> None:
        self._simulated = _Selector()
        super().__init__(self._simulated)

    def time(self) -> float:
        """Return the simulated seconds since the loop was created."""
        return self._simulated.now

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., T], *args: Any
    ) -> Any:
        """Run a function in a thread; the time stands still until it returns."""
        self._simulated.threads += 1
        work = super().run_in_executor(executor, func, *args)
        work.add_done_callback(self._end_thread)
        return work

    def _end_thread(self, _: object) -> None:
        self._simulated.threads -= 1


def run(scenario: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in simulated time, and return its result."""
    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(scenario)


def wall_clock() -> float:
    """Return simulated epoch seconds."""
    return EPOCH + asyncio.get_running_loop().time()
