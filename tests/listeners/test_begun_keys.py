"""The file of begun keys: private, bounded, and replaced if it is damaged."""

from __future__ import annotations

import sqlite3

import pytest

from bot import limits
from bot.limits import DEDUPLICATION_S
from bot.listeners import begun_keys
from bot.listeners.begun_keys import FILE_NAME, BegunKeys
from tests.clock import Clock

DIGEST = b"d" * 32


@pytest.fixture
def clock():
    """A wall clock that the test moves."""
    return Clock()


def count_rows(folder) -> int:
    """Return how many keys the file holds."""
    db = sqlite3.connect(folder / FILE_NAME)
    try:
        return int(db.execute("SELECT count(*) FROM begun").fetchone()[0])
    finally:
        db.close()


def test_key_is_new_again_after_its_time(tmp_path, clock):
    """For `DEDUPLICATION_S` a key is known; then it can be begun again, once."""
    keys = BegunKeys(tmp_path, wall_clock=clock)
    assert keys.begin(DIGEST)
    clock.now += DEDUPLICATION_S - 1
    assert not keys.begin(DIGEST)
    clock.now += 2
    assert keys.begin(DIGEST)
    assert not keys.begin(DIGEST)
    keys.close()


def test_old_keys_are_removed(tmp_path, clock):
    """A file that is opened again loses the keys that are too old."""
    keys = BegunKeys(tmp_path, wall_clock=clock)
    for number in range(10):
        keys.begin(bytes([number]))
    keys.close()
    clock.now += DEDUPLICATION_S + 1
    keys = BegunKeys(tmp_path, wall_clock=clock)
    keys.begin(DIGEST)
    keys.close()
    assert count_rows(tmp_path) == 1


def test_number_of_keys_is_limited(tmp_path, clock, monkeypatch):
    """The oldest keys make room, so that the file can't grow without end."""
    monkeypatch.setattr(begun_keys, "MAX_DEDUPLICATION_KEYS", 10)
    monkeypatch.setattr(begun_keys, "BEGUN_KEYS_PRUNE_EVERY", 5)
    keys = BegunKeys(tmp_path, wall_clock=clock)
    for number in range(100):
        clock.now += 1
        keys.begin(bytes([number]))
    assert not keys.begin(bytes([99])), "the newest are kept"
    keys.close()
    assert count_rows(tmp_path) <= 15


def test_files_are_readable_by_their_owner_only(tmp_path):
    """The write-ahead log has the same keys as the file."""
    keys = BegunKeys(tmp_path)
    keys.begin(DIGEST)
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    keys.close()
    assert FILE_NAME in modes
    assert set(modes.values()) == {0o600}


@pytest.mark.parametrize("content", [b"not a database" * 100, b"\0" * 4096, b"SQLite format 3\0x"])
def test_damaged_file_is_replaced(tmp_path, content, caplog):
    """Whatever is in the file, the next key is remembered, and the log says what was lost."""
    (tmp_path / FILE_NAME).write_bytes(content)
    keys = BegunKeys(tmp_path)
    assert keys.begin(DIGEST)
    assert not keys.begin(DIGEST)
    keys.close()
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_file_with_other_tables_is_replaced(tmp_path):
    """A table of another release or program is no reason to fail forever."""
    db = sqlite3.connect(tmp_path / FILE_NAME)
    db.execute("CREATE TABLE begun (name TEXT)")
    db.close()
    keys = BegunKeys(tmp_path)
    assert keys.begin(DIGEST)
    assert not keys.begin(DIGEST)
    keys.close()


def test_file_damaged_in_use_is_replaced(tmp_path):
    """Damage that appears while the bot runs doesn't need a restart."""
    keys = BegunKeys(tmp_path)
    for number in range(300):
        keys.begin(bytes([number % 256, number // 256]) * 16)
    keys.close()
    content = bytearray((tmp_path / FILE_NAME).read_bytes())
    content[100:] = b"\xff" * (len(content) - 100)
    (tmp_path / FILE_NAME).write_bytes(content)
    assert keys.begin(DIGEST)
    assert not keys.begin(DIGEST)
    keys.close()


def test_link_in_place_of_the_file_is_not_followed(tmp_path):
    """Whoever can write to DATA_DIR can't have Ext write elsewhere."""
    target = tmp_path / "target"
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / FILE_NAME).symlink_to(target)
    with pytest.raises(OSError, match="symbolic"):
        BegunKeys(tmp_path / "data").begin(DIGEST)
    assert not target.exists()


def test_lock_of_another_process_is_given_up_before_the_listener_gives_up(tmp_path):
    """Otherwise every key behind it would be late as well."""
    assert limits.BEGUN_KEYS_LOCK_S < limits.BEGUN_KEYS_LIMIT_S < limits.ACK_BUDGET_S
    keys = BegunKeys(tmp_path)
    keys.begin(DIGEST)
    other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        keys.begin(b"other")
    other.rollback()
    other.close()
    assert keys.begin(b"other")
    keys.close()
