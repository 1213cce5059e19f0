"""Parses text for tests, and builds the queries that they expect."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.query import parse
from bot.query.model import (
    Export,
    Help,
    List,
    Me,
    Name,
    Number,
    Phone,
    Query,
    Refresh,
    Several,
    Share,
    SingleQuery,
)


def read(text: str, region: str = "US") -> Query:
    """Return the query in `text`, every `typed` text in it empty."""
    query: Query = without_typed(parse(text, region=region))
    return query


def without_typed(query: Any) -> Any:
    """Return a query with every `typed` text in it empty."""
    match query:
        case Several(items=items):
            return Several(tuple(map(_item_without_typed, items)))
        case Share(query=inner):
            return replace(query, query=without_typed(inner))
        case Refresh(query=inner):
            return replace(query, query=replace(inner, typed=""))
        case List():
            return replace(query, typed="")
        case Export():
            return replace(query, typed=Export().typed)
        case _:
            return _item_without_typed(query) if isinstance(query, SingleQuery) else query


def _item_without_typed(item: SingleQuery) -> SingleQuery:
    return replace(item, typed="")


ME = Me(typed="")
HELP = Help()


def several(*items: SingleQuery) -> Several:
    """Return a query for several items."""
    return Several(items)


def numbers(*digits: str) -> Several:
    """Return a query for several extensions."""
    return Several(tuple(map(Number, digits)))


def names(*texts: str) -> Several:
    """Return a query for several names of one word."""
    return Several(tuple(Name(text, text) for text in texts))


def us(digits: str, *groups: str) -> Phone:
    """Return a US number of ten digits, typed without its country code."""
    return Phone(digits, ("1" + digits, digits), groups=groups)


def abroad(digits: str) -> Phone:
    """Return a number typed with its country code and plus."""
    return Phone(digits, (digits,))
