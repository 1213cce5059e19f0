"""Every error becomes an answer, and the log has its reference and nothing personal."""

from __future__ import annotations

import inspect

import pytest

from bot import errors
from bot.cards import notices, source_errors
from bot.errors import (
    AskerUnknown,
    BadParameters,
    InvalidParameter,
    NotAllowed,
    NotFound,
    QueryError,
    RateLimited,
    ShuttingDown,
    SlackUnavailable,
    SourceError,
    Unavailable,
)
from bot.lookup.error_messages import error_answer, unexpected_notice
from bot.lookup.request import AnswerOptions, Outcome, Request
from bot.slack.people import Asker
from tests.cards.checked import checked

REQUEST = Request("john.smith@example.com", Asker("U0JOHN"))
UNCLEAR = QueryError(
    "There's no page zero.", text="list page zero", start=10, end=14, example="list"
)


@pytest.mark.parametrize(
    ("error", "outcome", "expected"),
    [
        (UNCLEAR, Outcome.REFUSED, notices.unreadable(UNCLEAR)),
        (NotAllowed("guest"), Outcome.REFUSED, notices.not_allowed("guest")),
        (NotAllowed("admins"), Outcome.REFUSED, notices.not_allowed("admins")),
        (RateLimited(30, 5), Outcome.REFUSED, notices.rate_limited(30, 5)),
        (ShuttingDown(), Outcome.FAILED, notices.shutting_down(REQUEST.text)),
        (SlackUnavailable(), Outcome.FAILED, notices.slack_unavailable()),
        (
            AskerUnknown(is_refused=True),
            Outcome.FAILED,
            notices.asker_unknown(is_refused=True),
        ),
        (
            AskerUnknown(is_refused=False),
            Outcome.FAILED,
            notices.asker_unknown(is_refused=False),
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_error_has_its_own_notice(error, outcome, expected):
    """Each error that Ext raises on purpose is said in its own words."""
    answer = error_answer(error, REQUEST)
    assert answer.outcome is outcome
    assert checked(answer.message) == expected
    assert not answer.in_channel


def test_notice_has_no_command_where_people_type_none():
    """In a direct message the examples are what one would type there."""
    request = Request("789", Asker("U0JOHN"), AnswerOptions(command=""))
    assert notices.COMMAND not in error_answer(UNCLEAR, request).message.text


SOURCE_ERRORS = [
    error
    for error in vars(errors).values()
    if inspect.isclass(error) and issubclass(error, SourceError)
]


@pytest.mark.parametrize("error", SOURCE_ERRORS, ids=lambda error: error.__name__)
def test_failure_of_the_source_is_logged_under_its_reference(error, caplog):
    """The operator finds the failure by what the person reads."""
    answer = error_answer(error(), REQUEST)
    assert answer.outcome is Outcome.FAILED
    assert checked(answer.message).text.startswith(source_errors.what_happened(error()))
    reference = answer.message.text.rpartition(" ")[2].strip("`.")
    assert f"{error.__name__}, reference {reference}" in caplog.text


def test_timeout_is_said_like_a_source_that_does_not_answer():
    """A lookup that takes too long waits for the source."""
    answer = error_answer(TimeoutError(), REQUEST)
    assert answer.message.text.startswith(source_errors.what_happened(Unavailable()))


@pytest.mark.parametrize(
    "error",
    [
        BadParameters(
            "john.smith@example.com", reasons=(InvalidParameter("email", "john.smith@…"),)
        ),
        NotFound("john.smith@example.com"),
    ],
    ids=["bad parameters", "not found"],
)
def test_words_of_the_source_are_not_logged(error, caplog):
    """The source may repeat what somebody asked for."""
    error_answer(error, REQUEST)
    assert "john" not in caplog.text


@pytest.mark.parametrize("error", [KeyError("john.smith"), RuntimeError("john.smith")])
def test_unexpected_error_is_named_by_a_reference_alone(error, caplog):
    """The text of an unexpected error can hold anything, so nobody reads it."""
    answer = error_answer(error, REQUEST)
    assert answer.outcome is Outcome.FAILED
    assert answer.message.text.startswith(notices.UNEXPECTED)
    assert "john" not in checked(answer.message).text
    (record,) = caplog.records
    assert "john" not in record.getMessage()
    assert answer.message.text.rpartition(" ")[2].strip("`.") in record.getMessage()
    assert record.exc_info
    assert record.exc_info[1] is error


def test_each_unexpected_error_has_a_reference_of_its_own():
    """Two failures can be told apart in the log."""
    assert unexpected_notice(KeyError()).text != unexpected_notice(KeyError()).text
