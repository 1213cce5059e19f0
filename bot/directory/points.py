"""One extension or a few, by a mark: number, phone number, email address or login name.

Each mark is asked of the API as directly as it can be, and what comes back is checked. Where
that finds nothing, the list is looked through as far as it can be read: a 404 is no proof, and
neither is a filter's silence.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.cache import Cache, Held, Life
from bot.directory import matching
from bot.directory.pages import MOST, Pages
from bot.errors import NotFound, VonageError
from bot.models import Extension
from bot.query.model import Email, Filters, Name, Number, Phone
from bot.vonage.client import VonageClient

Fit = Callable[[Extension], bool]
Ask = tuple[Callable[[], Awaitable[Iterable[Extension]]], Fit]

WRITINGS = 2  # of a phone number that are asked for: with and without the country code


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found, and, where not all could be looked through, how much was."""

    extensions: tuple[Extension, ...] = ()
    checked: int | None = None
    total: int | None = None


class Points:
    """The API's answers to questions for one mark, remembered."""

    def __init__(
        self,
        client: VonageClient,
        pages: Pages,
        life: Life,
        *,
        count: Callable[[str], None],
        clock: Callable[[], float],
    ) -> None:
        self._client = client
        self._pages = pages
        self._cache: Cache[object, Hits] = Cache(
            life, missing=lambda hits: not hits.extensions, count=count, clock=clock
        )

    def known(self, query: Number | Phone | Email) -> Held[Hits] | None:
        """Return what is remembered of a mark, where that is fresh."""
        return self._cache.fresh(_key(query))

    def __len__(self) -> int:
        return len(self._cache)

    async def close(self) -> None:
        """End what is under way."""
        await self._cache.close()

    async def number(self, query: Number, *, deadline: float, anew: bool) -> Held[Hits]:
        """Find an extension by its number, failing that by how its direct numbers end."""
        asks = [(self._one(query.digits, deadline), _numbered(query.digits))]
        fits = [_numbered(query.digits), lambda each: matching.ends_with(each, query.digits)]
        return await self._hits(_key(query), asks, fits, deadline, anew=anew)

    async def phone(self, query: Phone, *, deadline: float, anew: bool) -> Held[Hits]:
        """Find by a direct number, failing that an extension of so many digits."""

        def rings(each: Extension) -> bool:
            return matching.has_phone(each, query)

        asks: list[Ask] = [
            (self._filtered(deadline, phone_number=number), rings)
            for number in query.candidates[:WRITINGS]
        ]
        if not query.words.startswith("+"):
            asks.append((self._one(query.digits, deadline), _numbered(query.digits)))
        fits = [rings, _numbered(query.digits)]
        return await self._hits(_key(query), asks, fits, deadline, anew=anew)

    async def email(self, query: Email, *, deadline: float, anew: bool) -> Held[Hits]:
        """Find by the user's email address."""

        def fits(each: Extension) -> bool:
            return matching.has_email(each, query.address)

        asks = [(self._filtered(deadline, email=query.address), fits)]
        return await self._hits(_key(query), asks, [fits], deadline, anew=anew)

    async def login(self, query: Name, *, deadline: float) -> Held[Hits]:
        """Find by the user's login name."""

        def fits(each: Extension) -> bool:
            return matching.has_login(each, query.login)

        key = ("login", query.login.casefold())
        asks = [(self._filtered(deadline, login_name=query.login), fits)]
        return await self._hits(key, asks, [fits], deadline, anew=False)

    async def _hits(
        self, key: object, asks: Sequence[Ask], fits: Sequence[Fit], deadline: float, *, anew: bool
    ) -> Held[Hits]:
        async def load() -> Hits:
            return await _first(asks) or await self._look_through(fits, deadline)

        return await self._cache.get(key, load, anew=anew)

    async def _look_through(self, fits: Sequence[Fit], deadline: float) -> Hits:
        """Look through the list, as far as it can be read now."""
        try:
            reading = await self._pages.read(Filters(), deadline=deadline, most=MOST)
        except VonageError:
            return Hits(checked=0)  # the direct question was answered; this was on top
        for fit in fits:
            if found := tuple(filter(fit, reading.extensions)):
                return Hits(found)
        if reading.complete:
            return Hits()
        return Hits(checked=len(reading.extensions), total=reading.total)

    def _one(self, number: str, deadline: float) -> Callable[[], Awaitable[Iterable[Extension]]]:
        async def ask() -> tuple[Extension]:
            return (await self._client.extension(number, deadline=deadline),)

        return ask

    def _filtered(
        self, deadline: float, *, phone_number: str = "", login_name: str = "", email: str = ""
    ) -> Callable[[], Awaitable[Iterable[Extension]]]:
        async def ask() -> tuple[Extension, ...]:
            page = await self._client.extensions(
                deadline=deadline,
                page=1,
                page_size=self._pages.page_size,
                phone_number=phone_number,
                login_name=login_name,
                email=email,
            )
            return page.items

        return ask


async def _first(asks: Sequence[Ask]) -> Hits | None:
    """Ask one after the other until something fits."""
    for ask, fits in asks:
        try:
            found = tuple(filter(fits, await ask()))
        except NotFound:
            continue
        if found:
            return Hits(found)
    return None


def _key(query: Number | Phone | Email) -> tuple[object, ...]:
    match query:
        case Number(digits=digits):
            return ("number", digits)
        case Phone(digits=digits, candidates=candidates):
            return ("phone", digits, candidates)
        case Email(address=address):
            return ("email", address)


def _numbered(digits: str) -> Fit:
    return lambda each: each.number == digits
