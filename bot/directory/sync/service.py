"""Keeps the snapshot fresh: reads the whole account again and again, at the pace of the quota.

It leaves places to people who wait, never begins again before it has ended, and never puts a
failed, partial or empty reading in place of a good one. What fails is tried again from where
it stopped.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sqlite3
import time
from collections.abc import Awaitable, Callable
from itertools import chain, repeat

from bot import log as log_lines
from bot.directory import hidden
from bot.directory.locations import LocationCache
from bot.directory.source import DirectorySource
from bot.directory.store.snapshot import Snapshot
from bot.directory.store.snapshot_store import SnapshotStore
from bot.directory.sync.reader import Incomplete, Reader
from bot.errors import BadParameters, NotFound, SourceError, UnexpectedReply
from bot.models import Extension, Page, SyncProgress

log = logging.getLogger(__name__)

PATIENCE = 600.0  # seconds that a page waits for a place in the quota
RESERVE_FIRST = 5  # calls of a minute that the first reading leaves to people: all must be asked
RESERVE = 3  # the same later, when hardly anything must be asked
PAUSES = (2.0, 5.0, 10.0, 15.0, 20.0)  # seconds before a page is asked for again
REFUSALS = 3  # of one page, after which the reading is given up
AGAIN = 60.0  # seconds until a reading that was given up is begun anew
JITTER = 0.1  # part of the interval by which it varies
MIN_SHARE_KEPT = 0.5  # of what was there: a smaller snapshot must be read twice
ALIKE = 0.9  # of the numbers that two readings of a shrunk account must share

FINAL = (UnexpectedReply, BadParameters, NotFound)  # asking again brings the same


class Empty(UnexpectedReply):
    """The list is empty, and was not before."""


class FileDamaged(Exception):
    """What was read was thrown away, because its file was damaged."""


class Sync:
    """Fills one snapshot after the other; `clock` gives epoch seconds.

    `landed` is called whenever there is more to be found than before.
    """

    def __init__(
        self,
        source: DirectorySource,
        offices: LocationCache,
        shelf: SnapshotStore,
        *,
        every: float,
        page_size: int,
        hidden: frozenset[str] = frozenset(),
        landed: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._source = source
        self._offices = offices
        self._shelf = shelf
        self._every = every
        self._page_size = page_size
        self._hidden = hidden
        self._landed = landed
        self._clock = clock
        self._sleep = sleep
        self._reader: Reader | None = None
        self._begun = 0.0
        self._suspect: set[str] | None = None
        self._due = asyncio.Event()
        self.next_at: float | None = None
        self.failure: SourceError | None = None

    @property
    def reading(self) -> SyncProgress | None:
        """How far a reading that is under way has come."""
        if self._reader is None:
            return None
        now = self._reader.now
        if now.pages is None:
            return SyncProgress(now.page)
        quota = self._source.quota
        a_minute = max(quota.limit - self._reserve, 1) if quota else max(now.pages, 1)
        elapsed = self._clock() - self._begun
        return SyncProgress(
            now.page, now.pages, seconds_left(now.page, now.pages, a_minute, elapsed)
        )

    @property
    def _reserve(self) -> int:
        if (quota := self._source.quota) is None:
            return 0
        return RESERVE if self._shelf.current else min(RESERVE_FIRST, quota.limit // 2)

    async def run(self) -> None:
        """Read, wait, and read again, for as long as this is not cancelled."""
        self._plan_first()
        while True:
            await self._until_due()
            self._begun = self._clock()
            try:
                with log_lines.request():
                    await self._sync()
            except SourceError as failure:
                self.failure = failure
                self._plan(self._clock() + max(AGAIN, failure.retry_after or 0.0))
                log.warning("The directory could not be read: %s", failure)
            except Exception:  # a full disk, or a fault of ours: the old copy answers on
                self._plan(self._clock() + AGAIN)
                log.exception("The directory could not be read")
            else:
                self.failure = None
                self._plan(self._clock() + AGAIN if self._suspect is not None else self._next())

    def bring_forward(self) -> None:
        """Read sooner, because what is known is seen to be old; not all the time, though."""
        if self.next_at is not None and self._reader is None and self._shelf.current:
            soonest = self._shelf.current.read_at + self._every / 3
            self._plan(min(self.next_at, max(soonest, self._clock())))

    def run_now(self) -> None:
        """Read now, because what was known is lost."""
        if self._reader is None:
            self._plan(self._clock())

    # When.

    def _plan_first(self) -> None:
        current, now = self._shelf.current, self._clock()
        # What is said to be of later than now was read by a clock that was set back since.
        self._plan(now if current is None else min(current.read_at, now) + self._every)

    def _next(self) -> float:
        jitter = 1 + JITTER * (2 * random.random() - 1)  # noqa: S311 - so that bots spread out
        return max(self._begun + self._every * jitter, self._clock())

    def _plan(self, at: float) -> None:
        self.next_at = at
        self._due.set()

    async def _until_due(self) -> None:
        """Wait for as long as was planned, also where the clock is set back meanwhile."""
        while self.next_at is not None and (wait := self.next_at - self._clock()) > 0:
            self._due.clear()
            due = asyncio.ensure_future(self._due.wait())
            slept = asyncio.ensure_future(self._sleep(wait))
            try:
                await asyncio.wait({due, slept}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                due.cancel()
                slept.cancel()
            if slept.done() and not self._due.is_set():
                break
        self.next_at = None

    # What.

    async def _sync(self) -> None:
        """Read the account once, and let the result answer if it is one."""
        begun = time.perf_counter()
        locations = (await self._offices.latest()).values()
        reader = self._reader = Reader(self._page, self._take, page_size=self._page_size)
        try:
            fresh = self._shelf.begin(locations)
            numbers = await reader.read()
            if self._is_better(numbers):
                await self._shelf.finish(fresh, numbers - self._hidden)
                self._shelf.publish(fresh)
                took = time.perf_counter() - begun
                log.info("The directory was read: %d extensions in %.1f s", len(numbers), took)
        finally:
            self._reader = None
            self._shelf.abandon()
            self._landed()

    def _is_better(self, numbers: set[str]) -> bool:
        """Whether a complete reading goes in place of what is there. Raises `Empty`."""
        before, self._suspect = self._suspect, None
        known, visible = self._known(), numbers - self._hidden
        if known and not numbers:
            raise Empty
        if visible and len(visible) >= known * MIN_SHARE_KEPT:
            return True
        if before is not None and len(before & numbers) >= ALIKE * len(before | numbers):
            return True
        log.warning("The directory has %d extensions after %d: read again", len(numbers), known)
        self._suspect = numbers
        return False

    def _known(self) -> int:
        """Return how many extensions the snapshot that answers has."""
        try:
            return self._shelf.current.count() if self._shelf.current else 0
        except sqlite3.DatabaseError:
            return 0  # it is damaged, and any other is better

    async def _take(self, page: Page[Extension]) -> None:
        """Put a page into the snapshot that is being filled."""
        filling = self._shelf.filling
        if filling is None:
            raise FileDamaged
        work = asyncio.create_task(asyncio.to_thread(self._put, page, filling, self._clock()))
        try:
            await asyncio.shield(work)
        finally:
            await asyncio.wait({work})  # the file must not go while it is written
        filling.index.changed()
        self._landed()

    def _put(self, page: Page[Extension], filling: Snapshot, now: float) -> None:
        """Write a page, in a thread: the disk may take its time."""
        with filling.apart() as mine:
            mine.disable_fsync()
            if self._hidden:
                hidden.note(mine, [each for each in page.items if each.number in self._hidden])
            mine.put([each for each in page.items if each.number not in self._hidden], now)

    async def _page(self, number: int) -> Page[Extension]:
        """Ask for a page until it comes; a refusal that stays one is raised."""
        refusals = 0
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            try:
                page = await self._source.extensions(
                    deadline=asyncio.get_running_loop().time() + PATIENCE,
                    page=number,
                    page_size=self._page_size,
                    reserve=self._reserve,
                )
            except BadParameters:
                if number > 1:
                    return Page((), page=number)  # there is no such page
                raise
            except SourceError as failure:
                refusals += isinstance(failure, FINAL)
                if refusals >= REFUSALS:
                    raise
                self.failure = failure
                await self._sleep(max(pause, failure.retry_after or 0.0))
            else:
                self.failure = None
                return page
        raise Incomplete  # the loop has no end


def seconds_left(page: int, pages: int, a_minute: int, elapsed: float) -> float:
    """Return about how long it takes until all pages are there.

    So many `a_minute` come at once, and as many again when their minute is over; where the
    quota does not bind, it goes on as until now.
    """
    windows = max(-(-pages // a_minute) - 1, 0)
    by_quota = windows * 60.0 - elapsed
    by_pace = elapsed / max(page, 1) * (pages - page) if page >= a_minute or not windows else 0.0
    return max(by_quota, by_pace, 0.0)
