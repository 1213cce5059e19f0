"""A full, missing or unwritable disk: people are answered, the operator is told, and it heals."""

from __future__ import annotations

import asyncio
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.directory.store import disk
from bot.models import Match, Problem
from tests.directory.fake_vonage import FakeVonage, RunningDirectory, api_row, run_directory
from tests.simulated_time import run

EVERY = 900.0
TOO_SMALL_BYTES = 64 * 1024  # for the copy of the account below


def account() -> FakeVonage:
    """An account of which only the first page fits on the small disk."""
    return FakeVonage([api_row(each) for each in range(100, 400)])


@contextmanager
def full_disk(size: int = TOO_SMALL_BYTES) -> Iterator[None]:
    """Let no file of this process grow beyond a size, in any directory."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def problems(running: RunningDirectory) -> tuple[Problem, ...]:
    """Return what `status`, /readyz and /metrics say is wrong."""
    status = running.directory.status()
    assert status.can_answer
    return status.problems


def copy_folder(running: RunningDirectory) -> Path:
    """Return the directory of the current copy."""
    copy = running.directory._snapshots.current
    assert copy
    return copy.path.parent


def disk_lines(caplog) -> list[str]:
    """Return the log lines about the disk of the copy."""
    return [line.getMessage() for line in caplog.records if line.name == disk.__name__]


def test_full_disk_is_reported_once_and_heals(tmp_path, caplog):
    """Readings fail for hours: the last copy answers, one line is logged, and then it recovers."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await running.wait_for_copy()
            assert problems(running) == ()
            vonage.rows.append(api_row(555))
            with full_disk():
                await asyncio.sleep(2 * EVERY)
                calls = len(vonage.calls)
                await asyncio.sleep(2 * EVERY)
                assert len(vonage.calls) == calls  # no call for a copy that can't be kept
                assert isinstance(await running.find("101"), Match)
                assert isinstance(await running.find("102", refresh=True), Match)
                assert len(problems(running)) == 1
            assert len(disk_lines(caplog)) == 1
            await asyncio.sleep(200)
            assert problems(running) == ()
            assert running.directory.status().extensions == 301
            assert copy_folder(running) == tmp_path
        assert len(disk_lines(caplog)) == 2

    run(scenario())


@pytest.mark.parametrize("start", ["without a copy", "with a copy"])
def test_start_without_any_writable_directory_answers(tmp_path, caplog, start):
    """Neither DATA_DIR nor a temporary directory takes a byte."""

    async def scenario() -> None:
        vonage = account()
        if start == "with a copy":
            async with run_directory(vonage, tmp_path) as running:
                await running.wait_for_copy()
        with full_disk(0):
            async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
                assert running.directory.has_copy is (start == "with a copy")
                assert isinstance(await running.find("101"), Match)
                await asyncio.sleep(2 * EVERY)
                assert isinstance(await running.find("102"), Match)
                assert problems(running) == (Problem.DISK_FULL,)
                resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
                await asyncio.sleep(200)
                assert problems(running) == ()
                assert copy_folder(running) == tmp_path

    run(scenario())
    assert len(disk_lines(caplog)) == 2


def test_data_dir_that_is_gone_is_made_again(tmp_path):
    """The copy answers without its file, and the next reading makes the directory again."""
    data_dir = tmp_path / "data"

    async def scenario() -> None:
        async with run_directory(account(), data_dir, refresh_every_s=EVERY) as running:
            await running.wait_for_copy()
            shutil.rmtree(data_dir)
            for text in ("101", "102", "list", "audit", "export"):
                await running.find(text, timeout_s=8.0)
            assert isinstance(await running.find("103", refresh=True), Match)
            await asyncio.sleep(2 * EVERY)
            assert copy_folder(running) == data_dir
            assert problems(running) == ()

    run(scenario())


def test_data_dir_that_cannot_be_used_is_replaced_until_it_can(tmp_path, caplog):
    """The volume is gone and something else is in its place; then it is back."""
    data_dir, elsewhere = tmp_path / "data", tmp_path / "elsewhere"

    async def scenario() -> None:
        async with run_directory(account(), data_dir, refresh_every_s=EVERY) as running:
            await running.wait_for_copy()
            data_dir.rename(elsewhere)
            data_dir.write_text("no directory")
            await asyncio.sleep(1.2 * EVERY)
            assert problems(running) == (Problem.DISK_UNWRITABLE,)
            status = running.directory.status()
            assert status.read_at
            folder = copy_folder(running)
            assert folder != data_dir
            assert isinstance(await running.find("101"), Match)
            await asyncio.sleep(3 * EVERY)
            data_dir.unlink()
            elsewhere.rename(data_dir)
            await asyncio.sleep(2 * EVERY)
            assert problems(running) == ()
            assert copy_folder(running) == data_dir
            assert not folder.exists()  # it held people's names
        assert len(list(data_dir.glob("*.sqlite3"))) == 1

    run(scenario())
    assert len(disk_lines(caplog)) == 2


def test_unusable_data_dir_at_start_is_a_problem(caplog):
    """The copy is in a temporary directory, which the operator has to know."""

    async def scenario() -> None:
        async with run_directory(
            account(), Path("/dev/null/data"), refresh_every_s=EVERY
        ) as running:
            await running.wait_for_copy()
            await asyncio.sleep(3 * EVERY)
            assert problems(running) == (Problem.DISK_UNWRITABLE,)

    run(scenario())
    assert len(disk_lines(caplog)) == 1


def test_second_process_takes_data_dir_over_when_first_ends(tmp_path, caplog):
    """A new release starts before the old one ends, and must keep its copy from then on."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as first:
            await first.wait_for_copy()
            second = run_directory(vonage, tmp_path, refresh_every_s=EVERY)
            running = await second.__aenter__()
            await asyncio.sleep(2 * EVERY)
            assert copy_folder(running) != tmp_path
        await asyncio.sleep(2 * EVERY)
        assert copy_folder(running) == tmp_path
        assert problems(running) == ()
        await second.__aexit__(None, None, None)
        assert len(list(tmp_path.glob("*.sqlite3"))) == 1

    run(scenario())
    assert disk_lines(caplog) == []
