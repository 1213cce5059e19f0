"""DATA_DIR belongs to one process; others read it, and without it Ext runs on."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest

from bot.directory.store.files import SnapshotFiles
from bot.models import Match
from tests.directory.fake_vonage import FakeVonage, api_row, run_directory
from tests.simulated_time import run


def account() -> FakeVonage:
    """A small account."""
    return FakeVonage([api_row(100 + each) for each in range(40)])


def test_data_dir_is_created_for_owner_only(tmp_path):
    """No other user of the machine can read the directory."""
    folder = SnapshotFiles(tmp_path / "a" / "data")
    assert stat.S_IMODE((tmp_path / "a" / "data").stat().st_mode) == 0o700
    assert folder.next_path().parent == tmp_path / "a" / "data"
    folder.close()


def test_next_path_is_never_given_out_twice(tmp_path):
    """Paths stay unique over a restart as long as their file exists."""
    folder = SnapshotFiles(tmp_path)
    first, second = folder.next_path(), folder.next_path()
    assert first != second
    second.touch()
    folder.close()
    folder = SnapshotFiles(tmp_path)
    assert folder.next_path().name > second.name
    folder.close()


def test_orphaned_sqlite_files_are_removed_at_start(tmp_path):
    """A write-ahead log without its database holds names and is of no use."""
    whole, gone = tmp_path / "directory-00000007.sqlite3", tmp_path / "directory-00000008.sqlite3"
    for path in (whole, Path(f"{whole}-wal"), Path(f"{gone}-wal"), Path(f"{gone}-shm")):
        path.touch()
    folder = SnapshotFiles(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        whole.name, f"{whole.name}-wal", "lock",
    ]  # fmt: skip
    folder.close()


@pytest.mark.parametrize("path", ["/proc/nothing", "/dev/null/data"])
def test_unusable_data_dir_is_replaced_by_temporary_one(path, tmp_path):
    """If DATA_DIR is read-only or no directory, everything works but is not kept."""

    async def scenario() -> None:
        async with run_directory(account(), Path(path)) as running:
            await running.wait_for_copy()
            assert isinstance(await running.find("101"), Match)
            copy = running.directory._snapshots.current
            assert copy
            folder = copy.path.parent
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert not folder.exists()

    run(scenario())


def test_second_process_reads_files_of_first_and_leaves_them(tmp_path):
    """The second process has the first one's snapshot at once, and its own files elsewhere."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, refresh_every_s=900) as first:
            await first.wait_for_copy()
            calls = len(vonage.calls)
            async with run_directory(vonage, tmp_path, refresh_every_s=900) as second:
                assert isinstance(await second.find("101"), Match)
                assert len(vonage.calls) == calls
                vonage.rows.append(api_row(555))
                await second.find("555")
                assert isinstance(await first.find("555"), Match)  # it was told by the other
                await asyncio.sleep(5000)
                assert second.directory.status().extensions == 41
                for running in (first, second):
                    copy = running.directory._snapshots.current
                    assert copy
                    assert copy.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                    assert (copy.path.parent == tmp_path) is (running is first)
            assert first.directory.status().extensions == 41
        async with run_directory(vonage, tmp_path, with_sync=False) as third:
            assert third.directory.status().extensions == 41

    run(scenario())


def test_second_process_leaves_unusable_file_of_first(tmp_path):
    """A file that the second process can't use stays for the first."""
    folder = SnapshotFiles(tmp_path)
    path = folder.next_path()
    path.write_bytes(b"being written")

    async def scenario() -> None:
        async with run_directory(account(), tmp_path) as second:
            await second.wait_for_copy()
            assert path.exists()

    run(scenario())
    folder.close()
