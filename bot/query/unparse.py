"""The way back: a query that has pages as the text that one would type for one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.errors import QueryError
from bot.query.model import Audit, Changes, Filters, List, Name
from bot.query.parser import parse

# What needs no quotes: nothing at its edges that could be taken for punctuation around it.
_PLAIN = re.compile(r"\w(?:[\w.@+-]*\w)?")
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def unparse(
    asked: List | Name | Changes | Audit, *, page: int, after: str = "", before: str = ""
) -> str:
    """Return what to type for a page of the same: `list page 3 location:145214`.

    `after` and `before` are the numbers that a page of a list begins behind, or ends before.
    """
    match asked:
        case List(filters=filters):
            beside = {"after": after, "before": before}
            ends = [f"{name}:{number}" for name, number in beside.items() if number]
            return " ".join([f"list page {page}", *_filters(filters), *ends])
        case Changes():
            return f"changes page {page}"
        case Audit(check=check):
            return f"audit {check} page {page}" if check else "audit"
        case Name():
            return _name(asked, page)


def _name(asked: Name, page: int) -> str:
    """Return the shortest line that means this name, whatever command or number it looks like."""
    lines = list(_lines(asked.text, page))
    return next((line for line in lines if _means(line, asked, page)), lines[-1])


def _lines(text: str, page: int) -> Iterator[str]:
    if not any(char.isdigit() for char in text):  # whose meaning depends on the country
        yield f"{text} page {page}"
        yield f"who {text} page {page}"
    yield f'who "{text}" page {page}'
    # Behind the sign of a person nothing is an email, nor an entity markup.
    yield f'who "@{text.translate(_MARKUP)}" page {page}'


def _means(line: str, asked: Name, page: int) -> bool:
    try:
        read = parse(line)
    except QueryError:
        return False
    return isinstance(read, Name) and (read.text, read.page) == (asked.text, page)


def _filters(filters: Filters) -> list[str]:
    named = {
        "location": filters.location,
        "email": filters.email,
        "login": filters.login,
        "phone": filters.phone,
        "tag": filters.tag,
        "dnd": _switch(filters.dnd),
        "voicemail": _switch(filters.voicemail),
    }
    texts = [f"{name}:{_quoted(value)}" for name, value in named.items() if value]
    return [*texts, "unassigned"] if filters.unassigned else texts


def _switch(value: bool | None) -> str:
    return "" if value is None else ("on" if value else "off")


def _quoted(value: str) -> str:
    return value if _PLAIN.fullmatch(value) else f'"{value}"'
