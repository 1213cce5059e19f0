"""Builds FTS5 expressions from interpretations of a search text.

Every word is quoted, so none can be taken for an operator of FTS5.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from bot.directory.search.document import NAMES, REVERSED_DIGITS
from bot.directory.search.terms import Interpretation, Term


def whole_words(interpretations: Iterable[Interpretation], columns: Collection[str]) -> str:
    """Match rows that have every word in full in one of the columns; an initial begins a name."""
    return _any(_all(_whole_word(term, columns) for term in terms) for terms in interpretations)


def matching(interpretations: Iterable[Interpretation], columns: Sequence[str]) -> str:
    """Match rows that have every word in full, as a prefix, or by one of its alternatives."""
    return _any(_all(_term(term, columns) for term in terms) for terms in interpretations)


def excluding(expression: str, others: Sequence[str]) -> str:
    """Match the rows of an expression that match none of the others."""
    return f"({expression}) NOT ({_any(others)})" if others else expression


def _whole_word(term: Term, columns: Collection[str]) -> str:
    if term.is_initial:
        return _in(NAMES, [f"{_quoted(term.word)} *"])
    return _in(columns, map(_quoted, term.spellings))


def _term(term: Term, columns: Sequence[str]) -> str:
    if term.is_cjk:
        # A Chinese name may be written without a space, so its characters may be anywhere.
        characters = " AND ".join(map(_quoted, term.word))
        return _in(columns, [_quoted(term.word), f"({characters})"])
    names = [column for column in columns if column in NAMES]
    # A single letter is only a prefix of names: as a prefix of emails or tags it would match
    # nearly every row.
    prefix_columns = [] if term.whole_word else columns if len(term.word) > 1 else names
    ways = []
    if prefix_columns:
        ways.append(_in(prefix_columns, (f"{_quoted(word)} *" for word in term.spellings)))
    if len(prefix_columns) < len(columns):
        ways.append(_in(columns, map(_quoted, term.spellings)))
    if term.alternatives:
        ways.append(_in(columns, map(_quoted, term.alternatives)))
    if term.reversed_digits and REVERSED_DIGITS in columns:
        ways.append(_in([REVERSED_DIGITS], [f"{_quoted(term.reversed_digits)} *"]))
    return _any(ways)


def _in(columns: Collection[str], words: Iterable[str]) -> str:
    # Direct numbers are stored reversed, so words as typed must not be looked for among them.
    readable = [column for column in columns if column != REVERSED_DIGITS] or list(columns)
    return f"{{{' '.join(readable)}}} : ({' OR '.join(words)})"


def _quoted(word: str) -> str:
    return f'"{word}"'


def _any(parts: Iterable[str]) -> str:
    return " OR ".join(f"({part})" for part in parts)


def _all(parts: Iterable[str]) -> str:
    return " AND ".join(f"({part})" for part in parts)
