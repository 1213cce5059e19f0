"""The locations (offices) of the account, cached.

A card shows the name of its location, but is useful without it. So a card never waits long for
the locations, and a failed load is not repeated for every card.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from bot import limits
from bot.cache import Cache, Entry, TtlPolicy
from bot.clocks import Clock
from bot.cooldown import Cooldown
from bot.directory.source import DirectorySource
from bot.errors import Forbidden, NotFound, SourceError, Unavailable, UnexpectedReply
from bot.models import Location

PERMANENT_FAILURES = (NotFound, Forbidden, UnexpectedReply)  # waiting does not fix these

LocationsById = Mapping[str, Location]


class LocationCache:
    """The locations of one account; `clock` measures durations, `wall_clock` gives epoch seconds.

    After a failure, two kinds of callers wait for different times: a caller that needs the
    locations themselves (`get`) starts a new load after a few seconds, a card (`get_now`,
    `get_within`) only after a minute or more.
    """

    def __init__(
        self,
        source: DirectorySource,
        *,
        count: Callable[[str], None] = lambda result: None,
        clock: Clock = time.monotonic,
        wall_clock: Clock = time.time,
    ) -> None:
        self._source = source
        self._clock = clock
        self._cache: Cache[str, LocationsById] = Cache(
            TtlPolicy(
                found=limits.LOCATIONS_FRESH_S,
                missing=limits.LOCATIONS_PERMANENT_RETRY_S,
                stale=limits.LOCATIONS_STALE_S,
            ),
            missing=lambda found: not found,
            count=count,
            clock=clock,
            wall_clock=wall_clock,
        )
        self._retry_cooldown, self._card_cooldown = Cooldown(clock), Cooldown(clock)
        self._load_started_at: float | None = None  # set while a load is in flight
        # The latest locations; a plain attribute, because every card reads them.
        self.by_id: LocationsById | None = None

    def get_now(self, *, patience_s: float) -> LocationsById | None:
        """Return the locations, or `None` if it is worth waiting for them with `get_within`.

        The result is empty if a load failed lately, or if the load in flight has already taken
        longer than `patience_s`, so that only the first caller waits for an API that hangs.
        """
        if entry := self._cache.peek("all"):
            return entry.value
        return {} if self._card_cooldown.is_active or self._load_elapsed_s() >= patience_s else None

    async def get_within(self, patience_s: float, *, deadline: float) -> LocationsById:
        """Return the locations, or an empty mapping if they don't come in `patience_s` seconds."""
        available = self.get_now(patience_s=patience_s)
        if available is not None:
            return available
        try:
            end = asyncio.get_running_loop().time() + patience_s - self._load_elapsed_s()
            async with asyncio.timeout_at(min(end, deadline)):
                return (await self._entry()).value
        except (TimeoutError, SourceError):
            return {}

    async def get(self, *, deadline: float) -> Entry[LocationsById]:
        """Return the locations to a caller that needs them. Raises a `SourceError`."""
        try:
            async with asyncio.timeout_at(deadline):
                return await self._entry()
        except TimeoutError:
            raise Unavailable from None

    async def get_or_empty(self) -> LocationsById:
        """Return the locations, fresh or stale, or an empty mapping if they can't be loaded.

        A source without a quota (the CSV file) is read again even if the locations are fresh:
        after an edit, the next sync must bring the file's locations too.
        """
        deadline = asyncio.get_running_loop().time() + limits.LOCATIONS_TIMEOUT_S
        with suppress(SourceError, TimeoutError):
            async with asyncio.timeout_at(deadline):
                return (await self._entry(force=self._source.quota is None)).value
        return {}

    def restore(self, locations: LocationsById, read_at: float) -> None:
        """Fill the cache from a snapshot made before a restart; `read_at` is in epoch seconds."""
        if locations:
            self.by_id = locations
            self._cache.put("all", locations, read_at)

    async def close(self) -> None:
        """Cancel the load in flight."""
        await self._cache.close()

    async def _entry(self, *, force: bool = False) -> Entry[LocationsById]:
        return await self._cache.get("all", self._load, force=force)

    async def _load(self) -> LocationsById:
        self._retry_cooldown.check()
        self._load_started_at = self._clock()
        try:
            deadline = asyncio.get_running_loop().time() + limits.LOCATIONS_TIMEOUT_S
            locations = await self._source.locations(deadline=deadline)
        except SourceError as failure:
            is_permanent = isinstance(failure, PERMANENT_FAILURES)
            self._retry_cooldown.begin(failure, limits.LOCATIONS_RETRY_S)
            self._card_cooldown.begin(
                failure,
                limits.LOCATIONS_PERMANENT_RETRY_S
                if is_permanent
                else limits.LOCATIONS_CARD_RETRY_S,
            )
            raise
        finally:
            self._load_started_at = None
        self.by_id = {location.id: location for location in locations}
        return self.by_id

    def _load_elapsed_s(self) -> float:
        """Return how long the load in flight has taken so far; 0 if there is none."""
        return 0.0 if self._load_started_at is None else self._clock() - self._load_started_at
