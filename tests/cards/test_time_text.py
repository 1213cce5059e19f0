"""Ages, waits and local times as words."""

from __future__ import annotations

import pytest

from bot.cards.durations import after
from bot.cards.moments import ago, local_time, since_slack_date, slack_date
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
def test_ago_rounds_down(seconds, expected) -> None:
    """A clock that is ahead gives no future."""
    assert ago(NOW - seconds, NOW) == expected


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
def test_after_rounds_up(seconds, expected) -> None:
    """Nobody should be too early."""
    assert after(seconds) == expected


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
def test_local_time_has_day_and_time(zone, expected) -> None:
    """It is empty for a text that is no zone."""
    assert local_time(zone, NOW) == expected


@pytest.mark.parametrize(
    ("hour", "expected"), [(0, "12:00 AM"), (11, "11:00 AM"), (12, "12:00 PM"), (23, "11:00 PM")]
)
def test_local_time_of_noon_and_midnight_is_twelve(hour, expected) -> None:
    """Twelve AM is midnight."""
    midnight = NOW - NOW % 86_400
    assert local_time("UTC", midnight + hour * 3_600) == f"Mon {expected}"


def test_slack_date_is_shown_in_the_reader_s_zone() -> None:
    """Clients that don't format dates show UTC."""
    expected = "<!date^1790000000^{date_short_pretty}, {time}|Sep 21, 2026, 14:13 UTC>"
    assert slack_date(1_790_000_000.9) == expected


def test_since_slack_date_has_the_word_inside_the_format() -> None:
    """In front of the format, Slack would write "since Today"."""
    expected = (
        "<!date^1790000000^since {date_short_pretty} at {time}|since Sep 21, 2026, 14:13 UTC>"
    )
    assert since_slack_date(1_790_000_000.9) == expected
