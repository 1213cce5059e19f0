"""Which snapshot answers: the files in DATA_DIR, and the one that is being filled.

Each reading of the account has a file of its own, numbered. It answers from when it is marked
as complete, in one commit; then the older one goes. So whenever the process is killed, there is
an old one or a new one, and nothing that is half of each.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from bot.directory.store import history
from bot.directory.store.database import Unusable, is_damage
from bot.directory.store.files import SnapshotFiles
from bot.directory.store.snapshot import COMPLETE, Snapshot
from bot.models import Extension, Location

log = logging.getLogger(__name__)


class SnapshotStore:
    """The snapshots of one account; `clock` gives epoch seconds.

    `account` names the account and what is hidden: what was made for others is thrown away.
    `current` answers; `filling` is there while the account is read.
    """

    def __init__(
        self, files: SnapshotFiles, account: str, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._files = files
        self._account = account
        self._clock = clock
        self.current: Snapshot | None = None
        self.building: Snapshot | None = None
        self._finishing = False
        # What Vonage said while the new snapshot is finished: numbers, and what they are.
        self._pending_changes: list[tuple[str, Extension | None]] = []
        self._live_numbers: set[str] = set()  # numbers that came by themselves, not on a page
        self._open()

    def begin(self, locations: Iterable[Location]) -> Snapshot:
        """Begin a new snapshot, beside the one that answers."""
        self.abandon()
        now = self._clock()
        path = self._files.next_path()
        try:
            self.building = Snapshot.create(path, self._account)
        except BaseException:
            self._files.remove(path)
            raise
        self.building.set_meta(read_at=now, known_since=now)
        self.building.set_locations(locations)
        return self.building

    def put(self, extension: Extension) -> None:
        """Take what Vonage said of one extension just now into all that is known."""
        self._apply(extension.number, extension)

    def drop(self, number: str) -> None:
        """Take out an extension that Vonage has no longer."""
        self._apply(number, None)

    def write_to_all(self, work: Callable[[Snapshot], None]) -> None:
        """Write something into all that is known.

        What cannot be written (the disk is full, or may not be written to) is lost, and no more:
        it is answered all the same, and the next reading brings it again.
        """
        for copy in (self.current, None if self._finishing else self.building):
            try:
                if copy:
                    work(copy)
            except sqlite3.Error as fault:
                why = getattr(fault, "sqlite_errorname", type(fault).__name__)
                log.warning("The copy of the directory could not be written to: %s", why)

    def _apply(self, number: str, now_is: Extension | None) -> None:
        at = self._clock()

        def work(copy: Snapshot) -> None:
            with copy.transaction():
                if copy is self.current:
                    was = copy.by_number(number)
                    history.record_live_change(copy, was.extension if was else None, now_is, at)
                if now_is:
                    copy.put_one(now_is, at)
                else:
                    copy.drop_one(number)

        self.write_to_all(work)
        if self._finishing:
            self._pending_changes.append((number, now_is))
        elif self.building and now_is:
            self._live_numbers.add(number)
        else:
            self._live_numbers.discard(number)

    async def finish(self, fresh: Snapshot, numbers: Collection[str]) -> None:
        """Make ready what was filled: these numbers alone, and what changed.

        It takes a while on a large account, so a thread does it.
        """
        self._finishing = True
        old, at = self.current.path if self.current else None, self._clock()
        await asyncio.to_thread(self._make_ready, fresh, set(numbers) | self._live_numbers, old, at)

    def _make_ready(self, fresh: Snapshot, numbers: set[str], old: Path | None, at: float) -> None:
        with fresh.reopened() as mine:
            there = {number for (number,) in mine.db.execute("SELECT number FROM extensions")}
            mine.drop(there - numbers)
            if old:
                _carry_over(mine, old, at)
            mine.flush()

    def publish(self, fresh: Snapshot) -> None:
        """Let the snapshot that was made ready answer from now on."""
        fresh.db.execute("PRAGMA synchronous = NORMAL")
        fresh.set_meta(state=COMPLETE, completed_at=self._clock())
        old, self.current, self.building = self.current, fresh, None
        late, self._pending_changes, self._finishing = self._pending_changes, [], False
        self._live_numbers.clear()
        fresh.index.invalidate()
        for number, now_is in late:
            self._apply(number, now_is)
        if old:
            self._remove(old)

    def abandon(self) -> None:
        """Throw away what is being filled."""
        self._finishing = False
        self._pending_changes.clear()
        self._live_numbers.clear()
        if self.building:
            self._remove(self.building)
            self.building = None

    def discard(self) -> None:
        """Throw away a damaged snapshot: the account must be read anew."""
        log.error("The copy of the directory is damaged; it is read anew")
        damaged, self.current = self.current, None
        if damaged:
            self._remove(damaged)
        else:
            self.abandon()

    def is_damaged(self, fault: sqlite3.Error) -> bool:
        """Whether a fault means that what is known can be read no longer."""
        copy = self.current or self.building
        return copy is not None and (is_damage(fault) or not copy.path.exists())

    def close(self) -> None:
        """Let go of the files; what was only begun goes."""
        self.abandon()
        if self.current:
            self.current.close()
            self.current = None
        self._files.close()

    def _open(self) -> None:
        """Take the latest complete snapshot; whatever else is there goes."""
        for path in self._files.newest_first():
            if self.current:
                self._files.remove(path)
                continue
            try:
                self.current = Snapshot.open(path, self._account)
            except Unusable as why:
                log.warning("An earlier copy of the directory cannot be used: %s", why)
                if why.for_good:
                    self._files.remove(path)

    def _remove(self, snapshot: Snapshot) -> None:
        snapshot.close()
        self._files.remove(snapshot.path)


def _carry_over(fresh: Snapshot, old: Path, at: float) -> None:
    try:
        history.carry_over(fresh.db, old, at)
    except sqlite3.Error as fault:
        if old.exists() and not is_damage(fault):
            raise
        # Another process, whose file it was, may have put a newer one in its place.
        log.warning("What changed is not known: the earlier copy is damaged, or gone")
