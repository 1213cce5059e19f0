"""What a search gives back."""

from __future__ import annotations

from dataclasses import dataclass

from bot.models import Extension, MatchReason


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An extension that was found, by what, and how well: 100 is a name as it is written."""

    id: int
    extension: Extension
    reason: MatchReason
    score: float


@dataclass(frozen=True, slots=True)
class SearchResults:
    """A page of hits, best first; `total` counts all pages.

    `clear`: the first is the one that is meant. `sure`: its words are all there as written.
    """

    hits: tuple[SearchHit, ...] = ()
    total: int = 0
    is_clear: bool = False
    is_exact: bool = False
