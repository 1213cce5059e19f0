"""A cooldown: what is raised while it lasts, and when it ends."""

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
def test_check_raises_a_copy_with_the_seconds_left(error):
    """Each caller gets an error of its own, of the same kind and text."""
    clock = Clock()
    cooldown = Cooldown(clock)
    cooldown.begin(error, 10)
    clock.advance(4)
    assert cooldown.is_active
    with pytest.raises(SourceError) as raised:
        cooldown.check()
    assert type(raised.value) is type(error)
    assert raised.value is not error
    assert str(raised.value) == str(error)
    assert raised.value.retry_after == pytest.approx(6)
    assert vars(raised.value) == {**vars(error), "retry_after": raised.value.retry_after}


def test_check_outside_of_cooldown_raises_nothing():
    """Nothing is raised before a cooldown, nor after it."""
    clock = Clock()
    cooldown = Cooldown(clock)
    cooldown.check()
    assert not cooldown.is_active
    cooldown.begin(Unavailable(), 10)
    clock.advance(10)
    cooldown.check()
    assert not cooldown.is_active


def test_shorter_cooldown_does_not_cut_a_longer_one():
    """The error with the longer time is the one that is raised."""
    clock = Clock()
    cooldown = Cooldown(clock)
    cooldown.begin(UnexpectedReply(), 10)
    cooldown.begin(Unavailable(), 2)
    clock.advance(5)
    with pytest.raises(UnexpectedReply):
        cooldown.check()
