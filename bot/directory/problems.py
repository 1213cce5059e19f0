"""What is wrong with the directory now, for `status`, /readyz and /metrics."""

from __future__ import annotations

from bot.errors import Forbidden, LoginRefused, NotAuthorized, SourceError
from bot.models import Problem

_OF_A_FAILURE: tuple[tuple[type[SourceError], Problem], ...] = (
    (LoginRefused, Problem.LOGIN_REFUSED),
    (NotAuthorized, Problem.TOKEN_REFUSED),
    (Forbidden, Problem.FORBIDDEN),
)


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
