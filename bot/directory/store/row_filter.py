"""Lists from a snapshot: the rows that a filter or an audit check selects, in number order."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from bot.directory import compare
from bot.directory.store.database import ending_range
from bot.directory.store.snapshot import ROW, Snapshot, match_from_row
from bot.fields import FILTERS, Filter, Filters, Kind
from bot.models import Match

# The condition on a row of `extensions` for each check of `models.CHECKS`.
CHECKS = {
    "unassigned": "NOT has_user",
    "shared": """id IN (
        SELECT id FROM numbers WHERE reversed_digits IN (
            SELECT reversed_digits FROM numbers
            GROUP BY reversed_digits HAVING count(DISTINCT id) > 1))""",
    "no-did": "has_user AND id NOT IN (SELECT id FROM numbers)",
    "dnd": "dnd",
    "names": "has_odd_name",
}
_WITH_NUMBER = """id IN (
    SELECT id FROM numbers WHERE reversed_digits >= ? AND reversed_digits < ? AND {})"""
_WITH_TAG = "id IN (SELECT id FROM numbers WHERE tag LIKE ? ESCAPE '\\')"

Condition = tuple[str, tuple[object, ...]]  # SQL with placeholders, and their values


@dataclass(frozen=True, slots=True)
class RowPage:
    """A page of a list: its rows, the index of its first row, and the length of the whole list."""

    matches: tuple[Match, ...]
    start: int
    total: int


@dataclass(frozen=True, slots=True)
class RowFilter:
    """A list: an SQL condition on rows of `extensions`, and the values of its placeholders."""

    where: str = "1"
    values: tuple[object, ...] = ()

    def total(self, snapshot: Snapshot) -> int:
        """Return the length of the list."""
        sql = f"SELECT count(*) FROM extensions WHERE {self.where}"  # noqa: S608
        return int(snapshot.db.execute(sql, self.values).fetchone()[0])

    def page(self, snapshot: Snapshot, page: int, rows: int) -> RowPage:
        """Return a page, counted from 1; the last page if there is no such page."""
        total = self.total(snapshot)
        start = (min(page, max(-(-total // rows), 1)) - 1) * rows
        return RowPage(self._rows(snapshot, "", f"LIMIT {rows} OFFSET {start}"), start, total)

    def page_next_to(
        self, snapshot: Snapshot, *, after: str = "", before: str = "", rows: int
    ) -> RowPage:
        """Return the rows right after an extension number, or right before one.

        Pages that follow each other this way neither repeat nor skip a row, whichever rows were
        added or removed in the meantime. If no row is left on that side, the first or the last
        page is returned.
        """
        if before:
            descending = self._rows(snapshot, "AND sort_key < ?", f"DESC LIMIT {rows}", before)
            matches = descending[::-1]
        else:
            matches = self._rows(snapshot, "AND sort_key > ?", f"LIMIT {rows}", after)
        if not matches:
            last = 1 if before else max(self.total(snapshot), 1)
            return self.page(snapshot, -(-last // rows), rows)
        return RowPage(matches, self._start(snapshot, matches[0]), self.total(snapshot))

    def all_matches(self, snapshot: Snapshot) -> Iterator[Match]:
        """Yield every row as of now, in number order, however long the caller takes."""
        # A separate connection keeps the file readable when a newer snapshot replaces this one.
        db = snapshot.connect()
        sql = f"{ROW} WHERE {self.where} ORDER BY sort_key"
        return _closing_iterator(db, db.execute(sql, self.values))

    def _rows(
        self, snapshot: Snapshot, extra_condition: str, limit: str, *number: str
    ) -> tuple[Match, ...]:
        sort_keys = map(compare.sort_key, number)
        sql = f"{ROW} WHERE ({self.where}) {extra_condition} ORDER BY sort_key {limit}"
        rows = snapshot.db.execute(sql, (*self.values, *sort_keys))
        return tuple(map(match_from_row, rows))

    def _start(self, snapshot: Snapshot, first: Match) -> int:
        sql = f"SELECT count(*) FROM extensions WHERE ({self.where}) AND sort_key < ?"  # noqa: S608
        sort_key = compare.sort_key(first.extension.number)
        return int(snapshot.db.execute(sql, (*self.values, sort_key)).fetchone()[0])


def by_filters(filters: Filters) -> RowFilter:
    """Return the list of rows that match all given filters; `filters.location` must be an id."""
    conditions = [_CONDITIONS[row.name](value) for row, value in filters.given()]
    if not conditions:
        return RowFilter()
    return RowFilter(
        " AND ".join(sql for sql, _ in conditions),
        tuple(value for _, values in conditions for value in values),
    )


def by_check(check: str) -> RowFilter:
    """Return the list of rows that a check of `models.CHECKS` finds."""
    return RowFilter(CHECKS[check])


def per_location(snapshot: Snapshot) -> dict[str, int]:
    """Return the number of extensions of each location, by location id."""
    sql = "SELECT location_id, count(*) FROM extensions GROUP BY location_id"
    return dict(snapshot.db.execute(sql).fetchall())


def _phone(number: str) -> Condition:
    """Return the condition for a direct number, or for its last digits if they are too few."""
    digits = compare.digits(number)
    bounds = ending_range(digits[-compare.MIN_PHONE_DIGITS :])
    if len(digits) < compare.MIN_PHONE_DIGITS:
        return _WITH_NUMBER.format("1"), bounds
    return _WITH_NUMBER.format("same_phone(reversed_digits, ?)"), (*bounds, digits)


def _tag(text: str) -> Condition:
    """Return the condition for a text anywhere in the tag of a direct number."""
    literal = text.casefold().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return _WITH_TAG, (f"%{literal}%",)


_SPECIAL_CONDITIONS: dict[str, Callable[[Any], Condition]] = {
    "location": lambda location_id: ("location_id = ?", (location_id,)),
    "phone": _phone,
    "tag": _tag,
    "unassigned": lambda _: ("NOT has_user", ()),
}


def _condition(row: Filter) -> Callable[[Any], Condition]:
    """Return the function that makes a filter's condition; by default its column has the value."""
    if own := _SPECIAL_CONDITIONS.get(row.name):
        return own
    if row.kind is Kind.SWITCH:
        return lambda value: (f"{row.name} IS ?", (value,))
    return lambda value: (f"{row.name} = ?", (value.casefold(),))


_CONDITIONS = {row.name: _condition(row) for row in FILTERS.values()}


def _closing_iterator(db: sqlite3.Connection, rows: sqlite3.Cursor) -> Iterator[Match]:
    with closing(db):
        yield from map(match_from_row, rows)
