"""The files that processes share: private, replaced in one step, and locked by one at a time."""

from __future__ import annotations

import os
import stat

import pytest

from bot.limits import MAX_SHARED_FILE_BYTES
from bot.vonage.shared_file import SharedFile


def mode(path):
    """The permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def test_file_is_readable_by_its_owner_only(tmp_path):
    """This holds for the file, its lock, and the directory that is made for them."""
    path = tmp_path / "data" / "file"
    with SharedFile(path).locked() as is_locked:
        assert is_locked
        assert SharedFile(path).replace(b"content")
    assert SharedFile(path).read() == b"content"
    assert (mode(path.parent), mode(path)) == (0o700, 0o600)
    assert mode(tmp_path / "data" / "file.lock") == 0o600


def test_file_with_other_permissions_becomes_private(tmp_path):
    """A file that everybody could read is replaced by one that only the owner can."""
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o644)
    SharedFile(path).replace(b"new")
    assert mode(path) == 0o600


def test_lock_is_held_by_one_and_free_again_afterwards(tmp_path):
    """The second one gets no lock, without waiting, until the first has released it."""
    first, second = SharedFile(tmp_path / "file"), SharedFile(tmp_path / "file")
    with first.locked() as is_locked, second.locked() as is_locked_twice:
        assert (is_locked, is_locked_twice) == (True, False)
    with second.locked() as is_locked:
        assert is_locked


def test_error_under_the_lock_releases_it(tmp_path):
    """An error of whoever holds the lock leaves it free."""
    file = SharedFile(tmp_path / "file")
    with pytest.raises(ValueError, match="oops"), file.locked():
        raise ValueError("oops")
    with file.locked() as is_locked:
        assert is_locked


def test_link_in_place_of_the_new_file_is_not_followed(tmp_path):
    """A planted link leads the content nowhere else."""
    target = tmp_path / "elsewhere"
    (tmp_path / "file.new").symlink_to(target)
    assert not SharedFile(tmp_path / "file").replace(b"secret")
    assert not target.exists()


@pytest.mark.parametrize("obstacle", ["file", "directory"])
def test_unusable_disk_leaves_each_process_on_its_own(tmp_path, obstacle, caplog):
    """The lock counts as held, nothing is read, and the log says it once and names nobody."""
    if obstacle == "file":
        (tmp_path / "data").write_text("not a directory")
    else:
        (tmp_path / "data" / "file").mkdir(parents=True)
        (tmp_path / "data" / "file.lock").mkdir()
    file = SharedFile(tmp_path / "data" / "file")
    for _ in range(3):
        with file.locked() as is_locked:
            assert is_locked
            assert file.read() == b""
            assert not file.replace(b"content")
    assert len(caplog.records) == 1
    assert str(tmp_path) not in caplog.text


def test_disk_that_works_again_is_used_and_its_next_fault_logged(tmp_path, caplog):
    """A disk that was full for a while is not given up."""
    blocker = tmp_path / "file.new"
    file = SharedFile(tmp_path / "file")
    for _ in range(2):
        blocker.mkdir()
        assert not file.replace(b"a")
        blocker.rmdir()
        assert file.replace(b"b")
    assert len(caplog.records) == 2
    assert file.read() == b"b"


def test_huge_file_is_not_read_into_memory(tmp_path):
    """Of a file that is not Ext's only a part is read."""
    path = tmp_path / "file"
    with path.open("wb") as file:
        os.truncate(file.fileno(), 1 << 33)
    assert len(SharedFile(path).read()) == MAX_SHARED_FILE_BYTES
