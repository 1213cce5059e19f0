"""Looks up one extension or a few in Vonage: by number, phone number, email or login name.

Each key costs one call, to the endpoint or with the filter that fits the key, and the rows that
come back are checked against it. The result is cached, even if it is empty.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

from bot import limits
from bot.cache import Cache, Entry, TtlPolicy
from bot.clocks import Clock
from bot.directory import compare
from bot.directory.compare import LookupKey
from bot.directory.contradictions import Contradictions
from bot.directory.hidden import visible
from bot.directory.source import DirectorySource
from bot.errors import NotFound, OtherExtension, UnexpectedReply
from bot.models import Extension, Match
from bot.query.model import Email, Name, Number, Phone

Extensions = tuple[Extension, ...]


class LiveLookup:
    """The API's answers for one key each, cached. A `Name` is looked up by its login.

    Extensions with a number in `hidden` count as missing before anything is cached: a missing key
    expires sooner, so the next lookup of a hidden one would otherwise cost another number of calls.
    `answers_numbers` is set once Vonage has found an extension by its number: a 404 then means
    that the number does not exist. `denies_numbers` is set while Vonage has answered 404 but has
    never found a number. Some accounts expect another id in place of the number, so that their
    404 proves nothing.

    `card_of` returns the last card of a number. An answer that contradicts it is a failure until
    a second one confirms it. Without `card_of`, every answer is believed. `clock` measures
    durations; `wall_clock` gives epoch seconds.
    """

    def __init__(
        self,
        source: DirectorySource,
        ttl: TtlPolicy,
        *,
        card_of: Callable[[str], Match | None] = lambda number: None,
        hidden: Collection[str] = (),
        count: Callable[[str], None] = lambda result: None,
        clock: Clock = time.monotonic,
        wall_clock: Clock = time.time,
    ) -> None:
        self._source = source
        self._contradictions = Contradictions(card_of)
        self._hidden = hidden
        self._cache: Cache[object, Extensions] = Cache(
            ttl, missing=lambda found: not found, count=count, clock=clock, wall_clock=wall_clock
        )
        self.answers_numbers = False
        self.denies_numbers = False

    def cached(self, key: LookupKey | Name) -> Entry[Extensions] | None:
        """Return the cached result for a key if it is fresh."""
        return self._cache.fresh(_cache_key(key))

    def last_known(self, number: str) -> Match | None:
        """Return the last extension that was found by this number, if it is still cached."""
        entry = self._cache.peek(_cache_key(Number(number)))
        return Match(entry.value[0], entry.at) if entry and entry.value else None

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
        if isinstance(key, Number):
            return await self._load_number(key.digits, deadline)
        found = await self._load_filtered(key, deadline)
        for row in found:
            self._contradictions.check(row.number, row)
        return found

    async def _load_number(self, number: str, deadline: float) -> Extensions:
        found = await self._extension(number, deadline)
        if found is None or not visible([found], self._hidden):
            self.denies_numbers = not self.answers_numbers
            if self.answers_numbers:
                self._contradictions.check(number, None)
            return ()
        self.answers_numbers, self.denies_numbers = True, False
        self._contradictions.check(number, found)
        return (found,)

    async def _extension(self, number: str, deadline: float) -> Extension | None:
        """Return the extension of a number, or `None` if Vonage has no such extension."""
        try:
            return await self._source.extension(number, deadline=deadline)
        except NotFound:
            return None
        except OtherExtension:
            self.denies_numbers = not self.answers_numbers
            raise
        except UnexpectedReply:
            # An answer that can't be read would tell a hidden extension from a missing one.
            if number in self._hidden:
                return None
            raise

    async def _load_filtered(self, key: Phone | Email | Name, deadline: float) -> Extensions:
        """Return the rows that have the key. Raises `UnexpectedReply` if it may be in another one.

        A row that can't be read may be the one that was asked for.
        """
        phone_number, email, login_name, has_key = _filters_of(key)
        page = await self._source.extensions(
            deadline=deadline,
            page=1,
            page_size=limits.LIVE_LOOKUP_MAX_ROWS,
            phone_number=phone_number,
            email=email,
            login_name=login_name,
        )
        found = tuple(filter(has_key, visible(page.items, self._hidden)))
        if page.skipped and not found:
            raise UnexpectedReply("The extensions in the response can't be read.")
        return found


def _filters_of(
    key: Phone | Email | Name,
) -> tuple[str, str, str, Callable[[Extension], bool]]:
    """Return phone number, email and login to filter by, and the check of a row against the key."""
    match key:
        case Phone():
            return key.candidates[0], "", "", lambda row: compare.has_phone(row, key)
        case Email():
            return "", key.address, "", lambda row: compare.has_email(row, key.address)
        case Name():
            return "", "", key.login, lambda row: compare.has_login(row, key.login)


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
