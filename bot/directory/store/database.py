"""The file of a snapshot as SQLite has it: its tables, how it is opened, when it is damaged."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from bot.directory import compare

VERSION = 2  # of what is written here; a file of another one is read anew from Vonage

SCHEMA = """
CREATE TABLE about (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE locations (id TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE extensions (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    place TEXT NOT NULL,        -- where it stands in number order
    record TEXT NOT NULL,
    read_at REAL NOT NULL,      -- epoch seconds
    location_id TEXT NOT NULL,
    email TEXT NOT NULL,        -- casefolded, like the login
    login TEXT NOT NULL,
    has_user INTEGER NOT NULL,
    odd_name INTEGER NOT NULL,
    dnd INTEGER,
    voicemail INTEGER
);
CREATE UNIQUE INDEX by_place ON extensions (place);
CREATE INDEX by_location ON extensions (location_id, place);
CREATE INDEX by_email ON extensions (email) WHERE email != '';
CREATE INDEX by_login ON extensions (login) WHERE login != '';
-- A number is found by how it ends, so it is kept from its end.
CREATE TABLE numbers (
    backwards TEXT NOT NULL, id INTEGER NOT NULL, tag TEXT NOT NULL,
    PRIMARY KEY (backwards, id)
) WITHOUT ROWID;
CREATE INDEX numbers_of ON numbers (id);
CREATE TABLE changes (at REAL NOT NULL, was TEXT, now TEXT);
CREATE INDEX by_time ON changes (at);
-- What finds extensions that are hidden, in a form that tells nothing but that.
CREATE TABLE hidden (mark BLOB PRIMARY KEY) WITHOUT ROWID;
"""

# Of what SQLite says, these are about the content of the file; the rest is about the disk, the
# memory or another process, and says nothing against what was written before.
_OF_THE_CONTENT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
_PRIMARY = 0xFF  # the bits of an error's code that say what kind it is


class Damaged(sqlite3.DatabaseError):
    """What is written in a file cannot be read, though SQLite sees nothing wrong with it."""


class Unusable(Exception):
    """A file is no snapshot of this account; `for_good` where it will never be one."""

    def __init__(self, why: str, *, for_good: bool = True) -> None:
        super().__init__(why)
        self.for_good = for_good


def is_damage(fault: BaseException) -> bool:
    """Whether a fault means that a file is lost."""
    if not isinstance(fault, sqlite3.Error):
        return False
    code = getattr(fault, "sqlite_errorcode", None)
    is_of_content = code is not None and code & _PRIMARY in _OF_THE_CONTENT
    return isinstance(fault, Damaged) or is_of_content


def address(path: Path) -> str:
    """Return a file as SQLite is told of it, so that none is made where there is none."""
    return f"{path.absolute().as_uri()}?mode=rw"


def connect(path: Path) -> sqlite3.Connection:
    """Open a database file, which must be there already."""
    db = sqlite3.connect(address(path), uri=True)
    try:
        db.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;"
        )
        db.create_function("same_phone", 2, _same_phone, deterministic=True)
    except BaseException:
        db.close()
        raise
    return db


def _same_phone(backwards: str, asked: str) -> bool:
    return compare.same_phone(backwards[::-1], asked)
