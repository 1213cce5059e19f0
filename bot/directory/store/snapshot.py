"""One reading of the whole account, in one SQLite database: rows, numbers and the search index.

A snapshot is filled page by page, can be queried from the first page on, and is *complete* once
the whole account has been read; `snapshot_store` decides which snapshot answers. This module
has the queries by key. Lists are in `row_filter`, changes in `history`, the search in `index`.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.directory import compare
from bot.directory.damage import Damaged
from bot.directory.search import index
from bot.directory.store import codec
from bot.directory.store.database import (
    COLUMN_FILTERS,
    SCHEMA,
    VERSION,
    Unusable,
    connect,
    ending_range,
    error_name,
    is_damage,
    moment,
)
from bot.fields import ATTRIBUTES, Kind, getter
from bot.models import Extension, Location, Match
from bot.query.model import Email, Number, Phone

BEING_FILLED, COMPLETE = "being filled", "complete"

_COLUMNS = (
    *("number", "sort_key", "record", "read_at", "location_id", "has_user", "has_odd_name"),
    *(row.name for row in COLUMN_FILTERS),
    "checksum",
)
_RECORD, _READ_AT = _COLUMNS.index("record"), _COLUMNS.index("read_at")
# An upsert keeps the row id of a number, which the rows of the search index refer to.
_PUT = f"""
INSERT INTO extensions ({", ".join(_COLUMNS)}) VALUES ({", ".join("?" * len(_COLUMNS))})
ON CONFLICT (number) DO UPDATE SET
    {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[2:])}
RETURNING id
"""  # noqa: S608 - the table's own names
_FILTER_VALUES = tuple(
    (getter(row.path), ATTRIBUTES[row.path].kind is Kind.TEXT) for row in COLUMN_FILTERS
)
ROW = f"SELECT {', '.join(_COLUMNS)} FROM extensions"  # noqa: S608 - the table's own names
_BY_ENDING = f"""{ROW} WHERE id IN (
    SELECT id FROM numbers WHERE reversed_digits >= ? AND reversed_digits < ?) ORDER BY sort_key"""  # noqa: S608


class Snapshot:
    """One database file. Methods raise `sqlite3.DatabaseError` if the file is damaged.

    `locations` are the locations of the account by id, as of the start of the reading. Rows of
    the search index contain their names. `begun_at` is when the reading began, by the store's
    monotonic clock.
    """

    def __init__(self, path: Path, db: sqlite3.Connection, *, read_only: bool = False) -> None:
        self.path = path
        self.db = db
        self._read_only = read_only
        self.locations: dict[str, Location] = {}
        self.begun_at = 0.0
        self.index = index.Index(db, self.extensions_by_id)

    @classmethod
    def create(cls, path: Path, account: str) -> Snapshot:
        """Create an empty snapshot of an account, readable by the owner of the process only."""
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        db = connect(path)
        try:
            with db:
                db.executescript(SCHEMA)
                index.create(db)
                db.execute(f"PRAGMA user_version = {VERSION}")
            snapshot = cls(path, db)
            snapshot.disable_fsync()
            snapshot.set_meta(account=account, state=BEING_FILLED)
        except BaseException:
            db.close()
            raise
        return snapshot

    @classmethod
    def open(cls, path: Path, account: str) -> Snapshot:
        """Open a complete snapshot of this account; only to read it if the disk takes no more.

        Raises `Unusable`.
        """
        try:
            return cls._open(path, account, read_only=False)
        except Unusable as reason:
            if reason.for_good:
                raise
        return cls._open(path, account, read_only=True)

    @classmethod
    def _open(cls, path: Path, account: str, *, read_only: bool) -> Snapshot:
        try:
            db = connect(path, read_only=read_only)
            try:
                snapshot = cls(path, db, read_only=read_only)
                snapshot._check(account)
            except BaseException:
                db.close()
                raise
        except sqlite3.Error as fault:
            # A full disk or a lock is temporary, so the file must not be deleted for it.
            raise Unusable(error_name(fault), for_good=is_damage(fault)) from None
        except (ValueError, TypeError) as fault:
            raise Unusable(type(fault).__name__) from None
        return snapshot

    def _check(self, account: str) -> None:
        """Check that the file is a complete snapshot of this account, and load its locations.

        Raises `Unusable`, or a `sqlite3.Error` if the file is damaged.
        """
        if self.db.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            raise Unusable("another version")
        if self.get_meta("account") != account:
            raise Unusable("another account, or other hidden numbers")
        if self.get_meta("state") != COMPLETE:
            raise Unusable("it was not finished")
        records = self.db.execute("SELECT record FROM locations")
        locations = (codec.location(record) for (record,) in records)
        self.locations = {location.id: location for location in locations}
        self.count()  # reads the largest table, so that damage is found at the start
        _ = self.read_at, self.known_since

    @contextmanager
    def reopened(self) -> Iterator[Snapshot]:
        """Open the same file once more for another thread; connections cannot be shared."""
        other = Snapshot(self.path, self.connect(), read_only=self._read_only)
        other.locations = self.locations
        try:
            yield other
        finally:
            other.close()

    def connect(self) -> sqlite3.Connection:
        """Open one more connection to the file."""
        return connect(self.path, read_only=self._read_only)

    def close(self) -> None:
        """Close the connection. The file stays."""
        self.db.close()

    # Facts about the reading itself.

    def set_meta(self, **values: float | str | None) -> None:
        """Store values about the reading, by name."""
        with self.db:
            self.db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    def get_meta(self, name: str) -> float | str | None:
        """Return a value about the reading; `None` if it was never stored."""
        row = self.db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    @property
    def read_at(self) -> float:
        """When the reading started, in epoch seconds: no row is older."""
        return moment(self.get_meta("read_at"))

    @property
    def known_since(self) -> float:
        """Since when changes have been recorded, in epoch seconds."""
        return moment(self.get_meta("known_since"))

    def count(self) -> int:
        """Return the number of extensions."""
        return int(self.db.execute("SELECT count(*) FROM extensions").fetchone()[0])

    # Filling.

    def disable_fsync(self) -> None:
        """Don't wait for the disk, so that filling is faster.

        Only for a snapshot that is being filled, because that is discarded after a crash anyway.
        """
        self.db.execute("PRAGMA synchronous = OFF")

    def flush(self) -> None:
        """Write everything to the disk and empty the write-ahead log.

        Required before a snapshot filled without fsync is marked as complete. Otherwise a power
        cut could leave a file that says "complete" with rows that never reached the disk.
        """
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def set_locations(self, locations: Iterable[Location]) -> None:
        """Store the locations of the account.

        Must be called before `put`, which adds the names of the locations to the search index.
        """
        self.locations = {location.id: location for location in locations}
        with self.db:
            self.db.execute("DELETE FROM locations")
            self.db.executemany(
                "INSERT INTO locations VALUES (?, ?)",
                [(row.id, codec.location_text(row)) for row in self.locations.values()],
            )

    def put(self, extensions: Iterable[Extension], read_at: float) -> None:
        """Add or replace extensions, as of `read_at` (epoch seconds), in one transaction."""
        with self.transaction():
            for extension in extensions:
                self.put_one(extension, read_at)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything written in the block, or nothing if it raises."""
        with self.db:
            yield
        self.index.invalidate()

    def put_one(self, extension: Extension, read_at: float) -> None:
        """Add or replace one extension, within a `transaction`."""
        record = codec.extension_text(extension)
        values = _column_values(extension, record, read_at)
        before = self.db.execute(
            "SELECT id, record FROM extensions WHERE number = ?", (extension.number,)
        ).fetchone()
        if before and before[1] == record:
            update = "UPDATE extensions SET read_at = ?, checksum = ? WHERE id = ?"
            self.db.execute(update, (read_at, values[-1], before[0]))
            return
        # `fetchall` completes the statement. A commit before that would fail.
        ((row_id,),) = self.db.execute(_PUT, values).fetchall()
        if before:
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
        """Remove extensions, in one transaction."""
        with self.transaction():
            for number in numbers:
                self.drop_one(number)

    def drop_one(self, number: str) -> None:
        """Remove one extension, within a `transaction`."""
        rows = self.db.execute("SELECT id FROM extensions WHERE number = ?", (number,)).fetchall()
        for (row_id,) in rows:
            index.drop(self.db, row_id)
            self.db.execute("DELETE FROM numbers WHERE id = ?", (row_id,))
            self.db.execute("DELETE FROM extensions WHERE id = ?", (row_id,))

    # Queries by key.

    def by_key(self, key: Number | Phone | Email) -> list[Match]:
        """Return the extensions of a number, phone number or email address, in number order."""
        match key:
            case Number(digits=digits, extension_only=extension_only):
                if match := self.by_number(digits):
                    return [match]
                return [] if extension_only else self.by_ending(digits)
            case Phone(digits=digits, typed=typed):
                if matches := self.by_phone(key):
                    return matches
                # A long extension number looks like a phone number, unless a plus was typed.
                match = None if typed.startswith("+") else self.by_number(digits)
                return [match] if match else []
            case Email(address=address):
                return self.by_email(address)

    def by_number(self, number: str) -> Match | None:
        """Return the extension with this number."""
        matches = self._matches(f"{ROW} WHERE number = ?", number)
        _check_all(matches, lambda extension: extension.number == number)
        return matches[0] if matches else None

    def by_email(self, address: str) -> list[Match]:
        """Return the extensions with this email address, in number order."""
        # `email != ''` lets SQLite use the index, which leaves out the rows without an address.
        sql = f"{ROW} WHERE email = ? AND email != '' ORDER BY sort_key"
        matches = self._matches(sql, address.casefold())
        _check_all(matches, lambda extension: compare.has_email(extension, address))
        return matches

    def by_ending(self, ending: str) -> list[Match]:
        """Return the extensions with a direct number that has this ending, in number order."""
        if len(ending) < compare.MIN_ENDING_DIGITS:
            return []
        matches = self._matches(_BY_ENDING, *ending_range(ending))
        _check_all(matches, lambda extension: compare.has_ending(extension, ending))
        return matches

    def by_phone(self, phone: Phone) -> list[Match]:
        """Return the extensions with a direct number that the query can mean, in number order."""
        endings = {candidate[-compare.MIN_PHONE_DIGITS :] for candidate in phone.candidates}
        by_number = {
            match.extension.number: match
            for ending in endings
            for match in self.by_ending(ending)
            if compare.has_phone(match.extension, phone)
        }
        return sorted(
            by_number.values(), key=lambda match: compare.sort_key(match.extension.number)
        )

    def extensions_by_id(self, ids: Sequence[int]) -> list[Extension]:
        """Return the extensions of these row ids, in the same order."""
        return [match.extension for match in self.matches_by_id(ids)]

    def matches_by_id(self, ids: Sequence[int]) -> list[Match]:
        """Return the matches of these row ids, in the same order; unknown ids are left out."""
        placeholders = ",".join("?" * len(ids))
        rows = self.db.execute(
            f"SELECT id, {', '.join(_COLUMNS)} FROM extensions WHERE id IN ({placeholders})",  # noqa: S608
            ids,
        )
        by_id = {row_id: match_from_row(row) for row_id, *row in rows}
        return [by_id[row_id] for row_id in ids if row_id in by_id]

    def _matches(self, sql: str, *values: str) -> list[Match]:
        return [match_from_row(row) for row in self.db.execute(sql, values)]


def match_from_row(row: Sequence[Any]) -> Match:
    """Return the match that a row with the columns of `ROW` holds. Raises `Damaged`.

    The checksum is of all columns, because the row was found by them: a garbled location would put
    somebody in another office's list.
    """
    *values, checksum = row
    if checksum != _checksum(values):
        raise Damaged("a row was altered")
    try:
        return Match(codec.extension(values[_RECORD]), values[_READ_AT])
    except (ValueError, TypeError):
        raise Damaged("a record cannot be read") from None


def _check_all(matches: Iterable[Match], is_meant: Callable[[Extension], bool]) -> None:
    """Raise `Damaged` if an index led to an extension that the key does not mean."""
    if not all(is_meant(match.extension) for match in matches):
        raise Damaged("an index leads to another row")


def _column_values(extension: Extension, record: str, read_at: float) -> tuple[object, ...]:
    """Return the values of `_COLUMNS`."""
    values = (
        extension.number,
        compare.sort_key(extension.number),
        record,
        float(read_at),
        extension.location_id,
        extension.user is not None,
        compare.has_odd_name(extension),
        *[
            read(extension, None).casefold() if is_text else read(extension, None)
            for read, is_text in _FILTER_VALUES
        ],
    )
    # SQLite has no booleans: it returns them as numbers.
    return *values, _checksum(
        [int(value) if value is True or value is False else value for value in values]
    )


def _checksum(values: Sequence[object]) -> int:
    """Return a 32-bit checksum of values as SQLite returns them."""
    return zlib.crc32(repr(values).encode("utf-8", "surrogatepass"))
