"""What is wrong with the directory now, for `status`, /readyz and /metrics."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import (
    CertificateRefused,
    Forbidden,
    InconsistentList,
    LoginRefused,
    NotAuthorized,
    SourceError,
    UnexpectedReply,
    WrongPath,
)
from bot.models import Problem

_OF_A_FAILURE: tuple[tuple[type[SourceError], Problem], ...] = (
    (LoginRefused, Problem.LOGIN_REFUSED),
    (NotAuthorized, Problem.TOKEN_REFUSED),
    (Forbidden, Problem.FORBIDDEN),
    (CertificateRefused, Problem.CERTIFICATE_REFUSED),
    (WrongPath, Problem.WRONG_PATH),
)
# Why a reading of the whole directory was given up; the first class that fits counts.
_OF_A_READING: tuple[tuple[type[SourceError], Problem], ...] = (
    (InconsistentList, Problem.INCONSISTENT_LIST),
    (WrongPath, Problem.WRONG_PATH),
    (UnexpectedReply, Problem.UNREADABLE_LIST),
)


def of_reading(given_up: SourceError | None, lost: Sequence[str]) -> tuple[Problem, ...]:
    """Return what is wrong with the latest reading of the whole directory.

    `given_up` is why it was given up, `lost` what it lost too much of to be believed.
    """
    problems = [problem for kind, problem in _OF_A_READING if isinstance(given_up, kind)][:1]
    return (*problems, *([Problem.SUSPECT_UPDATE] if lost else []))


def current(
    failure: SourceError | None, failed_at: float | None, answered_at: float | None
) -> tuple[Problem, ...]:
    """Return what is wrong now, from the source's latest failure and latest answer.

    Both times are in epoch seconds, or `None` if there was no such event.
    """
    if failure is None or (failed_at or 0.0) < (answered_at or 0.0):
        return ()
    return tuple(problem for kind, problem in _OF_A_FAILURE if isinstance(failure, kind))[:1]


def of_the_disk(problem: Problem | None) -> tuple[Problem, ...]:
    """Return the problem of the disk, if there is one."""
    return (problem,) if problem else ()
