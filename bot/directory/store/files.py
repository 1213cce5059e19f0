"""The snapshot files in DATA_DIR, which belong to one process at a time.

The file of calls in the same directory is `vonage.call_log`'s.

A second process (`ask` while `serve` runs, or a new release that starts before the old one has
ended) reads the files of the first and keeps its own in a temporary directory. So does a process
whose DATA_DIR can't be written to. Before each reading both try DATA_DIR again.
"""

from __future__ import annotations

import errno
import logging
import os
import tempfile
from contextlib import suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no flock, so a second process is not kept out
    fcntl = None  # type: ignore[assignment]

from bot.directory.store.disk import DiskState
from bot.limits import DISK_PROBE_BYTES

log = logging.getLogger(__name__)

GLOB = f"directory-{'[0-9]' * 8}.sqlite3"
FILE_NAME = "directory-{:08}.sqlite3"
LOCK_NAME = "lock"
SQLITE_SUFFIXES = ("-wal", "-shm", "-journal")  # files that SQLite keeps next to a database
# Where to keep the copy while DATA_DIR can't be used: the system's directory for temporary files,
# or the memory that Linux offers as a directory.
_TEMPORARY_PLACES = (None, "/dev/shm")  # noqa: S108 - the directory made there is private


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
    restart. `disk` says what is wrong with DATA_DIR.
    """

    def __init__(self, path: Path) -> None:
        self.disk = DiskState()
        self._data_dir = path
        self._lock: int | None = None
        self._is_in_use = False  # another process has DATA_DIR
        self._temporaries: list[tempfile.TemporaryDirectory[str]] = []
        self._path = path
        self._last_number = 0
        with suppress(OSError):  # recorded by `prepare`; each reading tries again
            self.prepare()

    def prepare(self, needed_bytes: int = DISK_PROBE_BYTES) -> None:
        """Choose the directory of the next file: DATA_DIR, else a temporary one.

        After a failure of the disk, a directory is only chosen if it takes `needed_bytes`, since
        a reading that fails at its end has used up the quota. Raises an `OSError` if there is no
        such directory.
        """
        try:
            self._acquire()
            if self.disk.problem:
                _probe(self._data_dir, needed_bytes)
        except OSError as fault:
            self._record_unusable(fault)
            self._path = self._temporary_path(needed_bytes)
        else:
            self._path = self._data_dir

    def record_saved(self, path: Path) -> None:
        """Record that a whole copy was written to a path, and remove the earlier files.

        A copy in DATA_DIR stays while the newer ones are in a temporary directory: after a restart
        it is better than none.
        """
        for other in path.parent.glob(GLOB):
            if other != path:
                self.remove(other)
        if path.parent == self._data_dir:
            self.disk.record_success()
            self._remove_temporaries()

    def next_path(self) -> Path:
        """Return a path for a new file; it sorts after all paths returned before."""
        used = (int(file.stem[-8:]) for file in (*self.newest_first(), *self._path.glob(GLOB)))
        self._last_number = max(self._last_number, *used, 0) + 1
        return self._path / FILE_NAME.format(self._last_number)

    def newest_first(self) -> list[Path]:
        """Return the snapshot files in DATA_DIR, including those of another process."""
        with suppress(OSError):
            return sorted(self._data_dir.glob(GLOB), reverse=True)
        return []

    def remove(self, path: Path) -> None:
        """Remove a file and SQLite's files next to it. Files of another process stay."""
        if path.parent == self._data_dir and self._lock is None:
            return
        for file in (path, *(path.with_name(path.name + suffix) for suffix in SQLITE_SUFFIXES)):
            try:
                file.unlink(missing_ok=True)
            except OSError as fault:
                self.disk.record_failure(fault)

    def close(self) -> None:
        """Release DATA_DIR for other processes, and remove the temporary directory."""
        self._release()
        self._remove_temporaries()

    def _acquire(self) -> None:
        """Create DATA_DIR and lock it, unless this process has its lock. Raises an `OSError`.

        The lock is held by the open file, so the system releases it when the process dies.
        """
        if self._has_lock():
            return
        self._release()
        self._data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self._data_dir / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if fcntl:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise
        self._lock, self._is_in_use = lock, False
        self._remove_orphans()

    def _has_lock(self) -> bool:
        """Whether the lock is held, and its file is still the one in DATA_DIR."""
        if self._lock is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._lock), (self._data_dir / LOCK_NAME).stat())
        except OSError:
            return False

    def _release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _record_unusable(self, fault: OSError) -> None:
        """Log once why DATA_DIR is not used."""
        if not isinstance(fault, BlockingIOError):
            self.disk.record_failure(fault)
        elif not self._is_in_use:
            self._is_in_use = True
            log.warning(
                "Another process uses DATA_DIR. Nothing will be kept over a restart until it ends"
            )

    def _temporary_path(self, needed_bytes: int) -> Path:
        """Return the temporary directory. Raises an `OSError` if none can be written to."""
        for temporary in self._temporaries:
            with suppress(OSError):
                return _probe(Path(temporary.name), needed_bytes)
        for place in _TEMPORARY_PLACES:
            with suppress(OSError):
                temporary = tempfile.TemporaryDirectory(prefix="ext-", dir=place)
                self._temporaries.append(temporary)
                return _probe(Path(temporary.name), needed_bytes)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _remove_temporaries(self) -> None:
        for temporary in self._temporaries:
            temporary.cleanup()
        self._temporaries.clear()

    def _remove_orphans(self) -> None:
        """Remove the files that SQLite kept next to databases that are gone.

        A process that is killed in `remove` leaves them behind, and a write-ahead log contains
        people's names.
        """
        for suffix in SQLITE_SUFFIXES:
            for path in self._data_dir.glob(GLOB + suffix):
                if not path.with_name(path.name.removesuffix(suffix)).exists():
                    path.unlink(missing_ok=True)


def _probe(path: Path, size: int) -> Path:
    """Write `size` bytes into a directory, remove them, and return it. Raises an `OSError`."""
    with tempfile.TemporaryFile(dir=path) as file:
        for _ in range(-(-size // DISK_PROBE_BYTES)):
            file.write(bytes(DISK_PROBE_BYTES))
        file.flush()
        os.fsync(file.fileno())
    return path
