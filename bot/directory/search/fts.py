"""The search index as an FTS5 table of SQLite: its rows, and the expressions that match them.

Every word of an expression is quoted, so FTS5 takes none for an operator.
https://sqlite.org/fts5.html
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot import limits
from bot.directory.damage import Damaged
from bot.directory.search import vocabulary
from bot.directory.search.document import COLUMNS, NAMES, REVERSED_DIGITS, correctable
from bot.directory.search.terms import Interpretation, Term
from bot.models import Extension

TABLE = "search"
_COLUMN_LIST = ", ".join(COLUMNS)
# The texts are normalized already, so the plain ASCII tokenizer is enough. The search uses no
# phrases and ranks rows in Python, so FTS5 need not store positions and lengths: the file is
# smaller and is filled faster.
_SCHEMA = f"""
CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING fts5(
    {_COLUMN_LIST}, checksum UNINDEXED,
    tokenize = 'ascii', prefix = '1 2 3', detail = column, columnsize = 0
)
"""
_ALL_COLUMNS = f"rowid, checksum, {_COLUMN_LIST}"
_INSERT = f"INSERT INTO {TABLE} ({_ALL_COLUMNS}) VALUES (?, ?, {', '.join('?' * len(COLUMNS))})"  # noqa: S608 - own names
_BY_ID = f"SELECT {_ALL_COLUMNS} FROM {TABLE} WHERE rowid = ?"  # noqa: S608
_MATCHING = f"SELECT {_ALL_COLUMNS} FROM {TABLE} WHERE {TABLE} MATCH ? ORDER BY rowid LIMIT ?"  # noqa: S608
_IDS = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH ? ORDER BY rowid LIMIT ? OFFSET ?"  # noqa: S608
_COUNT = f"SELECT count(*) FROM {TABLE} WHERE {TABLE} MATCH ?"  # noqa: S608
_DELETE = f"DELETE FROM {TABLE} WHERE rowid = ?"  # noqa: S608
_NUMBER = COLUMNS.index("number")


@dataclass(frozen=True, slots=True)
class SearchRow:
    """A row of the index: its id, the text of each column of `COLUMNS`, and their checksum."""

    id: int
    texts: tuple[str, ...]
    checksum: int = 0

    def check(self, extension: Extension) -> None:
        """Raise `Damaged` if the row was altered, or if it is not that of this extension.

        Without this check a name that lost a bit on the disk could open another person's card.
        """
        if _checksum(extension.number, self.texts) != self.checksum:
            raise Damaged("a row of the search index was altered")

    @property
    def sort_key(self) -> tuple[bool, int, str, int]:
        """The order of rows that match equally well: by number."""
        number = self.texts[_NUMBER]
        return not number.isdecimal(), len(number), number, self.id


def create(db: sqlite3.Connection) -> None:
    """Create the tables, if there are none."""
    db.execute(_SCHEMA)
    db.execute(vocabulary.SCHEMA)


def put(db: sqlite3.Connection, row_id: int, number: str, texts: tuple[str, ...]) -> None:
    """Add or replace the row of an extension's number, and keep the vocabulary up to date."""
    before = _row(db, row_id)
    if before and before.texts == texts:
        return
    if before:
        db.execute(_DELETE, (row_id,))
    db.execute(_INSERT, (row_id, _checksum(number, texts), *texts))
    vocabulary.add(db, correctable(texts))
    if before:
        _remove_unused_words(db, before)


def drop(db: sqlite3.Connection, row_id: int) -> None:
    """Remove a row, if there is one, and the words that only it had."""
    if before := _row(db, row_id):
        db.execute(_DELETE, (row_id,))
        _remove_unused_words(db, before)


def check_integrity(db: sqlite3.Connection) -> None:
    """Compare the index with its rows. Raises a `sqlite3.DatabaseError`.

    FTS5 takes this command as a row to insert, although it writes nothing.
    https://sqlite.org/fts5.html#the_integrity_check_command
    """
    try:
        db.execute(f"INSERT INTO {TABLE} ({TABLE}) VALUES ('integrity-check')")  # noqa: S608
    finally:
        db.rollback()


def rows_matching(db: sqlite3.Connection, expression: str, limit: int) -> list[SearchRow]:
    """Return the first rows that match an FTS5 expression."""
    rows = db.execute(_MATCHING, (expression, limit))
    return list(map(_search_row, rows))


def ids_matching(db: sqlite3.Connection, expression: str, limit: int, offset: int = 0) -> list[int]:
    """Return the ids of rows that match an FTS5 expression."""
    return [row_id for (row_id,) in db.execute(_IDS, (expression, limit, offset))]


def rows_by_id(db: sqlite3.Connection, ids: Sequence[int]) -> list[SearchRow]:
    """Return the rows of these ids, in the same order."""
    return [row for row in (_row(db, row_id) for row_id in ids) if row]


def count(db: sqlite3.Connection, expression: str) -> int:
    """Return how many rows match an FTS5 expression."""
    return int(db.execute(_COUNT, (expression,)).fetchone()[0])


def _row(db: sqlite3.Connection, row_id: int) -> SearchRow | None:
    row = db.execute(_BY_ID, (row_id,)).fetchone()
    return _search_row(row) if row else None


def _search_row(row: tuple[Any, ...]) -> SearchRow:
    """Return a row as it was read. Raises `Damaged` if a column holds no text."""
    row_id, stored_checksum, *texts = row
    if not all(type(text) is str for text in texts):
        raise Damaged("a row of the search index has a column without text")
    return SearchRow(row_id, tuple(texts), stored_checksum)


def _checksum(number: str, texts: Sequence[str]) -> int:
    """Return a 32-bit checksum of what is stored about an extension."""
    return zlib.crc32("\n".join((number, *texts)).encode("utf-8", "surrogatepass"))


def _remove_unused_words(db: sqlite3.Connection, row: SearchRow) -> None:
    """Remove the words of a former row from the vocabulary, unless another row has them.

    Otherwise a misspelled name would be corrected to that of somebody who has left.
    """
    unused = [
        (word, field)
        for word, field in dict.fromkeys(correctable(row.texts))
        if not _occurs(db, word, field)
    ]
    vocabulary.remove(db, unused)


def _occurs(db: sqlite3.Connection, word: str, field: str) -> bool:
    """Whether any row has a correctable word in a field.

    If very many rows have the word in any field, it is assumed that one has it in this field.
    """
    most = limits.MAX_ROWS_TO_PROVE_A_WORD
    rows = rows_matching(db, f'"{word}"', most)
    return len(rows) == most or any((word, field) in set(correctable(row.texts)) for row in rows)


# Expressions


def whole_words(interpretations: Iterable[Interpretation], columns: Collection[str]) -> str:
    """Match rows that have every word in full in one of the columns.

    An initial matches if a name begins with it.
    """
    return _any(_all(_whole_word(term, columns) for term in terms) for terms in interpretations)


def matching(interpretations: Iterable[Interpretation], columns: Sequence[str]) -> str:
    """Match rows that have every word in full, as a prefix, or by one of its alternatives."""
    return _any(_all(_term(term, columns) for term in terms) for terms in interpretations)


def excluding(expression: str, others: Sequence[str]) -> str:
    """Match the rows of an expression that match none of the others."""
    return f"({expression}) NOT ({_any(others)})" if others else expression


def _whole_word(term: Term, columns: Collection[str]) -> str:
    if term.is_initial:
        return _in_columns(NAMES, [f"{_quoted(term.word)} *"])
    return _in_columns(columns, map(_quoted, term.spellings))


def _term(term: Term, columns: Sequence[str]) -> str:
    if term.is_cjk:
        # A Chinese name may be typed without a space, so its characters may be in several words.
        characters = " AND ".join(map(_quoted, term.word))
        return _in_columns(columns, [_quoted(term.word), f"({characters})"])
    names = [column for column in columns if column in NAMES]
    # A single letter is only a prefix of names: as a prefix of emails or tags it would match
    # nearly every row.
    prefix_columns = [] if term.whole_word else columns if len(term.word) > 1 else names
    parts = []
    if prefix_columns:
        parts.append(_in_columns(prefix_columns, (f"{_quoted(word)} *" for word in term.spellings)))
    if len(prefix_columns) < len(columns):
        parts.append(_in_columns(columns, map(_quoted, term.spellings)))
    if term.alternatives:
        parts.append(_in_columns(columns, map(_quoted, term.alternatives)))
    if term.reversed_digits and REVERSED_DIGITS in columns:
        parts.append(_in_columns([REVERSED_DIGITS], [f"{_quoted(term.reversed_digits)} *"]))
    return _any(parts)


def _in_columns(columns: Collection[str], words: Iterable[str]) -> str:
    # Direct numbers are stored reversed, so words as typed must not be searched in their column.
    readable = [column for column in columns if column != REVERSED_DIGITS] or list(columns)
    return f"{{{' '.join(readable)}}} : ({' OR '.join(words)})"


def _quoted(word: str) -> str:
    return f'"{word}"'


def _any(parts: Iterable[str]) -> str:
    return " OR ".join(f"({part})" for part in parts)


def _all(parts: Iterable[str]) -> str:
    return " AND ".join(f"({part})" for part in parts)
