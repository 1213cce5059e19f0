"""DATA_DIR: one process has it, others read along, and where it cannot be used Ext runs on."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest

from bot.directory.store.files import SnapshotFiles
from bot.models import Match
from tests.directory.invented import Vonage, opened, row
from tests.directory.simulated_time import run


def account() -> Vonage:
    """A small account."""
    return Vonage([row(100 + each) for each in range(40)])


def test_the_folder_is_made_for_its_owner_only(tmp_path):
    """Nobody else on the machine reads the directory."""
    folder = SnapshotFiles(tmp_path / "a" / "data")
    assert stat.S_IMODE((tmp_path / "a" / "data").stat().st_mode) == 0o700
    assert folder.next_path().parent == tmp_path / "a" / "data"
    folder.close()


def test_names_are_given_once(tmp_path):
    """Also after a restart, as long as a file has one."""
    folder = SnapshotFiles(tmp_path)
    first, second = folder.next_path(), folder.next_path()
    assert first != second
    second.touch()
    folder.close()
    folder = SnapshotFiles(tmp_path)
    assert folder.next_path().name > second.name
    folder.close()


def test_what_a_killed_process_left_beside_a_removed_file_goes(tmp_path):
    """A log without its database holds names of people, and serves nobody."""
    whole, gone = tmp_path / "directory-00000007.sqlite3", tmp_path / "directory-00000008.sqlite3"
    for path in (whole, Path(f"{whole}-wal"), Path(f"{gone}-wal"), Path(f"{gone}-shm")):
        path.touch()
    folder = SnapshotFiles(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        whole.name, f"{whole.name}-wal", "lock",
    ]  # fmt: skip
    folder.close()


@pytest.mark.parametrize("path", ["/proc/nothing", "/dev/null/data"])
def test_a_folder_that_cannot_be_used_costs_what_is_kept_and_nothing_else(path, tmp_path):
    """Where DATA_DIR is read-only or no folder, everything is answered all the same."""

    async def story() -> None:
        async with opened(account(), Path(path)) as it:
            await it.whole()
            assert isinstance(await it.find("101"), Match)
            copy = it.directory._snapshots.current
            assert copy
            kept = copy.path.parent
            assert stat.S_IMODE(kept.stat().st_mode) == 0o700
        assert not kept.exists()

    run(story())


def test_a_second_process_reads_along_and_leaves_the_files_alone(tmp_path):
    """It has the copy of the first at once, and reads its own into another folder."""

    async def story() -> None:
        vonage = account()
        async with opened(vonage, tmp_path, every=900) as first:
            await first.whole()
            calls = len(vonage.calls)
            async with opened(vonage, tmp_path, every=900) as second:
                assert isinstance(await second.find("101"), Match)
                assert len(vonage.calls) == calls
                vonage.rows.append(row(555))
                await second.find("555")
                assert isinstance(await first.find("555"), Match)  # it was told by the other
                await asyncio.sleep(5000)
                assert second.directory.status().extensions == 41
                for it in (first, second):
                    copy = it.directory._snapshots.current
                    assert copy
                    assert copy.db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                    assert (copy.path.parent == tmp_path) is (it is first)
            assert first.directory.status().extensions == 41
        async with opened(vonage, tmp_path, runs=False) as third:
            assert third.directory.status().extensions == 41

    run(story())


def test_two_processes_do_not_share_what_is_damaged(tmp_path):
    """A file of the first that the second cannot use stays where it is."""
    folder = SnapshotFiles(tmp_path)
    path = folder.next_path()
    path.write_bytes(b"being written")

    async def story() -> None:
        async with opened(account(), tmp_path) as second:
            await second.whole()
            assert path.exists()

    run(story())
    folder.close()
