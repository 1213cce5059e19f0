"""When the next call may be made after the API refused one because there were too many.

If the refusal names a time, no call is made until then. If it names none, single calls find out
whether the throttle is over, after longer and longer pauses: a blind minute would be most of a
minute too long after a throttle of a few seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bot.errors import OverQuota, SourceError, Unavailable
from bot.limits import THROTTLE_PAUSES_S, THROTTLE_RECHECK_S


class Throttle:
    """Whether the API refuses calls. `clock` is monotonic."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._closed_until = 0.0
        self._refusals = 0  # in a row, without a time; above 0 only single calls are made
        self._is_probing = False  # whether such a single call is in flight

    def seconds_left(self) -> float:
        """Return the seconds until a call may be made; 0 if one may be made now."""
        wait = max(self._closed_until - self._clock(), 0.0)
        return max(wait, THROTTLE_RECHECK_S) if self._is_probing else wait

    @contextmanager
    def call(self) -> Iterator[None]:
        """Make a call, and learn from its outcome. `seconds_left` was 0 a moment ago.

        An `OverQuota` of the call gets the seconds until the next call as its `retry_after`.
        """
        is_probe = self._is_probing = self._refusals > 0
        try:
            yield
        except OverQuota as refusal:
            self._refuse(refusal.retry_after, is_probe)
            refusal.retry_after = max(self._closed_until - self._clock(), 0.0)
            raise
        except SourceError as error:
            self._end_probe(is_probe, is_answered=not isinstance(error, Unavailable))
            raise
        except BaseException:
            self._end_probe(is_probe, is_answered=False)
            raise
        self._end_probe(is_probe, is_answered=True)

    def _refuse(self, retry_after: float | None, is_probe: bool) -> None:
        """Make no call for a while. Only a single call's refusal makes the pauses longer.

        Several calls in flight may be refused together, which is one throttle.
        """
        if is_probe:
            self._is_probing = False
        if retry_after is not None:
            self._refusals = 0
            self._close(retry_after)
        elif is_probe or not self._refusals:
            self._refusals = min(self._refusals + 1, len(THROTTLE_PAUSES_S))
            self._close(THROTTLE_PAUSES_S[self._refusals - 1])

    def _end_probe(self, is_probe: bool, *, is_answered: bool) -> None:
        """End the throttle after an answer; without one, pause as long as before."""
        if not is_probe:
            return
        self._is_probing = False
        if is_answered:
            self._refusals = 0
        elif self._refusals:
            self._close(THROTTLE_PAUSES_S[self._refusals - 1])

    def _close(self, seconds: float) -> None:
        self._closed_until = max(self._closed_until, self._clock() + seconds)
