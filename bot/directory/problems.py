"""What is wrong with the directory now, for `status`, /readyz and /metrics."""

from __future__ import annotations

from bot.errors import (
    CertificateRefused,
    Forbidden,
    LoginRefused,
    NotAuthorized,
    SourceError,
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


def current(
    failure: SourceError | None, failed_at: float | None, answered_at: float | None
) -> tuple[Problem, ...]:
    """Return what is wrong now, from the source's latest failure and latest answer.

    Both times are in epoch seconds, or `None` if there was no such event.
    """
    if failure is None or (failed_at or 0.0) < (answered_at or 0.0):
        return ()
    return tuple(problem for kind, problem in _OF_A_FAILURE if isinstance(failure, kind))[:1]
