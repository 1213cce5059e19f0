"""How damage to the copy of the directory is noticed where SQLite itself notices none."""

from __future__ import annotations

import sqlite3
import zlib


class Damaged(sqlite3.DatabaseError):
    """A value in the database cannot be what was stored there."""


def checksum(text: str) -> int:
    """Return a 32-bit checksum of a text, which a change of a few bits always changes."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))
