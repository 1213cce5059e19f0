"""The lines of the pages before and after a page."""

from __future__ import annotations

from typing import Any

import pytest

from bot.lookup.paging import neighbor_pages, paged_query
from bot.models import Extension, Listing, Match
from bot.query import parse
from bot.query.model import List

NUMBERS = ("700", "701", "702")


def page(number: int, *, of: int = 3, numbers: tuple[str, ...] = NUMBERS) -> Listing:
    """Return one page of a list."""
    matches = tuple(Match(Extension(number), 0.0) for number in numbers)
    return Listing(matches, page=number, pages=of, total=len(numbers) * of)


def lines_of(text: str, listing: Listing) -> dict[str, str]:
    """Return the lines of the neighbor pages of a query."""
    query: Any = parse(text)
    return neighbor_pages(listing, query)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, {"next_query": "list page 2 after:702"}),
        (
            2,
            {"previous_query": "list page 1 before:700", "next_query": "list page 3 after:702"},
        ),
        (3, {"previous_query": "list page 2 before:700"}),
    ],
    ids=["first", "middle", "last"],
)
def test_page_of_list_begins_where_the_last_one_ended(number, expected):
    """Nobody is shown twice or left out when people join or leave between two presses."""
    assert lines_of("list", page(number)) == expected


def test_only_page_has_no_neighbors():
    """A list of one page has no buttons that turn pages."""
    assert lines_of("list", page(1, of=1)) == {}


def test_filters_are_kept_on_the_next_page():
    """The next page is one of the same list."""
    lines = lines_of("list location:145214 dnd:on", page(1))
    query = parse(lines["next_query"])
    assert isinstance(query, List)
    assert (query.page, query.after) == (2, "702")
    assert (query.filters.location, query.filters.dnd) == ("145214", True)


@pytest.mark.parametrize(
    ("text", "listing"),
    [
        ("john smith", page(1)),
        ("audit dnd", page(1)),
        ("list", page(1, numbers=("700", "70a"))),
        ("list", page(1, numbers=())),
    ],
    ids=["search results", "audit", "number with letters", "no rows"],
)
def test_page_without_number_order_is_named_by_its_number_alone(text, listing):
    """Only rows in number order can say where the next page begins."""
    (line,) = lines_of(text, listing).values()
    assert "after:" not in line
    assert "page 2" in line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("john.smith@example.com", "list email:john.smith@example.com"),
        ("14155550100", "list phone:14155550100"),
    ],
)
def test_matches_of_email_or_phone_are_a_list(text, expected):
    """Several extensions with one email or direct number have pages as a filtered list."""
    query: Any = parse(text)
    paged, wanted = paged_query(query), parse(expected)
    assert isinstance(paged, List)
    assert isinstance(wanted, List)
    assert paged.filters == wanted.filters


@pytest.mark.parametrize("text", ["list page 2", "john smith", "audit dnd", "changes page 2"])
def test_query_with_pages_stays_as_it_is(text):
    """A query that has pages needs no other form."""
    query: Any = parse(text)
    assert paged_query(query) is query


@pytest.mark.parametrize("text", ["789", "me", "<@U0JOHN>", "locations", "export"])
def test_query_without_pages_has_no_paged_form(text):
    """Queries that no line can name a page of have no pager."""
    query: Any = parse(text)
    assert paged_query(query) is None
