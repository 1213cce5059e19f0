"""The SQLite database of a snapshot: its tables, how to open it, and which errors mean damage."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from bot.directory import compare
from bot.directory.damage import Damaged
from bot.fields import ATTRIBUTES, FILTERS, Kind

# The version of the tables, of the search index and of `codec`. A file of another version is
# deleted, and the account is read again. `tests/directory/store/test_version.py` fails when the
# version has to change.
VERSION = 4

# The end of the year 9999, in epoch seconds, after which Python has no dates.
MAX_MOMENT = 253_402_300_799

# Filters that have a column of the same name; see `fields.Filter.path`.
COLUMN_FILTERS = tuple(row for row in FILTERS.values() if row.path)


def _column(name: str, path: str) -> str:
    """Return the definition of a filter's column; a switch that the API left out is NULL."""
    kind = "INTEGER" if ATTRIBUTES[path].kind is Kind.SWITCH else "TEXT NOT NULL"
    return f"    {name} {kind}"


_FILTER_COLUMNS = ",\n".join(_column(row.name, row.path) for row in COLUMN_FILTERS)

SCHEMA = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE locations (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE extensions (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    sort_key TEXT NOT NULL,     -- of the number, see `compare.sort_key`
    record TEXT NOT NULL,       -- the whole extension, see `codec`
    read_at REAL NOT NULL,      -- epoch seconds
    location_id TEXT NOT NULL,
    has_user INTEGER NOT NULL,
    has_odd_name INTEGER NOT NULL,
    checksum INTEGER NOT NULL,  -- of all columns but the id
    -- What lists are filtered by; texts are casefolded.
{_FILTER_COLUMNS}
);
CREATE UNIQUE INDEX by_sort_key ON extensions (sort_key);
CREATE INDEX by_location ON extensions (location_id, sort_key);
CREATE INDEX by_email ON extensions (email) WHERE email != '';
CREATE INDEX by_login ON extensions (login) WHERE login != '';
-- Direct numbers with their last digit first, so that the end of a number can use the index.
CREATE TABLE numbers (
    reversed_digits TEXT NOT NULL, id INTEGER NOT NULL, tag TEXT NOT NULL,
    PRIMARY KEY (reversed_digits, id)
) WITHOUT ROWID;
CREATE INDEX numbers_of ON numbers (id);
CREATE TABLE changes (at REAL NOT NULL, was TEXT, now TEXT);
CREATE INDEX by_time ON changes (at);
"""

# SQLite's errors about the content of the file. Its other errors are about the disk, the memory
# or another process, and leave the file intact.
_CONTENT_ERRORS = {
    *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_INTERNAL),
    # A garbled row has a value of a wrong type or of a length that no value has, or a garbled
    # index contradicts its table.
    *(sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_CONSTRAINT),
}
_PRIMARY_CODE = 0xFF  # the bits of an extended error code that hold the primary one
# Errors of the disk below the file. Whoever reads the file gets no answer from it.
_READ_ERRORS = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
# Python's own error about a text that is not UTF-8. It has no code, and it quotes the text.
_NOT_UTF8 = "Could not decode to UTF-8"
_READ_WRITE = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;"


class Unusable(Exception):
    """A file can't be used as a snapshot of this account.

    `for_good` is false if the cause may pass (a lock, a full disk), so the file must be kept.
    """

    def __init__(self, why: str, *, for_good: bool = True) -> None:
        super().__init__(why)
        self.for_good = for_good


def is_damage(error: BaseException) -> bool:
    """Whether an exception means that the file has to be replaced."""
    if not isinstance(error, sqlite3.Error):
        return False
    if isinstance(error, Damaged) or str(error).startswith(_NOT_UTF8):
        return True
    return primary_code(error) in _CONTENT_ERRORS


def is_unreadable(error: sqlite3.Error) -> bool:
    """Whether an exception from a query means that the file gives no answer, damaged or not."""
    return is_damage(error) or primary_code(error) in _READ_ERRORS


def error_name(error: sqlite3.Error) -> str:
    """Return SQLite's name of an error; its text may quote what the database holds."""
    return getattr(error, "sqlite_errorname", type(error).__name__)


def primary_code(error: sqlite3.Error) -> int | None:
    """Return SQLite's code of an error without its details; `None` for Python's own errors."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & _PRIMARY_CODE


def moment(value: object) -> float:
    """Return a stored time in epoch seconds. Raises `Damaged` if it can't be shown as a date."""
    if isinstance(value, int | float) and 0 <= value <= MAX_MOMENT:
        return float(value)
    raise Damaged("a time cannot be read")


def sqlite_uri(path: Path) -> str:
    """Return the URI of a database file. With `mode=rw`, SQLite does not create a missing file."""
    return f"{path.absolute().as_uri()}?mode=rw"


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a database file that exists. Raises `sqlite3.Error`.

    SQLite writes next to a file that it only reads, too. With `read_only` it doesn't, so a file
    on a full disk can be read as of its last checkpoint.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1" if read_only else sqlite_uri(path)
    db = sqlite3.connect(uri, uri=True)
    try:
        db.executescript("PRAGMA temp_store = MEMORY;" if read_only else _READ_WRITE)
        db.create_function("same_phone", 2, _same_phone, deterministic=True)
    except BaseException:
        db.close()
        raise
    return db


def ending_range(ending: str) -> tuple[str, str]:
    """Return the first `reversed_digits` of numbers with this ending, and the first after them.

    Digits are stored reversed, so the end of a number is a prefix, which can use the index.
    """
    start = ending[::-1]
    return start, start + ":"  # ":" follows "9" in ASCII


def _same_phone(reversed_digits: str, digits: str) -> bool:
    return compare.same_phone(reversed_digits[::-1], digits)
