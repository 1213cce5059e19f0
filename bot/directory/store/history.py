"""What changed between two readings, and the last thirty days of it.

Vonage tells nobody that somebody joined, left or moved; who compares what was read knows.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.directory.store import codec
from bot.directory.store.database import address
from bot.directory.store.snapshot import Snapshot
from bot.models import Change, ChangeList, Did, Extension

DAYS = 30
KEPT = DAYS * 86_400.0  # seconds
_DIFFERENT = """
SELECT was.record, now.record FROM {old}.extensions AS was
LEFT JOIN {new}.extensions AS now ON now.number = was.number
WHERE now.record IS NULL OR now.record != was.record
UNION ALL
SELECT NULL, now.record FROM {new}.extensions AS now
WHERE NOT EXISTS (SELECT 1 FROM {old}.extensions AS was WHERE was.number = now.number)
"""


def is_reported(was: Extension | None, now: Extension | None) -> bool:
    """Whether two readings of one extension differ in what people are told of."""
    return _reported_part(was) != _reported_part(now)


def diff(db: sqlite3.Connection, *, old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield what was and what is, as records, where two attached databases differ in news.

    Somebody whose extension has another number now is one change, and not two.
    """
    rows = db.execute(_DIFFERENT.format(old=old, new=new)).fetchall()
    pairs = [(_extension(was), _extension(now)) for was, now in rows]
    for was, now in _paired([pair for pair in pairs if is_reported(*pair)]):
        yield _record(was), _record(now)


def record(db: sqlite3.Connection, pairs: Iterable[tuple[str, str]], at: float) -> None:
    """Write down changes; those that are too old go."""
    db.executemany(
        "INSERT INTO changes VALUES (?, nullif(?, ''), nullif(?, ''))",
        [(at, was, now) for was, now in pairs],
    )
    db.execute("DELETE FROM changes WHERE at < ?", (at - KEPT,))


def record_live_change(
    snapshot: Snapshot, was: Extension | None, now: Extension | None, at: float
) -> None:
    """Write down what a single answer of Vonage's changes in what was read, `writing`."""
    if is_reported(was, now):
        record(snapshot.db, [(_record(was), _record(now))], at)


def page(snapshot: Snapshot, number: int, rows: int, now: float) -> ChangeList:
    """Return a page of the last thirty days, newest first."""
    # A clock that was set back since makes nothing unknown.
    known_since = min(float(snapshot.get_meta("known_since") or now), now)
    db, since = snapshot.db, max(known_since, now - KEPT)
    (total,) = db.execute("SELECT count(*) FROM changes WHERE at >= ?", (since,)).fetchone()
    pages = max(-(-total // rows), 1)
    number = min(number, pages)
    found = db.execute(
        "SELECT at, was, now FROM changes WHERE at >= ? ORDER BY at DESC, rowid LIMIT ? OFFSET ?",
        (since, rows, (number - 1) * rows),
    )
    shown = tuple(Change(at, _extension(was), _extension(now)) for at, was, now in found)
    return ChangeList(shown, since, number, pages, total)


def carry_over(db: sqlite3.Connection, old: Path, at: float) -> None:
    """Compare a new reading (`db`) with the old one's file, and take over what that remembers."""
    db.execute("ATTACH ? AS old", (address(old),))
    try:
        with db:
            db.execute("INSERT INTO main.changes SELECT * FROM old.changes ORDER BY rowid")
            db.execute(
                "INSERT OR REPLACE INTO main.about "
                "SELECT * FROM old.about WHERE name = 'known_since'"
            )
            record(db, list(diff(db, old="old", new="main")), at)
    finally:
        db.execute("DETACH old")


def _paired(
    pairs: Sequence[tuple[Extension | None, Extension | None]],
) -> Iterator[tuple[Extension | None, Extension | None]]:
    left: defaultdict[str, list[Extension]] = defaultdict(list)
    for was, now in pairs:
        if was and now is None:
            left[_identity(was)].append(was)
    for was, now in pairs:
        if was is None and now and (who := _identity(now)) and left[who]:
            yield left[who].pop(0), now
        elif now:
            yield was, now
    yield from ((was, None) for each in left.values() for was in each)


def _identity(extension: Extension) -> str:
    """Return what makes somebody the same person under another number."""
    user = extension.user
    return (user.email or user.login_name).casefold() if user else ""


def _reported_part(extension: Extension | None) -> Extension | None:
    """Return the part of an extension whose changes are news."""
    if extension is None:
        return None
    numbers = sorted(did.phone_number for did in extension.dids)
    return Extension(
        extension.number,
        extension.user,
        tuple(map(Did, numbers)),
        location_id=extension.location_id,
    )


def _extension(record: str | None) -> Extension | None:
    return codec.extension(record) if record else None


def _record(extension: Extension | None) -> str:
    return codec.extension_text(extension) if extension else ""
