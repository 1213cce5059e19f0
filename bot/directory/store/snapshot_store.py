"""Decides which snapshot answers queries, and replaces it safely by a newer one.

Each reading of the account gets a new file with the next number. Queries go to the `current`
snapshot until the new one is ready. To publish the new one, its file is first flushed to the disk
as a whole, then marked as complete in one commit, and only then is the old file removed. Whenever
the process is killed or the power fails, the next start finds the old snapshot or the new one,
never half of each: a file that is not marked as complete is removed at the start, and of two
complete files the newer one is used.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from bot import limits
from bot.clocks import Clock, Clocks
from bot.directory.store import history, integrity
from bot.directory.store.database import Unusable, error_name, is_damage, is_unreadable
from bot.directory.store.files import SnapshotFiles
from bot.directory.store.snapshot import COMPLETE, Snapshot
from bot.models import Extension, Location, Problem

log = logging.getLogger(__name__)


class SnapshotStore:
    """The snapshots of one account; `clock` measures durations, `wall_clock` gives epoch seconds.

    `account` identifies the account and its hidden numbers: a snapshot of another account, or
    with other hidden numbers, is removed. `current` is the snapshot that answers queries,
    `building` the one that is being filled. `provisional` has what came of a list that contradicts
    itself while there is no current snapshot: it answers with a warning and is never published.
    """

    def __init__(
        self,
        files: SnapshotFiles,
        account: str,
        *,
        clock: Clock = time.monotonic,
        wall_clock: Clock = time.time,
    ) -> None:
        self._files = files
        self._account = account
        self._clock = clock
        self._wall_clock = wall_clock
        self._clocks = Clocks(clock, wall_clock)
        self._largest_bytes = 0  # of a file that was filled, to know how much room the next needs
        self.current: Snapshot | None = None
        self.building: Snapshot | None = None
        self.provisional: Snapshot | None = None
        self._is_finishing = False
        # Results of live lookups that came while a thread finished the new snapshot: numbers,
        # each with its extension or `None` if that is gone. Two connections cannot write at the
        # same time, so these changes are applied after publishing.
        self._pending_changes: list[tuple[str, Extension | None]] = []
        # Numbers in `building` that came from a live lookup, not (yet) from a page of the list.
        self._live_numbers: set[str] = set()
        self._open()

    @property
    def most_complete(self) -> Snapshot | None:
        """The snapshot that knows most, whether or not it may answer without a warning."""
        return self.current or self.provisional or self.building

    @property
    def disk_problem(self) -> Problem | None:
        """What is wrong with DATA_DIR now; `None` if snapshots are saved there."""
        return self._files.disk.problem

    def record_disk_failure(self, error: BaseException) -> bool:
        """Record why a reading failed, and return whether the disk is the cause."""
        return self._files.disk.record_failure(error)

    def prepare(self) -> None:
        """Choose where the next snapshot is kept. It can take seconds if the disk has failed.

        Raises an `OSError` if there is no room for it anywhere.
        """
        needed = int(self._largest_bytes * limits.DISK_RESERVE_SHARE)
        self._files.prepare(max(needed, limits.DISK_PROBE_BYTES))

    def begin(self, locations: Iterable[Location]) -> Snapshot:
        """Create a new snapshot to fill; the current one goes on answering queries."""
        self.abandon()
        now = self._wall_clock()
        path = self._files.next_path()
        try:
            self.building = Snapshot.create(path, self._account)
        except BaseException:
            self._files.remove(path)
            raise
        self.building.begun_at = self._clock()
        self.building.set_meta(read_at=now, known_since=now)
        self.building.set_locations(locations)
        return self.building

    def put(self, extension: Extension) -> None:
        """Store an extension that Vonage has just returned, in every snapshot."""
        self._apply(extension.number, extension)

    def drop(self, number: str) -> None:
        """Remove an extension that Vonage no longer has from every snapshot."""
        self._apply(number, None)

    def write_to_all(self, write: Callable[[Snapshot], None]) -> None:
        """Write to the current snapshot and to the one being filled.

        A write that fails (the disk is full or read-only) is recorded and lost. The query is
        answered all the same, and the next reading brings the data again. Raises a
        `sqlite3.Error` if the current snapshot is damaged.
        """
        for snapshot in filter(None, (self.current, self.provisional, self._building_to_write)):
            try:
                write(snapshot)
            except sqlite3.Error as fault:
                if is_damage(fault):
                    self._handle_damage(snapshot, fault)
                elif not self._files.disk.record_failure(fault):
                    log.warning("Could not write to the copy: %s", error_name(fault))

    def _apply(self, number: str, extension: Extension | None) -> None:
        """Put an extension, or remove its number if there is none."""
        at = self._wall_clock()

        def write(snapshot: Snapshot) -> None:
            with snapshot.transaction():
                # A snapshot that is being filled gets its history at the end, by `carry_over`.
                if snapshot is self.current:
                    before = snapshot.by_number(number)
                    history.record_live_change(
                        snapshot, before.extension if before else None, extension, at
                    )
                if extension:
                    snapshot.put_one(extension, at)
                else:
                    snapshot.drop_one(number)

        self.write_to_all(write)
        if self._is_finishing:
            self._pending_changes.append((number, extension))
        elif self.building and extension:
            self._live_numbers.add(number)
        else:
            self._live_numbers.discard(number)

    async def finish(self, fresh: Snapshot, numbers: Collection[str]) -> None:
        """Prepare a filled snapshot for publishing, in a thread, because it can take seconds.

        Only the extensions in `numbers` and those of live lookups stay. Rows that were on a
        page of an inconsistent pass, but not in the list that was believed, are removed.
        """
        self._is_finishing = True
        old, at = self.current.path if self.current else None, self._wall_clock()
        keep = set(numbers) | self._live_numbers
        await asyncio.to_thread(self._prepare, fresh, keep, old, at)

    def _prepare(self, fresh: Snapshot, keep: set[str], old: Path | None, at: float) -> None:
        with fresh.reopened() as snapshot:
            rows = snapshot.db.execute("SELECT number FROM extensions")
            snapshot.drop({number for (number,) in rows} - keep)
            if old:
                _carry_over_history(snapshot, old, at)
            snapshot.flush()

    def publish(self, fresh: Snapshot) -> None:
        """Make a finished snapshot the current one. The order of the steps keeps this safe.

        The state "complete" is committed before the old file is removed, so one complete file
        always exists. Pending changes are applied after the new snapshot has become current,
        because only the current snapshot records them in its history.
        """
        fresh.db.execute("PRAGMA synchronous = NORMAL")
        fresh.set_meta(state=COMPLETE, completed_at=self._wall_clock())
        old, self.current, self.building = self.current, fresh, None
        pending, self._pending_changes, self._is_finishing = self._pending_changes, [], False
        self._live_numbers.clear()
        self._remove_provisional()
        fresh.index.invalidate()
        for number, extension in pending:
            self._apply(number, extension)
        if old:
            old.close()
        self._largest_bytes = _size_of(fresh.path)
        self._files.record_saved(fresh.path)

    def keep_provisional(self) -> None:
        """Keep the rows of a reading that was given up, unless there is a current snapshot."""
        if self.current or self.building is None or not self.building.count():
            return
        self._remove_provisional()
        self.provisional, self.building = self.building, None

    def _remove_provisional(self) -> None:
        if self.provisional:
            self._remove(self.provisional)
            self.provisional = None

    def abandon(self) -> None:
        """Remove the snapshot that is being filled, if there is one."""
        self._is_finishing = False
        self._pending_changes.clear()
        self._live_numbers.clear()
        if self.building:
            self._largest_bytes = max(self._largest_bytes, _size_of(self.building.path))
            self._remove(self.building)
            self.building = None

    def discard(self) -> None:
        """Remove a damaged snapshot; the account must be read again."""
        log.error("The copy of the directory is damaged; reading it again")
        damaged, self.current = self.current, None
        if damaged:
            self._remove(damaged)
        else:
            self.abandon()
            self._remove_provisional()

    async def check(self) -> None:
        """Check the current snapshot as a whole, in a thread, because that takes a while.

        Raises a `sqlite3.Error` if it is damaged and still the current one.
        """
        checked = self.current

        def check(snapshot: Snapshot) -> None:
            with snapshot.reopened() as own_copy:
                integrity.check(own_copy)

        try:
            if checked:
                await asyncio.to_thread(check, checked)
        except sqlite3.Error as fault:
            # On a disk that can't be written to, the check can fail although the file is good.
            if checked is self.current and is_damage(fault):
                raise

    def is_damaged(self, fault: sqlite3.Error) -> bool:
        """Whether an error means that the snapshot can no longer be read."""
        snapshot = self.most_complete
        return snapshot is not None and (is_unreadable(fault) or not snapshot.path.exists())

    @property
    def _building_to_write(self) -> Snapshot | None:
        """The snapshot being filled, unless a thread is finishing it."""
        return None if self._is_finishing else self.building

    def _handle_damage(self, snapshot: Snapshot, fault: sqlite3.Error) -> None:
        """Give up the snapshot that is being filled; raise the error if the current one is damaged.

        The current one is not removed here, because the query that writes to it still reads it.
        """
        if snapshot is self.current:
            raise fault
        log.error("The copy that is being read is damaged; reading it again")
        self.abandon()

    def close(self) -> None:
        """Close the files. An unfinished snapshot is removed."""
        self.abandon()
        self._remove_provisional()
        if self.current:
            self.current.close()
            self.current = None
        self._files.close()

    def _open(self) -> None:
        """Open the newest complete snapshot, and remove all other files.

        A file that can't be opened for a temporary reason (a full disk) stays for the next start.
        """
        for path in self._files.newest_first():
            if self.current:
                self._files.remove(path)
                continue
            try:
                self.current = Snapshot.open(path, self._account)
                self.current.begun_at = self._clocks.moment(self.current.read_at)
            except Unusable as reason:
                log.warning("Can't use an earlier copy of the directory: %s", reason)
                if reason.for_good:
                    self._files.remove(path)

    def _remove(self, snapshot: Snapshot) -> None:
        snapshot.close()
        self._files.remove(snapshot.path)


def _carry_over_history(fresh: Snapshot, old: Path, at: float) -> None:
    try:
        history.carry_over(fresh.db, old, at)
    except sqlite3.Error as fault:
        if old.exists() and not is_damage(fault):
            raise
        # A damaged history must not keep a good reading from being published. The file may also
        # be gone, if it belonged to another process that has published a newer one.
        log.warning("Can't tell what changed: the earlier copy is damaged or gone")


def _size_of(path: Path) -> int:
    """Return the size of a file in bytes; 0 if it is gone."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
