"""The locations of the account, which people know as offices.

On a card their names are on top: it does without them where they cannot be had now, so what
fails is not asked again for every card, and what hangs is not waited for by everybody.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from bot.cache import HOUR, Cache, Entry, TtlPolicy
from bot.cooldown import Cooldown
from bot.directory.source import DirectorySource
from bot.errors import Forbidden, NotFound, SourceError, Unavailable, UnexpectedReply
from bot.models import Location

LIMIT = 10.0  # seconds that a load may take, whoever began it
AGAIN = 5.0  # seconds after a failure until somebody who asks for the locations asks Vonage
PAUSE = 60.0  # until a card does
LONG_PAUSE = 600.0  # the same, where the failure is one that stays
LASTING = (NotFound, Forbidden, UnexpectedReply)

ById = Mapping[str, Location]


class LocationCache:
    """The locations of one account, remembered; so is that they cannot be had."""

    def __init__(
        self,
        source: DirectorySource,
        *,
        count: Callable[[str], None] = lambda result: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._source = source
        self._clock = clock
        self._cache: Cache[str, ById] = Cache(
            TtlPolicy(found=HOUR, missing=LONG_PAUSE, stale=24 * HOUR),
            missing=lambda found: not found,
            count=count,
            clock=clock,
        )
        self._again, self._pause = Cooldown(clock), Cooldown(clock)
        self._begun: float | None = None  # when the load under way was

    def known(self, *, patience: float) -> ById | None:
        """Return the locations by id where waiting can bring no more, else `None`.

        There are none where they could not be had lately, or have been waited for longer
        than `patience` (in seconds) already.
        """
        if held := self._cache.peek("all"):
            return held.value
        return {} if self._pause.on or self._waited() >= patience else None

    async def within(self, patience: float, *, deadline: float) -> ById:
        """Return the locations by id; none where `patience` seconds do not bring them."""
        known = self.known(patience=patience)
        if known is not None:
            return known
        try:
            end = asyncio.get_running_loop().time() + patience - self._waited()
            async with asyncio.timeout_at(min(end, deadline)):
                return (await self._held()).value
        except (TimeoutError, SourceError):
            return {}

    async def asked(self, *, deadline: float) -> Entry[ById]:
        """Return the locations to somebody who asks for them, or raise a `VonageError`."""
        try:
            async with asyncio.timeout_at(deadline):
                return await self._held()
        except TimeoutError:
            raise Unavailable from None

    async def latest(self) -> ById:
        """Return the locations as they are, as they were, or none, without raising.

        Where the source's calls are not limited, locations that are fresh are read again too:
        whoever edits a file expects all of it in the next reading.
        """
        end = asyncio.get_running_loop().time() + LIMIT
        with suppress(SourceError, TimeoutError):
            async with asyncio.timeout_at(end):
                return (await self._held(force=self._source.quota is None)).value
        return {}

    def remember(self, found: ById, at: float) -> None:
        """Take over what was known before a restart, as of `at` (epoch seconds)."""
        if found:
            self._cache.put("all", found, at)

    async def close(self) -> None:
        """End what is under way."""
        await self._cache.close()

    async def _held(self, *, force: bool = False) -> Entry[ById]:
        return await self._cache.get("all", self._load, force=force)

    async def _load(self) -> ById:
        self._again.check()
        self._begun = self._clock()
        try:
            deadline = asyncio.get_running_loop().time() + LIMIT
            found = await self._source.locations(deadline=deadline)
        except SourceError as failure:
            self._again.begin(failure, AGAIN)
            self._pause.begin(failure, LONG_PAUSE if isinstance(failure, LASTING) else PAUSE)
            raise
        finally:
            self._begun = None
        return {each.id: each for each in found}

    def _waited(self) -> float:
        """Return for how long the load under way has been."""
        return 0.0 if self._begun is None else self._clock() - self._begun
