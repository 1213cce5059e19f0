"""How large the invented company can be, and what its bot is allowed then."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CompanySize:
    """So many extensions, a quota of calls a minute, and how often all are read (seconds).

    A new Vonage app may make ten calls a minute. Here it is more, so that trying things out is
    not cut short; and a small company is read every minute, so that what becomes of it is seen.
    """

    people: int = 250
    calls_per_minute: int = 60
    refresh_interval_s: float = 60.0


COMPANY_SIZES = (CompanySize(), CompanySize(5_000, 120, 900.0), CompanySize(100_000, 1_200, 900.0))
SIZE_BY_PEOPLE = {str(size.people): size for size in COMPANY_SIZES}
