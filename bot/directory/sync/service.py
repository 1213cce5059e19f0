"""Keeps the snapshot fresh: reads the whole account again and again, at the pace of the quota.

The sync leaves part of the quota to people who wait, and one reading ends before the next one
begins. A failed, partial, empty or suspect reading never replaces a good snapshot. A page that
fails is requested again, so a reading continues at the page where it stopped.
"""

from __future__ import annotations

import asyncio
import logging
import random
import sqlite3
import time
from collections.abc import Awaitable, Callable, Set
from itertools import chain, repeat

from bot import limits
from bot import log as log_lines
from bot.clocks import Clock, Clocks
from bot.directory.hidden import visible
from bot.directory.locations import LocationCache
from bot.directory.source import DirectorySource
from bot.directory.store import qualities
from bot.directory.store.snapshot import Snapshot
from bot.directory.store.snapshot_store import SnapshotStore
from bot.directory.sync.acceptance import Acceptance, Reading, may_be_unreadable
from bot.directory.sync.backoff import Backoff
from bot.directory.sync.reader import Reader
from bot.errors import (
    BadParameters,
    InconsistentList,
    NotFound,
    OverQuota,
    SourceError,
    UnexpectedReply,
)
from bot.models import Extension, Page, SyncProgress

log = logging.getLogger(__name__)

REFUSALS = (UnexpectedReply, BadParameters, NotFound)  # repeating the request rarely helps


class FileDamaged(Exception):
    """The snapshot that was being filled is gone, because its file was damaged."""


class Sync:
    """Fills one snapshot after the other.

    `interval_s` is the time from one start to the next. `on_change` is called after each stored
    page and at the end of each reading. `clock` measures durations; `wall_clock` gives epoch
    seconds. `failure` is why the latest attempt failed. `given_up` is why the latest reading was
    given up, until another one is complete; `last_failure` is the same, but is kept.
    """

    def __init__(
        self,
        source: DirectorySource,
        locations: LocationCache,
        snapshots: SnapshotStore,
        *,
        interval_s: float,
        page_size: int,
        hidden: frozenset[str] = frozenset(),
        on_change: Callable[[], None] = lambda: None,
        clock: Clock = time.monotonic,
        wall_clock: Clock = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._source = source
        self._locations = locations
        self._snapshots = snapshots
        self._interval_s = interval_s
        self._page_size = page_size
        self._hidden = hidden
        self._on_change = on_change
        self._clock = clock
        self._wall_clock = wall_clock
        self._clocks = Clocks(clock, wall_clock)
        self._sleep = sleep
        self._reader: Reader | None = None
        self._started_at = 0.0
        self._pages_fetched = 0  # by the current or latest reading
        self._acceptance = Acceptance()
        self._backoff = Backoff(has_quota=source.quota is not None)
        self._schedule_changed = asyncio.Event()
        self._due_at: float | None = None  # when the next reading starts
        self.failure: SourceError | None = None
        self.given_up: SourceError | None = None
        self.last_failure: SourceError | None = None
        self._last_failed_at: float | None = None

    @property
    def lost(self) -> tuple[str, ...]:
        """The qualities that the latest reading lost too much of, if the next must confirm it."""
        return self._acceptance.lost

    @property
    def last_failure_at(self) -> float | None:
        """When the latest reading that failed was given up, in epoch seconds."""
        return None if self._last_failed_at is None else self._clocks.epoch(self._last_failed_at)

    @property
    def next_at(self) -> float | None:
        """When the next reading starts, in epoch seconds; `None` while one is running."""
        return None if self._due_at is None else self._clocks.epoch(self._due_at)

    @property
    def progress(self) -> SyncProgress | None:
        """The progress of the current reading; `None` if none is running."""
        if self._reader is None:
            return None
        current = self._reader.current_pass
        if (pages := current.expected_pages) is None:
            return SyncProgress(current.pages_read)
        quota = self._source.quota
        # Without a quota all pages may come at once, so only the pace so far counts.
        calls_a_minute = max(quota.limit - self._reserved_calls if quota else pages, 1)
        elapsed_s = self._clock() - self._started_at
        left_s = seconds_left(current.pages_read, pages, calls_a_minute, elapsed_s)
        return SyncProgress(current.pages_read, pages, left_s)

    @property
    def obstacle(self) -> SourceError | None:
        """Why no page comes: the latest attempt's failure or, before the first page, any call's.

        A call for a page can wait or hang for minutes before it fails; other calls tell sooner.
        """
        source, quota = self._source, self._source.quota
        if self.failure or (self._reader and self._reader.current_pass.pages_read):
            return self.failure
        is_failing = (source.last_failure_at or 0.0) > (source.last_answer_at or 0.0)
        if is_failing and not isinstance(source.last_failure, REFUSALS):
            return source.last_failure
        return OverQuota(retry_after=quota.seconds_to_next) if quota and not quota.left else None

    @property
    def _reserved_calls(self) -> int:
        """Slots of each minute that are left to people."""
        if (quota := self._source.quota) is None:
            return 0
        if self._snapshots.current:
            return limits.SYNC_RESERVED_CALLS
        return min(limits.FIRST_SYNC_RESERVED_CALLS, quota.limit // 2)

    async def run(self) -> None:
        """Read, wait, and read again until cancelled."""
        self._schedule_first()
        while True:
            await self._wait_until_due()
            self._started_at = self._clock()
            try:
                with log_lines.request():
                    await self._sync()
            except SourceError as failure:
                self._give_up(failure)
            except Exception as error:  # a full disk or a bug must not end the task
                self._schedule(self._clock() + limits.SYNC_RETRY_S)
                if not self._snapshots.record_disk_failure(error):
                    log.exception("Could not read the directory, trying again later")
            else:
                self.failure = self.given_up = None
                self._schedule(self._time_after_reading())

    def _give_up(self, failure: SourceError) -> None:
        """Note why a reading was given up, plan the next one, and wake whoever waits."""
        now = self._clock()
        self.failure = self.given_up = self.last_failure = failure
        self._last_failed_at = now
        self._acceptance.forget()
        pause_s = self._backoff.after_failure(failure, was_cheap=not self._pages_fetched)
        self._schedule(now + pause_s)
        log.warning("Could not read the directory, trying again in %.0f s: %s", pause_s, failure)
        self._on_change()

    def _time_after_reading(self) -> float:
        """Return when to read again after a complete reading, by `clock`."""
        if self._acceptance.is_suspect:
            return self._clock() + self._backoff.after_suspect()
        self._backoff.reset()
        return self._next_start()

    def bring_forward(self) -> None:
        """Read sooner, because the snapshot turned out to be old.

        Part of the interval must have passed, or many refreshes would use up the quota.
        """
        current = self._snapshots.current
        if self._due_at is not None and self._reader is None and current:
            earliest = current.begun_at + self._interval_s * limits.SYNC_MIN_INTERVAL_SHARE
            self._schedule(min(self._due_at, max(earliest, self._clock())))

    def run_now(self) -> None:
        """Read now, because the current snapshot was lost."""
        if self._reader is None:
            self._schedule(self._clock())

    # When to read.

    def _schedule_first(self) -> None:
        current = self._snapshots.current
        self._schedule(current.begun_at + self._interval_s if current else self._clock())

    def _next_start(self) -> float:
        jitter = 1 + limits.SYNC_JITTER * (2 * random.random() - 1)  # noqa: S311 - no secret
        return max(self._started_at + self._interval_s * jitter, self._clock())

    def _schedule(self, at: float) -> None:
        self._due_at = at
        self._schedule_changed.set()

    async def _wait_until_due(self) -> None:
        """Sleep until the next reading is due; the time may change meanwhile."""
        while self._due_at is not None and (wait_s := self._due_at - self._clock()) > 0:
            self._schedule_changed.clear()
            changed = asyncio.ensure_future(self._schedule_changed.wait())
            slept = asyncio.ensure_future(self._sleep(wait_s))
            try:
                await asyncio.wait({changed, slept}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                changed.cancel()
                slept.cancel()
        self._due_at = None

    # Reading.

    async def _sync(self) -> None:
        """Read the account once, and publish the result if it can be believed."""
        start, self._pages_fetched = time.perf_counter(), 0
        await asyncio.to_thread(self._snapshots.prepare)
        locations = (await self._locations.get_or_empty()).values()
        reader = self._reader = Reader(
            self._fetch_page, self._store_page, page_size=self._page_size
        )
        try:
            fresh = self._snapshots.begin(locations)
            numbers = await reader.read()
            if await self._publish_if_accepted(fresh, numbers, reader.current_pass.skipped):
                took_s = time.perf_counter() - start
                log.info("Read the directory: %d extensions in %.1f s", len(numbers), took_s)
        except InconsistentList:
            self._snapshots.keep_provisional()
            raise
        finally:
            self._reader = None
            self._snapshots.abandon()
            self._on_change()

    async def _publish_if_accepted(
        self, fresh: Snapshot, numbers: set[str], unreadable: int
    ) -> bool:
        """Publish a complete reading if it can be believed. Raises an `UnexpectedReply`."""
        visible_numbers = numbers - self._hidden
        counts = await asyncio.to_thread(_count, fresh, visible_numbers)
        reading, current = Reading(visible_numbers, counts, unreadable), await self._current()
        if not self._acceptance.accepts(reading, current):
            return False
        carried_over = may_be_unreadable(reading, current) if current else frozenset()
        if carried_over and current and self._snapshots.current:
            await asyncio.to_thread(_carry_over, carried_over, self._snapshots.current, fresh)
            # The rows that are about these extensions are not the next reading's old ones.
            unreadable -= min(len(carried_over), unreadable - current.unreadable)
        fresh.set_meta(unreadable=unreadable)
        await self._snapshots.finish(fresh, visible_numbers | carried_over)
        self._snapshots.publish(fresh)
        return True

    async def _current(self) -> Reading | None:
        """Return what the current snapshot has; `None` without one, or if it is damaged."""
        snapshot = self._snapshots.current
        try:
            return await asyncio.to_thread(_as_reading, snapshot) if snapshot else None
        except sqlite3.Error:
            return None  # any reading is better

    async def _store_page(self, page: Page[Extension]) -> None:
        """Write a page into the snapshot that is being filled."""
        building = self._snapshots.building
        if building is None:
            raise FileDamaged
        work = asyncio.create_task(
            asyncio.to_thread(self._write_page, page, building, self._wall_clock())
        )
        try:
            await asyncio.shield(work)
        finally:
            # A cancelled sync removes the file, but not while the thread writes to it.
            await asyncio.wait({work})
        building.index.invalidate()
        self._on_change()

    def _write_page(self, page: Page[Extension], building: Snapshot, now: float) -> None:
        """Write a page, in a thread: a slow disk must not stop the event loop.

        Hidden extensions are left out here, not at the end of the reading, because the pages
        read so far answer queries during the first reading.
        """
        with building.reopened() as snapshot:
            snapshot.disable_fsync()
            snapshot.put(visible(page.items, self._hidden), now)

    async def _fetch_page(self, number: int) -> Page[Extension]:
        """Request a page until it comes. Raises a refusal that is repeated too often.

        After a reading that was given up, one call is enough to see whether that has changed.
        """
        is_probe = self.given_up is not None and not self._pages_fetched
        refusals_left = 1 if is_probe else limits.SYNC_MAX_REFUSALS
        for pause_s in chain(limits.SYNC_PAGE_RETRY_S, repeat(limits.SYNC_PAGE_RETRY_S[-1])):
            try:
                page = await self._source.extensions(
                    deadline=asyncio.get_running_loop().time() + limits.SYNC_PAGE_TIMEOUT_S,
                    page=number,
                    page_size=self._page_size,
                    reserve=self._reserved_calls,
                )
                _check_readable(page, number)
            except BadParameters:
                if number > 1:
                    return Page((), page=number)  # some accounts answer 400 after the last page
                raise
            except SourceError as failure:
                refusals_left -= isinstance(failure, REFUSALS)
                if not refusals_left:
                    raise
                self.failure = failure
                self._on_change()  # wakes the queries that wait, so that people hear of it
                await self._sleep(max(pause_s, failure.retry_after or 0.0))
            else:
                self.failure = None
                self._pages_fetched += 1
                return page
        raise InconsistentList  # unreachable: the pauses never end


def _check_readable(page: Page[Extension], number: int) -> None:
    """Raise `UnexpectedReply` if most rows of a page can't be read.

    A page after the first one may be very short, so a few broken records can be most of it.
    """
    rows = len(page.items) + page.skipped
    tolerated = 0 if number == 1 else limits.MAX_TOLERATED_BAD_ROWS
    if page.skipped > max(limits.MAX_UNREADABLE_SHARE_OF_PAGE * rows, tolerated):
        raise UnexpectedReply(f"{page.skipped} of the {rows} rows of a page can't be read.")


def _count(snapshot: Snapshot, numbers: set[str]) -> dict[str, int]:
    with snapshot.reopened() as own:
        return qualities.count(own, numbers)


def _as_reading(snapshot: Snapshot) -> Reading:
    with snapshot.reopened() as own:
        numbers = {number for (number,) in own.db.execute("SELECT number FROM extensions")}
        return Reading(numbers, qualities.count(own), int(own.get_meta("unreadable") or 0))


def _carry_over(numbers: Set[str], current: Snapshot, fresh: Snapshot) -> None:
    """Copy extensions from one snapshot to the next as they are, with the age that they have."""
    with current.reopened() as source, fresh.reopened() as target, target.transaction():
        for match in filter(None, map(source.by_number, numbers)):
            target.put_one(match.extension, match.read_at)


def seconds_left(page: int, pages: int, calls_a_minute: int, elapsed_s: float) -> float:
    """Return an estimate of the seconds until all pages have come.

    The quota lets `calls_a_minute` pages through at once, and as many again when their minute
    is over. Where the quota does not bind, the pace so far is assumed to continue.
    """
    windows = max(-(-pages // calls_a_minute) - 1, 0)
    by_quota = windows * 60.0 - elapsed_s
    pace_is_known = page >= calls_a_minute or not windows
    by_pace = elapsed_s / max(page, 1) * (pages - page) if pace_is_known else 0.0
    return max(by_quota, by_pace, 0.0)
