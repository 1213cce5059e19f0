"""Counts how much a snapshot knows: its extensions, and how many have a user, an email and so on.

An API that has lost a permission or a back end may send every row, but without its content. Such a
reading looks complete by the number of its rows only.
"""

from __future__ import annotations

from collections.abc import Collection
from operator import add

from bot.directory.store.snapshot import Snapshot

EXTENSIONS = "extensions"
# What is counted, in the words that people read, and the SQL that counts it for one extension.
_QUALITIES = {
    EXTENSIONS: "1",
    "users": "has_user",
    "names": "has_user AND NOT has_odd_name",
    "email addresses": "email != ''",
    "login names": "login != ''",
    "direct numbers": "(SELECT count(*) FROM numbers WHERE numbers.id = extensions.id)",
    "locations": "location_id != ''",
}
QUALITIES = tuple(_QUALITIES)
_COUNT = f"SELECT number, {', '.join(_QUALITIES.values())} FROM extensions"  # noqa: S608 - own names


def count(snapshot: Snapshot, numbers: Collection[str] | None = None) -> dict[str, int]:
    """Return the count of each of `QUALITIES`, over these `numbers` only if they are given.

    Takes 0.3 s for 100,000 extensions. Raises `sqlite3.DatabaseError` if the file is damaged.
    """
    counts = [0] * len(QUALITIES)
    for number, *of_one in snapshot.db.execute(_COUNT):
        if numbers is None or number in numbers:
            counts = list(map(add, counts, of_one))
    return dict(zip(QUALITIES, counts, strict=True))
