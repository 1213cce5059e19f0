"""What counts as a problem of the directory now."""

from __future__ import annotations

import pytest

from bot.directory import problems
from bot.errors import (
    Forbidden,
    InconsistentList,
    LoginRefused,
    NotAuthorized,
    NotFound,
    Unavailable,
    UnexpectedReply,
    UnreadableRows,
    WrongPath,
)
from bot.models import Problem


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (LoginRefused(), Problem.LOGIN_REFUSED),
        (NotAuthorized(), Problem.TOKEN_REFUSED),
        (Forbidden(), Problem.FORBIDDEN),
        (WrongPath(), Problem.WRONG_PATH),
    ],
)
def test_refusal_is_a_problem_until_the_source_answers(failure, expected):
    """Only an answer after the refusal shows that the source accepts the bot again."""
    assert problems.current(failure, 10.0, None) == (expected,)
    assert problems.current(failure, 10.0, 5.0) == (expected,)
    assert problems.current(failure, 10.0, 20.0) == ()


@pytest.mark.parametrize("failure", [None, Unavailable(), NotFound(), UnexpectedReply()])
def test_outage_is_no_problem(failure):
    """During an outage people get notices and known answers, and it ends by itself."""
    assert problems.current(failure, 10.0, None) == ()


@pytest.mark.parametrize(
    ("given_up", "lost", "expected"),
    [
        (None, (), ()),
        (Unavailable(), (), ()),
        (InconsistentList(), (), (Problem.INCONSISTENT_LIST,)),
        (UnreadableRows(), (), (Problem.UNREADABLE_LIST,)),
        (None, ("users",), (Problem.SUSPECT_UPDATE,)),
    ],
)
def test_reading_that_was_given_up_or_is_suspect_is_a_problem(given_up, lost, expected):
    """The list is wrong although every single call may have succeeded."""
    assert problems.of_reading(given_up, lost) == expected
