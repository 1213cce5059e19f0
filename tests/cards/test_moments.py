"""Ages, dates and local times as words, and how old an answer is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cards.moments import (
    ago,
    freshness_of,
    freshness_of_all,
    local_time,
    since_slack_date,
    slack_date,
)
from bot.errors import Unavailable
from bot.models import Match
from tests.cards.examples import BARE, JOHN, NOW


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
def test_ago_of_fraction_rounds_down(seconds, expected) -> None:
    """A clock that is ahead gives no future."""
    assert ago(NOW - seconds, NOW) == expected


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


def test_freshness_names_the_source_and_the_age() -> None:
    """The date stays true when the message is read later; screen readers get the age alone."""
    freshness = freshness_of(NOW - 250, None, now=NOW, source="the CSV file")
    assert freshness.plain == "Read from the CSV file 4 min ago."
    assert freshness.block["type"] == "context"
    text = freshness.block["elements"][0]["text"]
    assert text.startswith("Read from the CSV file 4 min ago · <!date^1789999750^")


def test_freshness_after_a_failure_is_a_section_with_the_problem() -> None:
    """Small gray print would hide that the answer may be out of date."""
    freshness = freshness_of(NOW - 7_300, Unavailable(), now=NOW)
    assert freshness.block["type"] == "section"
    assert freshness.plain == (
        "Vonage isn't answering. This is the last answer I have, read 2 hours ago."
    )


def test_freshness_of_several_answers_is_that_of_the_oldest() -> None:
    """One failure makes all of them the last known answers."""
    matches = [Match(JOHN, NOW), Match(BARE, NOW - 250)]
    oldest = freshness_of_all(matches, now=NOW)
    assert oldest == freshness_of(NOW - 250, None, now=NOW)
    failed = [replace(matches[0], failure=Unavailable()), matches[1]]
    assert freshness_of_all(failed, now=NOW) == freshness_of(NOW - 250, Unavailable(), now=NOW)
    assert freshness_of_all([], now=NOW) is None
