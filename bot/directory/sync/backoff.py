"""The pauses after readings that were given up or are suspect: they double up to an hour.

They only double while repeating can't help quickly. A page that the source refuses may come again
at any time: if it is the first one, a single call every `SYNC_PROBE_PAUSE_S` finds out, else the
reading is repeated every minute, as it is after an empty list. An outage does not end a reading at
all: its pages are requested until they come (`Sync`).
"""

from __future__ import annotations

from bot import limits
from bot.errors import BadParameters, InconsistentList, SourceError, UnreadableRows

# Failures that the account or the settings cause, or that cost many calls.
LASTING = (InconsistentList, UnreadableRows, BadParameters)


class Backoff:
    """The pause before the next reading, in seconds. A `has_quota` source limits the calls."""

    def __init__(self, *, has_quota: bool) -> None:
        self._has_quota = has_quota
        self._pause_s = 0.0

    def after_failure(self, failure: SourceError, *, was_cheap: bool = False) -> float:
        """Return the pause after a reading that was given up; a cheap one got no page at all."""
        if self._has_quota and isinstance(failure, LASTING):
            pause_s = self._doubled()
        elif self._has_quota and was_cheap:
            pause_s = limits.SYNC_PROBE_PAUSE_S
        else:
            pause_s = limits.SYNC_RETRY_S
        return max(pause_s, failure.retry_after or 0.0)

    def after_suspect(self) -> float:
        """Return the pause after a reading that the next one must confirm."""
        return self._doubled()

    def reset(self) -> None:
        """Start again with the shortest pause, because a reading was believed."""
        self._pause_s = 0.0

    def _doubled(self) -> float:
        self._pause_s = min(max(2 * self._pause_s, limits.SYNC_RETRY_S), limits.SYNC_MAX_RETRY_S)
        return self._pause_s
