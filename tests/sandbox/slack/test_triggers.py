"""Triggers open one modal, once, within three seconds."""

from __future__ import annotations

import pytest

from bot.sandbox.slack.triggers import LIFETIME_S, Triggers
from tests.clock import Clock


@pytest.mark.parametrize(
    ("seconds", "uses", "error"),
    [
        (0.0, 0, ""),
        (LIFETIME_S, 0, ""),
        (LIFETIME_S + 0.1, 0, "expired_trigger_id"),
        (0.0, 1, "exchanged_trigger_id"),
    ],
)
def test_trigger_used_or_expired_has_slacks_error(seconds, uses, error):
    """A fresh trigger causes no error."""
    clock = Clock()
    triggers = Triggers(clock)
    trigger = triggers.issue("U0JOHN")
    for _ in range(uses):
        assert triggers.use(trigger) == "U0JOHN"
    clock.advance(seconds)
    assert triggers.error_of(trigger) == error


def test_unknown_trigger_is_invalid():
    """An invented id opens nothing."""
    assert Triggers(Clock()).error_of("1.2.x") == "invalid_trigger_id"
