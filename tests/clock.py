"""A clock that tests wind by hand."""

from __future__ import annotations

import asyncio


class Clock:
    """Time that stands still until `sleep` or `advance` moves it."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> float:
        """Return the time."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Move on."""
        self.now += seconds

    async def sleep(self, seconds: float) -> None:
        """Move on as a sleeper would, letting others run first."""
        self.slept.append(seconds)
        due = self.now + seconds
        await asyncio.sleep(0)
        self.now = max(self.now, due)
