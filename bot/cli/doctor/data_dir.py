"""Checks of `DATA_DIR`: whether Ext can keep its copy there, and whether others can read it."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.cli.doctor.check import Check, fix, hint, ok
from bot.directory.store.files import is_locked
from bot.limits import DOCTOR_MIN_FREE_BYTES

LABEL = "DATA_DIR"

USABLE = "can be written, and has enough space"
NEW = "doesn't exist yet; Ext will create it"
IN_USE = "in use by another process, such as a running bot"
NOT_WRITABLE = "can't be written ({reason})"
ALLOW = (
    "Let the user that runs Ext write there, or set DATA_DIR to a folder where it may. Until then "
    "every restart reads the whole directory again."
)
LITTLE_SPACE = "only {megabytes} MB are free"
FREE_SPACE = "Free some: a copy takes about 1 MB for 1,000 extensions, and twice that at times."
READABLE = "other users of this machine can open it (mode {mode:o})"
CLOSE = "It holds personal data. Run: chmod 700 {path}"
FOREIGN = "belongs to another user of this machine (uid {uid})"
OWN = (
    "It holds personal data. Give it to the user that runs Ext, or set DATA_DIR to another folder."
)


def checks(path: Path) -> Iterator[Check]:
    """Check the folder, or the one in which Ext will create it. Nothing is left behind."""
    is_new = not os.path.lexists(path)
    existing = next((each for each in (path, *path.absolute().parents) if each.exists()), path)
    if not existing.is_dir():
        return  # DATA_DIR is a file, which the checks of the settings have reported
    if reason := _write_fault(existing):
        yield fix(LABEL, NOT_WRITABLE.format(reason=reason), ALLOW)
        return
    free_bytes = shutil.disk_usage(existing).free
    if free_bytes < DOCTOR_MIN_FREE_BYTES:
        seen = LITTLE_SPACE.format(megabytes=free_bytes // 1_000_000)
        yield hint(LABEL, seen, FREE_SPACE)
    elif is_new:
        yield ok(LABEL, NEW)
    elif is_locked(path):
        yield ok(LABEL, f"{USABLE}; {IN_USE}")
    else:
        yield ok(LABEL, USABLE)
    if not is_new:
        yield from _privacy(path)


def _write_fault(folder: Path) -> str:
    """Write a small file that is gone at once; return why that failed, or an empty text."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0" * 4096)
            file.flush()
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""


def _privacy(folder: Path) -> Iterator[Check]:
    status = folder.stat()
    mode = stat.S_IMODE(status.st_mode)
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield hint(LABEL, READABLE.format(mode=mode), CLOSE.format(path=folder))
    if os.name == "posix" and status.st_uid != os.geteuid():
        yield hint(LABEL, FOREIGN.format(uid=status.st_uid), OWN)
