"""Decides when one answer about one extension is enough to believe that something is gone.

Most changes are believed at once: another name, another location, a direct number more or less. An
answer that takes away what an extension is found by may also be a fault of the source: half of its
back end is down, so a user is missing, or the extension itself. Were it believed, a person would
become "nobody is assigned", and the changes would tell admins that somebody left. So it must come
twice, some time apart, while the known card stays as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import TTLCache

from bot import limits
from bot.directory import compare
from bot.errors import Contradiction
from bot.models import Extension, Match


@dataclass(frozen=True, slots=True)
class _FirstAnswer:
    """What an answer took away from a card that was read at `read_at`, and when it came."""

    lost: frozenset[str]
    read_at: float
    at: float


class Contradictions:
    """The answers that contradict a known card; `len` counts them.

    `card_of` returns the last card of a number.
    """

    def __init__(self, card_of: Callable[[str], Match | None]) -> None:
        self._card_of = card_of
        self._first_answers: TTLCache[str, _FirstAnswer] = TTLCache(
            limits.MAX_CONTRADICTIONS, limits.CONTRADICTION_VALID_S, timer=_loop_time
        )

    def __len__(self) -> int:
        return len(self._first_answers)

    def check(self, number: str, answer: Extension | None) -> None:
        """Raise `Contradiction` if an answer takes away what is known and isn't confirmed.

        `None` is the answer that there is no such extension. An answer confirms an earlier one if
        it takes away the same, after a pause, and if the card was not read again in between.
        """
        card = self._card_of(number)
        lost = compare.lost_parts(card.extension, answer) if card else frozenset()
        first = self._first_answers.pop(number, None)
        if card is None or not lost:
            return
        now = _loop_time()
        if first is None or (first.lost, first.read_at) != (lost, card.read_at):
            first = _FirstAnswer(lost, card.read_at, now)
        if now - first.at >= limits.CONTRADICTION_PAUSE_S:
            return
        self._first_answers[number] = first
        raise Contradiction(lost)


def _loop_time() -> float:
    return asyncio.get_running_loop().time()
