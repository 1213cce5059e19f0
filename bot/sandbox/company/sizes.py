"""How large the invented company can be, and what its bot is allowed then."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """So many extensions, a quota of calls a minute, and how often all are read (seconds).

    A new Vonage app may make ten calls a minute. Here it is more, so that trying things out is
    not cut short; and a small company is read every minute, so that what becomes of it is seen.
    """

    people: int = 250
    quota: int = 60
    every: float = 60.0


SIZES = (Size(), Size(5_000, 120, 900.0), Size(100_000, 1_200, 900.0))
BY_PEOPLE = {str(size.people): size for size in SIZES}
