"""Moments that are written down: right after a restart, and bounded whichever clock was set."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.vonage.shared_clock import SharedClock
from tests.clock import Clock

LONGEST_S = 1800.0
HOUR, DAY = 3600.0, 86_400.0


@pytest.mark.parametrize(
    ("wall_s", "monotonic_s", "left_s"),
    [
        (600, 600, 1200),
        (2000, 2000, -200),
        (600 - DAY, 600, 1200),  # the wall clock was set back
        (600 + DAY, 600, 1200),  # it was set forward
        (600, -DAY, 1200),  # the machine started again
        (600, 2 * DAY, 1200),  # another machine, which has run for longer
        (-DAY, -DAY, LONGEST_S),  # both: nothing is known
        (DAY, DAY, 1800 - DAY),
    ],
)
def test_moment_is_understood_whichever_clock_changed(wall_s, monotonic_s, left_s):
    """The clock that can be right counts; if both can't be, the moment is as far as it ever was."""
    wall, monotonic = Clock(2 * DAY), Clock(2 * DAY)
    clock = SharedClock(wall, monotonic)
    moment = clock.moment_in(LONGEST_S)
    wall.advance(wall_s)
    monotonic.advance(monotonic_s)
    assert clock.seconds_until(moment, longest=LONGEST_S) == pytest.approx(left_s)


@given(jumps=st.lists(st.tuples(st.floats(-DAY, DAY), st.floats(-DAY, DAY)), max_size=20))
def test_moment_that_is_written_again_is_never_further_away_than_its_longest(jumps):
    """Whatever both clocks do at each restart, the moment comes within its longest time."""
    wall, monotonic = Clock(), Clock()
    clock = SharedClock(wall, monotonic)
    moment = clock.moment_in(LONGEST_S)
    for wall_jump, monotonic_jump in jumps:
        wall.advance(wall_jump)
        monotonic.advance(monotonic_jump)
        left_s = clock.seconds_until(moment, longest=LONGEST_S)
        assert left_s <= LONGEST_S
        moment = clock.moment_in(left_s)
    for each in (wall, monotonic):
        each.advance(LONGEST_S)
    assert clock.seconds_until(moment, longest=LONGEST_S) <= 0
