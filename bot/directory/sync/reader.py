"""The whole list of an account, whatever its paging does: read to its end, and known to be it.

Pages may repeat, move while they are read, shrink or go in circles, rows may come twice, and
what the API says of their number may be wrong. So one pass over the pages is believed only
where everything in it agrees; otherwise the list is gone through again, until two passes or
the count say the same. A list that never agrees with itself is not the directory: `Incomplete`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.errors import UnexpectedReply
from bot.models import Extension, Page

AT_ONCE = 5  # calls
PASSES = 4
MORE_PASSES = 16  # while each brings what none before did
BARREN = 3  # pages in a row without anything new: it goes in circles
MOST = 1_000_000  # rows; no company has so many, so the list has no end

FetchPage = Callable[[int], Awaitable[Page[Extension]]]
TakePage = Callable[[Page[Extension]], Awaitable[None]]


class Incomplete(UnexpectedReply):
    """The pages of the list do not add up to one."""


@dataclass(slots=True)
class ListPass:
    """What one pass over the pages brought, page after page."""

    asked: int = 0  # rows of a page, where the API does not say how many there can be
    numbers: set[str] = field(default_factory=set)
    page: int = 0  # the latest that came
    pages: int | None = None  # as the API says
    total: int | None = None
    skipped: int = 0  # rows that cannot be read
    agrees: bool = True  # no row came twice, and the total stayed the same
    ended: bool = False
    has_hole: bool = False  # rows came after a page without any
    is_stuck: bool = False  # the second page is the first one, and that was full
    _seen: int = 0  # pages with rows that were not those of the page before
    _given: int = 0  # rows of these, each as often as it came
    _before: tuple[str, ...] = ()
    _order: list[int] = field(default_factory=list)  # of all rows that came, page by page
    _full: int = 0  # rows of the largest page
    _barren: int = 0

    def take(self, page: Page[Extension]) -> None:
        """Count the next page."""
        self.page += 1
        numbers = tuple(row.number for row in page.items)
        rows = len(numbers) + page.skipped
        new = set(numbers) - self.numbers
        self.agrees &= len(new) == len(numbers)
        self.numbers |= new
        self.skipped += page.skipped
        if rows or self.page == 1:
            self._tell(page)  # a page that is not there says nothing of the others
        self._compare(numbers, rows, page.page_size or self.asked)
        self._barren = 0 if new else self._barren + 1
        self.ended = self._is_last(page, rows)
        self._full = max(self._full, rows)

    @property
    def found(self) -> int:
        """How many rows came."""
        return len(self.numbers) + self.skipped

    @property
    def is_sound(self) -> bool:
        """Whether everything in this pass agrees, as far as the API says anything."""
        counted = self.total is None or self.found == self.total
        return self.ended and self.agrees and counted and not self.has_hole

    @property
    def can_be_all(self) -> bool:
        """Whether this is a whole list, though the API's counts say something else."""
        lacks_rows = self.total is not None and self._given < self.total
        lacks_pages = self.pages is not None and self._seen < self.pages
        if self.has_hole or (lacks_rows and lacks_pages):
            return False
        is_more = lacks_rows or (self.total is None and self.pages != 1)
        return self.ended and not (self.is_stuck and is_more)

    def is_like(self, other: ListPass) -> bool:
        """Whether two passes brought the same.

        Where rows are missing and others came twice, the list can have moved; it did not where
        all came in the same order.
        """
        may_have_moved = self.total is not None and self.found < self.total
        return self.numbers == other.numbers and (not may_have_moved or self._order == other._order)

    @property
    def goes_on(self) -> bool:
        """Whether another page is to be asked for."""
        return not self.ended and self._barren < BARREN and len(self.numbers) < MOST

    @property
    def sure_pages(self) -> int:
        """How many pages there surely are, so that they can be asked for together."""
        return self.pages or 0

    def _tell(self, page: Page[Extension]) -> None:
        self.agrees &= self.page == 1 or page.total_items == self.total
        self.pages, self.total = page.total_pages, page.total_items

    def _compare(self, numbers: tuple[str, ...], rows: int, size: int) -> None:
        """Note what a page is beside the one before it."""
        is_same = numbers == self._before
        self.has_hole |= rows > 0 and self.page > 1 and not self._before and not self.skipped
        self.is_stuck |= self.page == 2 and is_same and rows >= size > 0
        if rows and not is_same:
            self._seen += 1
            self._given += rows
            self._order.append(hash(numbers))
        self._before = numbers

    def _is_last(self, page: Page[Extension], rows: int) -> bool:
        """Whether the list ends with this page, by all that is told and seen of it."""
        is_new = not self._barren
        if self.total is not None and self.found > self.total:
            return not is_new  # there are more than are told of, so nothing told is true
        is_told, has_all = self.total is not None, self.found == self.total
        if has_all and not is_new:
            return True
        if self.page < (self.pages or 0) or page.has_next:
            return not is_told and self._barren >= BARREN
        if self.pages is None:
            # Fewer rows than were asked for say nothing: the size may have been ignored.
            return has_all if is_told else not is_new
        if is_told:
            return has_all or not is_new
        return not is_new or rows < (page.page_size or self._full or rows + 1)


class Reader:
    """Reads a list by `fetch`, and hands each page to `take` in its order."""

    def __init__(self, fetch: FetchPage, take: TakePage, *, page_size: int = 0) -> None:
        self._fetch = fetch
        self._take = take
        self._size = page_size
        self.now: ListPass = ListPass()

    async def read(self) -> set[str]:
        """Return the numbers of all extensions. Raises `Incomplete`, or what `fetch` raises."""
        passes: list[ListPass] = []
        while len(passes) < (MORE_PASSES if _still_grows(passes) else PASSES):
            self.now = ListPass(self._size)
            await self._pass(self.now)
            passes.append(self.now)
            if found := _agreed(passes):
                return found.numbers
        raise Incomplete

    async def _pass(self, it: ListPass) -> None:
        under_way: deque[asyncio.Task[Page[Extension]]] = deque()
        try:
            while it.goes_on:
                self._ask_ahead(it, under_way)
                page = await under_way.popleft()
                it.take(page)
                if it.goes_on:
                    self._ask_ahead(it, under_way)  # so that as many are under way meanwhile
                await self._take(page)
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    def _ask_ahead(self, it: ListPass, under_way: deque[asyncio.Task[Page[Extension]]]) -> None:
        following = it.page + len(under_way) + 1
        while len(under_way) < AT_ONCE and following <= max(it.sure_pages, it.page + 1):
            under_way.append(asyncio.create_task(self._numbered(following)))
            following += 1

    async def _numbered(self, number: int) -> Page[Extension]:
        return await self._fetch(number)


def _agreed(passes: list[ListPass]) -> ListPass | None:
    """Return the pass that can be believed after these, if any."""
    *before, last = passes
    if last.is_sound:
        return last
    if not before:
        return None
    if last.can_be_all and before[-1].ended and last.is_like(before[-1]):
        return last  # it is as it is: what the API counts is something else
    if last.total is not None and len(_everything(passes)) + last.skipped == last.total:
        return ListPass(numbers=_everything(passes))  # nobody came or went; rows only moved about
    return None


def _still_grows(passes: list[ListPass]) -> bool:
    """Whether a list that moves while it is read may be had whole by reading on."""
    if len(passes) < PASSES:
        return True
    *before, last = passes
    found = len(_everything(passes))
    return last.total is not None and len(_everything(before)) < found < last.total


def _everything(passes: list[ListPass]) -> set[str]:
    """Return what all passes brought together; nothing where the total changed meanwhile."""
    if len({each.total for each in passes}) > 1:
        return set()
    return set().union(*(each.numbers for each in passes))
