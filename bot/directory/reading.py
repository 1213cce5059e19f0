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
class Pass:
    """What one pass over the pages brought, page after page."""

    numbers: set[str] = field(default_factory=set)
    page: int = 0  # the latest that came
    pages: int | None = None  # as the API says
    total: int | None = None
    skipped: int = 0  # rows that cannot be read
    agrees: bool = True  # no row came twice, and the total stayed the same
    ended: bool = False
    _full: int = 0  # rows of the largest page
    _barren: int = 0

    def take(self, page: Page[Extension]) -> None:
        """Count the next page."""
        self.page += 1
        new = {row.number for row in page.items} - self.numbers
        self.numbers |= new
        self.skipped += page.skipped
        told = page.total_items
        self.agrees &= len(new) == len(page.items) and (self.page == 1 or told == self.total)
        self.pages, self.total = page.total_pages, told
        rows = len(page.items) + page.skipped
        self._barren = 0 if new else self._barren + 1
        self.ended = self._is_last(page, rows)
        self._full = max(self._full, rows)

    @property
    def counted(self) -> bool:
        """Whether there are as many rows as the API says, or it does not say."""
        return self.total is None or len(self.numbers) + self.skipped == self.total

    @property
    def is_sound(self) -> bool:
        """Whether everything in this pass agrees."""
        return self.ended and self.agrees and self.counted

    @property
    def goes_on(self) -> bool:
        """Whether another page is to be asked for."""
        return not self.ended and self._barren < BARREN and len(self.numbers) < MOST

    @property
    def sure_pages(self) -> int:
        """How many pages there surely are, so that they can be asked for together."""
        return self.pages or 0

    def _is_last(self, page: Page[Extension], rows: int) -> bool:
        """Whether the list ends with this page, by all that is told and seen of it."""
        is_new, is_told = not self._barren, self.total is not None
        has_all = self.total is not None and len(self.numbers) + self.skipped >= self.total
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

    def __init__(self, fetch: FetchPage, take: TakePage) -> None:
        self._fetch = fetch
        self._take = take
        self.now: Pass = Pass()

    async def read(self) -> set[str]:
        """Return the numbers of all extensions. Raises `Incomplete`, or what `fetch` raises."""
        passes: list[Pass] = []
        while len(passes) < (MORE_PASSES if _still_grows(passes) else PASSES):
            self.now = Pass()
            await self._pass(self.now)
            passes.append(self.now)
            if found := _agreed(passes):
                return found.numbers
        raise Incomplete

    async def _pass(self, it: Pass) -> None:
        under_way: deque[asyncio.Task[Page[Extension]]] = deque()
        following = 1
        try:
            while it.goes_on:
                while len(under_way) < AT_ONCE and following <= max(it.sure_pages, it.page + 1):
                    under_way.append(asyncio.create_task(self._numbered(following)))
                    following += 1
                page = await under_way.popleft()
                it.take(page)
                await self._take(page)
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _numbered(self, number: int) -> Page[Extension]:
        return await self._fetch(number)


def _agreed(passes: list[Pass]) -> Pass | None:
    """Return the pass that can be believed after these, if any."""
    *before, last = passes
    if last.is_sound:
        return last
    if not before:
        return None
    if last.ended and before[-1].ended and last.numbers == before[-1].numbers:
        return last  # it is as it is: what the API counts is something else
    if last.total is not None and len(_everything(passes)) + last.skipped == last.total:
        return Pass(numbers=_everything(passes))  # nobody came or went; rows only moved about
    return None


def _still_grows(passes: list[Pass]) -> bool:
    """Whether a list that moves while it is read may be had whole by reading on."""
    if len(passes) < PASSES:
        return True
    *before, last = passes
    found = len(_everything(passes))
    return last.total is not None and len(_everything(before)) < found < last.total


def _everything(passes: list[Pass]) -> set[str]:
    """Return what all passes brought together; nothing where the total changed meanwhile."""
    if len({each.total for each in passes}) > 1:
        return set()
    return set().union(*(each.numbers for each in passes))
