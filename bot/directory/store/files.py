"""The folder of the snapshots' files: DATA_DIR, as long as no other process has it.

A second process (`ask` beside `serve`, or a release that begins before the old one has ended)
reads what is there and keeps its own files elsewhere.
"""

from __future__ import annotations

import logging
import os
import tempfile
from contextlib import suppress
from itertools import count
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: nobody is kept out
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

PATTERN = f"directory-{'[0-9]' * 8}.sqlite3"
NAME = "directory-{:08}.sqlite3"
BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a file of its own
IN_USE = "another process uses it"


class SnapshotFiles:
    """Hands out names for files, and removes them. Readable by its owner only."""

    def __init__(self, path: Path) -> None:
        self._shared = path
        self._lock: int | None = None
        self._own: tempfile.TemporaryDirectory[str] | None = None
        self._path = path
        try:
            self._acquire(path)
        except OSError as fault:
            why = IN_USE if isinstance(fault, BlockingIOError) else fault.strerror
            log.warning("DATA_DIR cannot be used: %s. Nothing is kept over a restart", why)
            self._own = tempfile.TemporaryDirectory(prefix="ext-")
            self._path = Path(self._own.name)
        self._sweep()
        known = [int(each.stem[-8:]) for each in self._path.glob(PATTERN)]
        self._numbers = count(max(known, default=0) + 1)

    def next_path(self) -> Path:
        """Return a name that was not given before."""
        return self._path / NAME.format(next(self._numbers))

    def newest_first(self) -> list[Path]:
        """Return the files that are there, also where they are another process's."""
        with suppress(OSError):
            return sorted(self._shared.glob(PATTERN), reverse=True)
        return []

    def remove(self, path: Path) -> None:
        """Remove a file of ours with all that belongs to it."""
        if path.parent != self._path:
            return
        for name in (path, *(path.with_name(path.name + each) for each in BESIDE)):
            try:
                name.unlink(missing_ok=True)
            except OSError as fault:
                log.warning("A file in DATA_DIR cannot be removed: %s", fault.strerror)

    def close(self) -> None:
        """Let others have it."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        if self._own:
            self._own.cleanup()

    def _sweep(self) -> None:
        """Remove what was left behind where a process was killed while it removed a file."""
        for beside in BESIDE:
            for path in self._path.glob(PATTERN + beside):
                if not path.with_name(path.name.removesuffix(beside)).exists():
                    path.unlink(missing_ok=True)

    def _acquire(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if fcntl:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise
        self._lock = lock
