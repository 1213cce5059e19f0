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
from contextlib import suppress
from dataclasses import replace

from bot import limits
from bot.directory import snapshot_queries
from bot.directory.live_lookup import LiveLookup
from bot.directory.store.snapshot import Snapshot
from bot.directory.store.snapshot_store import SnapshotStore
from bot.directory.sync.service import REFUSALS, Sync
from bot.errors import (
    CertificateRefused,
    InconsistentList,
    OverQuota,
    ShuttingDown,
    SourceError,
    Unavailable,
)
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

# Failures that end by themselves, so that waiting helps; but see `_is_transient`.
TRANSIENT = (OverQuota, Unavailable)

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

    `change_signal` must be notified whenever a page has been stored.
    """

    def __init__(
        self,
        live_lookup: LiveLookup,
        snapshots: SnapshotStore,
        sync: Sync,
        change_signal: ChangeSignal,
    ) -> None:
        self._live_lookup = live_lookup
        self._snapshots = snapshots
        self._sync = sync
        self._change_signal = change_signal

    async def find(
        self, query: DirectoryQuery, *, deadline: float, excluded_fields: Collection[str]
    ) -> Finding | None:
        """Return what a query finds so far; `None` if a snapshot became current meanwhile.

        The pages read so far come first, then Vonage by a live lookup, then a short wait for
        the next pages. If Vonage fails, the result is `NotReady` with the failure; raises a
        `SourceError` if waiting won't help.
        """
        failure: SourceError | None = None
        if finding := self.find_among_read_pages(query, excluded_fields=excluded_fields):
            return finding
        try:
            if finding := await self._find_live(query, deadline):
                return finding
        except SourceError as error:
            if self._snapshots.provisional:
                raise
            if not self._sync_can_answer(error):
                return self._not_ready(error)
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
        failure if they can't: nobody waits for a reading that may begin again in an hour. Raises
        a `SourceError` if Vonage fails in a way that waiting won't mend.
        """
        while not self._has_copy:
            if finding := self.find_among_read_pages(query, excluded_fields=excluded_fields):
                return finding
            if provisional := self._snapshots.provisional:
                return _find_in_provisional(provisional, query, excluded_fields)
            if self._sync.given_up and self._sync.progress is None:
                raise copy.copy(self._sync.given_up)  # a traceback grows each time it is raised
            await self._wait_for_change()
        return None

    async def wait_until_back(
        self, query: DirectoryQuery, *, excluded_fields: Collection[str]
    ) -> Finding | None:
        """Wait as `wait_until_found` does, but ask for a lookup key once Vonage answers again.

        Its page may come much later than Vonage's first answer after an outage.
        """
        if not self._is_reading:
            await self._wait_until_reading()
            if finding := await self._find_once_more(query):
                return finding
        return await self.wait_until_found(query, excluded_fields=excluded_fields)

    async def _wait_until_reading(self) -> None:
        while not (self._is_reading or self._has_copy):
            await self._wait_for_change()

    async def _find_once_more(self, query: DirectoryQuery) -> Finding | None:
        """Look a key up in Vonage after an outage; if that fails, the pages have to answer."""
        if self._has_copy:
            return None
        deadline = asyncio.get_running_loop().time() + limits.FIND_WHEN_READY_S
        with suppress(*TRANSIENT):
            return await self._find_live(query, deadline)
        return None

    async def _wait_for_change(self) -> None:
        """Wait for the next page or failure. Raises a failure of the sync that won't pass.

        A page that is refused or can't be read is requested again before the reading is given up.
        """
        failure = self._sync.failure
        if failure and not (_is_transient(failure) or isinstance(failure, REFUSALS)):
            raise failure
        await self._change_signal.wait()

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

    async def _find_live(self, query: DirectoryQuery, deadline: float) -> Finding | None:
        """Return what Vonage has for a lookup key.

        `None` does not prove that there is nothing: a filter may be ignored, and some accounts
        find no extension by its number. Only the whole list is proof.
        """
        if not isinstance(query, Number | Phone | Email | Name):
            return None
        if isinstance(query, Name) and not query.login:
            return None
        entry = await self._live_lookup.find(query, deadline=deadline)
        extensions = entry.value
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
        return self._is_reading or isinstance(failure, OverQuota)

    @property
    def _has_copy(self) -> bool:
        """Whether the whole account has been read."""
        return self._snapshots.current is not None

    @property
    def _is_reading(self) -> bool:
        """Whether pages of the account are coming in."""
        progress = self._sync.progress
        return progress is not None and progress.page > 0 and not self._sync.failure

    def _not_ready(self, failure: SourceError | None) -> NotReady:
        """Return the progress of the reading, and why it can't go on for now.

        Raises the failure of the lookup or of the sync if waiting won't help.
        """
        progress = self._sync.progress
        failures = [error for error in (failure, self._sync.obstacle) if error]
        for error in failures:
            if not _is_transient(error):
                raise error
        if self._is_reading and isinstance(failure, OverQuota):
            return NotReady(progress)  # the sync has its own share of the quota
        return NotReady(progress, failures[0] if failures else None)


def _is_transient(failure: SourceError) -> bool:
    """Whether waiting helps. A certificate that isn't trusted keeps Vonage from being called."""
    return isinstance(failure, TRANSIENT) and not isinstance(failure, CertificateRefused)


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
