"""Keeps the calls within the quota, so that the API never has to refuse one.

There are never more than `limit` calls in any minute, not even by Vonage's clock. Vonage counts a
call at an unknown time between its sending and its answer, so a call occupies a slot from before
it is sent until a minute after it ended. Calls made before a restart occupy slots as well.

Background calls (the sync) yield to calls that people wait for, and leave some slots to them.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext

from bot.errors import OverQuota
from bot.limits import (
    CLOCK_MARGIN_S,
    MAX_RESTORED_PER_MINUTE,
    QUOTA_PERIOD_S,
    RESTORED_CALL_S,
)
from bot.models import Quota
from bot.vonage.call_log import CallLog
from bot.vonage.throttle import Throttle
from bot.vonage.transport import ConnectFailed


class RateLimiter:
    """Slots for `limit` calls a minute: first come, first served, people before background.

    `call_log` has the calls made before a restart; each new call is recorded in it. `clock` is
    monotonic.
    """

    def __init__(
        self,
        limit: int,
        *,
        call_log: CallLog | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limit = limit
        self._call_log = call_log if limit <= MAX_RESTORED_PER_MINUTE else None
        self._clock = clock
        self._sleep = sleep
        self._in_flight = 0
        self._background = 0  # of all occupied slots, those of background calls
        self._waiting = 0  # people who wait for a slot
        self._background_turn = asyncio.Lock()  # keeps background calls in their order
        self._throttle = Throttle(clock)
        # When the slots of ended calls become free, and whether a person's call occupies them.
        self._free_at: deque[tuple[float, bool]] = deque(
            (clock() + QUOTA_PERIOD_S + RESTORED_CALL_S - age, True)
            for age in (call_log.ages() if call_log else ())
        )

    @asynccontextmanager
    async def slot(self, max_wait_s: float, *, reserve: int | None = None) -> AsyncIterator[None]:
        """Occupy a slot for one call; wait for it at most `max_wait_s` seconds.

        `reserve` marks a background call: it leaves that many slots of each minute to people,
        and people who are waiting go first. Raises `OverQuota` at once if the wait would be
        longer. If the call was never sent (`ConnectFailed`), its slot is free again at once. If
        the API refuses the call all the same (`OverQuota`), the next calls wait for its throttle.
        """
        latest, is_person = self._clock() + max_wait_s, reserve is None
        async with nullcontext() if is_person else self._background_turn:
            await self._acquire(latest, reserve)
        if self._call_log:
            self._call_log.record()
        try:
            with self._throttle.call():
                yield
        except ConnectFailed:
            self._in_flight -= 1
            self._background -= not is_person
            raise
        except BaseException:
            self._release(is_person)
            raise
        self._release(is_person)

    def state(self) -> Quota:
        """Return the limit, the number of calls that may be made now, and the wait for the next."""
        wait = self._seconds_to_slot(ahead=self._waiting)
        left = 0 if wait else self._limit - self._in_flight - len(self._free_at)
        return Quota(self._limit, max(left, 0), wait)

    def _release(self, is_person: bool) -> None:
        """End a call: its slot is free when the minute after it is over."""
        self._in_flight -= 1
        self._free_at.append((self._clock() + QUOTA_PERIOD_S + CLOCK_MARGIN_S, is_person))

    async def _acquire(self, latest: float, reserve: int | None) -> None:
        is_person, ahead = reserve is None, self._waiting
        while wait := (
            self._seconds_to_slot(ahead)
            if reserve is None
            else self._seconds_to_background_slot(reserve)
        ):
            if self._clock() + wait > latest:
                raise OverQuota(retry_after=wait)
            self._waiting += is_person
            try:
                await self._sleep(wait)
            finally:
                self._waiting -= is_person
            ahead = 0  # those who waited ahead woke up earlier and have their slots
        self._in_flight += 1
        self._background += not is_person

    def _seconds_to_slot(self, ahead: int) -> float:
        """Return the seconds until a slot is free for a person behind `ahead` others."""
        now = self._clock()
        while self._free_at and self._free_at[0][0] <= now:
            self._background -= not self._free_at.popleft()[1]
        wait = self._throttle.seconds_left()
        occupied = self._in_flight + len(self._free_at) + ahead
        if (excess := occupied - self._limit) < 0:
            return wait
        # If calls in flight must end first, the wait is unknown, but no shorter than a minute.
        is_known = excess < len(self._free_at)
        slot_wait = self._free_at[excess][0] - now if is_known else QUOTA_PERIOD_S
        return max(wait, slot_wait)

    def _seconds_to_background_slot(self, reserve: int) -> float:
        """Return the seconds until a background call may have a slot."""
        wait = self._seconds_to_slot(ahead=self._waiting)
        excess = self._background - max(self._limit - reserve, 1)
        if excess < 0:
            return wait
        free_at = [at for at, is_person in self._free_at if not is_person]
        is_known = excess < len(free_at)
        return max(wait, free_at[excess] - self._clock() if is_known else QUOTA_PERIOD_S)
