"""Before the first copy of the account is whole: what has landed of it, and single calls.

Numbers, email addresses and login names are asked of Vonage by themselves; whoever asks for a
name waits for the page that holds it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from dataclasses import replace

from bot.directory import snapshot_queries
from bot.directory.hidden import Hidden
from bot.directory.live_lookup import LiveLookup
from bot.directory.store.snapshot_store import SnapshotStore
from bot.directory.sync.service import Sync
from bot.errors import OverQuota, ShuttingDown, SourceError
from bot.models import Finding, Match, NotReady
from bot.query.model import Audit, Changes, Email, Export, List, Locations, Name, Number, Phone

WAIT = 1.4  # seconds that a question waits for what may land, before it is told to

DirectoryQuery = Number | Phone | Email | Name | List | Locations | Export | Changes | Audit


class ChangeSignal:
    """Tells those who wait that there is more to be found than before."""

    def __init__(self) -> None:
        self._next = asyncio.Event()
        self._over = False

    def release(self) -> None:
        """Let nobody wait any longer: there will be no more."""
        self._over = True
        self.landed()

    def landed(self) -> None:
        """Wake all who wait."""
        landed, self._next = self._next, asyncio.Event()
        landed.set()

    async def wait(self) -> None:
        """Wait until more is there. Raises `Stopping` where no more will come."""
        if not self._over:
            await self._next.wait()
        if self._over:
            raise ShuttingDown


class WarmupLookup:
    """Answers while `shelf` has no whole copy of the account.

    `hidden` extensions are left out, and not asked for.
    """

    def __init__(
        self,
        points: LiveLookup,
        shelf: SnapshotStore,
        sync: Sync,
        landings: ChangeSignal,
        hidden: Hidden,
    ) -> None:
        self._points = points
        self._shelf = shelf
        self._sync = sync
        self._landings = landings
        self._hidden = hidden

    async def find(
        self, query: DirectoryQuery, *, deadline: float, without: Collection[str]
    ) -> Finding | None:
        """Return what a query finds already; `None` where the copy is whole in the meantime.

        Raises a `VonageError` where Vonage fails, and nothing can be waited for.
        """
        failure: SourceError | None = None
        if found := self.among_landed(query, without=without):
            return found
        try:
            if found := await self._asked(query, deadline):
                return found
        except SourceError as error:
            if not self._may_land(error):
                raise
            failure = error
        end = min(deadline, asyncio.get_running_loop().time() + WAIT)
        try:
            async with asyncio.timeout_at(end):
                return await self.landing(query, without=without)
        except TimeoutError:
            return self._told_to_wait(failure)

    async def landing(self, query: DirectoryQuery, *, without: Collection[str]) -> Finding | None:
        """Wait until a query finds something; `None` where the copy is whole before."""
        while self._shelf.current is None:
            if found := self.among_landed(query, without=without):
                return found
            await self._landings.wait()
        return None

    def among_landed(self, query: DirectoryQuery, *, without: Collection[str]) -> Finding | None:
        """Return what a query finds among what has been read, where that is the answer."""
        filling = self._shelf.filling
        if filling is None or self._shelf.current:
            return None
        match query:
            case Number(digits=digits):
                return filling.by_number(digits)  # by its ending others could follow
            case Phone() | Email():
                found = snapshot_queries.by_key(filling, query)
                return snapshot_queries.to_finding(found) if found else None
            case Name():
                match = snapshot_queries.exact_match(filling, query, excluded_fields=without)
                return replace(match, sync_progress=self._sync.reading) if match else None
            case _:
                return None

    async def _asked(self, query: DirectoryQuery, deadline: float) -> Finding | None:
        """Ask Vonage for a mark. That it finds nothing is no proof: the copy will tell."""
        if not isinstance(query, Number | Phone | Email) and not (
            isinstance(query, Name) and query.login
        ):
            return None
        if self._hidden.covers(query):
            return None
        held = await self._points.find(query, deadline=deadline)
        rows = self._hidden.visible(held.value)
        for each in rows:
            self._shelf.put(each)
        failure = held.failure if isinstance(held.failure, SourceError) else None
        return (
            snapshot_queries.to_finding([Match(each, held.at, failure) for each in rows])
            if rows
            else None
        )

    def _may_land(self, failure: SourceError) -> bool:
        """Whether the reading can bring what a single call could not."""
        reading = self._sync.reading
        goes_on = reading is not None and reading.page > 0 and not self._sync.failure
        return goes_on or isinstance(failure, OverQuota)

    def _told_to_wait(self, failure: SourceError | None) -> NotReady:
        """Return how far the reading is; raise where it does not go on."""
        reading, stopped = self._sync.reading, self._sync.failure
        goes_on = reading is not None and not stopped
        if (error := failure or stopped) and not (goes_on and isinstance(error, OverQuota)):
            raise error
        return NotReady(reading)
