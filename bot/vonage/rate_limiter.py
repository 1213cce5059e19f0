"""The allowance of calls, kept by us so that the API never has to refuse.

Never more than `limit` calls in any minute, by Vonage's clock too: they count a call at some
time between our sending it and their answer, so a call holds its place from before it is
sent until a minute after it ended. Calls made before a restart hold theirs as well.

Calls that nobody waits for stand behind those of people, and leave some places to them.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext

from bot.errors import OverQuota
from bot.models import Quota
from bot.vonage.call_log import LIMIT, CallLog
from bot.vonage.transport import ConnectFailed

PERIOD = 60.0  # seconds
MARGIN = 0.05  # seconds that two clocks may differ over a minute
SLACK = 2.0  # seconds that a call may have lasted of which only the beginning is known


class RateLimiter:
    """Places for calls; whoever comes first is served first, people before all others."""

    def __init__(
        self,
        limit: int,
        *,
        spent: CallLog | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limit = limit
        self._spent = spent if limit <= LIMIT else None
        self._clock = clock
        self._sleep = sleep
        self._under_way = 0
        self._behind = 0  # of all places taken, those of calls that nobody waits for
        self._waiting = 0
        self._turn = asyncio.Lock()  # of those that nobody waits for: they go in their order
        self._closed_until = 0.0
        # When places of ended calls are free again, and whether they are a person's.
        self._free_at: deque[tuple[float, bool]] = deque(
            (clock() + PERIOD + SLACK - age, True) for age in (spent.ages() if spent else ())
        )

    @asynccontextmanager
    async def slot(self, seconds: float, *, leaving: int | None = None) -> AsyncIterator[None]:
        """Hold a place for one call, waiting for it at most so many seconds.

        A call that nobody waits for says how many places of a minute it leaves to people
        (`leaving`), and lets those go first who wait for one. Raises `OverQuota` at once where
        the wait would be longer. A call that was never sent (`ConnectFailed`) gives its place back.
        """
        until, is_persons = self._clock() + seconds, leaving is None
        async with nullcontext() if is_persons else self._turn:
            await self._take(until, leaving)
        if self._spent:
            self._spent.note()
        try:
            yield
        except ConnectFailed:
            self._under_way -= 1
            self._behind -= not is_persons
            raise
        except BaseException:
            self._end(is_persons)
            raise
        self._end(is_persons)

    def close_for(self, seconds: float) -> None:
        """Let no call pass for a while, because the API said so."""
        self._closed_until = max(self._closed_until, self._clock() + seconds)

    def state(self) -> Quota:
        """Return the limit, how many calls may be made now, and when the next one may."""
        wait = self._wait(ahead=self._waiting)
        left = 0 if wait else self._limit - self._under_way - len(self._free_at)
        return Quota(self._limit, max(left, 0), wait)

    def _end(self, is_persons: bool) -> None:
        self._under_way -= 1
        self._free_at.append((self._clock() + PERIOD + MARGIN, is_persons))

    async def _take(self, until: float, leaving: int | None) -> None:
        ahead = self._waiting
        while wait := self._wait(ahead) if leaving is None else self._wait_behind(leaving):
            if self._clock() + wait > until:
                raise OverQuota(retry_after=wait)
            self._waiting += leaving is None
            try:
                await self._sleep(wait)
            finally:
                self._waiting -= leaving is None
            ahead = 0  # those who came first have woken first
        self._under_way += 1
        self._behind += leaving is not None

    def _wait(self, ahead: int) -> float:
        """Return the seconds until a place is free for somebody behind `ahead` others."""
        now = self._clock()
        while self._free_at and self._free_at[0][0] <= now:
            self._behind -= not self._free_at.popleft()[1]
        wait = max(self._closed_until - now, 0.0)
        taken = self._under_way + len(self._free_at) + ahead
        if (over := taken - self._limit) < 0:
            return wait
        # The calls under way hold their places for a minute and more.
        place = self._free_at[over][0] - now if over < len(self._free_at) else PERIOD
        return max(wait, place)

    def _wait_behind(self, leaving: int) -> float:
        """Return the seconds until a call that nobody waits for may have a place."""
        wait = self._wait(ahead=self._waiting)
        over = self._behind - max(self._limit - leaving, 1)
        if over < 0:
            return wait
        ended = [at for at, is_persons in self._free_at if not is_persons]
        return max(wait, ended[over] - self._clock() if over < len(ended) else PERIOD)
