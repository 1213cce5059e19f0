"""Whether the disk under DATA_DIR takes what Ext writes, and which errors say that it doesn't."""

from __future__ import annotations

import errno
import logging
import os
import sqlite3

from bot.directory.store.database import error_name, primary_code
from bot.models import Problem

log = logging.getLogger(__name__)

_FULL_ERRNOS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# Errors of the process or of the network, which say nothing about the disk.
_OTHER_ERRNOS = {errno.EMFILE, errno.ENFILE, errno.ENOMEM}
_UNWRITABLE_CODES = {
    *(sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN),
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM),
}


class DiskState:
    """What is wrong with DATA_DIR's disk now, if anything. Each change is logged once.

    `problem` stays until a whole copy has been saved in DATA_DIR, so that a disk on which only
    small writes succeed does not fill the log.
    """

    def __init__(self) -> None:
        self.problem: Problem | None = None

    def record_failure(self, error: BaseException) -> bool:
        """Record an error, and return whether the disk is its cause."""
        problem = problem_of(error)
        if problem and not self.problem:
            log.error(
                "Can't save the copy of the directory in DATA_DIR (%s): answers go on, but a "
                "restart will have to read the directory again",
                _reason(error),
            )
        self.problem = problem or self.problem
        return problem is not None

    def record_success(self) -> None:
        """Record that a whole copy was saved in DATA_DIR."""
        if self.problem:
            self.problem = None
            log.warning("DATA_DIR works again: the copy of the directory is saved there")


def problem_of(error: BaseException) -> Problem | None:
    """Return which problem of the disk an error means; `None` if it is about something else."""
    if isinstance(error, sqlite3.Error):
        code = primary_code(error)
        if code == sqlite3.SQLITE_FULL:
            return Problem.DISK_FULL
        return Problem.DISK_UNWRITABLE if code in _UNWRITABLE_CODES else None
    if not isinstance(error, OSError) or isinstance(error, ConnectionError | TimeoutError):
        return None
    if error.errno is None or error.errno in _OTHER_ERRNOS:
        return None
    return Problem.DISK_FULL if error.errno in _FULL_ERRNOS else Problem.DISK_UNWRITABLE


def _reason(error: BaseException) -> str:
    """Return why a write failed, without paths."""
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno)
    return error_name(error) if isinstance(error, sqlite3.Error) else type(error).__name__
