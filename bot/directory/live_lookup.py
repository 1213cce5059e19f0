"""Looks up one extension or a few in Vonage: by number, phone number, email or login name.

Each key costs one call, to the endpoint or with the filter that fits the key, and the rows that
come back are checked against it. The result is cached, even if it is empty.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from bot import limits
from bot.cache import Cache, Entry, TtlPolicy
from bot.clocks import Clock
from bot.directory import compare
from bot.directory.compare import LookupKey
from bot.directory.source import DirectorySource
from bot.errors import NotFound
from bot.models import Extension
from bot.query.model import Email, Name, Number, Phone

Extensions = tuple[Extension, ...]


class LiveLookup:
    """The API's answers for one key each, cached. A `Name` is looked up by its login.

    `answers_numbers` is set once Vonage has found an extension by its number: a 404 then means
    that the number does not exist. `denies_numbers` is set while Vonage has answered 404 but has
    never found a number. Some accounts expect another id in place of the number, so that their
    404 proves nothing. `clock` measures durations; `wall_clock` gives epoch seconds.
    """

    def __init__(
        self,
        source: DirectorySource,
        ttl: TtlPolicy,
        *,
        count: Callable[[str], None] = lambda result: None,
        clock: Clock = time.monotonic,
        wall_clock: Clock = time.time,
    ) -> None:
        self._source = source
        self._cache: Cache[object, Extensions] = Cache(
            ttl, missing=lambda found: not found, count=count, clock=clock, wall_clock=wall_clock
        )
        self.answers_numbers = False
        self.denies_numbers = False

    def cached(self, key: LookupKey | Name) -> Entry[Extensions] | None:
        """Return the cached result for a key if it is fresh."""
        return self._cache.fresh(_cache_key(key))

    async def find(
        self, key: LookupKey | Name, *, deadline: float, force: bool = False
    ) -> Entry[Extensions]:
        """Return the extensions of a key; with `force`, from Vonage even if they are cached.

        Raises a `SourceError` if Vonage fails and there is no earlier result.
        """

        async def load() -> Extensions:
            return await self._load(key, deadline)

        return await self._cache.get(_cache_key(key), load, force=force)

    async def close(self) -> None:
        """Cancel the loads in flight."""
        await self._cache.close()

    async def _load(self, key: LookupKey | Name, deadline: float) -> Extensions:
        match key:
            case Number(digits=digits):
                return await self._load_number(digits, deadline)
            case Phone(candidates=(first, *_)):
                found = await self._load_filtered(deadline, phone_number=first)
                return tuple(row for row in found if compare.has_phone(row, key))
            case Email(address=address):
                found = await self._load_filtered(deadline, email=address)
                return tuple(row for row in found if compare.has_email(row, address))
            case Name(login=login):
                found = await self._load_filtered(deadline, login_name=login)
                return tuple(row for row in found if compare.has_login(row, login))
        return ()

    async def _load_number(self, number: str, deadline: float) -> Extensions:
        try:
            found = await self._source.extension(number, deadline=deadline)
        except NotFound:
            self.denies_numbers = not self.answers_numbers
            return ()
        # An account that expects another id can return a different extension for a number.
        if found.number != number:
            return ()
        self.answers_numbers, self.denies_numbers = True, False
        return (found,)

    async def _load_filtered(
        self, deadline: float, *, phone_number: str = "", login_name: str = "", email: str = ""
    ) -> Extensions:
        page = await self._source.extensions(
            deadline=deadline,
            page=1,
            page_size=limits.LIVE_LOOKUP_MAX_ROWS,
            phone_number=phone_number,
            login_name=login_name,
            email=email,
        )
        return page.items


def _cache_key(key: LookupKey | Name) -> tuple[object, ...]:
    """Return a key without the typed words, so that keys of the same API call are equal."""
    match key:
        case Number(digits=digits):
            return ("number", digits)
        case Phone(candidates=candidates):
            return ("phone", *candidates)
        case Email(address=address):
            return ("email", address)
        case Name(login=login):
            return ("login", login.casefold())
