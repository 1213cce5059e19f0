"""A time in which an error is raised again, instead of asking anew what was just refused."""

from __future__ import annotations

import copy
from collections.abc import Callable

from bot.errors import SourceError


class Cooldown:
    """Why nothing is asked at present, and until when, by a clock in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._error: SourceError | None = None
        self._until = 0.0

    @property
    def on(self) -> bool:
        """Whether it lasts."""
        return self._error is not None and self._clock() < self._until

    def begin(self, error: SourceError, seconds: float) -> None:
        """Raise this error for so many seconds, unless an earlier one lasts longer."""
        until = self._clock() + seconds
        if self._error is None or until > self._until:
            # A copy, because the frames of the one raised hold what was sent.
            self._error, self._until = copy.copy(error), until

    def check(self) -> None:
        """Raise the error again, with the seconds that are left, while it lasts."""
        if self._error is None or (wait := self._until - self._clock()) <= 0:
            return
        again = copy.copy(self._error)
        again.retry_after = wait
        raise again
