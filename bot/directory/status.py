"""The status of one directory: the size and age of its copy, the quota, and what is wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from bot.clocks import Clocks
from bot.directory import problems
from bot.directory.source import DirectorySource
from bot.directory.store.snapshot import Snapshot
from bot.directory.store.snapshot_store import SnapshotStore
from bot.directory.sync.service import Sync
from bot.models import Problem, Status

OnFault = Callable[[sqlite3.Error], None]


def read_status(
    source: DirectorySource,
    sync: Sync,
    snapshots: SnapshotStore,
    clocks: Clocks,
    on_fault: OnFault,
) -> Status:
    """Return the status. If a copy can't be read, `on_fault` is called and it counts as missing."""
    extensions = _count(snapshots.current, on_fault)
    copy = snapshots.current if extensions is not None else None
    last_failure, last_failure_at = source.last_failure, source.last_failure_at
    # A list can contradict itself although every single call succeeds.
    if (sync.last_failure_at or 0.0) > (last_failure_at or 0.0):
        last_failure, last_failure_at = sync.last_failure, sync.last_failure_at
    return Status(
        quota=source.quota,
        extensions=extensions,
        read_at=clocks.epoch(copy.begun_at) if copy else None,
        next_at=sync.next_at,
        sync_progress=sync.progress,
        source_name=source.name,
        last_answer_at=source.last_answer_at,
        last_failure=last_failure,
        last_failure_at=last_failure_at,
        problems=_problems(source, sync, snapshots),
        partial_extensions=_count(snapshots.provisional, on_fault),
        lost=sync.lost,
    )


def _problems(source: DirectorySource, sync: Sync, snapshots: SnapshotStore) -> tuple[Problem, ...]:
    """Return what is wrong with the source, the latest reading and the disk, each once."""
    now = problems.current(source.last_failure, source.last_failure_at, source.last_answer_at)
    of_reading = problems.of_reading(sync.given_up, sync.lost)
    of_disk = problems.of_the_disk(snapshots.disk_problem)
    return tuple(dict.fromkeys((*now, *of_reading, *of_disk)))


def _count(snapshot: Snapshot | None, on_fault: OnFault) -> int | None:
    """Return the number of extensions in a snapshot; `None` without one."""
    try:
        return snapshot.count() if snapshot else None
    except sqlite3.Error as fault:
        on_fault(fault)
        return None
