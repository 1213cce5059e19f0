"""The snapshot files in DATA_DIR, which belong to one process at a time.

The file of calls in the same directory is `vonage.call_log`'s.

A second process (`ask` while `serve` runs, or a new release that starts before the old one has
ended) reads the files of the first and keeps its own in a temporary directory.
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
except ImportError:  # Windows has no flock, so a second process is not kept out
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

GLOB = f"directory-{'[0-9]' * 8}.sqlite3"
FILE_NAME = "directory-{:08}.sqlite3"
SQLITE_SUFFIXES = ("-wal", "-shm", "-journal")  # files that SQLite keeps next to a database
IN_USE = "another process uses it"


def is_locked(path: Path) -> bool:
    """Whether another process uses the directory; false if that can't be found out."""
    with suppress(OSError), (path / "lock").open("rb") as lock:
        try:
            if fcntl:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


class SnapshotFiles:
    """Names and removes the snapshot files. Their directory is readable by its owner only.

    If DATA_DIR cannot be used, a temporary directory replaces it, and nothing is kept over a
    restart.
    """

    def __init__(self, path: Path) -> None:
        self._data_dir = path
        self._lock: int | None = None
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._path = path
        try:
            self._acquire(path)
        except OSError as fault:
            reason = IN_USE if isinstance(fault, BlockingIOError) else fault.strerror
            log.warning("Can't use DATA_DIR: %s. Nothing will be kept over a restart", reason)
            self._temporary = tempfile.TemporaryDirectory(prefix="ext-")
            self._path = Path(self._temporary.name)
        self._remove_orphans()
        used = [int(file.stem[-8:]) for file in self._path.glob(GLOB)]
        self._numbers = count(max(used, default=0) + 1)

    def next_path(self) -> Path:
        """Return a path for a new file; it sorts after all paths returned before."""
        return self._path / FILE_NAME.format(next(self._numbers))

    def newest_first(self) -> list[Path]:
        """Return the snapshot files in DATA_DIR, including those of another process."""
        with suppress(OSError):
            return sorted(self._data_dir.glob(GLOB), reverse=True)
        return []

    def remove(self, path: Path) -> None:
        """Remove a file and SQLite's files next to it. Files of another process stay."""
        if path.parent != self._path:
            return
        for file in (path, *(path.with_name(path.name + suffix) for suffix in SQLITE_SUFFIXES)):
            try:
                file.unlink(missing_ok=True)
            except OSError as fault:
                log.warning("Can't remove a file in DATA_DIR: %s", fault.strerror)

    def close(self) -> None:
        """Release DATA_DIR for other processes, and remove the temporary directory."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None
        if self._temporary:
            self._temporary.cleanup()

    def _remove_orphans(self) -> None:
        """Remove the files that SQLite kept next to databases that are gone.

        A process that is killed in `remove` leaves them behind, and a write-ahead log contains
        people's names.
        """
        for suffix in SQLITE_SUFFIXES:
            for path in self._path.glob(GLOB + suffix):
                if not path.with_name(path.name.removesuffix(suffix)).exists():
                    path.unlink(missing_ok=True)

    def _acquire(self, path: Path) -> None:
        """Create DATA_DIR and lock it. Raises an `OSError`.

        The lock is held by the open file, so the system releases it when the process dies.
        """
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if fcntl:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise
        self._lock = lock
