"""Counts that cannot be true are treated as absent."""

from __future__ import annotations

import pytest

from bot.directory.sync.counts import with_possible_counts
from bot.directory.sync.reader import ListPass
from bot.models import Extension, Page

ROWS = tuple(Extension(str(number)) for number in range(3))
ABSURD = [-80_026_884, -1, 0, 10**18, 2**63]


@pytest.mark.parametrize("count", ABSURD)
@pytest.mark.parametrize("name", ["total_items", "total_pages", "page_size"])
def test_absurd_count_is_removed(name, count):
    """The other counts stay."""
    counts = {"total_items": 30, "total_pages": 10, "page_size": 3}
    page = with_possible_counts(Page(ROWS, **counts | {name: count}))
    assert {each: getattr(page, each) for each in counts} == counts | {name: None}


def test_total_below_the_rows_of_its_page_is_removed():
    """Unreadable rows count, too."""
    assert with_possible_counts(Page(ROWS, total_items=2)).total_items is None
    assert with_possible_counts(Page(ROWS, total_items=3)).total_items == 3
    assert with_possible_counts(Page(ROWS, total_items=3, skipped=1)).total_items is None


def test_zero_counts_of_empty_page_stay():
    """An empty list says that it has no rows and no pages."""
    page: Page[Extension] = Page((), total_items=0, total_pages=0)
    assert with_possible_counts(page) == page


@pytest.mark.parametrize(
    ("pages", "total", "expected"),
    [
        (10, 30, 10),
        (10, None, 10),
        (-39, 30, None),
        (500, 30, None),  # more pages than rows
        (900_000, None, None),  # more rows than any company has
        (10**18, None, None),
    ],
)
def test_expected_pages_are_never_absurd(pages, total, expected):
    """People are told a number of pages only if it can be true."""
    list_pass = ListPass(3)
    list_pass.add(Page(ROWS, total_pages=pages, total_items=total))
    assert list_pass.expected_pages == expected


def test_expected_pages_are_unknown_after_more_pages():
    """Page 4 of 3 would be nonsense."""
    list_pass = ListPass(3)
    for first in range(0, 12, 3):
        rows = tuple(Extension(str(first + each)) for each in range(3))
        list_pass.add(Page(rows, total_pages=3))
    assert (list_pass.pages_read, list_pass.expected_pages) == (4, None)
