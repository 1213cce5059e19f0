"""The directory of one VBC account: what a query finds.

Until it holds a snapshot of the account it asks the API through the cached client: `points`
for one extension, `pages` for lists.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace

from bot.cache import Held, Life
from bot.directory import matching
from bot.directory.offices import ById, Offices
from bot.directory.pages import MOST, Pages, Reading, asked_of_api
from bot.directory.points import Hits, Points
from bot.errors import UnexpectedReply, VonageError
from bot.metrics import Metrics
from bot.models import (
    Extension,
    Finding,
    Listing,
    Location,
    LocationCount,
    LocationList,
    Match,
    Missing,
    NotReady,
    Status,
)
from bot.query.model import Email, Filters, List, Locations, Name, Number, Phone
from bot.vonage.client import VonageClient

log = logging.getLogger(__name__)

ROWS = 8  # of a list: as many as read well in one message
Markable = Number | Phone | Email | Name
Askable = Markable | List | Locations


class Directory:
    """One VBC account. Numbers in `hidden` do not exist here."""

    def __init__(
        self,
        client: VonageClient,
        *,
        life: Life,
        page_size: int,
        hidden: frozenset[str] = frozenset(),
        metrics: Metrics | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._hidden = hidden
        cached = (metrics or Metrics()).cached
        self._pages = Pages(client, life, page_size=page_size, count=cached("pages"), clock=clock)
        self._points = Points(client, self._pages, life, count=cached("extensions"), clock=clock)
        self._offices = Offices(client, count=cached("locations"), clock=clock)

    async def find(self, query: Askable, *, deadline: float, anew: bool = False) -> Finding:
        """Return what a query finds. With `anew` Vonage is asked whatever is remembered.

        Raises a `VonageError` where there is neither an answer nor an earlier one.
        """
        match query:
            case Number(digits=digits) if digits in self._hidden:
                return Missing()
            case Number():
                return self._finding(await self._points.number(query, deadline=deadline, anew=anew))
            case Phone():
                return self._finding(await self._points.phone(query, deadline=deadline, anew=anew))
            case Email():
                return self._finding(await self._points.email(query, deadline=deadline, anew=anew))
            case Name():
                return await self._name(query, deadline)
            case List():
                return await self._list(query, deadline)
            case Locations():
                return await self._locations(deadline)

    def known(self, query: Number | Phone | Email) -> Finding | None:
        """Return what a query finds, where that is remembered and fresh."""
        if isinstance(query, Number) and query.digits in self._hidden:
            return Missing()
        held = self._points.known(query)
        return self._finding(held) if held else None

    def known_locations(self, *, patience: float) -> ById | None:
        """Return the locations by id where nothing is gained by waiting for them, else `None`.

        There are none where they cannot be had now, or have been waited for longer than
        `patience` (in seconds) already.
        """
        return self._offices.known(patience=patience)

    async def locations(self, *, deadline: float, patience: float) -> ById:
        """Return the locations by id; none where `patience` seconds do not bring them."""
        return await self._offices.within(patience, deadline=deadline)

    def status(self) -> Status:
        """Return the quota, how much is remembered, and the last answer and failure."""
        client = self._client
        return Status(
            quota=client.quota,
            remembered=len(self._points),
            last_answer_at=client.last_answer_at,
            last_failure=client.last_failure,
            last_failure_at=client.last_failure_at,
        )

    async def close(self) -> None:
        """End what is under way."""
        await asyncio.gather(self._points.close(), self._offices.close(), self._pages.close())

    async def _name(self, query: Name, deadline: float) -> Finding:
        """Find a login name; the search by names needs a snapshot."""
        if not query.login:
            return NotReady()
        found = self._finding(await self._points.login(query, deadline=deadline))
        return NotReady(login=found) if isinstance(found, Missing) else found

    def _finding(self, held: Held[Hits]) -> Finding:
        rows = matching.by_number(self._visible(held.value.extensions))
        failure = _vonage_failure(held.failure)
        matches = [Match(row, held.at, failure) for row in rows]
        if not matches:
            return Missing(held.value.checked, held.value.total)
        if len(matches) == 1:
            return matches[0]
        return Listing(tuple(matches[:ROWS]), pages=_pages(len(matches)), total=len(matches))

    def _visible(self, extensions: Iterable[Extension]) -> list[Extension]:
        return [each for each in extensions if each.number not in self._hidden]

    # Lists.

    async def _list(self, query: List, deadline: float) -> Finding:
        wanted = query.filters.location
        if not wanted:
            return await self._narrowed(query.filters, query.page, deadline)
        try:
            offices = await self._offices.asked(deadline=deadline)
        except VonageError:
            if not wanted.isdecimal():
                raise
            return await self._narrowed(query.filters, query.page, deadline)  # an id needs no name
        return await self._located(offices, query, deadline)

    async def _located(self, offices: Held[ById], query: List, deadline: float) -> Finding:
        """Return the list of a location, or the locations that can be meant."""
        wanted = query.filters.location
        named = matching.locations(offices.value.values(), wanted)
        if len(named) > 1:
            return await self._counted(named, offices, deadline, asked=wanted)
        if not named and not wanted.isdecimal():
            return Missing(location=wanted)
        filters = replace(query.filters, location=named[0].id if named else wanted)
        found = await self._narrowed(filters, query.page, deadline)
        empty = isinstance(found, Listing) and not found.matches and not found.total
        return Missing(location=wanted) if empty and not named else found

    async def _narrowed(self, filters: Filters, page: int, deadline: float) -> Finding:
        """Return a page of a list; `filters.location` is an id here."""
        reading = await self._pages.read(filters, deadline=deadline)
        if not reading.complete and _is_ours_to_narrow(filters, reading):
            reading = await self._pages.read(filters, deadline=deadline, most=MOST)
            if not reading.complete:
                return NotReady(too_large=True)
        if reading.complete:
            return self._sliced(reading, filters, page)
        return await self._paged(reading, filters, page, deadline)

    def _sliced(self, reading: Reading, filters: Filters, page: int) -> Finding:
        """Return a page of a list that is known whole."""
        fitting = (each for each in reading.extensions if matching.passes(each, filters))
        rows = matching.by_number(self._visible(fitting))
        pages = _pages(len(rows))
        page = min(page, pages)
        shown = rows[(page - 1) * ROWS : page * ROWS]
        return _listing(shown, reading, page=page, pages=pages, total=len(rows))

    async def _paged(
        self, reading: Reading, filters: Filters, page: int, deadline: float
    ) -> Finding:
        """Return a page of a large list, in the API's own order."""
        pages = _pages(reading.total) if reading.total else page
        page = min(page, pages)
        start = (page - 1) * ROWS
        rows = await self._pages.slice(
            filters, start, start + ROWS, reading.page_size, deadline=deadline
        )
        return _listing(self._visible(rows), reading, page=page, pages=pages, total=reading.total)

    # Locations.

    async def _locations(self, deadline: float) -> Finding:
        offices = await self._offices.asked(deadline=deadline)
        return await self._counted(offices.value.values(), offices, deadline)

    async def _counted(
        self,
        locations: Iterable[Location],
        offices: Held[ById],
        deadline: float,
        *,
        asked: str = "",
    ) -> LocationList:
        """Return locations with their counts, where the account is small enough to count."""
        counted = await self._extensions_by_location(deadline)
        counts = tuple(
            LocationCount(each, None if counted is None else counted[each.id]) for each in locations
        )
        return LocationList(counts, offices.at, _vonage_failure(offices.failure), asked)

    async def _extensions_by_location(self, deadline: float) -> Counter[str] | None:
        try:
            reading = await self._pages.read(Filters(), deadline=deadline)
        except VonageError:
            return None  # the locations are the answer; the counts are on top
        if not reading.complete:
            return None
        return Counter(each.location_id for each in self._visible(reading.extensions))


def _is_ours_to_narrow(filters: Filters, reading: Reading) -> bool:
    """Whether the API has not such a filter, or ignores it."""
    return filters != asked_of_api(filters) or any(
        not matching.passes(each, filters) for each in reading.extensions
    )


def _pages(rows: int) -> int:
    return max(-(-rows // ROWS), 1)


def _listing(
    rows: Iterable[Extension], reading: Reading, *, page: int, pages: int, total: int | None
) -> Listing:
    matches = tuple(Match(row, reading.read_at, reading.failure) for row in rows)
    return Listing(matches, page=page, pages=pages, total=total)


def _vonage_failure(failure: Exception | None) -> VonageError | None:
    """Return why no newer answer could be had; a fault of ours reaches the log here."""
    if failure is None or isinstance(failure, VonageError):
        return failure
    log.error("A load failed unexpectedly", exc_info=failure)
    return UnexpectedReply()
