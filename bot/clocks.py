"""Two clocks: durations go by the monotonic clock, what people see and the disk keeps by the wall.

The wall clock can be set back or forward at any time (NTP, a virtual machine that was paused). A
span that is measured by it would then last a day longer, or be over at once. So moments are held
by the monotonic clock, and turned into epoch seconds when they are shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from bot.limits import CLOCK_STEP_S

Clock = Callable[[], float]


class Clocks:
    """Converts between the moments of `monotonic` and the epoch seconds of `wall`."""

    def __init__(self, monotonic: Clock = time.monotonic, wall: Clock = time.time) -> None:
        self.monotonic = monotonic
        self.wall = wall
        self._offset = wall() - monotonic()

    @property
    def arguments(self) -> dict[str, Any]:
        """The two clocks as arguments of those who take both."""
        return {"clock": self.monotonic, "wall_clock": self.wall}

    def epoch(self, moment: float) -> float:
        """Return when a moment was or will be, in epoch seconds by today's wall clock."""
        offset = self.wall() - self.monotonic()
        # The clocks drift and are read one after the other: without this tolerance the same moment
        # would be shown as a slightly different time at each call.
        if abs(offset - self._offset) > CLOCK_STEP_S:
            self._offset = offset
        return moment + self._offset

    def moment(self, epoch: float) -> float:
        """Return the moment of epoch seconds that were kept; the future counts as now.

        A time in the future is from a wall clock that was set back since.
        """
        return self.monotonic() - max(self.wall() - epoch, 0.0)
