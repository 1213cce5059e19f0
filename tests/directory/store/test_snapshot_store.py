"""Snapshot files survive a kill at any moment, damage, other accounts and a full disk."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.directory import snapshot_queries
from bot.directory.store.database import connect
from bot.directory.store.files import SnapshotFiles
from bot.directory.store.snapshot import Snapshot
from bot.directory.store.snapshot_store import SnapshotStore
from bot.models import Extension, Location, User
from bot.query.model import Changes
from tests.clock import Clock

ACCOUNT = "invented"
OLD, NEW = range(100, 160), range(130, 200)  # the numbers of two readings


def extension(number: int, first_name: str = "Ann") -> Extension:
    """An extension of a person."""
    return Extension(str(number), User(first_name, f"Of{number}"), location_id="1")


def open_store(path: Path, account: str = ACCOUNT, clock: Clock | None = None) -> SnapshotStore:
    """Open the store of a directory, as a start of the bot does."""
    return SnapshotStore(SnapshotFiles(path), account, wall_clock=clock or Clock())


async def publish_reading(store: SnapshotStore, numbers: range | list[int]) -> None:
    """Read an account with these numbers, and publish the snapshot."""
    fresh = store.begin([Location("1", "Holmdel HQ")])
    fresh.put(map(extension, numbers), 1.0)
    await store.finish(fresh, {str(each) for each in numbers})
    store.publish(fresh)


def current_numbers(store: SnapshotStore) -> list[int]:
    """Return the numbers in the current snapshot."""
    assert store.current
    rows = store.current.db.execute("SELECT number FROM extensions ORDER BY sort_key")
    return [int(number) for (number,) in rows]


def snapshot_files(path: Path) -> list[str]:
    """Return the names of the snapshot files."""
    return sorted(each.name for each in path.iterdir() if each.name.startswith("directory"))


async def store_old_snapshot(path: Path) -> None:
    """Leave a published snapshot of the old numbers in a directory."""
    store = open_store(path)
    await publish_reading(store, OLD)
    store.close()


async def test_restart_opens_last_snapshot(tmp_path):
    """Extensions, locations and the time of the reading are there at once, for the owner only."""
    await store_old_snapshot(tmp_path)
    store = open_store(tmp_path)
    assert current_numbers(store) == list(OLD)
    assert store.current
    assert store.current.read_at == Clock().now
    assert store.current.locations["1"].name == "Holmdel HQ"
    for name in snapshot_files(tmp_path):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    store.close()


CHILD_SCRIPT = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.directory.store import history, snapshot
from tests.directory.store.test_snapshot_store import NEW, extension, open_store

moment, path = sys.argv[1], Path(sys.argv[2])
die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)

async def read():
    store = open_store(path)
    fresh = store.begin([])
    rows = list(map(extension, NEW))
    fresh.put(rows[:30], 2.0)
    if moment == "while it is filled":
        die()
    fresh.put(rows[30:], 2.0)
    if moment == "while a live answer is stored":
        put = snapshot.Snapshot.put_one
        snapshot.Snapshot.put_one = lambda *args: (put(*args), die())
        store.put(extension(555))
    if moment == "while changes are recorded":
        record = history.record
        history.record = lambda *args: (record(*args), die())
    await store.finish(fresh, {str(number) for number in NEW})
    if moment == "between finishing and publishing":
        die()
    if moment == "after publishing":
        store._remove = die
    if moment == "while the old one is removed":
        os.unlink = die
        Path.unlink = lambda self, **_: (os.remove(self), die())
    store.publish(fresh)
    die()

asyncio.run(read())
"""
NUMBERS_AFTER_KILL = {
    "while it is filled": OLD,
    "while a live answer is stored": OLD,
    "while changes are recorded": OLD,
    "between finishing and publishing": OLD,
    "after publishing": NEW,
    "while the old one is removed": NEW,
    "at the end": NEW,
}


def kill_child_at(moment: str, path: Path) -> None:
    """Read the account in another process that kills itself at a given moment."""
    root = Path(__file__).parents[3]
    child = subprocess.run(
        [sys.executable, "-c", CHILD_SCRIPT, moment, str(path)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        check=False,
        capture_output=True,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()


@pytest.mark.parametrize("moment", NUMBERS_AFTER_KILL)
async def test_process_killed_at_any_moment_leaves_whole_snapshot(tmp_path, moment):
    """The next process opens the old snapshot or the new one, never half of each."""
    await store_old_snapshot(tmp_path)
    kill_child_at(moment, tmp_path)
    store = open_store(tmp_path)
    assert current_numbers(store) == list(NUMBERS_AFTER_KILL[moment])
    assert store.current
    db = store.current.db
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    (noticed,) = db.execute("SELECT count(*) FROM changes").fetchone()
    assert noticed == (len({*OLD} ^ {*NEW}) if NUMBERS_AFTER_KILL[moment] == NEW else 0)
    assert {each.partition(".sqlite3")[0] for each in snapshot_files(tmp_path)} == {
        store.current.path.stem
    }
    await publish_reading(store, OLD)  # and it goes on from there
    assert current_numbers(store) == list(OLD)
    store.close()


def overwrite(at: int, size: int = 4096):
    """Return a function that overwrites part of a file."""

    def damage(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(at)
            file.write(b"\x5a" * size)

    return damage


def run_sql(sql: str):
    """Return a function that damages a file in a way SQLite does not see."""

    def damage(path: Path) -> None:
        db = sqlite3.connect(path)
        with db:
            db.execute(sql)
        db.close()

    return damage


DAMAGES = {
    "empty": lambda path: path.write_bytes(b""),
    "cut short": lambda path: os.truncate(path, path.stat().st_size // 2),
    "no database": lambda path: path.write_bytes(b"nothing of ours " * 1000),
    "its head": overwrite(0, 100),
    "its second page": overwrite(4096),
    "everything but its head": overwrite(4096, 100_000),
    "a foreign log": lambda path: path.with_name(path.name + "-wal").write_bytes(b"x" * 5000),
    "without a table": run_sql("DROP TABLE extensions"),
    "without its meta table": run_sql("DROP TABLE meta"),
    "another version": run_sql("PRAGMA user_version = 99"),
    "locations that are none": run_sql("INSERT INTO locations VALUES ('x', '[1')"),
    "not finished": run_sql("UPDATE meta SET value = 'being filled' WHERE name = 'state'"),
}


@pytest.mark.parametrize("damage", DAMAGES)
async def test_damaged_file_does_not_stop_start(tmp_path, damage):
    """A damaged file still answers, or is removed and the account is read again."""
    await store_old_snapshot(tmp_path)
    (name,) = [each for each in snapshot_files(tmp_path) if each.endswith("3")]
    DAMAGES[damage](tmp_path / name)
    store = open_store(tmp_path)
    if store.current is None:
        assert snapshot_files(tmp_path) == []
    await publish_reading(store, NEW)
    assert current_numbers(store) == list(NEW)
    store.close()


async def test_snapshot_of_other_account_or_hidden_numbers_is_removed(tmp_path):
    """A snapshot of another account, or made with other hidden numbers, is never shown."""
    await store_old_snapshot(tmp_path)
    store = open_store(tmp_path, f"{ACCOUNT} 789")
    assert store.current is None
    assert snapshot_files(tmp_path) == []
    store.close()


async def test_damaged_history_does_not_block_publishing(tmp_path):
    """If the old snapshot can't be compared, only the changes are lost."""
    store = open_store(tmp_path)
    await publish_reading(store, OLD)
    assert store.current
    with store.current.db:
        store.current.db.execute("DROP TABLE changes")
    await publish_reading(store, NEW)
    assert current_numbers(store) == list(NEW)
    store.close()


def fill_disk(copy: Snapshot | None) -> None:
    """Make every write that needs another page of the file fail."""
    assert copy
    (pages,) = copy.db.execute("PRAGMA page_count").fetchone()
    copy.db.execute(f"PRAGMA max_page_count = {pages}")


async def test_full_disk_loses_only_new_live_answers(tmp_path):
    """A live answer that can't be stored leaves the snapshot as it is."""
    store = open_store(tmp_path)
    await publish_reading(store, OLD)
    fill_disk(store.current)
    for number in range(1000, 1400):
        store.put(extension(number, "x" * 4000))
    assert set(OLD) <= set(current_numbers(store))
    store.drop("100")
    await publish_reading(store, NEW)
    assert current_numbers(store) == list(NEW)
    store.close()


async def test_reading_on_full_disk_leaves_no_file(tmp_path, monkeypatch):
    """Neither a file that was just created nor one that could not be filled stays."""
    store = open_store(tmp_path)
    await publish_reading(store, OLD)
    before = snapshot_files(tmp_path)

    def no_room(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("bot.directory.search.index.create", no_room)
        with pytest.raises(sqlite3.OperationalError):
            store.begin([])
    assert snapshot_files(tmp_path) == before
    fresh = store.begin([])
    fill_disk(fresh)
    with pytest.raises(sqlite3.OperationalError):
        fresh.put([extension(each, "x" * 4000) for each in NEW], 1.0)
    store.abandon()
    assert snapshot_files(tmp_path) == before
    assert current_numbers(store) == list(OLD)
    store.close()


async def test_snapshot_that_cannot_be_opened_for_now_is_only_read(tmp_path, monkeypatch):
    """If the disk is full at the start, the file answers, and is left for the next start."""
    await store_old_snapshot(tmp_path)
    before = snapshot_files(tmp_path)

    def no_room(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
        if read_only:
            return connect(path, read_only=True)
        fault = sqlite3.OperationalError("disk I/O error")
        fault.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr("bot.directory.store.snapshot.connect", no_room)
        store = open_store(tmp_path)
        assert current_numbers(store) == list(OLD)
        store.put(extension(999))
        assert store.disk_problem
        store.close()
    assert snapshot_files(tmp_path) == before
    store = open_store(tmp_path)
    assert current_numbers(store) == list(OLD)
    store.close()


async def test_live_answers_while_finishing_are_in_new_snapshot(tmp_path):
    """Answers and removals between the last page and publishing are not lost."""
    store = open_store(tmp_path)
    await publish_reading(store, OLD)
    fresh = store.begin([])
    fresh.put(map(extension, NEW), 1.0)
    store.put(extension(900))
    store.put(extension(901))
    store.drop("901")
    await store.finish(fresh, {str(each) for each in NEW})
    store.put(extension(902))
    store.drop("150")
    store.publish(fresh)
    assert current_numbers(store) == [*(each for each in NEW if each != 150), 900, 902]
    store.close()


async def test_extension_removed_during_reading_does_not_come_back(tmp_path):
    """A page read before Vonage reported the removal proves nothing."""
    store = open_store(tmp_path)
    await publish_reading(store, OLD)
    fresh = store.begin([])
    fresh.put(map(extension, OLD), 1.0)
    store.drop("100")
    await store.finish(fresh, {str(each) for each in OLD})
    store.publish(fresh)
    assert 100 not in current_numbers(store)
    store.close()


async def test_clock_set_back_hides_no_changes(tmp_path):
    """Changes with a time in the future are still reported."""
    clock = Clock()
    store = open_store(tmp_path, clock=clock)
    await publish_reading(store, OLD)
    clock.advance(-86_400)
    await publish_reading(store, NEW)
    assert store.current
    assert snapshot_queries.changes(store.current, Changes(), clock()).total == len({*OLD} ^ {*NEW})
    store.close()
