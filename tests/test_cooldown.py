"""A pause: what is raised while it lasts, and when it ends."""

from __future__ import annotations

import pytest

from bot.cooldown import Cooldown
from bot.errors import (
    BadParameters,
    InvalidParameter,
    LoginRefused,
    OverQuota,
    SourceError,
    Unavailable,
    UnexpectedReply,
)
from bot.vonage.transport import TimedOut
from tests.clock import Clock


@pytest.mark.parametrize(
    "error",
    [
        Unavailable("Down."),
        TimedOut(),
        OverQuota(retry_after=60),
        LoginRefused(),
        UnexpectedReply("No token."),
        BadParameters("Bad", reasons=(InvalidParameter("a", "b"),), track_id="t"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_the_same_error_is_told_with_the_time_that_is_left(error):
    """Each asker gets an error of their own, of the same kind and in the same words."""
    clock = Clock()
    pause = Cooldown(clock)
    pause.begin(error, 10)
    clock.advance(4)
    assert pause.on
    with pytest.raises(SourceError) as raised:
        pause.check()
    assert type(raised.value) is type(error)
    assert raised.value is not error
    assert str(raised.value) == str(error)
    assert raised.value.retry_after == pytest.approx(6)
    assert vars(raised.value) == {**vars(error), "retry_after": raised.value.retry_after}


def test_a_pause_ends():
    """Nothing is raised before it, nor after it."""
    clock = Clock()
    pause = Cooldown(clock)
    pause.check()
    assert not pause.on
    pause.begin(Unavailable(), 10)
    clock.advance(10)
    pause.check()
    assert not pause.on


def test_a_shorter_pause_does_not_cut_a_longer_one():
    """What asked for the longer time is what is told."""
    clock = Clock()
    pause = Cooldown(clock)
    pause.begin(UnexpectedReply(), 10)
    pause.begin(Unavailable(), 2)
    clock.advance(5)
    with pytest.raises(UnexpectedReply):
        pause.check()
