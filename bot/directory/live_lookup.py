"""One extension or a few, asked of Vonage by a mark: number, phone number, email or login name.

Each mark is asked as directly as the API can be, in one call, and what comes back is checked.
What was found, and that nothing was, is remembered for a while.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.cache import Cache, Entry, TtlPolicy
from bot.directory import compare
from bot.directory.source import DirectorySource
from bot.errors import NotFound
from bot.models import Extension
from bot.query.model import Email, Name, Number, Phone

Mark = Number | Phone | Email | Name
Extensions = tuple[Extension, ...]

ROWS = 25  # that are asked for: one person has hardly more


class LiveLookup:
    """The API's answers to questions for one mark."""

    def __init__(
        self,
        source: DirectorySource,
        life: TtlPolicy,
        *,
        count: Callable[[str], None] = lambda result: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._source = source
        self._cache: Cache[object, Extensions] = Cache(
            life, missing=lambda found: not found, count=count, clock=clock
        )
        # Some accounts answer by another id than the number: a 404 of theirs proves nothing.
        self.is_by_number = False
        self.denies_numbers = False

    def known(self, mark: Mark) -> Entry[Extensions] | None:
        """Return what is remembered of a mark, where that is fresh."""
        return self._cache.fresh(_key(mark))

    async def find(self, mark: Mark, *, deadline: float, force: bool = False) -> Entry[Extensions]:
        """Return what a mark finds; with `anew`, whatever is remembered.

        Raises a `VonageError` where there is neither an answer nor an earlier one.
        """

        async def load() -> Extensions:
            return await self._load(mark, deadline)

        return await self._cache.get(_key(mark), load, force=force)

    async def close(self) -> None:
        """End what is under way."""
        await self._cache.close()

    async def _load(self, mark: Mark, deadline: float) -> Extensions:
        match mark:
            case Number(digits=digits):
                return await self._one(digits, deadline)
            case Phone(candidates=(first, *_)):
                found = await self._filtered(deadline, phone_number=first)
                return tuple(each for each in found if compare.has_phone(each, mark))
            case Email(address=address):
                found = await self._filtered(deadline, email=address)
                return tuple(each for each in found if compare.has_email(each, address))
            case Name(login=login):
                found = await self._filtered(deadline, login_name=login)
                return tuple(each for each in found if compare.has_login(each, login))
        return ()

    async def _one(self, number: str, deadline: float) -> Extensions:
        try:
            found = await self._source.extension(number, deadline=deadline)
        except NotFound:
            self.denies_numbers = not self.is_by_number
            return ()
        if found.number != number:
            return ()
        self.is_by_number, self.denies_numbers = True, False
        return (found,)

    async def _filtered(
        self, deadline: float, *, phone_number: str = "", login_name: str = "", email: str = ""
    ) -> Extensions:
        page = await self._source.extensions(
            deadline=deadline,
            page=1,
            page_size=ROWS,
            phone_number=phone_number,
            login_name=login_name,
            email=email,
        )
        return page.items


def _key(mark: Mark) -> tuple[object, ...]:
    match mark:
        case Number(digits=digits):
            return ("number", digits)
        case Phone(candidates=candidates):
            return ("phone", *candidates)
        case Email(address=address):
            return ("email", address)
        case Name(login=login):
            return ("login", login.casefold())
