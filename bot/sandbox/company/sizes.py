"""The sizes of company that the playground offers, and the quota of each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CompanySize:
    """A number of extensions, a quota, and the seconds between two reads of the directory.

    A new Vonage app may make ten calls a minute. The playground allows more, so that trying things
    out isn't cut short. A small company is read every minute, so that changes show soon.
    """

    people: int = 250
    calls_per_minute: int = 60
    refresh_interval_s: float = 60.0


COMPANY_SIZES = (CompanySize(), CompanySize(5_000, 120, 900.0), CompanySize(100_000, 1_200, 900.0))
SIZE_BY_PEOPLE = {str(size.people): size for size in COMPANY_SIZES}
