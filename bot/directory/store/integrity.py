"""The check of a whole snapshot file, for damage that no single query can notice."""

from __future__ import annotations

from bot.directory.damage import Damaged
from bot.directory.search import index
from bot.directory.store.snapshot import Snapshot

_ODD_NUMBER = """
SELECT 1 FROM numbers
WHERE typeof(reversed_digits) != 'text' OR id NOT IN (SELECT id FROM extensions) LIMIT 1
"""


def check(snapshot: Snapshot) -> None:
    """Compare all tables with their indexes. Raises a `sqlite3.DatabaseError`.

    A garbled index hides a row without an error: somebody who is there would be "not found". The
    check of 100,000 extensions takes a second, in which nobody else can write.
    """
    (result,) = snapshot.db.execute("PRAGMA integrity_check(1)").fetchone()
    if result != "ok":
        raise Damaged("an index contradicts its table")
    if snapshot.db.execute(_ODD_NUMBER).fetchone():
        raise Damaged("a direct number belongs to nobody")
    index.check_integrity(snapshot.db)
