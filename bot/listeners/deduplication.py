"""What must happen once: events that Slack sends again, and buttons that are pressed twice."""

from __future__ import annotations

from collections.abc import Hashable

from cachetools import TTLCache

MEMORY_S = 25 * 3600.0  # seconds; delayed events come again for a day
MAX_KEYS = 100_000


class Deduplicator:
    """Remembers what was begun; a thing that came to nothing can be begun again."""

    def __init__(self) -> None:
        self._begun: TTLCache[Hashable, bool] = TTLCache(MAX_KEYS, MEMORY_S)

    def begin(self, key: Hashable) -> bool:
        """Whether this is the first time; from now on it is not."""
        if key in self._begun:
            return False
        self._begun[key] = True
        return True

    def undo(self, key: Hashable) -> None:
        """Let it be begun again."""
        self._begun.pop(key, None)
