"""The account's list of extensions, read page by page and remembered for a while.

A small account is read whole when a question needs it; a large one is not, because ten
calls a minute are all there is, and people wait for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.cache import Cache, Held, Life
from bot.errors import VonageError
from bot.models import Extension, Page
from bot.query.model import Filters
from bot.vonage.client import VonageClient

WHOLE = 5  # pages; an account of more is not read whole for one question
RESERVE = 3  # calls that are left to people who ask for one extension


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a list: all of it, or its first page only.

    `total` is the API's count. `read_at` is the age of the oldest page, in epoch seconds.
    """

    extensions: tuple[Extension, ...]
    complete: bool
    total: int | None
    read_at: float
    page_size: int
    failure: VonageError | None = None


class Pages:
    """The pages of one account's list, whole or narrowed by the filters that the API has."""

    def __init__(
        self, client: VonageClient, life: Life, *, page_size: int, clock: Callable[[], float]
    ) -> None:
        self._client = client
        self.page_size = page_size
        # A page is some 100 extensions: a few hundred pages are all that memory is for.
        self._cache: Cache[tuple[int, Filters], Page[Extension]] = Cache(
            life, size=300, missing=lambda page: not page.items, clock=clock
        )

    async def read(self, filters: Filters, *, deadline: float) -> Reading:
        """Read a whole list where it is small, else its first page.

        Raises the error of the first page; a later page that fails leaves the reading
        incomplete.
        """
        held = await self._page(1, filters, deadline)
        first = held.value
        size = first.page_size or self.page_size
        reading = Reading(
            first.items,
            complete=_is_all(first),
            total=first.total_items,
            read_at=held.at,
            page_size=size,
            failure=held.failure if isinstance(held.failure, VonageError) else None,
        )
        pages = first.total_pages or 1
        if reading.complete or pages > WHOLE or pages - 1 > self._spare():
            return reading
        return await self._rest(reading, pages, filters, deadline)

    async def slice(
        self, filters: Filters, start: int, stop: int, page_size: int, *, deadline: float
    ) -> tuple[Extension, ...]:
        """Return the rows from `start` to `stop` in the API's own order."""
        first, last = start // page_size, (stop - 1) // page_size
        held = [await self._page(n + 1, filters, deadline) for n in range(first, last + 1)]
        rows = [row for each in held for row in each.value.items]
        return tuple(rows[start - first * page_size : stop - first * page_size])

    async def close(self) -> None:
        """End what is under way."""
        await self._cache.close()

    async def _rest(
        self, reading: Reading, pages: int, filters: Filters, deadline: float
    ) -> Reading:
        asked = (self._page(n, filters, deadline) for n in range(2, pages + 1))
        held = await asyncio.gather(*asked, return_exceptions=True)
        got = [each for each in held if not isinstance(each, BaseException)]
        for each in held:
            if isinstance(each, BaseException) and not isinstance(each, VonageError):
                raise each
        rows = [*reading.extensions, *(row for each in got for row in each.value.items)]
        return replace(
            reading,
            # Rows move while pages are read, and some servers repeat their last page.
            extensions=tuple({row.number: row for row in rows}.values()),
            complete=len(got) == len(held),
            read_at=min([reading.read_at, *(each.at for each in got)]),
        )

    async def _page(self, number: int, filters: Filters, deadline: float) -> Held[Page[Extension]]:
        async def load() -> Page[Extension]:
            return await self._client.extensions(
                deadline=deadline,
                page=number,
                page_size=self.page_size,
                location_id=filters.location,
                phone_number=filters.phone,
                login_name=filters.login,
                email=filters.email,
            )

        return await self._cache.get((number, _asked_of_api(filters)), load)

    def _spare(self) -> int:
        return self._client.quota.left - RESERVE


def _is_all(page: Page[Extension]) -> bool:
    """Whether a first page is the whole list, by what it says or by being short."""
    if page.total_pages is not None:
        return page.total_pages <= 1
    if page.total_items is not None:
        return len(page.items) + page.skipped >= page.total_items
    return page.page_size is not None and len(page.items) + page.skipped < page.page_size


def _asked_of_api(filters: Filters) -> Filters:
    """Return the part of the filters that the API has; the rest is looked at here."""
    return Filters(
        location=filters.location, phone=filters.phone, login=filters.login, email=filters.email
    )
