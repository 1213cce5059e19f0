"""The account's list of extensions, read page by page and remembered for a while.

A small account is read whole when a question needs it, a larger one as far as the allowance
lets it: ten calls a minute are often all there is, and people wait for them.
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

WHOLE = 5  # pages; an account of so many is read whole whatever is asked of it
MOST = 50  # pages that are read for one question; of a larger account only the first is
AT_ONCE = 5  # calls
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

    async def read(self, filters: Filters, *, deadline: float, most: int = WHOLE) -> Reading:
        """Read a list of at most so many pages as far as the allowance lets it, else its first.

        Raises the error of the first page; a later page that fails leaves the reading
        incomplete.
        """
        first = await self._page(1, filters, deadline)
        if first.value.total_pages is None:
            return await self._onwards(first, filters, deadline, most)
        pages = max(first.value.total_pages, 1)
        if pages > most:
            return self._reading([first], complete=False)
        got = await self._rest(range(2, pages + 1), filters, deadline)
        return self._reading([first, *got], complete=1 + len(got) == pages)

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
        self, numbers: Sequence[int], filters: Filters, deadline: float
    ) -> list[HeldPage]:
        """Return the pages that are remembered, and of the others as many as may be asked for."""
        remembered = {number: self._remembered(number, filters) for number in numbers}
        got = [held for held in remembered.values() if held]
        asked = [number for number, held in remembered.items() if not held][: self._spare()]
        for start in range(0, len(asked), AT_ONCE):
            calls = (self._page(n, filters, deadline) for n in asked[start : start + AT_ONCE])
            answers = await asyncio.gather(*calls, return_exceptions=True)
            failed = [each for each in answers if isinstance(each, BaseException)]
            got += [each for each in answers if not isinstance(each, BaseException)]
            for each in failed:
                if not isinstance(each, VonageError):
                    raise each
            if failed:
                break
        return got

    async def _onwards(
        self, first: HeldPage, filters: Filters, deadline: float, most: int
    ) -> Reading:
        """Read on where the API does not say how many pages there are, until nothing is new."""
        held, spare = [first], self._spare()
        while not _is_last(held[-1].value):
            following = self._remembered(len(held) + 1, filters)
            if following is None:
                spare -= 1
            if len(held) == most or spare < 0:
                return self._reading(held, complete=False)
            try:
                following = following or await self._page(len(held) + 1, filters, deadline)
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

        return await self._cache.get((number, asked_of_api(filters)), load)

    def _remembered(self, number: int, filters: Filters) -> HeldPage | None:
        return self._cache.fresh((number, asked_of_api(filters)))

    def _spare(self) -> int:
        """Return how many calls one question may cost now."""
        quota = self._client.quota
        return max(min(quota.left - RESERVE, quota.limit // 2), 0)


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


def asked_of_api(filters: Filters) -> Filters:
    """Return the part of the filters that the API has; the rest is looked at here."""
    return replace(filters, tag="", dnd=None, voicemail=None, unassigned=False)
