"""The directory of one VBC account. Start reading at `Directory.find`.

Queries are answered from a copy of the account (a snapshot), which `sync` keeps fresh. The source
is asked for a single extension only if the copy cannot answer: while there is no copy (`warmup`),
if a number is missing from the copy, or if somebody asks for a refresh (`live_refresh`).
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Collection, Iterator
from dataclasses import replace
from typing import TypeVar

from cachetools import LRUCache

from bot.cache import TtlPolicy
from bot.clocks import Clock, Clocks
from bot.directory import snapshot_queries
from bot.directory.compare import LookupKey
from bot.directory.live_lookup import LiveLookup
from bot.directory.live_refresh import LiveRefresh
from bot.directory.locations import LocationCache, LocationsById
from bot.directory.searchable import searchable
from bot.directory.source import DirectorySource
from bot.directory.status import read_status
from bot.directory.store.files import SnapshotFiles
from bot.directory.store.snapshot import Snapshot
from bot.directory.store.snapshot_store import SnapshotStore
from bot.directory.sync.service import Sync
from bot.directory.warmup import ChangeSignal, DirectoryQuery, WarmupLookup
from bot.errors import MustWait, SourceError, UnexpectedReply
from bot.limits import (
    FIND_WHEN_READY_S,
    LOCATIONS_WAIT_S,
    MAX_RECENT_FINDINGS,
    OLD_COPY_INTERVALS,
)
from bot.metrics import Metrics
from bot.models import (
    AuditReport,
    DirectoryExport,
    Finding,
    Listing,
    Match,
    Missing,
    NotReady,
    Status,
    to_finding,
)
from bot.query.model import Audit, Changes, Email, Export, List, Locations, Name, Number, Phone
from bot.tasks import Tasks

T = TypeVar("T")


class Directory:
    """One VBC account. Extensions whose numbers are in `hidden` are never found.

    `account` identifies the account, so that the copy of another account is never shown. The
    account is read again every `refresh_every_s` seconds. `clock` measures durations; `wall_clock`
    gives epoch seconds.
    """

    def __init__(
        self,
        source: DirectorySource,
        files: SnapshotFiles,
        *,
        account: str,
        ttl: TtlPolicy,
        refresh_every_s: float,
        page_size: int,
        hidden: frozenset[str] = frozenset(),
        metrics: Metrics | None = None,
        clock: Clock = time.monotonic,
        wall_clock: Clock = time.time,
    ) -> None:
        self._source = source
        self._refresh_every_s = refresh_every_s
        self._clocks = Clocks(clock, wall_clock)
        self._change_signal = ChangeSignal()
        counts = (metrics or Metrics()).cached
        self._snapshots = SnapshotStore(files, _identity(account, hidden), **self._clocks.arguments)
        self._locations = LocationCache(source, count=counts("locations"), **self._clocks.arguments)
        self._live_lookup = LiveLookup(
            source,
            ttl,
            card_of=self._card_of,
            hidden=hidden,
            count=counts("extensions"),
            **self._clocks.arguments,
        )
        self._sync = Sync(
            source,
            self._locations,
            self._snapshots,
            interval_s=refresh_every_s,
            page_size=page_size,
            hidden=hidden,
            on_change=self._on_change,
            **self._clocks.arguments,
        )
        live_lookup, snapshots = self._live_lookup, self._snapshots
        self._warmup = WarmupLookup(live_lookup, snapshots, self._sync, self._change_signal)
        self._live_refresh = LiveRefresh(live_lookup, snapshots, self._on_change, clock=clock)
        self._recent: LRUCache[LookupKey, Finding] = LRUCache(MAX_RECENT_FINDINGS)
        self._restore_locations()

    def _restore_locations(self) -> None:
        """Load the locations of the copy that was made before a restart."""
        if copy := self._snapshots.current:
            self._locations.restore(copy.locations, self._clocks.epoch(copy.begun_at))

    def start(self, tasks: Tasks) -> None:
        """Start keeping the copy fresh."""
        self._live_refresh.start(tasks)
        if self.has_copy:
            tasks.start(self._check_copy(), name="check of the copy", background=True)
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

        If `deadline` is `None`, the method raises `MustWait` instead of waiting for anything.
        With `refresh` the source is asked even if the copy has the answer. Nothing is found by
        `excluded_fields`; see `searchable`. Raises `NotAllowed` for a filter by one of them, and
        a `SourceError` if there is no answer, not even an old one.
        """
        allowed = searchable(query, excluded_fields) if excluded_fields else query
        if allowed is None:
            return Missing()
        if finding := self._recent_finding(allowed) if not refresh else None:
            return finding
        return await self._heal(lambda: self._find(allowed, deadline, refresh, excluded_fields))

    async def find_when_ready(
        self, query: DirectoryQuery, *, excluded_fields: Collection[str] = frozenset()
    ) -> Finding:
        """Wait until the answer to a query that was `NotReady` is known, however long it takes.

        Raises a `SourceError` if the source fails in a way that waiting won't mend.
        """
        allowed = searchable(query, excluded_fields) if excluded_fields else query
        if allowed is None:
            return Missing()
        finding = await self._heal(
            lambda: self._warmup.wait_until_back(allowed, excluded_fields=excluded_fields)
        )
        deadline = asyncio.get_running_loop().time() + FIND_WHEN_READY_S
        return finding or await self.find(query, deadline=deadline, excluded_fields=excluded_fields)

    async def locations(self, *, deadline: float | None, patience_s: float) -> LocationsById:
        """Return the locations by id, or an empty mapping if `patience_s` seconds don't bring them.

        If `deadline` is `None`, the method raises `MustWait` instead of waiting.
        """
        if (by_id := self._locations.by_id) is not None:
            return by_id
        if (by_id := self._locations.get_now(patience_s=patience_s)) is not None:
            return by_id
        if deadline is None:
            raise MustWait
        return await self._locations.get_within(patience_s, deadline=deadline)

    def status(self) -> Status:
        """Return the size and age of the copy, the quota, and what is wrong."""
        return read_status(
            self._source, self._sync, self._snapshots, self._clocks, self._discard_if_damaged
        )

    def release(self) -> None:
        """Wake everybody who waits for the first reading: the process is shutting down."""
        self._change_signal.close()

    async def close(self) -> None:
        """End the calls under way, and close the files."""
        await asyncio.gather(self._live_lookup.close(), self._locations.close())
        self._snapshots.close()

    # Finding

    def _card_of(self, number: str) -> Match | None:
        """Return the card that a single answer must not contradict, if there is one."""
        if not self._source.may_contradict_itself:
            return None
        if copy := self._snapshots.current:
            return copy.by_number(number)
        building = self._snapshots.building
        in_pages = building.by_number(number) if building else None
        return in_pages or self._live_lookup.last_known(number)

    def _recent_finding(self, query: DirectoryQuery) -> Finding | None:
        """Return what the same query found before, if the copy has not changed since.

        An overdue copy is left out: its answers carry the reason why it is overdue, and that
        reason can change while the copy stays the same.
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
        return self._remember(query, self._add_copy_failure(finding))

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
                locations = await self._locations_for(query, copy, deadline)
                return self._healing_export(snapshot_queries.listing(copy, query, locations))
            case Locations():
                return snapshot_queries.location_list(copy, self._locations_of(copy).values())
            case Changes():
                return snapshot_queries.changes(copy, query, self._clocks.wall())
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

    async def _locations_for(
        self, query: List | Export, copy: Snapshot, deadline: float | None
    ) -> LocationsById:
        """Return the locations that a query may name; they may have failed to load before."""
        loaded = self._locations_of(copy)
        if loaded or not query.filters.location:
            return loaded
        return await self.locations(deadline=deadline, patience_s=LOCATIONS_WAIT_S)

    def _locations_of(self, copy: Snapshot) -> LocationsById:
        return self._locations.get_now(patience_s=0.0) or copy.locations

    # The age of the copy

    def _on_change(self) -> None:
        """Forget recent findings and wake waiting queries: the copy or the read pages changed."""
        self._recent.clear()
        self._change_signal.notify()

    def _is_older_than(self, seconds: float) -> bool:
        """Whether the copy is older than this; false if there is none."""
        copy = self._snapshots.current
        return copy is not None and self._clocks.monotonic() - copy.begun_at > seconds

    def _bring_forward_if_old(self) -> None:
        if self._is_older_than(self._refresh_every_s):
            self._sync.bring_forward()

    def _copy_failure(self) -> SourceError | None:
        """Return why the copy is overdue, or `None` if it is not."""
        is_overdue = self._is_older_than(OLD_COPY_INTERVALS * self._refresh_every_s)
        return (self._sync.failure or self._sync.given_up) if is_overdue else None

    def _add_copy_failure(self, finding: Finding) -> Finding:
        """Return a finding with the reason why the copy is overdue, if it is."""
        failure, copy = self._copy_failure(), self._snapshots.current
        if failure is None or copy is None:
            return finding
        return snapshot_queries.with_failure(finding, failure, self._clocks.epoch(copy.begun_at))

    # Damage

    async def _heal(self, answer: Callable[[], Awaitable[T]]) -> T:
        """Return what `answer` returns; if a file turns out to be damaged, without that file.

        Both the current snapshot and the one being filled can be damaged, so there are two more
        attempts.
        """
        for _ in range(2):
            try:
                return await answer()
            except sqlite3.Error as fault:
                self._discard_if_damaged(fault)
        return await answer()

    def _healing_export(self, finding: Finding) -> Finding:
        """Return an export that discards the copy if it meets damage; other findings as they are.

        The rows are read after the query was answered. Whoever asks again gets a whole export.
        """
        if not isinstance(finding, DirectoryExport):
            return finding

        def matches(rows: Iterator[Match]) -> Iterator[Match]:
            try:
                yield from rows
            except sqlite3.Error as fault:
                self._discard_if_damaged(fault)
                raise UnexpectedReply("The copy of the directory was damaged.") from None

        return replace(finding, matches=matches(finding.matches))

    async def _check_copy(self) -> None:
        """Check the copy that was made before a restart: the disk may have lost part of it."""
        try:
            await self._snapshots.check()
        except sqlite3.Error as fault:
            self._discard_if_damaged(fault)

    def _discard_if_damaged(self, fault: sqlite3.Error) -> None:
        """Drop the copy and read the account again if its file is damaged, else do nothing."""
        if self._snapshots.is_damaged(fault):
            self._snapshots.discard()
            self._recent.clear()
            self._sync.run_now()


def _identity(account: str, hidden: Collection[str]) -> str:
    """Return the identity that a copy is bound to: the account and its hidden numbers.

    When a number is hidden, older copies still contain it, so they must not be used any more.
    """
    return f"{account} {','.join(sorted(hidden))}"
