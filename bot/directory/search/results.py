"""What a search gives back."""

from __future__ import annotations

from dataclasses import dataclass

from bot.models import Extension, MatchReason


@dataclass(frozen=True, slots=True)
class Hit:
    """An extension that was found, by what, and how well: 100 is a name as it is written."""

    id: int
    extension: Extension
    why: MatchReason
    score: float


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits, best first; `total` counts all pages.

    `clear`: the first is the one that is meant. `sure`: its words are all there as written.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    clear: bool = False
    sure: bool = False
