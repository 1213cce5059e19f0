"""The rows of the index, as SQLite keeps them: what is asked of FTS5 and what comes back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from bot.directory.search import vocabulary
from bot.directory.search.document import COLUMNS, correctable
from bot.directory.search.ranking import SearchRow

TABLE = "search"
_NAMED = ", ".join(COLUMNS)
# The text is folded already. No phrases are asked for, and ranking is not left to FTS5, so that
# places and lengths need not be kept.
_SCHEMA = f"""
CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING fts5(
    {_NAMED}, tokenize = 'ascii', prefix = '1 2 3', detail = column, columnsize = 0
)
"""
_INSERT = f"INSERT INTO {TABLE} (rowid, {_NAMED}) VALUES (?, {', '.join('?' * len(COLUMNS))})"  # noqa: S608 - own names
_BY_ID = f"SELECT rowid, {_NAMED} FROM {TABLE} WHERE rowid = ?"  # noqa: S608
_MATCHING = f"SELECT rowid, {_NAMED} FROM {TABLE} WHERE {TABLE} MATCH ? ORDER BY rowid LIMIT ?"  # noqa: S608
_IDS = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH ? ORDER BY rowid LIMIT ? OFFSET ?"  # noqa: S608
_COUNT = f"SELECT count(*) FROM {TABLE} WHERE {TABLE} MATCH ?"  # noqa: S608
_DELETE = f"DELETE FROM {TABLE} WHERE rowid = ?"  # noqa: S608


def create(db: sqlite3.Connection) -> None:
    """Make the tables, if there are none."""
    db.execute(_SCHEMA)
    db.execute(vocabulary.SCHEMA)


def put(db: sqlite3.Connection, id: int, texts: tuple[str, ...]) -> None:  # noqa: A002
    """Add or replace a row."""
    before = _one(db, id)
    if before and before.texts == texts:
        return
    if before:
        db.execute(_DELETE, (id,))
    db.execute(_INSERT, (id, *texts))
    vocabulary.add(db, correctable(texts))
    if before:
        _forget_words(db, before)


def drop(db: sqlite3.Connection, id: int) -> None:  # noqa: A002
    """Remove a row, if there is one."""
    if before := _one(db, id):
        db.execute(_DELETE, (id,))
        _forget_words(db, before)


def rows_matching(db: sqlite3.Connection, expression: str, limit: int) -> list[SearchRow]:
    """Return the first rows that match."""
    rows = db.execute(_MATCHING, (expression, limit))
    return [SearchRow(row_id, tuple(texts)) for row_id, *texts in rows]


def ids_matching(db: sqlite3.Connection, expression: str, limit: int, offset: int = 0) -> list[int]:
    """Return the ids of rows that match."""
    return [id for (id,) in db.execute(_IDS, (expression, limit, offset))]  # noqa: A001


def rows_by_id(db: sqlite3.Connection, ids: Sequence[int]) -> list[SearchRow]:
    """Return the rows of ids."""
    return [row for row in (_one(db, id) for id in ids) if row]  # noqa: A001


def count(db: sqlite3.Connection, expression: str) -> int:
    """Return how many rows match."""
    return int(db.execute(_COUNT, (expression,)).fetchone()[0])


def _one(db: sqlite3.Connection, id: int) -> SearchRow | None:  # noqa: A002
    found = db.execute(_BY_ID, (id,)).fetchone()
    return SearchRow(found[0], tuple(found[1:])) if found else None


def _forget_words(db: sqlite3.Connection, row: SearchRow) -> None:
    """Nobody is corrected to the name of somebody who has left."""
    gone = [
        (word, field)
        for word, field in dict.fromkeys(correctable(row.texts))
        if not _occurs(db, word, field)
    ]
    vocabulary.remove(db, gone)


def _occurs(db: sqlite3.Connection, word: str, field: str) -> bool:
    """Whether a row has a word in a field, so that it is to be kept among those to correct to."""
    found = rows_matching(db, f'"{word}"', _LOOKED_AT)
    return len(found) == _LOOKED_AT or any(
        (word, field) in set(correctable(r.texts)) for r in found
    )


_LOOKED_AT = 50  # rows; a word that as many have is nobody's own
