"""When the latest calls were made, in a small file: a restart does not get a new allowance.

Vonage counts by its own clock, whether we were restarted between two calls or not. Each call
is written down before it is made, as eight bytes at the end of the file.
"""

from __future__ import annotations

import logging
import os
import struct
import time
from collections.abc import Callable
from pathlib import Path

log = logging.getLogger(__name__)

PERIOD = 60.0  # seconds
LIMIT = 10_000  # calls a minute; whoever is allowed more is not throttled after a restart
LONGEST = 8_192  # calls, after which what is too old is taken out of the file

_MOMENT = struct.Struct("<d")


class CallLog:
    """The calls of the last minute, also those of the process before this one.

    `clock` gives epoch seconds: no other clock goes on while nothing runs. A file that cannot
    be written costs the memory, not the call.
    """

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.time) -> None:
        self._path = path
        self._clock = clock
        self._written = 0
        self._works = True

    def ages(self) -> list[float]:
        """Return how many seconds ago each call of the last minute was made, oldest first."""
        now = self._clock()
        # A moment in the future is from a clock that was set back: it counts as now.
        ages = [max(now - moment, 0.0) for moment in self._read()]
        return sorted((age for age in ages if age < PERIOD), reverse=True)

    def note(self) -> None:
        """Write down that a call is made now."""
        if self._written >= LONGEST:
            self._rewrite()
        self._write(_MOMENT.pack(self._clock()), os.O_APPEND)
        self._written += 1

    def _read(self) -> list[float]:
        try:
            content = self._path.read_bytes()
        except OSError:
            return []
        whole = content[: len(content) // _MOMENT.size * _MOMENT.size]
        self._written = len(whole) // _MOMENT.size
        return [moment for (moment,) in _MOMENT.iter_unpack(whole)]

    def _rewrite(self) -> None:
        now, ages = self._clock(), self.ages()
        self._write(b"".join(_MOMENT.pack(now - age) for age in ages), os.O_TRUNC)
        self._written = len(ages)

    def _write(self, content: bytes, how: int) -> None:
        if not self._works:
            return
        try:
            file = os.open(self._path, os.O_WRONLY | os.O_CREAT | how, 0o600)
            try:
                os.write(file, content)
            finally:
                os.close(file)
        except OSError as fault:
            self._works = False
            log.warning("Calls are not remembered over a restart: %s", fault.strerror)
