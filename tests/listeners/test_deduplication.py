"""What must happen once is begun once, over restarts too, until it is undone or forgotten."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.limits import DEDUPLICATION_S, MAX_DEDUPLICATION_KEYS
from bot.listeners.begun_keys import BegunKeys
from bot.listeners.deduplication import Deduplicator

DELAYED_EVENTS_S = 24 * 3600  # for so long Slack delivers an event again
KEY = ("share", "C0GENERAL", "1700000000.000100", "john smith")


@asynccontextmanager
async def process(folder: Path, secret: str = "xoxb-1"):
    """Yield the deduplicator of one process."""
    deduplicator = Deduplicator(BegunKeys(folder), secret=secret)
    yield deduplicator
    await deduplicator.close()


async def test_key_is_begun_once():
    """The second time is a repetition; another key is not."""
    deduplicator = Deduplicator()
    assert await deduplicator.begin(("event", "Ev1"))
    assert not await deduplicator.begin(("event", "Ev1"))
    assert await deduplicator.begin(("event", "Ev2"))
    assert await deduplicator.begin(("share", "Ev1"))


async def test_key_that_was_undone_can_be_begun_again():
    """Work that failed, such as an export that Slack refused, can be requested again."""
    deduplicator = Deduplicator()
    await deduplicator.begin("an export")
    await deduplicator.undo("an export")
    assert await deduplicator.begin("an export")


async def test_undo_of_unknown_key_does_nothing():
    """A key may be forgotten before its work ends."""
    deduplicator = Deduplicator()
    await deduplicator.undo("an export")
    assert await deduplicator.begin("an export")


async def test_keys_are_remembered_for_as_long_as_slack_repeats_events():
    """An event that is delivered a day later is still known, and memory stays bounded."""
    assert DEDUPLICATION_S > DELAYED_EVENTS_S
    deduplicator = Deduplicator()
    for number in range(MAX_DEDUPLICATION_KEYS + 1):
        await deduplicator.begin(number)
    assert await deduplicator.begin(0), "the oldest key makes room"
    assert not await deduplicator.begin(MAX_DEDUPLICATION_KEYS)


async def test_key_begun_before_a_restart_is_not_begun_again(tmp_path):
    """A button pressed before a release doesn't share again after it."""
    async with process(tmp_path) as first:
        assert await first.begin(KEY)
    async with process(tmp_path) as second:
        assert not await second.begin(KEY)
        assert await second.begin(("share", "C0GENERAL", "1700000000.000100", "mary"))


async def test_key_undone_before_a_restart_can_be_begun_again(tmp_path):
    """What failed can be tried again after a restart, too."""
    async with process(tmp_path) as first:
        await first.begin(KEY)
        await first.undo(KEY)
    async with process(tmp_path) as second:
        assert await second.begin(KEY)


async def test_key_begun_by_two_processes_at_once_is_begun_by_one(tmp_path):
    """While a new release starts, Slack may repeat an event to the other process."""
    async with process(tmp_path) as old, process(tmp_path) as new:
        both = [each.begin(number) for number in range(50) for each in (old, new)]
        results = await asyncio.gather(*both)
    assert [sum(results[index : index + 2]) for index in range(0, 100, 2)] == [1] * 50


async def test_file_holds_nothing_that_was_asked(tmp_path):
    """Neither the text nor its plain digest is in a file, and each secret has other digests."""
    async with process(tmp_path) as first, process(tmp_path, "xoxb-2") as other:
        await first.begin(KEY)
        assert await other.begin(KEY), "the digest depends on the secret"
        content = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"john" not in content
    assert b"C0GENERAL" not in content


async def test_disk_that_fails_leaves_the_keys_in_memory(tmp_path, caplog):
    """Without DATA_DIR, a repetition is still recognized, and the log says so once."""
    async with process(tmp_path / "missing") as deduplicator:
        assert await deduplicator.begin("one")
        assert not await deduplicator.begin("one")
        assert await deduplicator.begin("two")
        await deduplicator.undo("two")
        assert await deduplicator.begin("two")
    (record,) = caplog.records
    assert "Can't save in DATA_DIR what was begun (FileNotFoundError)" in record.getMessage()


class HangingFile:
    """A file on a disk that answers only once `disk` is set."""

    def __init__(self) -> None:
        self.disk = threading.Event()
        self.calls = 0

    def begin(self, digest: bytes) -> bool:
        """Wait for the disk; then every key is there already."""
        self.calls += 1
        self.disk.wait()
        return False

    def undo(self, digest: bytes) -> None:
        """Wait for the disk, too."""
        self.begin(digest)

    def close(self) -> None:
        """Close nothing."""


@pytest.mark.real_time
async def test_disk_that_hangs_is_not_waited_for():
    """Keys are remembered in memory meanwhile, and the disk is used again once it answers."""
    file = HangingFile()
    deduplicator = Deduplicator(file, limit_s=0.01)
    try:
        assert await deduplicator.begin("one")
        assert not await deduplicator.begin("one")
        assert await deduplicator.begin("two")
    finally:
        file.disk.set()
    async with asyncio.timeout(10):
        while await deduplicator.begin(object()):  # noqa: ASYNC110 - a thread
            await asyncio.sleep(0.001)
    assert file.calls == 2, "no call waited behind the first"
    await deduplicator.close()


class FailingFile(HangingFile):
    """A file on a disk that is full."""

    def begin(self, digest: bytes) -> bool:
        """Fail as SQLite does."""
        raise sqlite3.OperationalError("database or disk is full")


async def test_full_disk_is_logged_once(caplog):
    """Every key fails, but one line says it all, without the error's text."""
    deduplicator = Deduplicator(FailingFile())
    for number in range(5):
        assert await deduplicator.begin(number)
    assert len(caplog.records) == 1


async def test_disk_that_fails_again_is_logged_again(caplog):
    """A line says when the disk began to fail, after each time that it worked."""
    file = FailingFile()
    deduplicator = Deduplicator(file)
    await deduplicator.begin(1)
    file.begin = lambda digest: True  # type: ignore[method-assign]
    assert await deduplicator.begin(2)
    del file.begin
    await deduplicator.begin(3)
    assert len(caplog.records) == 2
