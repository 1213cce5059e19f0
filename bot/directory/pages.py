"""The account's list of extensions, read page by page and remembered for a while.

A small account is read whole when a question needs it; a large one is not, because ten
calls a minute are all there is, and people wait for them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.cache import Cache, Held, Life
from bot.errors import VonageError
from bot.models import Extension, Page
from bot.query.model import Filters
from bot.vonage.client import VonageClient

WHOLE = 5  # pages; an account of more is not read whole for one question
RESERVE = 3  # calls that are left to people who ask for one extension

HeldPage = Held[Page[Extension]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a list: all of it, or a part.

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
        self,
        client: VonageClient,
        life: Life,
        *,
        page_size: int,
        count: Callable[[str], None],
        clock: Callable[[], float],
    ) -> None:
        self._client = client
        self.page_size = page_size
        # A page is some 100 extensions: a few hundred pages are all that memory is for.
        self._cache: Cache[tuple[int, Filters], Page[Extension]] = Cache(
            life, size=300, missing=lambda page: not page.items, count=count, clock=clock
        )

    async def read(self, filters: Filters, *, deadline: float) -> Reading:
        """Read a whole list where it is small, else its first page.

        Raises the error of the first page; a later page that fails leaves the reading
        incomplete.
        """
        first = await self._page(1, filters, deadline)
        if first.value.total_pages is None:
            return await self._onwards(first, filters, deadline)
        pages = max(first.value.total_pages, 1)
        if not 1 < pages <= WHOLE or pages - 1 > self._spare():
            return self._reading([first], complete=pages == 1)
        asked = (self._page(n, filters, deadline) for n in range(2, pages + 1))
        later = await asyncio.gather(*asked, return_exceptions=True)
        got = [each for each in later if not isinstance(each, BaseException)]
        for each in later:
            if isinstance(each, BaseException) and not isinstance(each, VonageError):
                raise each
        return self._reading([first, *got], complete=len(got) == len(later))

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

    async def _onwards(self, first: HeldPage, filters: Filters, deadline: float) -> Reading:
        """Read on where the API does not say how many pages there are, until nothing is new."""
        held = [first]
        while not _is_last(held[-1].value):
            if len(held) == WHOLE or self._spare() < 1:
                return self._reading(held, complete=False)
            try:
                following = await self._page(len(held) + 1, filters, deadline)
            except VonageError:
                return self._reading(held, complete=False)
            if not _numbers([following]) - _numbers(held):
                break
            held.append(following)
        return self._reading(held, complete=True)

    def _reading(self, held: Sequence[HeldPage], *, complete: bool) -> Reading:
        first = held[0]
        return Reading(
            # Rows move while pages are read, and some servers repeat their last page.
            tuple({row.number: row for each in held for row in each.value.items}.values()),
            complete=complete,
            total=first.value.total_items,
            read_at=min(each.at for each in held),
            page_size=first.value.page_size or self.page_size,
            failure=first.failure if isinstance(first.failure, VonageError) else None,
        )

    async def _page(self, number: int, filters: Filters, deadline: float) -> HeldPage:
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


def _is_last(page: Page[Extension]) -> bool:
    """Whether a page says, without a number of pages, that it is the last.

    Fewer rows than were asked for say nothing: the size may have been ignored.
    """
    rows = len(page.items) + page.skipped
    if page.has_next:
        return False
    if page.total_items is not None and page.page == 1:
        return rows >= page.total_items
    return not rows or (page.page_size is not None and rows < page.page_size)


def _numbers(held: Sequence[HeldPage]) -> set[str]:
    return {row.number for each in held for row in each.value.items}


def _asked_of_api(filters: Filters) -> Filters:
    """Return the part of the filters that the API has; the rest is looked at here."""
    return replace(filters, tag="", dnd=None, voicemail=None, unassigned=False)
