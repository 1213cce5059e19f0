"""The files of the copy: killed at any moment, damaged, of others, or on a disk that is full."""

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
from bot.directory.store.files import SnapshotFiles
from bot.directory.store.snapshot import Snapshot
from bot.directory.store.snapshot_store import SnapshotStore
from bot.models import Extension, Location, User
from bot.query.model import Changes
from tests.clock import Clock

ACCOUNT = "invented"
OLD, NEW = range(100, 160), range(130, 200)  # numbers of two readings


def extension(number: int, first_name: str = "Ann") -> Extension:
    """An extension of a person."""
    return Extension(str(number), User(first_name, f"Of{number}"), location_id="1")


def shelf_in(path: Path, account: str = ACCOUNT, clock: Clock | None = None) -> SnapshotStore:
    """Open the files in a folder, as a start does."""
    return SnapshotStore(SnapshotFiles(path), account, clock=clock or Clock())


async def read_into(shelf: SnapshotStore, numbers: range | list[int]) -> None:
    """Read an account of these numbers, and let that answer."""
    fresh = shelf.begin([Location("1", "Holmdel HQ")])
    fresh.put(map(extension, numbers), 1.0)
    await shelf.finish(fresh, {str(each) for each in numbers})
    shelf.publish(fresh)


def numbers_in(shelf: SnapshotStore) -> list[int]:
    """The numbers that answer."""
    assert shelf.current
    rows = shelf.current.db.execute("SELECT number FROM extensions ORDER BY sort_key")
    return [int(number) for (number,) in rows]


def files_in(path: Path) -> list[str]:
    """The files of snapshots."""
    return sorted(each.name for each in path.iterdir() if each.name.startswith("directory"))


async def kept(path: Path) -> None:
    """Keep a snapshot in a folder."""
    shelf = shelf_in(path)
    await read_into(shelf, OLD)
    shelf.close()


async def test_what_was_read_answers_after_a_restart(tmp_path):
    """Extensions, locations and since when it is known are there at once, for the owner only."""
    await kept(tmp_path)
    shelf = shelf_in(tmp_path)
    assert numbers_in(shelf) == list(OLD)
    assert shelf.current
    assert shelf.current.read_at == Clock().now
    assert shelf.current.locations["1"].name == "Holmdel HQ"
    for name in files_in(tmp_path):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    shelf.close()


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.directory.store import history, snapshot
from tests.directory.store.test_snapshot_store import NEW, extension, shelf_in

stage, path = sys.argv[1], Path(sys.argv[2])
die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)

async def read():
    shelf = shelf_in(path)
    fresh = shelf.begin([])
    rows = list(map(extension, NEW))
    fresh.put(rows[:30], 2.0)
    if stage == "while it is filled":
        die()
    fresh.put(rows[30:], 2.0)
    if stage == "while a point answer lands":
        put = snapshot.Snapshot.put_one
        snapshot.Snapshot.put_one = lambda *what: (put(*what), die())
        shelf.put(extension(555))
    if stage == "while changes are recorded":
        record = history.record
        history.record = lambda *what: (record(*what), die())
    await shelf.finish(fresh, {str(each) for each in NEW})
    if stage == "between finishing and publishing":
        die()
    if stage == "after publishing":
        shelf._remove = die
    if stage == "while the old one is removed":
        os.unlink = die
        Path.unlink = lambda self, **_: (os.remove(self), die())
    shelf.publish(fresh)
    die()

asyncio.run(read())
"""
STAGES = {
    "while it is filled": OLD,
    "while a point answer lands": OLD,
    "while changes are recorded": OLD,
    "between finishing and publishing": OLD,
    "after publishing": NEW,
    "while the old one is removed": NEW,
    "at the end": NEW,
}


def killed_at(stage: str, path: Path) -> None:
    """Read the account in another process, which is killed at a stage of it."""
    root = Path(__file__).parents[3]
    child = subprocess.run(
        [sys.executable, "-c", KILLED, stage, str(path)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        check=False,
        capture_output=True,
    )
    assert child.returncode == -signal.SIGKILL, child.stderr.decode()


@pytest.mark.parametrize("stage", STAGES)
async def test_killed_at_any_stage_nothing_is_half(tmp_path, stage):
    """A process is killed while it reads: the next one has the old copy or the new one."""
    await kept(tmp_path)
    killed_at(stage, tmp_path)
    shelf = shelf_in(tmp_path)
    assert numbers_in(shelf) == list(STAGES[stage])
    assert shelf.current
    db = shelf.current.db
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    (noticed,) = db.execute("SELECT count(*) FROM changes").fetchone()
    assert noticed == (len({*OLD} ^ {*NEW}) if STAGES[stage] == NEW else 0)
    assert {each.partition(".sqlite3")[0] for each in files_in(tmp_path)} == {
        shelf.current.path.stem
    }
    await read_into(shelf, OLD)  # and it goes on from there
    assert numbers_in(shelf) == list(OLD)
    shelf.close()


def overwritten(at: int, size: int = 4096):
    """Damage a part of a file."""

    def damage(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(at)
            file.write(b"\x5a" * size)

    return damage


def changed(sql: str):
    """Damage what SQLite finds nothing wrong with."""

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
    "its head": overwritten(0, 100),
    "its second page": overwritten(4096),
    "everything but its head": overwritten(4096, 100_000),
    "a foreign log": lambda path: path.with_name(path.name + "-wal").write_bytes(b"x" * 5000),
    "without a table": changed("DROP TABLE extensions"),
    "without its meta table": changed("DROP TABLE meta"),
    "another version": changed("PRAGMA user_version = 99"),
    "locations that are none": changed("INSERT INTO locations VALUES ('x', '[1')"),
    "not finished": changed("UPDATE meta SET value = 'being filled' WHERE name = 'state'"),
}


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_damaged_file_is_rebuilt(tmp_path, damage):
    """A start never fails on it: it answers, or it goes and the account is read anew."""
    await kept(tmp_path)
    (name,) = [each for each in files_in(tmp_path) if each.endswith("3")]
    DAMAGES[damage](tmp_path / name)
    shelf = shelf_in(tmp_path)
    if shelf.current is None:
        assert files_in(tmp_path) == []
    await read_into(shelf, NEW)
    assert numbers_in(shelf) == list(NEW)
    shelf.close()


async def test_a_copy_of_another_account_is_not_shown(tmp_path):
    """Nor one that was made when other numbers were hidden: it goes."""
    await kept(tmp_path)
    shelf = shelf_in(tmp_path, f"{ACCOUNT} 789")
    assert shelf.current is None
    assert files_in(tmp_path) == []
    shelf.close()


async def test_a_damaged_history_does_not_keep_the_new_copy_from_answering(tmp_path):
    """Where the old copy cannot be compared, what changed is lost, and nothing else."""
    shelf = shelf_in(tmp_path)
    await read_into(shelf, OLD)
    assert shelf.current
    with shelf.current.db:
        shelf.current.db.execute("DROP TABLE changes")
    await read_into(shelf, NEW)
    assert numbers_in(shelf) == list(NEW)
    shelf.close()


def full(copy: Snapshot | None) -> None:
    """Let there be no room for more."""
    assert copy
    (pages,) = copy.db.execute("PRAGMA page_count").fetchone()
    copy.db.execute(f"PRAGMA max_page_count = {pages}")


async def test_a_full_disk_costs_what_is_new_and_nothing_else(tmp_path):
    """A point answer that cannot be kept leaves the copy as it is."""
    shelf = shelf_in(tmp_path)
    await read_into(shelf, OLD)
    full(shelf.current)
    for number in range(1000, 1400):
        shelf.put(extension(number, "x" * 4000))
    assert set(OLD) <= set(numbers_in(shelf))
    shelf.drop("100")
    await read_into(shelf, NEW)
    assert numbers_in(shelf) == list(NEW)
    shelf.close()


async def test_a_reading_that_finds_the_disk_full_leaves_nothing_behind(tmp_path, monkeypatch):
    """Neither a file that was only begun nor one that could not be finished."""
    shelf = shelf_in(tmp_path)
    await read_into(shelf, OLD)
    before = files_in(tmp_path)

    def no_room(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("bot.directory.search.index.create", no_room)
        with pytest.raises(sqlite3.OperationalError):
            shelf.begin([])
    assert files_in(tmp_path) == before
    fresh = shelf.begin([])
    full(fresh)
    with pytest.raises(sqlite3.OperationalError):
        fresh.put([extension(each, "x" * 4000) for each in NEW], 1.0)
    shelf.abandon()
    assert files_in(tmp_path) == before
    assert numbers_in(shelf) == list(OLD)
    shelf.close()


async def test_a_good_copy_that_cannot_be_opened_now_is_not_thrown_away(tmp_path, monkeypatch):
    """Where the disk is full at the start, the file is left for a better time."""
    await kept(tmp_path)
    before = files_in(tmp_path)

    def no_room(path: Path) -> sqlite3.Connection:
        fault = sqlite3.OperationalError("disk I/O error")
        fault.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
        raise fault

    with monkeypatch.context() as patch:
        patch.setattr("bot.directory.store.snapshot.connect", no_room)
        shelf = shelf_in(tmp_path)
        assert shelf.current is None
        shelf.close()
    assert files_in(tmp_path) == before
    shelf = shelf_in(tmp_path)
    assert numbers_in(shelf) == list(OLD)
    shelf.close()


async def test_what_is_said_while_the_new_copy_is_finished_is_in_it(tmp_path):
    """Answers that land between the last page and the swap are not lost, nor are losses."""
    shelf = shelf_in(tmp_path)
    await read_into(shelf, OLD)
    fresh = shelf.begin([])
    fresh.put(map(extension, NEW), 1.0)
    shelf.put(extension(900))
    shelf.put(extension(901))
    shelf.drop("901")
    await shelf.finish(fresh, {str(each) for each in NEW})
    shelf.put(extension(902))
    shelf.drop("150")
    shelf.publish(fresh)
    assert numbers_in(shelf) == [*(each for each in NEW if each != 150), 900, 902]
    shelf.close()


async def test_who_was_seen_to_leave_while_the_account_was_read_does_not_come_back(tmp_path):
    """A page that was read before Vonage said so is no proof of the contrary."""
    shelf = shelf_in(tmp_path)
    await read_into(shelf, OLD)
    fresh = shelf.begin([])
    fresh.put(map(extension, OLD), 1.0)
    shelf.drop("100")
    await shelf.finish(fresh, {str(each) for each in OLD})
    shelf.publish(fresh)
    assert 100 not in numbers_in(shelf)
    shelf.close()


async def test_the_clock_that_was_set_back_hides_no_changes(tmp_path):
    """What is known of later than now is still known."""
    clock = Clock()
    shelf = shelf_in(tmp_path, clock=clock)
    await read_into(shelf, OLD)
    clock.advance(-86_400)
    await read_into(shelf, NEW)
    assert shelf.current
    assert snapshot_queries.changes(shelf.current, Changes(), clock()).total == len({*OLD} ^ {*NEW})
    shelf.close()
