"""The changes of the last thirty days: who joined, left, moved or got another number.

Vonage reports no changes. They are found by comparing each new snapshot with the one before it,
and each live answer with the current snapshot.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot import limits
from bot.directory.damage import Damaged
from bot.directory.store import codec
from bot.directory.store.database import moment, sqlite_uri
from bot.directory.store.snapshot import Snapshot
from bot.models import Change, ChangeList, Did, Extension

DAY_S = 86_400.0

_DIFFERENT_RECORDS = """
SELECT was.record, now.record FROM {old}.extensions AS was
LEFT JOIN {new}.extensions AS now ON now.number = was.number
WHERE now.record IS NULL OR now.record != was.record
UNION ALL
SELECT NULL, now.record FROM {new}.extensions AS now
WHERE NOT EXISTS (SELECT 1 FROM {old}.extensions AS was WHERE was.number = now.number)
"""

_COPY_KNOWN_SINCE = "INSERT OR REPLACE INTO main.meta VALUES ('known_since', ?)"

Pair = tuple[Extension | None, Extension | None]  # before and after; `None`: not in the account


def is_reported(was: Extension | None, now: Extension | None) -> bool:
    """Whether a difference between two states of one extension is worth reporting."""
    return _reported_part(was) != _reported_part(now)


def diff(db: sqlite3.Connection, *, old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield the records before and after of each reported change between attached databases.

    An empty record means that the extension did not exist. If somebody got another number, that
    is one change, not one person who left and one who joined.
    """
    rows = db.execute(_DIFFERENT_RECORDS.format(old=old, new=new)).fetchall()
    pairs = [(_decode(was), _decode(now)) for was, now in rows]
    for was, now in _join_moves([pair for pair in pairs if is_reported(*pair)]):
        yield _encode(was), _encode(now)


def record(db: sqlite3.Connection, pairs: Iterable[tuple[str, str]], at: float) -> None:
    """Store changes as of `at` (epoch seconds), and delete those that are too old."""
    db.executemany(
        "INSERT INTO changes VALUES (?, nullif(?, ''), nullif(?, ''))",
        [(at, was, now) for was, now in pairs],
    )
    db.execute("DELETE FROM changes WHERE at < ?", (at - limits.HISTORY_DAYS * DAY_S,))


def record_live_change(
    snapshot: Snapshot, was: Extension | None, now: Extension | None, at: float
) -> None:
    """Store the change that a live answer makes to a snapshot, within its `transaction`."""
    if is_reported(was, now):
        record(snapshot.db, [(_encode(was), _encode(now))], at)


def page(snapshot: Snapshot, number: int, rows: int, now: float) -> ChangeList:
    """Return a page of the recent changes, newest first; the last page if there is no such page."""
    # If the clock was set back, `known_since` is in the future, but the changes are still valid.
    known_since = min(snapshot.known_since, now)
    db, since = snapshot.db, max(known_since, now - limits.HISTORY_DAYS * DAY_S)
    (total,) = db.execute("SELECT count(*) FROM changes WHERE at >= ?", (since,)).fetchone()
    pages = max(-(-total // rows), 1)
    number = min(number, pages)
    found = db.execute(
        "SELECT at, was, now FROM changes WHERE at >= ? ORDER BY at DESC, rowid LIMIT ? OFFSET ?",
        (since, rows, (number - 1) * rows),
    )
    changes = tuple(Change(moment(at), _decode(was), _decode(now)) for at, was, now in found)
    return ChangeList(changes, since, number, pages, total)


def carry_over(db: sqlite3.Connection, old: Path, at: float) -> None:
    """Copy the history of the old snapshot file into a new one, and add what differs.

    Everything is one transaction: a history that was copied without the difference would hide
    the changes of this reading forever.
    """
    db.execute("ATTACH ? AS old", (sqlite_uri(old),))
    try:
        with db:
            db.executemany("INSERT INTO main.changes VALUES (?, ?, ?)", list(_old_changes(db)))
            db.execute(_COPY_KNOWN_SINCE, (_old_known_since(db),))
            record(db, list(diff(db, old="old", new="main")), at)
    finally:
        db.execute("DETACH old")


def _join_moves(pairs: Sequence[Pair]) -> Iterator[Pair]:
    """Yield the pairs, with a leaver and a joiner merged into one pair if they are one person."""
    left: defaultdict[str, list[Extension]] = defaultdict(list)
    for was, now in pairs:
        if was and now is None:
            left[_identity(was)].append(was)
    for was, now in pairs:
        if was is None and now and (identity := _identity(now)) and left[identity]:
            yield left[identity].pop(0), now
        elif now:
            yield was, now
    yield from ((was, None) for extensions in left.values() for was in extensions)


def _identity(extension: Extension) -> str:
    """Return what identifies a person: the email, else the login; empty for a room without both."""
    user = extension.user
    return (user.email or user.login_name).casefold() if user else ""


def _reported_part(extension: Extension | None) -> Extension | None:
    """Return an extension with only the fields whose changes are reported.

    Switches such as Do Not Disturb change all day and would bury who joined and who left.
    """
    if extension is None:
        return None
    numbers = sorted(did.phone_number for did in extension.dids)
    return Extension(
        extension.number,
        extension.user,
        tuple(map(Did, numbers)),
        location_id=extension.location_id,
    )


def _old_changes(db: sqlite3.Connection) -> Iterator[tuple[float, str | None, str | None]]:
    """Yield the changes of the old snapshot. Raises `Damaged`: garbage must not be copied."""
    for at, was, now in db.execute("SELECT at, was, now FROM old.changes ORDER BY rowid"):
        _ = _decode(was), _decode(now)
        yield moment(at), was, now


def _old_known_since(db: sqlite3.Connection) -> float:
    row = db.execute("SELECT value FROM old.meta WHERE name = 'known_since'").fetchone()
    return moment(row[0] if row else None)


def _decode(record: str | None) -> Extension | None:
    try:
        return None if record is None or record == "" else codec.extension(record)
    except (ValueError, TypeError):
        raise Damaged("a record of the history cannot be read") from None


def _encode(extension: Extension | None) -> str:
    return codec.extension_text(extension) if extension else ""
