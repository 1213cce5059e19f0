"""Keeps the times of the latest calls in a small file, so that a restart does not exceed the quota.

Vonage counts the calls of a minute whether or not Ext restarts in between. Each call is written
before it is made, as eight bytes at the end of the file.
"""

from __future__ import annotations

import logging
import os
import struct
import time
from collections.abc import Callable
from pathlib import Path

from bot.limits import MAX_CALL_LOG_ENTRIES, QUOTA_PERIOD_S

log = logging.getLogger(__name__)

_TIMESTAMP = struct.Struct("<d")


class CallLog:
    """The calls of the last minute, including those of the process before this one.

    `clock` gives epoch seconds, because only a wall clock continues while no process runs. If
    the file can't be written, calls are made all the same, and a restart forgets them.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._entries = 0
        self._is_writable = True

    def ages(self) -> list[float]:
        """Return how many seconds ago each call of the last minute was made, oldest first."""
        now = self._clock()
        # A timestamp in the future is from a clock that was set back since: it counts as now.
        ages = [max(now - timestamp, 0.0) for timestamp in self._read()]
        return sorted((age for age in ages if age < QUOTA_PERIOD_S), reverse=True)

    def record(self) -> None:
        """Write down that a call is being made now."""
        if self._entries >= MAX_CALL_LOG_ENTRIES:
            self._rewrite()
        self._write(_TIMESTAMP.pack(self._clock()), os.O_APPEND)
        self._entries += 1

    def _read(self) -> list[float]:
        try:
            content = self._path.read_bytes()
        except OSError:
            return []
        # A crash may have cut the last entry.
        complete = content[: len(content) // _TIMESTAMP.size * _TIMESTAMP.size]
        self._entries = len(complete) // _TIMESTAMP.size
        return [timestamp for (timestamp,) in _TIMESTAMP.iter_unpack(complete)]

    def _rewrite(self) -> None:
        """Keep only the calls of the last minute."""
        now, ages = self._clock(), self.ages()
        self._write(b"".join(_TIMESTAMP.pack(now - age) for age in ages), os.O_TRUNC)
        self._entries = len(ages)

    def _write(self, content: bytes, mode: int) -> None:
        if not self._is_writable:
            return
        try:
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT | mode, 0o600)
            try:
                os.write(file, content)
            finally:
                os.close(file)
        except OSError as error:
            self._is_writable = False
            log.warning("Can't save the times of calls for a restart: %s", error.strerror)
