"""Moments that one process writes down and another one reads, perhaps after a restart.

A wall clock can be set, and the monotonic clock begins again with the machine. So a moment has the
time of both, and a time that one of them can't be right about is left out.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple


class Moment(NamedTuple):
    """A moment in epoch seconds, and in seconds of the machine's monotonic clock."""

    wall: float
    monotonic: float


class SharedClock:
    """Writes and reads moments. Both clocks give seconds; `wall` gives epoch seconds."""

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self.monotonic = monotonic

    def moment_in(self, seconds: float) -> Moment:
        """Return the moment that comes after so many seconds."""
        return Moment(self._wall() + seconds, self.monotonic() + seconds)

    def seconds_until(self, moment: Moment, *, longest: float) -> float:
        """Return the seconds until a moment that was at most `longest` seconds away.

        Negative seconds mean that it is over. If the clocks differ, the longer time counts; a
        clock that says more than `longest` was set or has begun again. If both were, the moment
        counts as `longest` seconds away, each time that it is read: so go by the monotonic clock
        from then on, and write the moment down again for others.
        """
        left = (moment.wall - self._wall(), moment.monotonic - self.monotonic())
        return max((seconds for seconds in left if seconds <= longest), default=longest)
