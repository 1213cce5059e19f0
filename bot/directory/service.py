"""The directory of one VBC account: what a query finds. `find` is the way in.

It answers from its copy of the account (`shelf`), which `sync` keeps fresh. Vonage is asked for
one extension where the copy cannot know it: while there is none (`early`), where a number is
missing from it, and where somebody wants to know it now.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable, Collection
from dataclasses import replace

from cachetools import LRUCache

from bot.cache import TtlPolicy
from bot.directory import snapshot_queries
from bot.directory.compare import LookupKey
from bot.directory.hidden import HiddenExtensions
from bot.directory.live_lookup import LiveLookup
from bot.directory.live_refresh import LiveRefresh
from bot.directory.locations import LocationCache, LocationsById
from bot.directory.source import DirectorySource
from bot.directory.store.files import SnapshotFiles
from bot.directory.store.snapshot import Snapshot
from bot.directory.store.snapshot_store import SnapshotStore
from bot.directory.sync.service import Sync
from bot.directory.warmup import ChangeSignal, DirectoryQuery, WarmupLookup
from bot.errors import SourceError
from bot.metrics import Metrics
from bot.models import (
    AuditReport,
    Finding,
    Listing,
    LocationList,
    Match,
    Missing,
    NotReady,
    Status,
)
from bot.query.model import Audit, Changes, Email, Export, List, Locations, Name, Number, Phone
from bot.tasks import Tasks

RECENT = 2_000  # findings that are kept for who asks next
ANSWER_LIMIT = 60.0  # seconds for what somebody has waited for already
LATE = 1.5  # intervals after which a copy that cannot be renewed is said to be old


class Directory:
    """One VBC account. Numbers in `hidden` do not exist here.

    `account` names the account, so that a copy of another is never shown.
    """

    def __init__(
        self,
        source: DirectorySource,
        folder: SnapshotFiles,
        *,
        account: str,
        ttl: TtlPolicy,
        refresh_every_s: float,
        page_size: int,
        hidden: frozenset[str] = frozenset(),
        metrics: Metrics | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._source = source
        self._every = refresh_every_s
        self._clock = clock
        cached = (metrics or Metrics()).cached
        self._landings = ChangeSignal()
        self._shelf = SnapshotStore(folder, f"{account} {','.join(sorted(hidden))}", clock=clock)
        self._hidden = HiddenExtensions(hidden, self._shelf)
        self._offices = LocationCache(source, count=cached("locations"), clock=clock)
        self._points = LiveLookup(source, ttl, count=cached("extensions"), clock=clock)
        self._sync = Sync(
            source,
            self._offices,
            self._shelf,
            interval_s=refresh_every_s,
            page_size=page_size,
            hidden=hidden,
            on_change=self._landed,
            clock=clock,
        )
        self._early = WarmupLookup(
            self._points, self._shelf, self._sync, self._landings, self._hidden
        )
        self._asking = LiveRefresh(
            self._points, self._shelf, hidden=self._hidden, on_change=self._landed, clock=clock
        )
        self._recent: LRUCache[LookupKey, Finding] = LRUCache(RECENT)
        if copy := self._shelf.current:
            self._offices.restore(copy.locations, copy.read_at)

    def start(self, tasks: Tasks) -> None:
        """Keep the copy fresh from now on."""
        tasks.start(self._sync.run(), name="directory sync", background=True)

    @property
    def source_name(self) -> str:
        """What people call the source in "Read from …": `Vonage`, `the CSV file`."""
        return self._source.name

    @property
    def has_copy(self) -> bool:
        """Whether the whole account is known."""
        return self._shelf.current is not None

    async def find(
        self,
        query: DirectoryQuery,
        *,
        deadline: float,
        refresh: bool = False,
        excluded_fields: Collection[str] = frozenset(),
    ) -> Finding:
        """Return what a query finds. With `anew` Vonage is asked whatever is known.

        `without` are fields that a name must not be found by. Raises a `VonageError` where
        there is neither an answer nor an earlier one.
        """
        if isinstance(query, Number) and query.digits in self._hidden.numbers:
            return Missing()
        try:
            return await self._found(query, deadline, anew=refresh, without=excluded_fields)
        except sqlite3.DatabaseError as fault:
            self._lose_copy(fault)
            return await self._found(query, deadline, anew=refresh, without=excluded_fields)

    async def find_when_ready(
        self, query: DirectoryQuery, *, excluded_fields: Collection[str] = frozenset()
    ) -> Finding:
        """Wait until the answer to what is `NotReady` is known, however long that takes."""
        found = await self._early.wait_until_found(query, excluded_fields=excluded_fields)
        soon = asyncio.get_running_loop().time() + ANSWER_LIMIT
        return found or await self.find(query, deadline=soon, excluded_fields=excluded_fields)

    def known(self, query: LookupKey) -> Finding | None:
        """Return what a query finds, where that is known and fresh."""
        if isinstance(query, Number) and query.digits in self._hidden.numbers:
            return Missing()
        try:
            return self._known(query)
        except sqlite3.DatabaseError as fault:
            self._lose_copy(fault)
            return None

    def _known(self, query: LookupKey) -> Finding | None:
        if self._failure():
            return None
        if found := self._recent.get(query):
            return found
        if copy := self._shelf.current:
            rows = snapshot_queries.marked(copy, query)
            found = snapshot_queries.finding(rows) if rows else None
        else:
            found = self._early.find_among_read_pages(query, excluded_fields=())
        if found:
            self._recent[query] = found
        return found

    def known_locations(self, *, patience: float) -> LocationsById | None:
        """Return the locations by id where nothing is gained by waiting for them, else `None`.

        There are none where they cannot be had now, or have been waited for longer than
        `patience` (in seconds) already.
        """
        return self._offices.get_now(patience_s=patience)

    async def locations(self, *, deadline: float, patience: float) -> LocationsById:
        """Return the locations by id; none where `patience` seconds do not bring them."""
        return await self._offices.get_within(patience, deadline=deadline)

    def status(self) -> Status:
        """Return how much is known and how fresh it is, the quota, and the last failure."""
        source = self._source
        extensions, read_at = self._extent()
        return Status(
            quota=source.quota,
            extensions=extensions,
            read_at=read_at,
            next_at=self._sync.next_at,
            sync_progress=self._sync.progress,
            source_name=source.name,
            last_answer_at=source.last_answer_at,
            last_failure=source.last_failure,
            last_failure_at=source.last_failure_at,
        )

    def _extent(self) -> tuple[int, float] | tuple[None, None]:
        """Return how many extensions are known and since when."""
        try:
            copy = self._shelf.current
            return (copy.count(), copy.read_at) if copy else (None, None)
        except sqlite3.DatabaseError as fault:
            self._lose_copy(fault)
            return None, None

    def release(self) -> None:
        """Let nobody wait any longer for what is being read: the end is near."""
        self._landings.close()

    async def close(self) -> None:
        """End what is under way, and let go of the files."""
        await asyncio.gather(self._points.close(), self._offices.close())
        self._shelf.close()

    # From the copy.

    async def _found(
        self, query: DirectoryQuery, deadline: float, *, anew: bool, without: Collection[str]
    ) -> Finding:
        if anew and isinstance(query, LookupKey):
            found = await self._asking.refresh(query, deadline=deadline)
            self._sync.bring_forward()
            return found
        copy = self._shelf.current
        if copy is None:
            early = await self._early.find(query, deadline=deadline, excluded_fields=without)
            if early is not None or (copy := self._shelf.current) is None:
                return early or NotReady(self._sync.progress)
        self._hurry_if_old(copy)
        return self._told(await self._from_copy(copy, query, deadline, without))

    async def _from_copy(
        self, copy: Snapshot, query: DirectoryQuery, deadline: float, without: Collection[str]
    ) -> Finding:
        match query:
            case Number() | Phone() | Email():
                rows = snapshot_queries.marked(copy, query)
                return snapshot_queries.finding(
                    rows or await self._asking.confirm(query, deadline=deadline)
                )
            case Name():
                return snapshot_queries.named(copy, query, without=without)
            case List() | Export():
                return snapshot_queries.listed(copy, query, self._offices_of(copy))
            case Locations():
                return snapshot_queries.located(copy, self._offices_of(copy).values())
            case Changes():
                return snapshot_queries.changed(copy, query, self._clock())
            case Audit():
                return await asyncio.to_thread(_audited, copy, query)

    def _offices_of(self, copy: Snapshot) -> LocationsById:
        return self._offices.get_now(patience_s=0.0) or copy.locations

    # How old it is.

    def _landed(self) -> None:
        self._recent.clear()
        self._landings.notify()

    def _hurry_if_old(self, copy: Snapshot) -> None:
        if self._clock() - copy.read_at > self._every:
            self._sync.bring_forward()

    def _failure(self) -> SourceError | None:
        """Return why the copy is older than it should be, where it is."""
        copy, failure = self._shelf.current, self._sync.failure
        is_old = copy is not None and self._clock() - copy.read_at > LATE * self._every
        return failure if is_old else None

    def _told(self, found: Finding) -> Finding:
        """Return a finding that says why it is old."""
        failure = self._failure()
        if failure is None:
            return found
        match found:
            case Match() | LocationList():
                return replace(found, failure=failure)
            case Missing():
                copy = self._shelf.current
                return replace(found, failure=failure, read_at=copy.read_at if copy else None)
            case Listing():
                rows = (replace(each, failure=failure) for each in found.matches)
                return replace(found, matches=tuple(rows))
            case _:
                return found

    def _lose_copy(self, fault: sqlite3.Error) -> None:
        """Go on without the copy where it is damaged; else it is as good as it was."""
        if self._shelf.is_damaged(fault):
            self._shelf.discard()
            self._recent.clear()
            self._sync.run_now()


def _audited(copy: Snapshot, query: Audit) -> AuditReport | Listing:
    """Count in a thread: on a large account that takes a while."""
    with copy.reopened() as mine:
        return snapshot_queries.audited(mine, query)
