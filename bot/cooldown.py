"""A period in which the last error is raised again, instead of repeating the call that failed."""

from __future__ import annotations

import copy
from collections.abc import Callable

from bot.errors import SourceError


class Cooldown:
    """Remembers an error and until when it is raised again. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._error: SourceError | None = None
        self._until = 0.0

    @property
    def is_active(self) -> bool:
        """Whether the cooldown lasts."""
        return self._error is not None and self._clock() < self._until

    def begin(self, error: SourceError, seconds: float) -> None:
        """Raise this error for the next `seconds`, unless an earlier cooldown lasts longer."""
        until = self._clock() + seconds
        if self._error is None or until > self._until:
            # A copy without the traceback, whose frames hold what was sent, tokens included.
            self._error, self._until = copy.copy(error), until

    def check(self) -> None:
        """Raise the error while the cooldown lasts, with the remaining seconds as `retry_after`.

        It is a copy, because the traceback of the stored error would grow at each raise.
        """
        if self._error is None or (seconds_left := self._until - self._clock()) <= 0:
            return
        error = copy.copy(self._error)
        error.retry_after = seconds_left
        raise error
