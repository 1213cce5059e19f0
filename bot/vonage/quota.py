"""The allowance of calls, kept by us so that the API never has to refuse.

Never more than `limit` calls in any minute, by Vonage's clock too: they count a call at some
time between our sending it and their answer, so a call holds its place from before it is
sent until a minute after it ended.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.errors import OverQuota
from bot.models import Quota
from bot.vonage.transport import NotSent

PERIOD = 60.0  # seconds
MARGIN = 0.05  # seconds that two clocks may differ over a minute


class Allowance:
    """Places for calls; whoever comes first is served first."""

    def __init__(
        self,
        limit: int,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limit = limit
        self._clock = clock
        self._sleep = sleep
        self._under_way = 0
        self._free_at: deque[float] = deque()  # when places of ended calls are free again
        self._waiting = 0
        self._closed_until = 0.0

    @asynccontextmanager
    async def place(self, seconds: float) -> AsyncIterator[None]:
        """Hold a place for one call, waiting for it at most so many seconds.

        Raises `OverQuota` at once where the wait would be longer. A call that was never
        sent (`NotSent`) gives its place back.
        """
        await self._take(self._clock() + seconds)
        try:
            yield
        except NotSent:
            self._under_way -= 1
            raise
        except BaseException:
            self._end()
            raise
        self._end()

    def close_for(self, seconds: float) -> None:
        """Let no call pass for a while, because the API said so."""
        self._closed_until = max(self._closed_until, self._clock() + seconds)

    def state(self) -> Quota:
        """Return the limit, how many calls may be made now, and when the next one may."""
        wait = self._wait(ahead=self._waiting)
        left = 0 if wait else self._limit - self._under_way - len(self._free_at)
        return Quota(self._limit, max(left, 0), wait)

    def _end(self) -> None:
        self._under_way -= 1
        self._free_at.append(self._clock() + PERIOD + MARGIN)

    async def _take(self, until: float) -> None:
        ahead = self._waiting
        while wait := self._wait(ahead):
            if self._clock() + wait > until:
                raise OverQuota(retry_after=wait)
            self._waiting += 1
            try:
                await self._sleep(wait)
            finally:
                self._waiting -= 1
            ahead = 0  # those who came first have woken first
        self._under_way += 1

    def _wait(self, ahead: int) -> float:
        """Return the seconds until a place is free for somebody behind `ahead` others."""
        now = self._clock()
        while self._free_at and self._free_at[0] <= now:
            self._free_at.popleft()
        wait = max(self._closed_until - now, 0.0)
        taken = self._under_way + len(self._free_at) + ahead
        if (over := taken - self._limit) < 0:
            return wait
        # The calls under way hold their places for a minute and more.
        place = self._free_at[over] - now if over < len(self._free_at) else PERIOD
        return max(wait, place)
