"""Lists out of a snapshot: what a list is narrowed to, in number order, page by page."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from bot.directory import compare
from bot.directory.store.database import connect
from bot.directory.store.snapshot import Snapshot, match_from_row
from bot.models import Match
from bot.query.model import Filters

# What each check of `models.CHECKS` finds, as a condition on a row.
CHECKS = {
    "unassigned": "NOT has_user",
    "shared": """id IN (
        SELECT id FROM numbers WHERE backwards IN (
            SELECT backwards FROM numbers GROUP BY backwards HAVING count(DISTINCT id) > 1))""",
    "no-did": "has_user AND id NOT IN (SELECT id FROM numbers)",
    "dnd": "dnd",
    "names": "odd_name",
}
_ALL = "SELECT record, read_at, number FROM extensions"


@dataclass(frozen=True, slots=True)
class Slice:
    """Some rows of a list, where they begin in it (from 0), and how long the whole list is."""

    matches: tuple[Match, ...]
    start: int
    total: int


@dataclass(frozen=True, slots=True)
class RowFilter:
    """A list: a condition on rows, and the values in it."""

    where: str = "1"
    values: tuple[object, ...] = ()

    def total(self, snapshot: Snapshot) -> int:
        """Return how long it is."""
        sql = f"SELECT count(*) FROM extensions WHERE {self.where}"  # noqa: S608
        return int(snapshot.db.execute(sql, self.values).fetchone()[0])

    def page(self, snapshot: Snapshot, page: int, rows: int) -> Slice:
        """Return a page; behind the last one there is the last one."""
        total = self.total(snapshot)
        start = (min(page, max(-(-total // rows), 1)) - 1) * rows
        return Slice(self._rows(snapshot, "", f"LIMIT {rows} OFFSET {start}"), start, total)

    def beside(self, snapshot: Snapshot, *, after: str = "", before: str = "", rows: int) -> Slice:
        """Return the rows that follow one number, or those that stand before one.

        What was read already is not shown again, and nothing is left out, whatever came and
        went in the meantime.
        """
        if before:
            found = self._rows(snapshot, "AND place < ?", f"DESC LIMIT {rows}", before)[::-1]
        else:
            found = self._rows(snapshot, "AND place > ?", f"LIMIT {rows}", after)
        if not found:
            last = 1 if before else max(self.total(snapshot), 1)
            return self.page(snapshot, -(-last // rows), rows)
        return Slice(found, self._start(snapshot, found[0]), self.total(snapshot))

    def each(self, snapshot: Snapshot) -> Iterator[Match]:
        """Return every row as of now, in number order, however long it takes to go through."""
        # A connection of its own: the file is there until it is closed, whatever comes after it.
        db = connect(snapshot.path)
        sql = f"{_ALL} WHERE {self.where} ORDER BY place"
        return _yielded(db, db.execute(sql, self.values))

    def _rows(self, snapshot: Snapshot, side: str, limit: str, *number: str) -> tuple[Match, ...]:
        places = map(compare.sort_key, number)
        sql = f"{_ALL} WHERE ({self.where}) {side} ORDER BY place {limit}"
        rows = snapshot.db.execute(sql, (*self.values, *places))
        return tuple(match_from_row(record, at) for record, at, _ in rows)

    def _start(self, snapshot: Snapshot, first: Match) -> int:
        sql = f"SELECT count(*) FROM extensions WHERE ({self.where}) AND place < ?"  # noqa: S608
        place = compare.sort_key(first.extension.number)
        return int(snapshot.db.execute(sql, (*self.values, place)).fetchone()[0])


def by_filters(filters: Filters) -> RowFilter:
    """Return a list narrowed so; `filters.location` is an id here."""
    asked: tuple[tuple[object, str, tuple[object, ...]], ...] = (
        (filters.location, "location_id = ?", (filters.location,)),
        (filters.email, "email = ?", (filters.email.casefold(),)),
        (filters.login, "login = ?", (filters.login.casefold(),)),
        (filters.phone, *_phone(compare.digits(filters.phone))),
        (filters.tag, _TAG, (f"%{_literally(filters.tag.casefold())}%",)),
        (filters.dnd is not None, "dnd IS ?", (filters.dnd,)),
        (filters.voicemail is not None, "voicemail IS ?", (filters.voicemail,)),
        (filters.unassigned, "NOT has_user", ()),
    )
    parts = [(sql, values) for is_asked, sql, values in asked if is_asked]
    if not parts:
        return RowFilter()
    return RowFilter(
        " AND ".join(sql for sql, _ in parts), tuple(v for _, values in parts for v in values)
    )


def by_check(check: str) -> RowFilter:
    """Return what a check of `models.CHECKS` finds."""
    return RowFilter(CHECKS[check])


def per_location(snapshot: Snapshot) -> dict[str, int]:
    """Return how many extensions each location has, by its id."""
    sql = "SELECT location_id, count(*) FROM extensions GROUP BY location_id"
    return dict(snapshot.db.execute(sql).fetchall())


def _phone(digits: str) -> tuple[str, tuple[str, ...]]:
    """Return the condition for a direct number, or for how it ends where that is all there is."""
    start = digits[-compare.MIN_PHONE_DIGITS :][::-1]
    if len(digits) < compare.MIN_PHONE_DIGITS:
        return _NUMBER.format("1"), (start, start + ":")
    return _NUMBER.format("same_phone(backwards, ?)"), (start, start + ":", digits)


_NUMBER = "id IN (SELECT id FROM numbers WHERE backwards >= ? AND backwards < ? AND {})"
_TAG = "id IN (SELECT id FROM numbers WHERE tag LIKE ? ESCAPE '\\')"


def _literally(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _yielded(db: sqlite3.Connection, rows: sqlite3.Cursor) -> Iterator[Match]:
    with closing(db):
        for record, read_at, _ in rows:
            yield match_from_row(record, read_at)
