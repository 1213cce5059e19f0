"""How old an answer is: the words, and the oldest of several."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.freshness import freshness_of, freshness_of_all
from bot.errors import Unavailable
from bot.models import Match
from tests.cards.examples import BARE, JOHN, NOW


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
