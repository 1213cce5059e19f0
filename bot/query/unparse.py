"""Turns a query back into text: what to type for one page of its answer."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import QueryError
from bot.query.commands import command_of
from bot.query.model import List, Name, PagedQuery
from bot.query.parser import parse


def unparse(query: PagedQuery, *, page: int, after: str = "", before: str = "") -> str:
    """Return what to type for a page of a query: `list page 3 location:145214`.

    A page of a list begins after the extension number `after`, or ends before `before`.
    """
    if isinstance(query, List):
        query = replace(query, after=after, before=before)
    page_texts = command_of(query).page_texts
    *shorter, safest = page_texts(query, page) if page_texts else [""]
    return next((text for text in shorter if _reads_back(text, query, page)), safest)


def _reads_back(text: str, query: PagedQuery, page: int) -> bool:
    """Return whether a text is parsed as this page of the same query."""
    try:
        parsed = parse(text)
    except QueryError:
        return False
    if isinstance(parsed, List | Name) and isinstance(query, List | Name):
        parsed = replace(parsed, typed=query.typed)
    return parsed == replace(query, page=page)
