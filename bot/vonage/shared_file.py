"""A small file in DATA_DIR that several processes share: read freely, replaced under a lock.

Two processes run on one DATA_DIR while a new release replaces the old one, and whenever `ask` or
`doctor` runs beside the bot.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.limits import MAX_SHARED_FILE_BYTES

try:
    import fcntl
except ImportError:  # Windows has no flock, so each process there is on its own
    fcntl = None  # type: ignore[assignment]

log = logging.getLogger(__name__)

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


class SharedFile:
    """A file that only its owner can read, and its lock in a second file beside it.

    If the disk can't be used, the log says so once, and each process is on its own.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._works = True

    @contextmanager
    def locked(self) -> Iterator[bool]:
        """Hold the lock, without waiting for it; yield false if another process has it.

        The lock is held by the open file, so the system releases it when the process dies.
        """
        try:
            lock = self._open_locked()
        except BlockingIOError:
            yield False
            return
        except OSError as fault:
            self._log_fault(fault)
            yield True
            return
        try:
            yield True
        finally:
            os.close(lock)

    def read(self) -> bytes:
        """Return the content; empty if there is no file, or none that can be read."""
        try:
            with self._path.open("rb") as file:
                return file.read(MAX_SHARED_FILE_BYTES)
        except FileNotFoundError:
            return b""
        except OSError as fault:
            self._log_fault(fault)
            return b""

    def replace(self, content: bytes) -> bool:
        """Replace the content in one step, and return whether that worked. Needs the lock."""
        new = self._path.with_name(self._path.name + ".new")
        try:
            # With O_NOFOLLOW no link that somebody planted leads the content to another place.
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _NO_FOLLOW
            with open(os.open(new, flags, 0o600), "wb") as file:
                file.write(content)
            new.replace(self._path)
        except OSError as fault:
            self._log_fault(fault)
            return False
        self._works = True
        return True

    def _open_locked(self) -> int:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(
            self._path.with_name(self._path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600
        )
        try:
            if fcntl:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise
        return lock

    def _log_fault(self, fault: OSError) -> None:
        if self._works:
            log.warning(
                "Can't use the file %s in DATA_DIR: %s. Restarts and other processes won't know "
                "what it says",
                self._path.name,
                fault.strerror,
            )
        self._works = False
