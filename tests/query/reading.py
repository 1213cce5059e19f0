"""What a text asks for, without the words that only repeat it."""

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
    """Return the query in `text`, every `words` in it empty."""
    query: Query = wordless(parse(text, region=region))
    return query


def wordless(query: Any) -> Any:
    """Return a query with every `words` in it empty."""
    match query:
        case Several(items=items):
            return Several(tuple(map(_one, items)))
        case Share(query=inner):
            return replace(query, query=wordless(inner))
        case Refresh(query=inner):
            return replace(query, query=replace(inner, words=""))
        case List():
            return replace(query, words="")
        case Export():
            return replace(query, words=Export().words)
        case _:
            return _one(query) if isinstance(query, SingleQuery) else query


def _one(item: SingleQuery) -> SingleQuery:
    return replace(item, words="")


ME = Me(words="")
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
