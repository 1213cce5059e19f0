"""Words that are a name: of a person, a room, a tag; or the name somebody logs in with."""

from __future__ import annotations

import re

from bot.query.found import Recognized
from bot.query.line import Line
from bot.query.model import Name
from bot.query.problems import NOT_A_NUMBER
from bot.query.tokens import Word

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._+-]*", re.IGNORECASE)
_AROUND_WORDS = '()[]{}<>"|:#@=*?!\\'
_AROUND_NAMES = "'.-/_~& "
# John Smith, Jr. is not a Jr. Smith.
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "md", "phd", "esq"})


def name(line: Line, chunk: list[Word]) -> Recognized:
    """Return the name that words make up, in their order. Raises QueryError without a letter."""
    start, end = min(word.start for word in chunk), max(word.end for word in chunk)
    text = " ".join(filter(None, map(_plain, chunk))).strip(_AROUND_NAMES + _AROUND_WORDS)
    if not any(char.isalpha() for char in text):
        raise line.error_at(NOT_A_NUMBER, start, end)
    login = text if _LOGIN.fullmatch(text) else ""
    return Recognized(Name(text, login, line.words(start, end)), start, end)


def _plain(word: Word) -> str:
    return " ".join(word.text.replace('"', " ").split()).strip(_AROUND_WORDS)


def in_order(parts: list[list[Word]]) -> list[list[Word]]:
    """Return the parts between commas, `smith, john` as the one name it is.

    Two parts of several words each (`john smith, mary jones`) are two names.
    """
    if not is_last_first(parts):
        return parts
    last, first = parts
    suffix = first[0].low.strip(".") in _SUFFIXES
    return [last + first if suffix else first + last]


def is_last_first(parts: list[list[Word]]) -> bool:
    """Whether the parts between commas are a last name and a first name."""
    return (
        len(parts) == 2
        and min(map(len, parts)) == 1
        and all(_can_be_name(word) for part in parts for word in part)
    )


def _can_be_name(word: Word) -> bool:
    sign = any(char in "@:0123456789" for char in word.text)
    return word.has_letter and not sign and word.low not in ("me", "myself")
