"""One reading of the whole account, in one SQLite database: rows, numbers and the search index.

It is filled page by page, answers from what is there already, and is *complete* once the whole
account was read; `shelf` decides which one answers. What is asked of it by a mark is here;
lists are in `narrowing`, what differs from the one before in `changes`, the search in `index`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.directory import compare
from bot.directory.search import index
from bot.directory.store import codec
from bot.directory.store.database import (
    COLUMN_FILTERS,
    SCHEMA,
    VERSION,
    Damaged,
    Unusable,
    connect,
    is_damage,
)
from bot.fields import ATTRIBUTES, Kind, getter
from bot.models import Extension, Location, Match
from bot.query.model import Phone

BEING_FILLED, COMPLETE = "being filled", "complete"

_COLUMNS = (
    *("number", "sort_key", "record", "read_at", "location_id", "has_user", "has_odd_name"),
    *(row.name for row in COLUMN_FILTERS),
)
# A number keeps its row id, so that the rows of the search index stay its own.
_PUT = f"""
INSERT INTO extensions ({", ".join(_COLUMNS)}) VALUES ({", ".join("?" * len(_COLUMNS))})
ON CONFLICT (number) DO UPDATE SET
    {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[2:])}
RETURNING id
"""  # noqa: S608 - the table's own names
_FILTER_VALUES = tuple(
    (getter(row.path), ATTRIBUTES[row.path].kind is Kind.TEXT) for row in COLUMN_FILTERS
)
_ROW = "SELECT record, read_at FROM extensions"
_BY_ENDING = f"""{_ROW} WHERE id IN (
    SELECT id FROM numbers WHERE reversed_digits >= ? AND reversed_digits < ?) ORDER BY sort_key"""  # noqa: S608


class Snapshot:
    """One database. Its methods raise `sqlite3.DatabaseError` where the file is damaged."""

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self.path = path
        self.db = db
        self.locations: dict[str, Location] = {}
        self.index = index.Index(db, self.by_ids)

    @classmethod
    def create(cls, path: Path, account: str) -> Snapshot:
        """Make an empty one for an account, readable by its owner only."""
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        db = connect(path)
        try:
            with db:
                db.executescript(SCHEMA)
                index.create(db)
                db.execute(f"PRAGMA user_version = {VERSION}")
            fresh = cls(path, db)
            fresh.disable_fsync()
            fresh.note(account=account, state=BEING_FILLED)
        except BaseException:
            db.close()
            raise
        return fresh

    @classmethod
    def open(cls, path: Path, account: str) -> Snapshot:
        """Open an earlier one that is complete. Raises `Unusable`."""
        try:
            db = connect(path)
            try:
                found = cls(path, db)
                found._check(account)
            except BaseException:
                db.close()
                raise
        except sqlite3.Error as fault:
            raise Unusable(type(fault).__name__, for_good=is_damage(fault)) from None
        except (ValueError, TypeError) as fault:
            raise Unusable(type(fault).__name__) from None
        return found

    def _check(self, account: str) -> None:
        if self.db.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            raise Unusable("another version")
        if self.about("account") != account:
            raise Unusable("another account, or other hidden numbers")
        if self.about("state") != COMPLETE:
            raise Unusable("it was not finished")
        rows = self.db.execute("SELECT record FROM locations")
        self.locations = {each.id: each for each in (codec.location(r) for (r,) in rows)}
        self.count()

    @contextmanager
    def apart(self) -> Iterator[Snapshot]:
        """Open the same file once more, for another thread."""
        other = Snapshot(self.path, connect(self.path))
        other.locations = self.locations
        try:
            yield other
        finally:
            other.close()

    def close(self) -> None:
        """Let the file go."""
        self.db.close()

    # What is known of the reading itself.

    def note(self, **values: float | str | None) -> None:
        """Write down something about the reading."""
        with self.db:
            self.db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", values.items())

    def about(self, name: str) -> float | str | None:
        """Return what was written down."""
        found = self.db.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return found[0] if found else None

    @property
    def read_at(self) -> float:
        """When the reading began, in epoch seconds: no row is older."""
        return float(self.about("read_at") or 0.0)

    def count(self) -> int:
        """Return how many extensions are in it."""
        return int(self.db.execute("SELECT count(*) FROM extensions").fetchone()[0])

    # Filling.

    def disable_fsync(self) -> None:
        """Let the disk not keep up: until it is complete, it is worth nothing after a crash."""
        self.db.execute("PRAGMA synchronous = OFF")

    def flush(self) -> None:
        """Let the disk have all that was written while it need not keep up."""
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def place_locations(self, locations: Iterable[Location]) -> None:
        """Take the locations of the account; rows that are put afterwards are found by them."""
        self.locations = {each.id: each for each in locations}
        with self.db:
            self.db.execute("DELETE FROM locations")
            self.db.executemany(
                "INSERT INTO locations VALUES (?, ?)",
                [(each.id, codec.location_text(each)) for each in self.locations.values()],
            )

    def put(self, extensions: Iterable[Extension], read_at: float) -> None:
        """Add extensions, or put them in place of what is there, as of `read_at`."""
        with self.writing():
            for each in extensions:
                self.put_one(each, read_at)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Write all that is written meanwhile, or nothing."""
        with self.db:
            yield
        self.index.changed()

    def put_one(self, extension: Extension, read_at: float) -> None:
        """Add or replace one, `writing`."""
        record = codec.extension_text(extension)
        was = self.db.execute(
            "SELECT id, record FROM extensions WHERE number = ?", (extension.number,)
        ).fetchone()
        if was and was[1] == record:
            self.db.execute("UPDATE extensions SET read_at = ? WHERE id = ?", (read_at, was[0]))
            return
        # All that it returns is fetched, or it would not be over when it is committed.
        ((row_id,),) = self.db.execute(_PUT, _columns(extension, record, read_at)).fetchall()
        if was:
            self.db.execute("DELETE FROM numbers WHERE id = ?", (row_id,))
        self.db.executemany(
            "INSERT OR IGNORE INTO numbers VALUES (?, ?, ?)",
            [
                (compare.digits(did.phone_number)[::-1], row_id, did.custom_tag.casefold())
                for did in extension.dids
            ],
        )
        index.put(self.db, row_id, extension, self.locations.get(extension.location_id))

    def drop(self, numbers: Iterable[str]) -> None:
        """Take extensions out."""
        with self.writing():
            for number in numbers:
                self.drop_one(number)

    def drop_one(self, number: str) -> None:
        """Take out one, `writing`."""
        rows = self.db.execute("SELECT id FROM extensions WHERE number = ?", (number,)).fetchall()
        for (row_id,) in rows:
            index.drop(self.db, row_id)
            self.db.execute("DELETE FROM numbers WHERE id = ?", (row_id,))
            self.db.execute("DELETE FROM extensions WHERE id = ?", (row_id,))

    # Asking by a mark.

    def by_number(self, number: str) -> Match | None:
        """Return the extension of a number."""
        found = self._matches(f"{_ROW} WHERE number = ?", number)
        return found[0] if found else None

    def by_email(self, address: str) -> list[Match]:
        """Return the extensions of an email address, in number order."""
        wanted = address.casefold()
        return self._matches(f"{_ROW} WHERE email = ? AND email != '' ORDER BY sort_key", wanted)

    def by_login(self, login: str) -> list[Match]:
        """Return the extensions of a login name, in number order."""
        wanted = login.casefold()
        return self._matches(f"{_ROW} WHERE login = ? AND login != '' ORDER BY sort_key", wanted)

    def by_ending(self, ending: str) -> list[Match]:
        """Return the extensions with a direct number that ends so, in number order."""
        if len(ending) < compare.SHORTEST_ENDING:
            return []
        # ":" follows "9", so this is every number that begins so from its end.
        first, behind = ending[::-1], ending[::-1] + ":"
        return self._matches(_BY_ENDING, first, behind)

    def by_phone(self, phone: Phone) -> list[Match]:
        """Return the extensions that one of the numbers which a text can mean rings."""
        endings = {each[-compare.SHORTEST_NUMBER :] for each in phone.candidates}
        found = {
            match.extension.number: match
            for ending in endings
            for match in self.by_ending(ending)
            if compare.has_phone(match.extension, phone)
        }
        return sorted(found.values(), key=lambda match: compare.sort_key(match.extension.number))

    def by_ids(self, ids: Sequence[int]) -> list[Extension]:
        """Return the extensions of these rows, in the same order."""
        return [match.extension for match in self.matches_of(ids)]

    def matches_of(self, ids: Sequence[int]) -> list[Match]:
        """Return these rows, in the same order."""
        marks = ",".join("?" * len(ids))
        rows = self.db.execute(
            f"SELECT id, record, read_at FROM extensions WHERE id IN ({marks})",  # noqa: S608
            ids,
        )
        found = {row_id: match_of(record, read_at) for row_id, record, read_at in rows}
        return [found[each] for each in ids if each in found]

    def _matches(self, sql: str, *values: str) -> list[Match]:
        return [match_of(*row) for row in self.db.execute(sql, values)]


def match_of(record: str, read_at: float) -> Match:
    """Return what a row is. Raises `Damaged`."""
    try:
        return Match(codec.extension(record), read_at)
    except (ValueError, TypeError):
        raise Damaged("a record cannot be read") from None


def _columns(extension: Extension, record: str, read_at: float) -> tuple[object, ...]:
    """Return the values of `_COLUMNS`."""
    return (
        extension.number,
        compare.sort_key(extension.number),
        record,
        read_at,
        extension.location_id,
        extension.user is not None,
        compare.has_odd_name(extension),
        *[
            read(extension, None).casefold() if is_text else read(extension, None)
            for read, is_text in _FILTER_VALUES
        ],
    )
