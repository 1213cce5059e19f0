"""Reads the first pages of a list, and says how they contradict what the list says of itself.

For `doctor`, which must not read the whole list: that could use up the quota.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.directory.sync.counts import with_possible_counts
from bot.directory.sync.reader import FetchPage, ListPass
from bot.models import Extension, Page


@dataclass(frozen=True, slots=True)
class ListSample:
    """The first `pages` of a list, their number of different `rows`, and the list's own counts.

    `total` and `stated_pages` are as the API sent them with the first page, true or not.
    `has_impossible_count` is whether one of them cannot be true. `repeats` is whether a page had
    only rows that had come before, although there must be more. `is_wrong_total` is whether the
    list has ended with another number of rows than its total.
    """

    pages: int
    rows: int
    total: int | None
    stated_pages: int | None
    has_impossible_count: bool
    repeats: bool
    is_wrong_total: bool


async def read_sample(
    first: Page[Extension], fetch: FetchPage, *, page_size: int, max_pages: int
) -> ListSample:
    """Read on from the `first` page, up to `max_pages`. Raises what `fetch` raises."""
    list_pass, repeats = ListPass(page_size), False
    list_pass.add(first)
    while list_pass.needs_more and list_pass.pages_read < max_pages:
        before = list_pass.row_count
        page = await fetch(list_pass.pages_read + 1)
        list_pass.add(page)
        has_more = list_pass.total is not None and list_pass.row_count < list_pass.total
        repeats |= bool(page.items) and has_more and list_pass.row_count == before
    total = list_pass.total
    return ListSample(
        pages=list_pass.pages_read,
        rows=list_pass.row_count,
        total=first.total_items,
        stated_pages=first.total_pages,
        has_impossible_count=first != with_possible_counts(first),
        repeats=repeats,
        is_wrong_total=list_pass.ended and total is not None and total != list_pass.row_count,
    )
