"""Reads the whole list of an account, and decides whether to believe what came.

The paging of the API cannot be trusted. Pages may repeat, rows may move to another page while
the list is read, rows may come twice, a page may come empty by mistake, the total may be wrong
or absent, and there may be no last page at all. A list with a hole would make people "not
found" and fill the changes with leavers, so nothing is believed on one statement alone:

- One pass over the pages is believed if everything in it agrees: it ended, no row came twice,
  the total stayed the same and equals the number of rows (`ListPass.is_consistent`).
- Otherwise the list is read again. Two passes in a row with the same rows are believed too: then
  the API's counts mean something else, but the list is what it is.
- So is the union of all passes if it has exactly as many rows as the API says: nobody came or
  went, rows only moved between pages.
- If no pass can be believed in one of these ways, `InconsistentList` is raised.

A count that cannot be true is treated as absent (`counts`).
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot import limits
from bot.directory.sync.counts import with_possible_counts
from bot.errors import InconsistentList
from bot.models import Extension, Page

FetchPage = Callable[[int], Awaitable[Page[Extension]]]
StorePage = Callable[[Page[Extension]], Awaitable[None]]


@dataclass(slots=True)
class ListPass:
    """What one pass over the pages brought so far.

    `requested_size` is the requested page size; the API may not say which size it used.
    `stated_pages` and `total` are the API's own counts, and `skipped` is the number of rows that
    cannot be read.
    """

    requested_size: int = 0
    numbers: set[str] = field(default_factory=set)
    pages_read: int = 0
    stated_pages: int | None = None
    total: int | None = None
    skipped: int = 0
    ended: bool = False
    # No row came twice, and the total stayed the same. Otherwise rows moved during the pass.
    _is_steady: bool = True
    # Rows came after a page without any: that page came empty by mistake.
    _has_hole: bool = False
    # The second page is the first one again, and full: the API ignores the page parameter.
    _repeats_first_page: bool = False
    # Pages that were no copy of the page before them, and their rows, each as often as it came.
    _distinct_pages: int = 0
    _distinct_page_rows: int = 0
    _previous_page: tuple[str, ...] = ()
    _page_hashes: list[int] = field(default_factory=list)  # to compare the order of all rows
    _largest_page: int = 0
    _pages_without_new_rows: int = 0

    def add(self, page: Page[Extension]) -> None:
        """Add the next page of the list."""
        page = with_possible_counts(page)
        self.pages_read += 1
        numbers = tuple(row.number for row in page.items)
        rows = len(numbers) + page.skipped
        new = set(numbers) - self.numbers
        self._is_steady &= len(new) == len(numbers)
        self.numbers |= new
        self.skipped += page.skipped
        # A page after the last one often says "0 of 0", which is no statement about the list.
        if rows or page.total_items or self.pages_read == 1:
            self._note_counts(page)
        self._compare_with_previous(numbers, rows, page.page_size or self.requested_size)
        self._pages_without_new_rows = 0 if new else self._pages_without_new_rows + 1
        self.ended = self._is_last(page, rows)
        self._largest_page = max(self._largest_page, rows)

    @property
    def row_count(self) -> int:
        """The number of different rows so far, plus the unreadable ones."""
        return len(self.numbers) + self.skipped

    @property
    def expected_pages(self) -> int | None:
        """The number of pages to tell people; `None` if the API states none, or a wrong one."""
        pages = self.stated_pages
        if pages is None or pages < self.pages_read:
            return None
        # Every page has a row at least, and the largest page so far is a typical one.
        max_rows = limits.MAX_EXTENSIONS if self.total is None else max(self.total, 1)
        least_rows = pages if self.total is not None else pages * max(self._largest_page, 1)
        return pages if least_rows <= max_rows else None

    @property
    def is_consistent(self) -> bool:
        """Whether the pass ended, no row came twice or was missing, and the total is right."""
        total_is_right = self.total is None or self.row_count == self.total
        return self.ended and self._is_steady and total_is_right and not self._has_hole

    @property
    def is_plausible(self) -> bool:
        """Whether this can be the whole list although the API's counts say otherwise.

        It cannot if both counts promise more than came, or if one page was served over and over
        while there must be more than one.
        """
        lacks_rows = self.total is not None and self._distinct_page_rows < self.total
        lacks_pages = self.stated_pages is not None and self._distinct_pages < self.stated_pages
        if self._has_hole or (lacks_rows and lacks_pages):
            return False
        must_have_more = lacks_rows or (self.total is None and self.stated_pages != 1)
        return self.ended and not (self._repeats_first_page and must_have_more)

    def agrees_with(self, other: ListPass) -> bool:
        """Whether two passes brought the same.

        If rows are missing from the total, the same numbers are not enough: rows that move can
        hide the same person from both passes. If all rows came in the same order, none moved.
        """
        may_have_moved = self.total is not None and self.row_count < self.total
        same_order = self._page_hashes == other._page_hashes
        return self.numbers == other.numbers and (not may_have_moved or same_order)

    @property
    def needs_more(self) -> bool:
        """Whether another page must be requested."""
        return (
            not self.ended
            and self._pages_without_new_rows < limits.MAX_PAGES_WITHOUT_NEW_ROWS
            and len(self.numbers) < limits.MAX_EXTENSIONS
        )

    def _note_counts(self, page: Page[Extension]) -> None:
        self._is_steady &= self.pages_read == 1 or page.total_items == self.total
        self.stated_pages, self.total = page.total_pages, page.total_items

    def _compare_with_previous(self, numbers: tuple[str, ...], rows: int, size: int) -> None:
        is_repeat = numbers == self._previous_page
        follows_empty_page = self.pages_read > 1 and not self._previous_page and not self.skipped
        self._has_hole |= rows > 0 and follows_empty_page
        self._repeats_first_page |= self.pages_read == 2 and is_repeat and rows >= size > 0
        if rows and not is_repeat:
            self._distinct_pages += 1
            self._distinct_page_rows += rows
            self._page_hashes.append(hash(numbers))
        self._previous_page = numbers

    def _is_last(self, page: Page[Extension], rows: int) -> bool:
        """Whether the list ends with this page, by all that the API has said so far.

        The rules go from the strongest evidence to the weakest: the total, then a next page
        (by number or link), then a page that brings nothing new, then a page that is not full.
        """
        has_new_rows = not self._pages_without_new_rows
        if self.total is not None and self.row_count > self.total:
            return not has_new_rows  # more rows than the total says: no count can be trusted
        has_total, has_all = self.total is not None, self.row_count == self.total
        if has_all and not has_new_rows:
            return True
        if self.pages_read < (self.stated_pages or 0) or page.has_next:
            gave_up = self._pages_without_new_rows >= limits.MAX_PAGES_WITHOUT_NEW_ROWS
            return not has_total and gave_up
        if self.stated_pages is None:
            # A short page does not end the list here: the API may have ignored the page size.
            return has_all if has_total else not has_new_rows
        if has_total:
            return has_all or not has_new_rows
        full_page = page.page_size or self._largest_page or rows + 1
        return not has_new_rows or rows < full_page


class Reader:
    """Reads a list with `fetch`, and hands each page to `store` in the order of the list.

    `store` gets the pages of every pass, so it must accept a row more than once; the numbers
    that `read` returns tell which of the stored rows belong to the list.
    """

    def __init__(self, fetch: FetchPage, store: StorePage, *, page_size: int = 0) -> None:
        self._fetch = fetch
        self._store = store
        self._page_size = page_size
        self.current_pass = ListPass()

    async def read(self) -> set[str]:
        """Return the numbers of all extensions.

        Raises `InconsistentList`, or what `fetch` raises.
        """
        passes: list[ListPass] = []
        while len(passes) < _max_passes(passes):
            self.current_pass = ListPass(self._page_size)
            await self._read_once(self.current_pass)
            passes.append(self.current_pass)
            if (numbers := _agreed_numbers(passes)) is not None:
                return numbers
        raise InconsistentList

    async def _read_once(self, list_pass: ListPass) -> None:
        requests: deque[asyncio.Task[Page[Extension]]] = deque()
        try:
            while list_pass.needs_more:
                self._request_ahead(list_pass, requests)
                page = await requests.popleft()
                list_pass.add(page)
                if list_pass.needs_more:
                    # Request more before the page is stored, so that the network isn't idle.
                    self._request_ahead(list_pass, requests)
                await self._store(page)
        finally:
            for request in requests:
                request.cancel()
            await asyncio.gather(*requests, return_exceptions=True)

    def _request_ahead(
        self, list_pass: ListPass, requests: deque[asyncio.Task[Page[Extension]]]
    ) -> None:
        """Request the pages that the API has announced, a few at the same time.

        If it has announced none, only the next page is requested: another might not exist, and
        requesting it would waste a call of the quota.
        """
        number = list_pass.pages_read + len(requests) + 1
        last = max(list_pass.stated_pages or 0, list_pass.pages_read + 1)
        while len(requests) < limits.MAX_PARALLEL_PAGES and number <= last:
            requests.append(asyncio.create_task(self._request(number)))
            number += 1

    async def _request(self, number: int) -> Page[Extension]:
        return await self._fetch(number)


def _agreed_numbers(passes: list[ListPass]) -> set[str] | None:
    """Return the numbers of the list if these passes prove them."""
    *earlier, last = passes
    if last.is_consistent:
        return last.numbers
    if not earlier:
        return None
    if last.is_plausible and earlier[-1].ended and last.agrees_with(earlier[-1]):
        return last.numbers
    union = _union(passes)
    if last.total is not None and len(union) + last.skipped == last.total:
        return union
    return None


def _max_passes(passes: list[ListPass]) -> int:
    """Return the maximum number of passes: more while each pass finds new extensions.

    If the rows of a long list move all the time, each pass may miss some of them, and only the
    union of many passes has them all.
    """
    if len(passes) < limits.MAX_LIST_PASSES:
        return limits.MAX_GROWING_LIST_PASSES
    *earlier, last = passes
    found = len(_union(passes))
    still_grows = last.total is not None and len(_union(earlier)) < found < last.total
    return limits.MAX_GROWING_LIST_PASSES if still_grows else limits.MAX_LIST_PASSES


def _union(passes: list[ListPass]) -> set[str]:
    """Return the numbers of all passes together; none if the total changed between them.

    A changed total means that somebody came or went, so the union would hold people who left.
    """
    if len({list_pass.total for list_pass in passes}) > 1:
        return set()
    return set().union(*(list_pass.numbers for list_pass in passes))
