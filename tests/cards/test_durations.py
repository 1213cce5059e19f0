"""Durations and counts as words."""

from __future__ import annotations

import pytest

from bot.cards.durations import after, counted


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.2, "in 1 second"),
        (21.3, "in 22 seconds"),
        (60, "in 60 seconds"),
        (61, "in 61 seconds"),
        (90.1, "in 2 minutes"),
        (1_800, "in 30 minutes"),
        (3_601, "in 2 hours"),
    ],
)
def test_after_of_fraction_rounds_up(seconds, expected) -> None:
    """A wait that is rounded down would make people try too early."""
    assert after(seconds) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "0 hours"), (1, "1 hour"), (2, "2 hours"), (1_204, "1,204 hours")],
)
def test_counted_has_plural_and_thousands_separator(count, expected) -> None:
    """Only one of a thing is in the singular."""
    assert counted(count, "hour") == expected
