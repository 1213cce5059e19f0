"""Readings of a text as expressions of FTS5. Every word is quoted, so that none is an operator."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from bot.directory.search.document import NAMES, REVERSED_DIGITS
from bot.directory.search.terms import Reading, Term


def whole(readings: Iterable[Reading], columns: Collection[str]) -> str:
    """Rows that have every word as it is written, in one of some columns; initials begin one."""
    return _any(_all(_whole(term, columns) for term in reading) for reading in readings)


def matching(readings: Iterable[Reading], columns: Sequence[str]) -> str:
    """Rows that have every word, or a word that begins with it or that it can stand for."""
    return _any(_all(_term(term, columns) for term in reading) for reading in readings)


def but(expression: str, others: Sequence[str]) -> str:
    """Rows of an expression that are in none of some others."""
    return f"({expression}) NOT ({_any(others)})" if others else expression


def _whole(term: Term, columns: Collection[str]) -> str:
    if term.is_initial:
        return _in(NAMES, [f"{_quoted(term.word)} *"])
    return _in(columns, map(_quoted, term.writings))


def _term(term: Term, columns: Sequence[str]) -> str:
    if term.eastern:
        signs = " AND ".join(map(_quoted, term.word))
        return _in(columns, [_quoted(term.word), f"({signs})"])
    names = [column for column in columns if column in NAMES]
    # As the beginning of anything but a name, one letter would be everybody.
    begun = [] if term.entire else columns if len(term.word) > 1 else names
    ways = [_in(begun, (f"{_quoted(word)} *" for word in term.writings))] if begun else []
    if len(begun) < len(columns):
        ways.append(_in(columns, map(_quoted, term.writings)))
    if term.others:
        ways.append(_in(columns, map(_quoted, term.others)))
    if term.ending and REVERSED_DIGITS in columns:
        ways.append(_in([REVERSED_DIGITS], [f"{_quoted(term.ending)} *"]))
    return _any(ways)


def _in(columns: Collection[str], words: Iterable[str]) -> str:
    # What stands backwards is only looked through backwards.
    named = [column for column in columns if column != REVERSED_DIGITS] or list(columns)
    return f"{{{' '.join(named)}}} : ({' OR '.join(words)})"


def _quoted(word: str) -> str:
    return f'"{word}"'


def _any(parts: Iterable[str]) -> str:
    return " OR ".join(f"({part})" for part in parts)


def _all(parts: Iterable[str]) -> str:
    return " AND ".join(f"({part})" for part in parts)
