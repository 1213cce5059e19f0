"""How damage to the copy of the directory is noticed where SQLite itself notices none."""

from __future__ import annotations

import sqlite3


class Damaged(sqlite3.DatabaseError):
    """A value in the database cannot be what was stored there."""
