"""The way back: a list query as the text that one would type for it."""

from __future__ import annotations

import re

from bot.query.model import Filters, List

# What needs no quotes: nothing at its edges that could be taken for punctuation around it.
_PLAIN = re.compile(r"\w(?:[\w.@+-]*\w)?")


def typed(asked: List, *, page: int) -> str:
    """Return what to type for a page of the same list: `list page 3 location:145214`."""
    return " ".join([f"list page {page}", *_filters(asked.filters)])


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
