"""Keeps the slots of the quota that calls occupy in a small file, for all processes and restarts.

Vonage counts the calls of a minute whichever process makes them. Each call is written before it is
made and again when it has ended, by a process that holds the file's lock.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from bot.limits import CLOCK_MARGIN_S, QUOTA_PERIOD_S, VONAGE_CALL_TIMEOUT_S
from bot.vonage.shared_clock import Moment, SharedClock
from bot.vonage.shared_file import SharedFile

# A call that was never seen to end, because its process was killed, lasted no longer than this.
LONGEST_SLOT_S = VONAGE_CALL_TIMEOUT_S + QUOTA_PERIOD_S + CLOCK_MARGIN_S

# A marker, by which a foreign file is recognized; the process; whether a person waits for the
# call; and when the slot is free, by both clocks.
_RECORD = struct.Struct("<4s8s?dd")
_MARKER = b"slot"


class Slot(NamedTuple):
    """A slot of the quota that is free in `seconds`; `is_person` if a person needed the call."""

    seconds: float
    is_person: bool


class CallLog:
    """The slots of all processes that use one file. Each `CallLog` counts as a process."""

    def __init__(self, path: Path, *, clock: SharedClock | None = None) -> None:
        self._file = SharedFile(path)
        self._clock = clock or SharedClock()
        self._process = os.urandom(8)
        # The records of other processes, and when their slots are free by the monotonic clock.
        self._free_at: dict[bytes, float] = {}

    def locked(self) -> AbstractContextManager[bool]:
        """Keep other processes from making a call; false if one of them does the same now."""
        return self._file.locked()

    def others(self) -> list[Slot]:
        """Return the slots of other processes, those before a restart included."""
        return [slot for _, slot in self._read_others()]

    def save(self, own: Iterable[Slot]) -> None:
        """Write down the slots of this process. Needs the lock."""
        # The times of other processes are written again as they were understood: if both clocks
        # were set, a slot would otherwise seem occupied again after each start.
        slots = [*self._read_others(), *((self._process, slot) for slot in own)]
        self._file.replace(b"".join(self._record(process, slot) for process, slot in slots))

    def _record(self, process: bytes, slot: Slot) -> bytes:
        moment = self._clock.moment_in(slot.seconds)
        return _RECORD.pack(_MARKER, process, slot.is_person, *moment)

    def _read_others(self) -> list[tuple[bytes, Slot]]:
        """Return the occupied slots of other processes, each with its process.

        A record goes by the monotonic clock once it has been read, so that it comes to its end
        even if the file can't be written.
        """
        content = self._file.read()
        now, free_at, slots = self._clock.monotonic(), {}, []
        for start in range(0, len(content) - _RECORD.size + 1, _RECORD.size):
            record = content[start : start + _RECORD.size]
            marker, process, is_person, wall, monotonic = _RECORD.unpack(record)
            if marker != _MARKER or process == self._process:
                continue
            if (at := self._free_at.get(record)) is None:
                moment = Moment(wall, monotonic)
                at = now + self._clock.seconds_until(moment, longest=LONGEST_SLOT_S)
            free_at[record] = at
            if at > now:
                slots.append((process, Slot(at - now, is_person)))
        self._free_at = free_at
        return slots
