"""Keeps work from being done twice: for events that Slack repeats, and buttons pressed twice."""

from __future__ import annotations

from collections.abc import Hashable

from cachetools import TTLCache

from bot.limits import DEDUPLICATION_S, MAX_DEDUPLICATION_KEYS


class Deduplicator:
    """Remembers, for `DEDUPLICATION_S`, the keys of what was begun.

    A key stands for one event, one command, one button press or one export.
    """

    def __init__(self) -> None:
        self._begun_keys: TTLCache[Hashable, bool] = TTLCache(
            MAX_DEDUPLICATION_KEYS, DEDUPLICATION_S
        )

    def begin(self, key: Hashable) -> bool:
        """Return whether this key is begun for the first time, and remember it."""
        if key in self._begun_keys:
            return False
        self._begun_keys[key] = True
        return True

    def undo(self, key: Hashable) -> None:
        """Forget a key whose work failed, so that it can be begun again."""
        self._begun_keys.pop(key, None)
