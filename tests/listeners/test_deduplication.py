"""What must happen once is begun once, until it is undone or forgotten."""

from __future__ import annotations

from bot.limits import DEDUPLICATION_S, MAX_DEDUPLICATION_KEYS
from bot.listeners.deduplication import Deduplicator

DELAYED_EVENTS_S = 24 * 3600  # for so long Slack delivers an event again


def test_key_is_begun_once():
    """The second time is a repetition; another key is not."""
    deduplicator = Deduplicator()
    assert deduplicator.begin(("event", "Ev1"))
    assert not deduplicator.begin(("event", "Ev1"))
    assert deduplicator.begin(("event", "Ev2"))
    assert deduplicator.begin(("share", "Ev1"))


def test_key_that_was_undone_can_be_begun_again():
    """Work that failed, such as an export that Slack refused, can be requested again."""
    deduplicator = Deduplicator()
    deduplicator.begin("an export")
    deduplicator.undo("an export")
    assert deduplicator.begin("an export")


def test_undo_of_unknown_key_does_nothing():
    """A key may be forgotten before its work ends."""
    deduplicator = Deduplicator()
    deduplicator.undo("an export")
    assert deduplicator.begin("an export")


def test_keys_are_remembered_for_as_long_as_slack_repeats_events():
    """An event that is delivered a day later is still known, and memory stays bounded."""
    assert DEDUPLICATION_S > DELAYED_EVENTS_S
    deduplicator = Deduplicator()
    for number in range(MAX_DEDUPLICATION_KEYS + 1):
        deduplicator.begin(number)
    assert deduplicator.begin(0), "the oldest key makes room"
    assert not deduplicator.begin(MAX_DEDUPLICATION_KEYS)
