"""The audit log: who looked up which extension, where and when, as one JSON object a line.

It is off unless AUDIT_LOG is set. A line names people by their Slack ids and extensions by their
numbers. It never holds another value of the directory, nor what somebody typed, which could be a
name. A file that a log rotation moves away is replaced by a new one at the next line.
"""

from __future__ import annotations

import json
import logging
import os
import queue
import sys
import time
from collections.abc import Sequence
from io import TextIOWrapper
from logging.handlers import QueueHandler, QueueListener, WatchedFileHandler
from typing import IO

from bot.clocks import Clock
from bot.limits import MAX_QUEUED_AUDIT_LINES
from bot.log import request_id

log = logging.getLogger(__name__)

STDOUT = "stdout"


class AuditLog:
    """Writes audit lines to `target`: the path of a file, or `stdout`.

    A thread writes them, so that a slow disk delays no answer. Raises `OSError` if the file can't
    be opened. `wall_clock` returns epoch seconds.
    """

    def __init__(self, target: str, *, wall_clock: Clock = time.time) -> None:
        self._wall_clock = wall_clock
        writer = _Writer(sys.stdout) if target == STDOUT else _FileWriter(target)
        self._lines: queue.Queue[logging.LogRecord] = queue.Queue(MAX_QUEUED_AUDIT_LINES)
        self._queue = _Queue(self._lines)
        self._listener = QueueListener(self._lines, writer)
        self._listener.start()

    def write(self, event: str, **fields: str | int | bool | Sequence[str]) -> None:
        """Write a line about an event. Fields that are empty texts or lists are left out."""
        everything = {"event": event, **fields, "request_id": request_id()}
        given = {name: value for name, value in everything.items() if value not in ("", [], ())}
        text = json.dumps({"at": _timestamp(self._wall_clock()), **given})
        self._queue.handle(logging.LogRecord("audit", logging.INFO, "", 0, text, None, None))

    def flush(self) -> None:
        """Wait until all lines are written."""
        self._lines.join()

    def close(self) -> None:
        """Write the lines that are left, and close the file."""
        self._listener.stop()
        for handler in self._listener.handlers:
            handler.close()


def _timestamp(moment: float) -> str:
    """Return epoch seconds as `2026-11-23T06:12:00.123Z`."""
    milliseconds = int(moment % 1 * 1000)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment)) + f".{milliseconds:03}Z"


class _Queue(QueueHandler):
    """Queues lines for the thread; if it can't keep up, lines are lost, and the log says so."""

    def enqueue(self, record: logging.LogRecord) -> None:
        """Queue a line, or drop it if the queue is full."""
        try:
            self.queue.put_nowait(record)
        except queue.Full:
            log.error("A line of the audit log was lost: AUDIT_LOG is too slow")


class _Writer(logging.StreamHandler[IO[str]]):
    """Writes lines; the log says once that writing fails, and once that it works again."""

    _is_failing = False  # since the last line
    _has_failed = False  # with this line

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        self._has_failed = False
        try:
            super().emit(record)
        except OSError:
            self.handleError(record)
        if self._is_failing and not self._has_failed:
            log.warning("The audit log is being written again")
        self._is_failing = self._has_failed

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Log the error that is being handled, unless the last line failed too."""
        self._has_failed = True
        if not self._is_failing:
            error = sys.exc_info()[1]
            reason = getattr(error, "strerror", None) or type(error).__name__
            log.error("Can't write the audit log: %s. Its lines are lost until that works", reason)


class _FileWriter(_Writer, WatchedFileHandler):
    """Appends lines to a file that only its owner can read, and reopens one that was moved."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=_open_private)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
