"""The quota of calls per minute of each token."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable

from bot.sandbox.vonage.options import Options

WINDOW_S = 60.0


class Quota:
    """Counts the accepted calls of each token. Refused calls don't count."""

    def __init__(self, options: Options, clock: Callable[[], float]) -> None:
        self._options = options
        self._clock = clock
        self._calls: defaultdict[str, deque[float]] = defaultdict(deque)

    def spend(self, token: str) -> float | None:
        """Count one call. If the quota is used up, returns when the next is allowed (epoch
        seconds).
        """
        calls, now = self._calls[token], self._clock()
        self._drop_expired(calls, now)
        if not self._options.quota or len(calls) < self._options.quota:
            calls.append(now)
            return None
        return calls[0] + WINDOW_S

    def calls_made(self) -> int:
        """The calls of the busiest token in the current minute."""
        now = self._clock()
        for calls in self._calls.values():
            self._drop_expired(calls, now)
        return max(map(len, self._calls.values()), default=0)

    def reset(self) -> None:
        """Forget every call."""
        self._calls.clear()

    def _drop_expired(self, calls: deque[float], now: float) -> None:
        if self._options.window == "fixed":
            if calls and now - calls[0] >= WINDOW_S:
                calls.clear()
            return
        while calls and now - calls[0] >= WINDOW_S:
            calls.popleft()
