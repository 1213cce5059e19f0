"""Failures into words: every error that a lookup can end with, and what is said about it.

The log has an unexpected one under the reference that the notice shows.
"""

from __future__ import annotations

import logging

from bot.cards import notices
from bot.errors import (
    AskerUnknown,
    NotAllowed,
    QueryError,
    RateLimited,
    ShuttingDown,
    SlackUnavailable,
    SourceError,
    Unavailable,
)
from bot.lookup.request import Answer, Outcome, Request, new_reference

log = logging.getLogger(__name__)


def error_answer(error: BaseException, request: Request) -> Answer:
    """Return what is said about a failure; the log has it under the same reference."""
    match error:
        case QueryError():
            return Answer(notices.unreadable(error, request.command), Outcome.REFUSED)
        case NotAllowed():
            return Answer(notices.not_allowed(error.reason), Outcome.REFUSED)
        case ShuttingDown():
            return Answer(notices.shutting_down(request.text), Outcome.FAILED)
        case RateLimited():
            return Answer(
                notices.rate_limited(error.retry_after, error.per_minute), Outcome.REFUSED
            )
        case AskerUnknown():
            return Answer(notices.asker_unknown(is_refused=error.is_refused), Outcome.FAILED)
        case SlackUnavailable():
            return Answer(notices.slack_unavailable(request.command), Outcome.FAILED)
    mark = new_reference()
    if isinstance(error, SourceError | TimeoutError):
        failure = error if isinstance(error, SourceError) else Unavailable()
        log.warning("Vonage: %s, reference %s", type(failure).__name__, mark)
        return Answer(notices.source_failure(failure, mark), Outcome.FAILED)
    log.error("A lookup failed unexpectedly, reference %s", mark, exc_info=error)
    return Answer(notices.unexpected(mark), Outcome.FAILED)
