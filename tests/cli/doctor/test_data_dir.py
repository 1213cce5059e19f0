"""The doctor's checks of DATA_DIR, on real folders."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.cli.doctor import data_dir
from bot.cli.doctor.check import Grade
from bot.directory.store.files import SnapshotFiles


@pytest.fixture
def folder(tmp_path):
    """Return a folder as Ext creates it."""
    path = tmp_path / "data"
    path.mkdir(mode=0o700)
    return path


def findings(path: Path) -> list[tuple[Grade, str]]:
    """Return the grades and the texts of the checks."""
    return [(check.grade, check.seen) for check in data_dir.checks(path)]


def test_good_folder_is_usable_and_left_as_it_was(folder):
    """The check leaves nothing behind, and a link to the folder is as good."""
    link = folder.with_name("link")
    link.symlink_to(folder)
    for path in (folder, link):
        assert findings(path) == [(Grade.OK, data_dir.USABLE)]
    assert not list(folder.iterdir())


def test_missing_folder_is_not_created(tmp_path):
    """Ext creates it when it starts; the doctor only looks."""
    assert findings(tmp_path / "a" / "b") == [(Grade.OK, data_dir.NEW)]
    assert not list(tmp_path.iterdir())


def test_folder_of_a_running_bot_is_in_use(folder):
    """That is no failure, and the bot keeps its lock."""
    files = SnapshotFiles(folder)
    ((grade, seen),) = findings(folder)
    assert (grade, data_dir.IN_USE in seen) == (Grade.OK, True)
    second = SnapshotFiles(folder)
    assert second.next_path().parent != folder
    second.close()
    files.close()
    assert findings(folder) == [(Grade.OK, data_dir.USABLE)]


def test_folder_that_others_can_open_is_a_hint(folder):
    """The remedy is the command that closes it."""
    folder.chmod(0o755)
    _, check = data_dir.checks(folder)
    assert (check.grade, check.seen) == (Grade.HINT, data_dir.READABLE.format(mode=0o755))
    assert f"chmod 700 {folder}" in check.remedy


def test_folder_of_another_user_is_a_hint(folder, monkeypatch):
    """Its owner can read everything in it."""
    owner = folder.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    assert (Grade.HINT, data_dir.FOREIGN.format(uid=owner)) in findings(folder)


@pytest.mark.parametrize("path", ["/proc", "/proc/missing"])
def test_folder_that_cannot_be_written_needs_a_fix(path):
    """The kernel's own folder stands for a read-only disk; nobody can write there."""
    (check,) = data_dir.checks(Path(path))
    assert check.grade is Grade.FIX
    assert check.seen.startswith(data_dir.NOT_WRITABLE.partition("{")[0])
    assert check.remedy == data_dir.ALLOW


def test_little_space_is_a_hint(folder, monkeypatch):
    """The figure is in megabytes."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=2_400_000))
    assert findings(folder) == [(Grade.HINT, data_dir.LITTLE_SPACE.format(megabytes=2))]


def test_file_is_left_to_the_checks_of_the_settings(tmp_path):
    """It is reported once."""
    (tmp_path / "file").touch()
    assert findings(tmp_path / "file" / "below") == []
