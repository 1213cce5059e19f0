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
from bot.directory.store.database import SCHEMA, VERSION, Damaged, Unusable, connect, is_damage
from bot.models import Extension, Location, Match
from bot.query.model import Phone

BEING_FILLED, COMPLETE = "being filled", "complete"

_PUT = """
INSERT INTO extensions
    (number, place, record, read_at, location_id, email, login, has_user, odd_name, dnd, voicemail)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (number) DO UPDATE SET
    record = excluded.record, read_at = excluded.read_at, location_id = excluded.location_id,
    email = excluded.email, login = excluded.login, has_user = excluded.has_user,
    odd_name = excluded.odd_name, dnd = excluded.dnd, voicemail = excluded.voicemail
RETURNING id
"""
_ROW = "SELECT record, read_at FROM extensions"
_BY_ENDING = f"""{_ROW} WHERE id IN (
    SELECT id FROM numbers WHERE backwards >= ? AND backwards < ?) ORDER BY place"""  # noqa: S608


class Snapshot:
    """One database. Its methods raise `sqlite3.DatabaseError` where the file is damaged."""

    def __init__(self, path: Path, db: sqlite3.Connection) -> None:
        self.path = path
        self.db = db
        self.locations: dict[str, Location] = {}
        self.index = index.Index(db, self.extensions_by_id)

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
            fresh.set_meta(account=account, state=BEING_FILLED)
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
        if self.get_meta("account") != account:
            raise Unusable("another account, or other hidden numbers")
        if self.get_meta("state") != COMPLETE:
            raise Unusable("it was not finished")
        rows = self.db.execute("SELECT record FROM locations")
        self.locations = {each.id: each for each in (codec.location(r) for (r,) in rows)}
        self.count()

    @contextmanager
    def reopened(self) -> Iterator[Snapshot]:
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

    def set_meta(self, **values: float | str | None) -> None:
        """Write down something about the reading."""
        with self.db:
            self.db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", values.items())

    def get_meta(self, name: str) -> float | str | None:
        """Return what was written down."""
        found = self.db.execute("SELECT value FROM about WHERE name = ?", (name,)).fetchone()
        return found[0] if found else None

    @property
    def read_at(self) -> float:
        """When the reading began, in epoch seconds: no row is older."""
        return float(self.get_meta("read_at") or 0.0)

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

    def set_locations(self, locations: Iterable[Location]) -> None:
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
        with self.transaction():
            for each in extensions:
                self.put_one(each, read_at)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all that is written meanwhile, or nothing."""
        with self.db:
            yield
        self.index.invalidate()

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
        with self.transaction():
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
        return self._matches(f"{_ROW} WHERE email = ? AND email != '' ORDER BY place", wanted)

    def by_login(self, login: str) -> list[Match]:
        """Return the extensions of a login name, in number order."""
        wanted = login.casefold()
        return self._matches(f"{_ROW} WHERE login = ? AND login != '' ORDER BY place", wanted)

    def by_ending(self, ending: str) -> list[Match]:
        """Return the extensions with a direct number that ends so, in number order."""
        if len(ending) < compare.MIN_ENDING_DIGITS:
            return []
        # ":" follows "9", so this is every number that begins so from its end.
        first, behind = ending[::-1], ending[::-1] + ":"
        return self._matches(_BY_ENDING, first, behind)

    def by_phone(self, phone: Phone) -> list[Match]:
        """Return the extensions that one of the numbers which a text can mean rings."""
        endings = {each[-compare.MIN_PHONE_DIGITS :] for each in phone.candidates}
        found = {
            match.extension.number: match
            for ending in endings
            for match in self.by_ending(ending)
            if compare.has_phone(match.extension, phone)
        }
        return sorted(found.values(), key=lambda match: compare.sort_key(match.extension.number))

    def extensions_by_id(self, ids: Sequence[int]) -> list[Extension]:
        """Return the extensions of these rows, in the same order."""
        return [match.extension for match in self.matches_by_id(ids)]

    def matches_by_id(self, ids: Sequence[int]) -> list[Match]:
        """Return these rows, in the same order."""
        marks = ",".join("?" * len(ids))
        rows = self.db.execute(
            f"SELECT id, record, read_at FROM extensions WHERE id IN ({marks})",  # noqa: S608
            ids,
        )
        found = {row_id: match_from_row(record, read_at) for row_id, record, read_at in rows}
        return [found[each] for each in ids if each in found]

    def _matches(self, sql: str, *values: str) -> list[Match]:
        return [match_from_row(*row) for row in self.db.execute(sql, values)]


def match_from_row(record: str, read_at: float) -> Match:
    """Return what a row is. Raises `Damaged`."""
    try:
        return Match(codec.extension(record), read_at)
    except (ValueError, TypeError):
        raise Damaged("a record cannot be read") from None


def _columns(extension: Extension, record: str, read_at: float) -> tuple[object, ...]:
    user = extension.user
    return (
        extension.number,
        compare.sort_key(extension.number),
        record,
        read_at,
        extension.location_id,
        user.email.casefold() if user else "",
        user.login_name.casefold() if user else "",
        user is not None,
        compare.has_odd_name(extension),
        extension.dnd_enabled,
        extension.vtt_enabled,
    )
