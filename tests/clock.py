"""A clock that tests wind by hand."""

from __future__ import annotations

import asyncio


class Clock:
    """Seconds that stand still until `sleep` or `advance` moves them; `slept` lists all sleeps."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> float:
        """Return the time in seconds."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Move the time on."""
        self.now += seconds

    async def sleep(self, seconds: float) -> None:
        """Move the time on as `asyncio.sleep` would, and let other tasks run first."""
        self.slept.append(seconds)
        wakes_at = self.now + seconds
        await asyncio.sleep(0)
        self.now = max(self.now, wakes_at)
