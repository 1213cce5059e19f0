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
from collections.abc import Awaitable, Callable
from itertools import chain, repeat

from bot import limits
from bot import log as log_lines
from bot.clocks import Clock, Clocks
from bot.directory import hidden
from bot.directory.locations import LocationCache
from bot.directory.source import DirectorySource
from bot.directory.store.snapshot import Snapshot
from bot.directory.store.snapshot_store import SnapshotStore
from bot.directory.sync.reader import Incomplete, Reader
from bot.errors import BadParameters, NotFound, SourceError, UnexpectedReply
from bot.models import Extension, Page, SyncProgress

log = logging.getLogger(__name__)

REFUSALS = (UnexpectedReply, BadParameters, NotFound)  # repeating the request rarely helps


class Empty(UnexpectedReply):
    """The list is empty, although the current snapshot is not."""


class FileDamaged(Exception):
    """The snapshot that was being filled is gone, because its file was damaged."""


class Sync:
    """Fills one snapshot after the other.

    `interval_s` is the time from one start to the next. `on_change` is called after each stored
    page and at the end of each reading. `clock` measures durations; `wall_clock` gives epoch
    seconds. `failure` is why the latest attempt failed.
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
        # The numbers of a complete but suspect reading, which the next one must confirm.
        self._suspect: set[str] | None = None
        self._schedule_changed = asyncio.Event()
        self._due_at: float | None = None  # when the next reading starts
        self.failure: SourceError | None = None

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
        if current.stated_pages is None:
            return SyncProgress(current.pages_read)
        quota = self._source.quota
        # Without a quota all pages may come at once, so only the pace so far counts.
        calls_a_minute = max(
            quota.limit - self._reserved_calls if quota else current.stated_pages, 1
        )
        elapsed_s = self._clock() - self._started_at
        left_s = seconds_left(current.pages_read, current.stated_pages, calls_a_minute, elapsed_s)
        return SyncProgress(current.pages_read, current.stated_pages, left_s)

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
                self.failure = failure
                retry_after_s = failure.retry_after or 0.0
                self._schedule(self._clock() + max(limits.SYNC_RETRY_S, retry_after_s))
                log.warning("Could not read the directory, trying again later: %s", failure)
            except Exception as error:  # a full disk or a bug must not end the task
                self._schedule(self._clock() + limits.SYNC_RETRY_S)
                if not self._snapshots.record_disk_failure(error):
                    log.exception("Could not read the directory, trying again later")
            else:
                self.failure = None
                is_suspect = self._suspect is not None
                retry_at = self._clock() + limits.SYNC_RETRY_S
                self._schedule(retry_at if is_suspect else self._next_start())

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
        start = time.perf_counter()
        await asyncio.to_thread(self._snapshots.prepare)
        locations = (await self._locations.get_or_empty()).values()
        reader = self._reader = Reader(
            self._fetch_page, self._store_page, page_size=self._page_size
        )
        try:
            fresh = self._snapshots.begin(locations)
            numbers = await reader.read()
            if self._may_replace(numbers):
                await self._snapshots.finish(fresh, numbers - self._hidden)
                self._snapshots.publish(fresh)
                took_s = time.perf_counter() - start
                log.info("Read the directory: %d extensions in %.1f s", len(numbers), took_s)
        finally:
            self._reader = None
            self._snapshots.abandon()
            self._on_change()

    def _may_replace(self, numbers: set[str]) -> bool:
        """Whether a complete reading may replace the current snapshot. Raises `Empty`.

        An API that answers with half of the account (a lost permission, a broken back end) looks
        just like an account that shrank. If such a reading were published, everybody in the
        other half would be "not found", and the changes would report that they left. So a
        reading that lost too many extensions is set aside, and only a second reading with nearly
        the same numbers confirms it. An empty list never replaces a list with extensions, since
        a company does not lose everybody.
        """
        previous_suspect, self._suspect = self._suspect, None
        current_count, visible = self._current_count(), numbers - self._hidden
        if current_count and not numbers:
            raise Empty
        if visible and len(visible) >= current_count * limits.SYNC_MIN_SHARE_KEPT:
            return True
        if previous_suspect is not None:
            common, either = previous_suspect & numbers, previous_suspect | numbers
            if len(common) >= limits.SYNC_MIN_SHARE_CONFIRMED * len(either):
                return True
        log.warning(
            "Read %d extensions, but the copy has %d; reading again to confirm that",
            len(numbers),
            current_count,
        )
        self._suspect = numbers
        return False

    def _current_count(self) -> int:
        """Return how many extensions the current snapshot has."""
        try:
            return self._snapshots.current.count() if self._snapshots.current else 0
        except sqlite3.Error:
            return 0  # a damaged snapshot: any reading is better

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
            if self._hidden:
                hidden.record_lookup_keys(
                    snapshot, [row for row in page.items if row.number in self._hidden]
                )
            snapshot.put([row for row in page.items if row.number not in self._hidden], now)

    async def _fetch_page(self, number: int) -> Page[Extension]:
        """Request a page until it comes. Raises a refusal that is repeated too often."""
        refusals = 0
        for pause_s in chain(limits.SYNC_PAGE_RETRY_S, repeat(limits.SYNC_PAGE_RETRY_S[-1])):
            try:
                page = await self._source.extensions(
                    deadline=asyncio.get_running_loop().time() + limits.SYNC_PAGE_TIMEOUT_S,
                    page=number,
                    page_size=self._page_size,
                    reserve=self._reserved_calls,
                )
            except BadParameters:
                if number > 1:
                    return Page((), page=number)  # some accounts answer 400 after the last page
                raise
            except SourceError as failure:
                refusals += isinstance(failure, REFUSALS)
                if refusals >= limits.SYNC_MAX_REFUSALS:
                    raise
                self.failure = failure
                await self._sleep(max(pause_s, failure.retry_after or 0.0))
            else:
                self.failure = None
                return page
        raise Incomplete  # unreachable: the pauses never end


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
