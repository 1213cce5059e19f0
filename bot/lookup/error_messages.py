"""Chooses the notice for every error that a lookup can end with.

The sentences are in `cards.notices` and `cards.source_errors`.

An unexpected error is logged under the reference that its notice shows. The error's own text is
never shown, because it may contain personal data.
"""

from __future__ import annotations

import logging

from bot.cards import notices
from bot.cards.blocks import Message
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


def error_answer(error: BaseException, request: Request, contact: str = "") -> Answer:
    """Return the answer that explains an error to the asker, and log what the operator needs.

    `contact` names whom to ask for help, as mrkdwn from `notice_builder.contact_text`.
    """
    command = request.options.command
    match error:
        case QueryError():
            return Answer(notices.unreadable(error, command), Outcome.REFUSED, refusal="unclear")
        case NotAllowed():
            notice = notices.not_allowed(error.reason, contact=contact)
            return Answer(notice, Outcome.REFUSED, refusal=error.reason)
        case ShuttingDown():
            return Answer(notices.shutting_down(request.text), Outcome.FAILED)
        case RateLimited():
            notice = notices.rate_limited(error.retry_after, error.per_minute)
            return Answer(notice, Outcome.REFUSED, refusal="rate_limited")
        case AskerUnknown():
            notice = notices.asker_unknown(is_refused=error.is_refused, contact=contact)
            return Answer(notice, Outcome.FAILED)
        case SlackUnavailable():
            return Answer(notices.slack_unavailable(command), Outcome.FAILED)
        case SourceError() | TimeoutError():
            return Answer(_source_failure(error, contact), Outcome.FAILED)
        case _:
            return Answer(unexpected_notice(error, contact), Outcome.FAILED)


def unexpected_notice(error: BaseException, contact: str = "") -> Message:
    """Log an unexpected error and return the notice that carries the same reference."""
    reference = new_reference()
    log.error("Unexpected error, reference %s", reference, exc_info=error)
    return notices.unexpected(reference, contact=contact)


def _source_failure(error: SourceError | TimeoutError, contact: str) -> Message:
    failure = error if isinstance(error, SourceError) else Unavailable()
    reference = new_reference()
    log.warning(
        "The directory's source failed: %s, reference %s", type(failure).__name__, reference
    )
    return notices.source_failure(failure, reference, contact=contact)
