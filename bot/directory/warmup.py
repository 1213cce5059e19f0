"""Answers queries during the first reading of the account, before there is a whole snapshot.

Numbers, email addresses and login names are looked up in Vonage one by one. The API has no search
by name, so a query for a name waits for the page of the list that has it.

If the list contradicts itself, the first reading is given up. What came of it (the provisional
snapshot) then answers, and every answer carries the failure.
"""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Collection
from dataclasses import replace

from bot import limits
from bot.directory import snapshot_queries
from bot.directory.hidden import HiddenExtensions
from bot.directory.live_lookup import LiveLookup
from bot.directory.store.snapshot import Snapshot
from bot.directory.store.snapshot_store import SnapshotStore
from bot.directory.sync.service import Sync
from bot.errors import InconsistentList, OverQuota, ShuttingDown, SourceError
from bot.models import (
    Finding,
    LocationCount,
    LocationList,
    Match,
    Missing,
    NotReady,
    to_finding,
)
from bot.query.model import Audit, Changes, Email, Export, List, Locations, Name, Number, Phone

DirectoryQuery = Number | Phone | Email | Name | List | Locations | Export | Changes | Audit


class ChangeSignal:
    """Wakes the queries that wait until more of the account has been read."""

    def __init__(self) -> None:
        self._next_change = asyncio.Event()
        self._closed = False

    def close(self) -> None:
        """Wake everybody for good: the process is shutting down."""
        self._closed = True
        self.notify()

    def notify(self) -> None:
        """Wake everybody who waits now; later callers of `wait` wait for the next change."""
        change, self._next_change = self._next_change, asyncio.Event()
        change.set()

    async def wait(self) -> None:
        """Wait for the next change. Raises `ShuttingDown` once the signal is closed."""
        if not self._closed:
            await self._next_change.wait()
        if self._closed:
            raise ShuttingDown


class WarmupLookup:
    """Answers queries as long as `snapshots` has no current snapshot.

    `change_signal` must be notified whenever a page has been stored. `hidden` extensions are
    neither returned nor looked up.
    """

    def __init__(
        self,
        live_lookup: LiveLookup,
        snapshots: SnapshotStore,
        sync: Sync,
        change_signal: ChangeSignal,
        hidden: HiddenExtensions,
    ) -> None:
        self._live_lookup = live_lookup
        self._snapshots = snapshots
        self._sync = sync
        self._change_signal = change_signal
        self._hidden = hidden

    async def find(
        self, query: DirectoryQuery, *, deadline: float, excluded_fields: Collection[str]
    ) -> Finding | None:
        """Return what a query finds so far; `None` if a snapshot became current meanwhile.

        The pages read so far come first, then Vonage by a live lookup, then a short wait for
        the next pages. Raises a `SourceError` if Vonage fails and no page can be expected.
        """
        failure: SourceError | None = None
        if finding := self.find_among_read_pages(query, excluded_fields=excluded_fields):
            return finding
        try:
            if finding := await self._find_live(query, deadline, excluded_fields):
                return finding
        except SourceError as error:
            if self._snapshots.provisional or not self._sync_can_answer(error):
                raise
            failure = error
        end = min(deadline, asyncio.get_running_loop().time() + limits.WARMUP_WAIT_S)
        try:
            async with asyncio.timeout_at(end):
                return await self.wait_until_found(query, excluded_fields=excluded_fields)
        except TimeoutError:
            return self._not_ready(failure)

    async def wait_until_found(
        self, query: DirectoryQuery, *, excluded_fields: Collection[str]
    ) -> Finding | None:
        """Wait until a page answers the query; `None` if the snapshot became current first.

        If the reading is given up, return what its pages answer, with the failure, or raise the
        failure if they can't: nobody waits for a reading that may begin again in an hour.
        """
        while self._snapshots.current is None:
            if finding := self.find_among_read_pages(query, excluded_fields=excluded_fields):
                return finding
            if provisional := self._snapshots.provisional:
                return _find_in_provisional(provisional, query, excluded_fields)
            if self._sync.given_up and self._sync.progress is None:
                raise copy.copy(self._sync.given_up)  # a traceback grows each time it is raised
            await self._change_signal.wait()
        return None

    def find_among_read_pages(
        self, query: DirectoryQuery, *, excluded_fields: Collection[str]
    ) -> Finding | None:
        """Return what a query finds in the pages read so far, if later pages can't change it.

        So a number does not match the end of a direct number (other numbers may have the same
        end), a name must be spelled exactly, and lists have to wait. A provisional snapshot
        answers these with its failure. Only a number must be exact there, because a live lookup
        may know it, and nothing that the snapshot lacks is called missing before that.
        """
        if provisional := self._snapshots.provisional:
            if isinstance(query, Number) and not provisional.by_number(query.digits):
                return None
            finding = _find_in_provisional(provisional, query, excluded_fields)
            return None if isinstance(finding, Missing) else finding
        building = self._snapshots.building
        if building is None or self._snapshots.current:
            return None
        match query:
            case Number(digits=digits):
                return building.by_number(digits)
            case Phone() | Email():
                matches = building.by_key(query)
                return to_finding(matches) if matches else None
            case Name():
                match = snapshot_queries.exact_match(
                    building, query, excluded_fields=excluded_fields
                )
                return replace(match, sync_progress=self._sync.progress) if match else None
            case _:
                return None

    async def _find_live(
        self, query: DirectoryQuery, deadline: float, excluded_fields: Collection[str]
    ) -> Finding | None:
        """Return what Vonage has for a lookup key.

        `None` does not prove that there is nothing: a filter may be ignored, and some accounts
        find no extension by its number. Only the whole list is proof.
        """
        if not isinstance(query, Number | Phone | Email | Name):
            return None
        if isinstance(query, Name) and (not query.login or "login" in excluded_fields):
            return None
        if self._hidden.covers(query):
            return None
        entry = await self._live_lookup.find(query, deadline=deadline)
        extensions = self._hidden.visible(entry.value)
        for extension in extensions:
            self._snapshots.put(extension)
        failure = entry.failure if isinstance(entry.failure, SourceError) else None
        return (
            to_finding([Match(row, entry.at, failure) for row in extensions])
            if extensions
            else None
        )

    def _sync_can_answer(self, failure: SourceError) -> bool:
        """Whether the sync may bring what a live lookup could not.

        It may if pages are coming in, or if the lookup failed only because the quota was used
        up: the sync has its own share of the quota.
        """
        progress = self._sync.progress
        is_reading = progress is not None and progress.page > 0 and not self._sync.failure
        return is_reading or isinstance(failure, OverQuota)

    def _not_ready(self, failure: SourceError | None) -> NotReady:
        """Return the progress of the reading. Raises the failure if the reading has stopped."""
        progress, sync_failure = self._sync.progress, self._sync.failure
        is_reading = progress is not None and not sync_failure
        error = failure or sync_failure
        if error and not (is_reading and isinstance(error, OverQuota)):
            raise error
        return NotReady(progress)


def _find_in_provisional(
    provisional: Snapshot, query: DirectoryQuery, excluded_fields: Collection[str]
) -> Finding:
    """Return what a query finds in a provisional snapshot, with the failure.

    Raises the failure for a query whose answer would be taken for the whole directory.
    """
    failure, finding = InconsistentList(), None
    match query:
        case Number() | Phone() | Email():
            finding = to_finding(provisional.by_key(query))
        case Name():
            finding = snapshot_queries.by_name(provisional, query, excluded_fields=excluded_fields)
        case List():
            finding = snapshot_queries.listing(provisional, query, provisional.locations)
        case Locations():
            rows = tuple(map(LocationCount, provisional.locations.values()))  # nobody can count
            finding = LocationList(rows, provisional.read_at)
        case Export() | Changes() | Audit():
            raise failure
    return snapshot_queries.with_failure(finding, failure, provisional.read_at)
