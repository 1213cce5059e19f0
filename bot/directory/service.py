"""The directory of one VBC account: what a query finds. `Directory.find` is the way in.

It answers from its copy of the account (a snapshot), which `sync` keeps fresh. The source is
asked for a single extension where the copy cannot answer: while there is no copy (`warmup`),
where a number is missing from it, and where somebody asks to refresh (`live_refresh`).
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
from bot.errors import MustWait, SourceError
from bot.limits import FIND_WHEN_READY_S, MAX_RECENT_FINDINGS, OLD_COPY_INTERVALS
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
    to_finding,
)
from bot.query.model import Audit, Changes, Email, Export, List, Locations, Name, Number, Phone
from bot.tasks import Tasks


class Directory:
    """One VBC account; extensions whose numbers are in `hidden` do not exist in it.

    `account` names the account, so that the copy of another account is never shown. The copy is
    read again every `refresh_every_s` seconds; `clock` gives epoch seconds.
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
        self._refresh_every_s = refresh_every_s
        self._clock = clock
        cached = (metrics or Metrics()).cached
        self._change_signal = ChangeSignal()
        self._snapshots = SnapshotStore(folder, _identity(account, hidden), clock=clock)
        self._hidden = HiddenExtensions(hidden, self._snapshots)
        self._locations = LocationCache(source, count=cached("locations"), clock=clock)
        self._live_lookup = LiveLookup(source, ttl, count=cached("extensions"), clock=clock)
        self._sync = Sync(
            source,
            self._locations,
            self._snapshots,
            interval_s=refresh_every_s,
            page_size=page_size,
            hidden=hidden,
            on_change=self._on_change,
            clock=clock,
        )
        self._warmup = WarmupLookup(
            self._live_lookup, self._snapshots, self._sync, self._change_signal, self._hidden
        )
        self._live_refresh = LiveRefresh(
            self._live_lookup,
            self._snapshots,
            hidden=self._hidden,
            on_change=self._on_change,
            clock=clock,
        )
        self._recent: LRUCache[LookupKey, Finding] = LRUCache(MAX_RECENT_FINDINGS)
        self._copy_read_at: float | None = None
        self._restore_copy()

    def _restore_copy(self) -> None:
        """Take over what the copy of before a restart knows besides its rows."""
        self._note_age()
        if copy := self._snapshots.current:
            self._locations.restore(copy.locations, copy.read_at)

    def start(self, tasks: Tasks) -> None:
        """Start keeping the copy fresh."""
        tasks.start(self._sync.run(), name="directory sync", background=True)

    @property
    def source_name(self) -> str:
        """What people call the source in "Read from …": `Vonage`, `the CSV file`."""
        return self._source.name

    @property
    def has_copy(self) -> bool:
        """Whether the whole account has been read."""
        return self._snapshots.current is not None

    async def find(
        self,
        query: DirectoryQuery,
        *,
        deadline: float | None,
        refresh: bool = False,
        excluded_fields: Collection[str] = frozenset(),
    ) -> Finding:
        """Return what a query finds by `deadline`, in the event loop's time.

        Without a deadline nothing is waited for: raises `MustWait` before the first wait. With
        `refresh` the source is asked whatever is known. A name is not searched for in
        `excluded_fields`. Raises a `SourceError` where there is no answer, not even an old one.
        """
        if isinstance(query, Number) and query.digits in self._hidden.numbers:
            return Missing()
        if finding := self._recent_finding(query) if not refresh else None:
            return finding
        try:
            return await self._find(query, deadline, refresh, excluded_fields)
        except sqlite3.DatabaseError as fault:
            self._discard_if_damaged(fault)
            return await self._find(query, deadline, refresh, excluded_fields)

    async def find_when_ready(
        self, query: DirectoryQuery, *, excluded_fields: Collection[str] = frozenset()
    ) -> Finding:
        """Wait until the answer to a query that was `NotReady` is known, however long it takes."""
        finding = await self._warmup.wait_until_found(query, excluded_fields=excluded_fields)
        deadline = asyncio.get_running_loop().time() + FIND_WHEN_READY_S
        return finding or await self.find(query, deadline=deadline, excluded_fields=excluded_fields)

    async def locations(self, *, deadline: float | None, patience_s: float) -> LocationsById:
        """Return the locations by id; none where `patience_s` does not bring them.

        Without a deadline nothing is waited for: raises `MustWait` where waiting may help.
        """
        if (by_id := self._locations.by_id) is not None:
            return by_id
        if (by_id := self._locations.get_now(patience_s=patience_s)) is not None:
            return by_id
        if deadline is None:
            raise MustWait
        return await self._locations.get_within(patience_s, deadline=deadline)

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
        """Return how many extensions the copy has and when it was read, in epoch seconds."""
        try:
            copy = self._snapshots.current
            return (copy.count(), copy.read_at) if copy else (None, None)
        except sqlite3.DatabaseError as fault:
            self._discard_if_damaged(fault)
            return None, None

    def release(self) -> None:
        """End all waiting for pages that are being read, because the process is shutting down."""
        self._change_signal.close()

    async def close(self) -> None:
        """End the calls under way, and close the files."""
        await asyncio.gather(self._live_lookup.close(), self._locations.close())
        self._snapshots.close()

    # Finding

    def _recent_finding(self, query: DirectoryQuery) -> Finding | None:
        """Return what the same question found since the copy last changed.

        An old copy is answered with the reason for its age, which changes without the copy.
        """
        if not isinstance(query, LookupKey) or self._copy_failure():
            return None
        return self._recent.get(query)

    async def _find(
        self,
        query: DirectoryQuery,
        deadline: float | None,
        refresh: bool,
        excluded_fields: Collection[str],
    ) -> Finding:
        if refresh and isinstance(query, LookupKey):
            return await self._refresh(query, deadline)
        copy = self._snapshots.current
        if copy is None:
            if finding := self._warmup.find_among_read_pages(
                query, excluded_fields=excluded_fields
            ):
                return self._remember(query, finding)
            if deadline is None:
                raise MustWait
            finding = await self._warmup.find(
                query, deadline=deadline, excluded_fields=excluded_fields
            )
            if finding is not None or (copy := self._snapshots.current) is None:
                return finding or NotReady(self._sync.progress)
        self._bring_forward_if_old()
        finding = await self._find_in_copy(copy, query, deadline, excluded_fields)
        return self._remember(query, self._with_copy_failure(finding))

    async def _find_in_copy(
        self,
        copy: Snapshot,
        query: DirectoryQuery,
        deadline: float | None,
        excluded_fields: Collection[str],
    ) -> Finding:
        match query:
            case Number() | Phone() | Email():
                matches = copy.by_key(query)
                return to_finding(matches or await self._confirm(query, deadline))
            case Name():
                return snapshot_queries.by_name(copy, query, excluded_fields=excluded_fields)
            case List() | Export():
                return snapshot_queries.listing(copy, query, self._locations_of(copy))
            case Locations():
                locations = self._locations_of(copy).values()
                return snapshot_queries.location_list(copy, locations)
            case Changes():
                return snapshot_queries.changes(copy, query, self._clock())
            case Audit():
                return await self._audit(copy, query, deadline)

    async def _refresh(self, key: LookupKey, deadline: float | None) -> Finding:
        if deadline is None:
            raise MustWait
        finding = await self._live_refresh.refresh(key, deadline=deadline)
        self._sync.bring_forward()
        return finding

    async def _confirm(self, key: LookupKey, deadline: float | None) -> list[Match]:
        """Ask the source about a number that the copy lacks: it may be new."""
        if deadline is None:
            raise MustWait
        return await self._live_refresh.confirm(key, deadline=deadline)

    async def _audit(
        self, copy: Snapshot, query: Audit, deadline: float | None
    ) -> AuditReport | Listing:
        """Audit in a thread, over a connection of its own: a large account takes a while."""
        if deadline is None:
            raise MustWait

        def audit() -> AuditReport | Listing:
            with copy.reopened() as own_copy:
                return snapshot_queries.audit(own_copy, query)

        return await asyncio.to_thread(audit)

    def _remember(self, query: DirectoryQuery, finding: Finding) -> Finding:
        """Keep the match of a number, phone or email until the copy changes, and return it."""
        if isinstance(query, LookupKey) and isinstance(finding, Match) and not finding.failure:
            self._recent[query] = finding
        return finding

    def _locations_of(self, copy: Snapshot) -> LocationsById:
        return self._locations.get_now(patience_s=0.0) or copy.locations

    # How old the copy is

    def _on_change(self) -> None:
        """Note that there is more to be found than before."""
        self._recent.clear()
        self._note_age()
        self._change_signal.notify()

    def _note_age(self) -> None:
        """Read from the copy when it was read. Every lookup asks for it, and SQLite is slow."""
        copy = self._snapshots.current
        try:
            self._copy_read_at = copy.read_at if copy else None
        except sqlite3.DatabaseError as fault:
            self._discard_if_damaged(fault)

    def _bring_forward_if_old(self) -> None:
        if self._clock() - (self._copy_read_at or 0.0) > self._refresh_every_s:
            self._sync.bring_forward()

    def _copy_failure(self) -> SourceError | None:
        """Return why the copy is older than it should be, where it is."""
        read_at = self._copy_read_at
        if read_at is None or self._clock() - read_at <= OLD_COPY_INTERVALS * self._refresh_every_s:
            return None
        return self._sync.failure

    def _with_copy_failure(self, finding: Finding) -> Finding:
        """Return a finding that says why it is old, where the copy is."""
        failure = self._copy_failure()
        if failure is None:
            return finding
        match finding:
            case Match() | LocationList():
                return replace(finding, failure=failure)
            case Missing():
                return replace(finding, failure=failure, read_at=self._copy_read_at)
            case Listing():
                matches = (replace(match, failure=failure) for match in finding.matches)
                return replace(finding, matches=tuple(matches))
            case _:
                return finding

    def _discard_if_damaged(self, fault: sqlite3.Error) -> None:
        """Go on without the copy where its file is damaged; another fault leaves it as it is."""
        if self._snapshots.is_damaged(fault):
            self._snapshots.discard()
            self._recent.clear()
            self._note_age()
            self._sync.run_now()


def _identity(account: str, hidden: Collection[str]) -> str:
    """Return what a copy is bound to: one that held extensions hidden since must not be shown."""
    return f"{account} {','.join(sorted(hidden))}"
