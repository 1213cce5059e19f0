"""Ages, waits and local times as words."""

from __future__ import annotations

import pytest

from bot.cards import time_text
from tests.cards.examples import NOW


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (-5, "just now"),
        (0, "just now"),
        (59.9, "just now"),
        (60, "1 min ago"),
        (119, "1 min ago"),
        (250, "4 min ago"),
        (3_599, "59 min ago"),
        (3_600, "1 hour ago"),
        (7_200, "2 hours ago"),
        (86_399, "23 hours ago"),
        (86_400, "1 day ago"),
        (200_000, "2 days ago"),
        (10**8, "1,157 days ago"),
    ],
)
def test_ages_as_words(seconds, expected) -> None:
    """An age is rounded down, and a clock that runs ahead is no future."""
    assert time_text.ago(NOW - seconds, NOW) == expected


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
def test_waits_as_words(seconds, expected) -> None:
    """A wait is rounded up: nobody should be too early."""
    assert time_text.after(seconds) == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("America/New_York", "Mon 10:13 AM"),
        ("Asia/Kolkata", "Mon 7:43 PM"),
        ("Asia/Tokyo", "Mon 11:13 PM"),
        ("Pacific/Auckland", "Tue 2:13 AM"),
        ("UTC", "Mon 2:13 PM"),
        ("", ""),
        ("Mars/Olympus", ""),
        ("Eastern Standard Time", ""),
        ("America", ""),
        ("../etc/passwd", ""),
        ("/etc/localtime", ""),
        ("a\x00b", ""),
        ("x" * 5_000, ""),
    ],
)
def test_local_times_as_words(zone, expected) -> None:
    """The time there with its day, and nothing for what is no zone."""
    assert time_text.local_time(zone, NOW) == expected


@pytest.mark.parametrize(
    ("hour", "expected"), [(0, "12:00 AM"), (11, "11:00 AM"), (12, "12:00 PM"), (23, "11:00 PM")]
)
def test_noon_and_midnight(hour, expected) -> None:
    """Twelve stands for both."""
    midnight = NOW - NOW % 86_400
    assert time_text.local_time("UTC", midnight + hour * 3_600) == f"Mon {expected}"


def test_a_moment_is_shown_in_the_readers_zone() -> None:
    """Slack fills in the date; where it cannot, UTC is said."""
    expected = "<!date^1790000000^{date_short_pretty}, {time}|21 Sep 2026, 14:13 UTC>"
    assert time_text.slack_date(1_790_000_000.9) == expected
