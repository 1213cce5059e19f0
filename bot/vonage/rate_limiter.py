"""Keeps the calls within the quota, so that the API never has to refuse one.

There are never more than `limit` calls in any minute, not even by Vonage's clock. Vonage counts a
call at an unknown time between its sending and its answer, so a call occupies a slot from before
it is sent until a minute after it ended. Calls made before a restart, and those of other processes
on the same DATA_DIR, occupy slots as well (`call_log`).

Background calls (the sync) yield to calls that people wait for, and leave some slots to them.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, nullcontext

from bot.errors import OverQuota
from bot.limits import CLOCK_MARGIN_S, LOCK_POLL_S, MAX_SHARED_PER_MINUTE, QUOTA_PERIOD_S
from bot.models import Quota
from bot.vonage.call_log import LONGEST_SLOT_S, CallLog, Slot
from bot.vonage.throttle import Throttle
from bot.vonage.transport import ConnectFailed


class RateLimiter:
    """Slots for `limit` calls a minute: first come, first served, people before background.

    `call_log` has the slots of other processes, and gets those of this one. `clock` is monotonic.
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
        self._call_log = call_log if limit <= MAX_SHARED_PER_MINUTE else None
        self._clock = clock
        self._sleep = sleep
        self._background = 0  # of this process's slots, those of background calls
        self._waiting = 0  # people who wait for a slot
        self._background_turn = asyncio.Lock()  # keeps background calls in their order
        self._throttle = Throttle(clock)
        # Each slot has the time at which it is free, and whether a person's call occupies it. The
        # time of a call in flight is unknown: it has the latest that is possible.
        self._in_flight: list[tuple[float, bool]] = []
        self._free_at: deque[tuple[float, bool]] = deque()
        self._others: list[tuple[float, bool]] = []

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
            slot = await self._acquire(latest, reserve)
        try:
            with self._throttle.call():
                yield
        except ConnectFailed:
            self._background -= not is_person
            self._end(slot)
            raise
        except BaseException:
            self._end(slot, counts=True)
            raise
        self._end(slot, counts=True)

    def state(self) -> Quota:
        """Return the limit, the number of calls that may be made now, and the wait for the next."""
        self._read_others()
        wait = self._seconds_to_slot(ahead=self._waiting)
        left = 0 if wait else self._limit - self._occupied()
        return Quota(self._limit, max(left, 0), wait)

    async def _acquire(self, latest: float, reserve: int | None) -> tuple[float, bool]:
        is_person, ahead = reserve is None, self._waiting
        while True:
            with self._call_log.locked() if self._call_log else nullcontext(True) as is_locked:
                wait = self._seconds_to_any_slot(ahead, reserve) if is_locked else LOCK_POLL_S
                if not wait:
                    return self._occupy(is_person)
            if self._clock() + wait > latest:
                raise OverQuota(retry_after=wait)
            self._waiting += is_person
            try:
                await self._sleep(wait)
            finally:
                self._waiting -= is_person
            ahead = 0  # those who waited ahead woke up earlier and have their slots

    def _occupy(self, is_person: bool) -> tuple[float, bool]:
        """Begin a call, and return its slot. The caller holds the lock of the call log."""
        slot = (self._clock() + LONGEST_SLOT_S, is_person)
        self._in_flight.append(slot)
        self._background += not is_person
        self._save()
        return slot

    def _end(self, slot: tuple[float, bool], *, counts: bool = False) -> None:
        """End a call: if Vonage counts it, its slot is free when the minute after it is over."""
        self._in_flight.remove(slot)
        if counts:
            self._free_at.append((self._clock() + QUOTA_PERIOD_S + CLOCK_MARGIN_S, slot[1]))
        if self._call_log:
            with self._call_log.locked() as is_locked:
                if is_locked:  # otherwise the next call saves this end as well
                    self._save()

    def _save(self) -> None:
        if self._call_log:
            now = self._clock()
            own = (*self._in_flight, *self._free_at)
            self._call_log.save(Slot(free_at - now, is_person) for free_at, is_person in own)

    def _read_others(self) -> None:
        if self._call_log:
            now = self._clock()
            slots = self._call_log.others()
            self._others = [(now + slot.seconds, slot.is_person) for slot in slots]

    def _occupied(self) -> int:
        return len(self._in_flight) + len(self._free_at) + len(self._others)

    def _seconds_to_any_slot(self, ahead: int, reserve: int | None) -> float:
        """Return the seconds until a slot is free, for a person or for a background call."""
        self._read_others()
        if reserve is None:
            return self._seconds_to_slot(ahead)
        return self._seconds_to_background_slot(reserve)

    def _seconds_to_slot(self, ahead: int) -> float:
        """Return the seconds until a slot is free for a person behind `ahead` others."""
        now = self._clock()
        while self._free_at and self._free_at[0][0] <= now:
            self._background -= not self._free_at.popleft()[1]
        wait = self._throttle.seconds_left()
        if (excess := self._occupied() + ahead - self._limit) < 0:
            return wait
        return max(wait, self._seconds_until_free(excess, (*self._free_at, *self._others)))

    def _seconds_to_background_slot(self, reserve: int) -> float:
        """Return the seconds until a background call may have a slot."""
        wait = self._seconds_to_slot(ahead=self._waiting)
        others = [slot for slot in self._others if not slot[1]]
        excess = self._background + len(others) - max(self._limit - reserve, 1)
        if excess < 0:
            return wait
        own = [slot for slot in self._free_at if not slot[1]]
        return max(wait, self._seconds_until_free(excess, (*own, *others)))

    def _seconds_until_free(self, excess: int, ended: Iterable[tuple[float, bool]]) -> float:
        """Return the seconds until one more than `excess` of these slots are free.

        If calls in flight must end first, the wait is unknown, but no shorter than a minute.
        """
        free_at = sorted(at for at, _ in ended)
        return free_at[excess] - self._clock() if excess < len(free_at) else QUOTA_PERIOD_S
