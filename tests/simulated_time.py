"""An event loop with simulated time: it jumps to the next timer, so that days take no time."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
TICK_S = 1e-6  # each round of the loop takes this long, so that time never stands still
EPOCH_S = 1_800_000_000.0  # the wall clock's time when the loop begins
# Bytes that were sent over loopback are there at once, but a busy kernel may deliver them a moment
# later. Without a short real wait, a timer would go off before the reply that it waits for. The
# longer the jump, the worse a wrong one, and the longer this wait.
DELIVERY_SHARE = 0.02
MIN_DELIVERY_S, MAX_DELIVERY_S = 0.002, 0.05


class _Selector(selectors.DefaultSelector):
    """Waits in real time for threads and for bytes under way, in simulated time for timers."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.threads = 0

    def select(self, timeout: float | None = None) -> Any:
        """Return what is ready; when nothing is, move the time on by `timeout`."""
        self.now += TICK_S
        ready = super().select(0)
        if ready or timeout == 0:
            return ready
        if self.threads or timeout is None:
            return super().select(timeout if timeout is None else 0.001)
        if self._has_sockets() and (ready := super().select(_delivery_s(timeout))):
            return ready
        self.now += max(timeout, 0.0)
        return ready

    def _has_sockets(self) -> bool:
        """Whether more is registered than the pipe by which threads wake the loop."""
        return len(self.get_map()) > 1


def _delivery_s(jump_s: float) -> float:
    """Return the real seconds to wait for bytes under way before a jump."""
    return min(max(jump_s * DELIVERY_SHARE, MIN_DELIVERY_S), MAX_DELIVERY_S)


class SimulatedLoop(asyncio.SelectorEventLoop):
    """A loop for tests whose waits are all for this loop: its tasks, threads, and own servers."""

    def __init__(self) -> None:
        self._simulated = _Selector()
        super().__init__(self._simulated)

    def time(self) -> float:
        """Return the simulated seconds since the loop began."""
        return self._simulated.now

    def run_in_executor(  # type: ignore[override]
        self, executor: Any, func: Callable[..., T], *args: Any
    ) -> Any:
        """Run a function in a thread; the simulated time stands still meanwhile."""
        self._simulated.threads += 1
        work = super().run_in_executor(executor, func, *args)
        work.add_done_callback(self._thread_ended)
        return work

    async def subprocess_exec(self, *_: Any, **__: Any) -> Any:
        """Refuse: another process goes by the real clock, so every time-out would be too early."""
        raise RuntimeError("Mark a test that starts a process with @pytest.mark.real_time.")

    def _thread_ended(self, _: object) -> None:
        self._simulated.threads -= 1


def run(scenario: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine in simulated time, and return its result."""
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(scenario)


def wall_clock() -> float:
    """Return simulated epoch seconds."""
    return EPOCH_S + asyncio.get_running_loop().time()
