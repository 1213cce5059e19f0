"""Words that make up a name: of a person, a room, a tag, or a login name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.query.model import Name
from bot.query.problems import NOT_A_NUMBER
from bot.query.text import Line, ParsedItem, Word

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._+-]*", re.IGNORECASE)
# Signs that are dropped at the edges of words and of the name. They include every sign that
# `clean` or `trim` drops there: otherwise a name would change when its page text is parsed again.
_WORD_EDGES = '()[]{}<>"|:#@=*_~`?!\\'
_NAME_EDGES = "'.,;-/& "
# "John Smith, Jr." is John Smith Jr, not Jr John Smith.
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "md", "phd", "esq"})
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def name_of(line: Line, words: list[Word]) -> ParsedItem:
    """Return the name that the words form, in their order.

    Raises QueryError if the words have no letter.
    """
    start, end = min(word.start for word in words), max(word.end for word in words)
    text = " ".join(" ".join(map(_bare, words)).split()).strip(_NAME_EDGES + _WORD_EDGES)
    if not any(char.isalpha() for char in text):
        raise line.error_at(NOT_A_NUMBER, start, end)
    login = text if _LOGIN.fullmatch(text) else ""
    return ParsedItem(Name(text, login, line.typed(start, end)), start, end)


def first_name_first(parts: list[list[Word]]) -> list[list[Word]]:
    """Return the parts between commas, but `smith, john` as the one name `john smith`.

    Two parts of several words each (`john smith, mary jones`) stay two names.
    """
    if not is_last_first(parts):
        return parts
    last, first = parts
    is_suffix = first[0].lowered.strip(".") in _SUFFIXES
    return [last + first if is_suffix else first + last]


def is_last_first(parts: list[list[Word]]) -> bool:
    """Return whether the parts between commas are a last name and a first name."""
    return (
        len(parts) == 2
        and min(map(len, parts)) == 1
        and all(_can_be_name(word) for part in parts for word in part)
    )


def page_texts(name: Name, page: int) -> Iterator[str]:
    """Yield the ways to type a page of a name's results, the shortest first.

    The last way is always parsed as the name, even if the name looks like a command or a number.
    """
    text = name.text
    # Names with digits are quoted: without quotes, whether the digits are a phone number depends
    # on the region, which isn't known here.
    if not any(char.isdigit() for char in text):
        yield f"{text} page {page}"
        yield f"who {text} page {page}"
    yield f'who "{text}" page {page}'
    # With the @ in front, the parser takes no part of the name for an email, and the entities keep
    # it from taking `<` and `&` for markup.
    yield f'who "@{text.translate(_ENTITIES)}" page {page}'


def _bare(word: Word) -> str:
    """Return a word's text without quotes, and without the signs that surround words."""
    return word.text.replace('"', " ").strip(_WORD_EDGES + " \n")


def _can_be_name(word: Word) -> bool:
    has_sign = any(char in "@:0123456789" for char in word.text)
    return word.has_letter and not has_sign and word.lowered not in ("me", "myself")
