"""The pauses between readings that fail."""

from __future__ import annotations

import pytest

from bot import limits
from bot.directory.sync.backoff import LASTING, Backoff
from bot.errors import (
    InconsistentList,
    InvalidFile,
    OverQuota,
    Unavailable,
    UnexpectedReply,
    WrongPath,
)

MINUTES_TO_AN_HOUR = [60.0, 120.0, 240.0, 480.0, 960.0, 1920.0, 3600.0, 3600.0]


@pytest.mark.parametrize("kind", LASTING)
def test_pause_after_lasting_failure_doubles_to_an_hour(kind):
    """Repeating can't help quickly, and each reading costs many calls."""
    backoff = Backoff(has_quota=True)
    pauses = [backoff.after_failure(kind()) for _ in MINUTES_TO_AN_HOUR]
    assert pauses == MINUTES_TO_AN_HOUR


def test_pause_after_suspect_readings_doubles_to_an_hour():
    """An API that loses something else each time is not read every minute."""
    backoff = Backoff(has_quota=True)
    assert [backoff.after_suspect() for _ in MINUTES_TO_AN_HOUR] == MINUTES_TO_AN_HOUR


def test_pause_is_a_minute_again_after_a_good_reading():
    """The next failure is a new one."""
    backoff = Backoff(has_quota=True)
    backoff.after_failure(InconsistentList())
    backoff.after_failure(InconsistentList())
    backoff.reset()
    assert backoff.after_failure(InconsistentList()) == limits.SYNC_RETRY_S


@pytest.mark.parametrize("failure", [UnexpectedReply(), Unavailable()])
def test_pause_after_failure_that_may_end_soon_stays_a_minute(failure):
    """A refused page costs a few calls, and the source may recover at any time."""
    backoff = Backoff(has_quota=True)
    assert [backoff.after_failure(failure) for _ in range(5)] == [limits.SYNC_RETRY_S] * 5


@pytest.mark.parametrize("failure", [UnexpectedReply(), WrongPath()])
def test_pause_after_refused_first_page_is_short(failure):
    """One call finds out whether it is over, so people wait less than half a minute."""
    backoff = Backoff(has_quota=True)
    pauses = [backoff.after_failure(failure, was_cheap=True) for _ in range(5)]
    assert pauses == [limits.SYNC_PROBE_PAUSE_S] * 5
    assert limits.SYNC_PROBE_PAUSE_S < 30


def test_pause_of_source_without_quota_stays_a_minute():
    """A CSV file is read again soon after somebody mended it."""
    backoff = Backoff(has_quota=False)
    failures = [InvalidFile(), InconsistentList(), InconsistentList()]
    assert [backoff.after_failure(each) for each in failures] == [limits.SYNC_RETRY_S] * 3


def test_pause_is_at_least_what_the_source_asks_for():
    """`Retry-After` is not cut short."""
    assert Backoff(has_quota=True).after_failure(OverQuota(retry_after=900.0)) == 900.0
