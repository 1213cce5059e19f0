"""A time in which the last error is raised again, instead of repeating what just failed."""

from __future__ import annotations

import copy
from collections.abc import Callable

from bot.errors import SourceError


class Cooldown:
    """Why and until when nothing is tried. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._error: SourceError | None = None
        self._until = 0.0

    @property
    def on(self) -> bool:
        """Whether the cooldown lasts."""
        return self._error is not None and self._clock() < self._until

    def begin(self, error: SourceError, seconds: float) -> None:
        """Raise this error for so many seconds, unless an earlier cooldown lasts longer."""
        until = self._clock() + seconds
        if self._error is None or until > self._until:
            # A copy without the traceback, whose frames hold what was sent, tokens included.
            self._error, self._until = copy.copy(error), until

    def check(self) -> None:
        """Raise a copy of the error, with the seconds that are left, while the cooldown lasts."""
        if self._error is None or (seconds_left := self._until - self._clock()) <= 0:
            return
        error = copy.copy(self._error)
        error.retry_after = seconds_left
        raise error
