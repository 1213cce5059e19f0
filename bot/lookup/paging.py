"""The queries for the next and the previous page of an answer, as text that people can type."""

from __future__ import annotations

from bot.lookup.request import FindingQuery
from bot.models import Listing
from bot.query.commands import has_pages
from bot.query.model import Email, Filters, List, PagedQuery, Phone
from bot.query.unparse import unparse


def paged_query(query: FindingQuery) -> PagedQuery | None:
    """Return the query that can page through a query's matches; `None` if its answer has no pages.

    Extensions that share an email or a phone number are paged as a list with that filter.
    """
    match query:
        case Email(address=address):
            return List(filters=Filters(email=address))
        case Phone(candidates=(first, *_)):
            return List(filters=Filters(phone=first))
        case _:
            return query if has_pages(query) else None


def neighbor_pages(listing: Listing, query: PagedQuery) -> dict[str, str]:
    """Return the lines for the pages beside this one, as `previous_query` and `next_query`.

    A page of a list names the extension number that it begins after or ends before, so that
    nobody is shown twice or left out when people join or leave between two presses.
    """
    previous_end: dict[str, str] = {}
    next_start: dict[str, str] = {}
    numbers = [match.extension.number for match in listing.matches]
    if isinstance(query, List) and numbers and all(number.isdecimal() for number in numbers):
        previous_end, next_start = {"before": numbers[0]}, {"after": numbers[-1]}
    lines = {}
    if listing.page > 1:
        lines["previous_query"] = unparse(query, page=listing.page - 1, **previous_end)
    if listing.page < listing.pages:
        lines["next_query"] = unparse(query, page=listing.page + 1, **next_start)
    return lines
