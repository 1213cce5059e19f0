"""The file of keys of work that was begun, which a restart and a second process read too.

It holds digests and times only. While a new release starts, two processes share it; SQLite lets
just one of them insert a key.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from bot.clocks import Clock
from bot.limits import (
    BEGUN_KEYS_LOCK_S,
    BEGUN_KEYS_PRUNE_EVERY,
    DEDUPLICATION_S,
    MAX_DEDUPLICATION_KEYS,
)

log = logging.getLogger(__name__)

FILE_NAME = "begun.sqlite3"
# A kill loses nothing that was written; a power failure may lose the last seconds.
_SETUP = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
CREATE TABLE IF NOT EXISTS begun (digest BLOB PRIMARY KEY, at REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS begun_by_time ON begun (at);
"""
# An expired key is begun again by the same statement, so that two processes can't both do it.
_BEGIN = """
INSERT INTO begun (digest, at) VALUES (:digest, :now)
ON CONFLICT (digest) DO UPDATE SET at = :now WHERE at < :expired
"""
_UNDO = "DELETE FROM begun WHERE digest = :digest"
_PRUNE_OLD = "DELETE FROM begun WHERE at < :expired"
_PRUNE_EXCESS = """
DELETE FROM begun WHERE at <= (SELECT at FROM begun ORDER BY at DESC LIMIT 1 OFFSET :kept)
"""
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)  # Windows has no such flag
# The file itself is damaged, or isn't a database of ours. Other errors are about the disk.
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
_PRIMARY_CODE = 0xFF  # the bits of an extended error code that hold the primary one


class BegunKeys:
    """The keys begun in the last `DEDUPLICATION_S`, as digests, in a file in `folder`.

    Only its owner can read the file. A damaged file is replaced by an empty one. Methods raise
    `sqlite3.Error` or `OSError` if the disk fails. They block, and one thread at a time may call
    them. `wall_clock` returns epoch seconds.
    """

    def __init__(self, folder: Path, *, wall_clock: Clock = time.time) -> None:
        self._path = folder / FILE_NAME
        self._wall_clock = wall_clock
        self._db: sqlite3.Connection | None = None
        self._until_prune = 0

    def begin(self, digest: bytes) -> bool:
        """Insert a key; return whether it wasn't there."""
        is_new = self._execute(_BEGIN, digest) == 1
        if self._until_prune == 0:
            self._execute(_PRUNE_OLD)
            self._execute(_PRUNE_EXCESS)
            self._until_prune = BEGUN_KEYS_PRUNE_EVERY
        self._until_prune -= 1
        return is_new

    def undo(self, digest: bytes) -> None:
        """Remove a key."""
        self._execute(_UNDO, digest)

    def close(self) -> None:
        """Close the file. The next call opens it again."""
        if self._db:
            self._db.close()
            self._db = None

    def _execute(self, sql: str, digest: bytes = b"") -> int:
        """Execute a statement and return the number of rows that it changed.

        After damage, it is executed once more, on an empty file.
        """
        now = self._wall_clock()
        values = {
            "digest": digest,
            "now": now,
            "expired": now - DEDUPLICATION_S,
            "kept": MAX_DEDUPLICATION_KEYS,
        }
        try:
            return self._connection().execute(sql, values).rowcount
        except sqlite3.Error as error:
            self.close()
            if not _is_damage(error):
                raise
        log.warning("The file of work that was begun is damaged: starting an empty one")
        self._remove()
        return self._connection().execute(sql, values).rowcount

    def _connection(self) -> sqlite3.Connection:
        if self._db is None:
            # SQLite creates its other files with the permissions of this one.
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | _NO_LINK, 0o600))
            self._db = sqlite3.connect(
                self._path,
                timeout=BEGUN_KEYS_LOCK_S,
                isolation_level=None,
                check_same_thread=False,  # the thread may change between two calls
            )
            self._db.executescript(_SETUP)
        return self._db

    def _remove(self) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            with suppress(FileNotFoundError):
                self._path.with_name(FILE_NAME + suffix).unlink()


def _is_damage(error: sqlite3.Error) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & _PRIMARY_CODE in _DAMAGE
