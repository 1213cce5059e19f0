"""Simulates staff turnover: one person joins, one leaves and one moves.

Entries that are written by hand stay, because demos and tests refer to them by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.sandbox.company.entries import Entry, Owner, external_id, handsets
from bot.sandbox.company.fixtures import FIXTURES
from bot.sandbox.company.locations import LOCATIONS
from bot.sandbox.company.people import NO_SUCH_EXTENSION

_NEWCOMERS = (
    ("Ines", "Duarte"), ("Tomasz", "Lis"), ("Grace", "Okafor"), ("Elif", "Demir"),
    ("Noah", "Sinclair"), ("Hana", "Sato"),
)  # fmt: skip
_FIRST_NUMBER, _FIRST_ORDINAL = 90_001, 900_000
_SUMMARY = "{joined} joined as {number}, {left} left, and {moved} moved to {office}."


@dataclass(frozen=True, slots=True)
class TurnoverResult:
    """The entries afterwards, and a sentence on who joined, left and moved."""

    entries: list[Entry]
    summary: str


def apply_turnover(entries: Sequence[Entry]) -> TurnoverResult:
    """Apply one turnover: one joins, one leaves, one moves to another office. Other people each
    time.
    """
    removable = [entry for entry in entries[len(FIXTURES) :] if entry.user]
    leaver, mover = removable[0], removable[1]
    newcomer = _newcomer(entries)
    office = LOCATIONS[(1 + _office_ids().index(mover.location_id)) % len(LOCATIONS)]
    moved = replace(mover, location_id=office.id, vtt=office.vtt)
    unchanged = [entry for entry in entries if entry not in (leaver, mover)]
    summary = _SUMMARY.format(
        joined=_display_name(newcomer),
        number=newcomer.number,
        left=_display_name(leaver),
        moved=_display_name(mover),
        office=office.name,
    )
    # The person who moved goes last, so that the next turnover moves somebody else.
    return TurnoverResult([*unchanged, newcomer, moved], summary)


def _newcomer(entries: Sequence[Entry]) -> Entry:
    number, nth = next(_free_numbers({entry.number for entry in entries}))
    first, last = _NEWCOMERS[nth % len(_NEWCOMERS)]
    ordinal = _FIRST_ORDINAL + nth
    login = f"{first[0]}{last}{nth or ''}".lower()
    owner = Owner(2_000_000 + 7 * ordinal, first, last, login, f"{login}@example.com")
    phones = handsets(6_400_000 + 11 * ordinal, 1)
    return Entry(number, external_id(ordinal), LOCATIONS[0].id, owner, handsets=phones)


def _free_numbers(taken: set[str]) -> Iterator[tuple[str, int]]:
    """Yield unused numbers, each with the count of numbers tried before it."""
    for nth in range(len(taken) + 2):
        number = str(_FIRST_NUMBER + nth)
        if number not in taken and number != NO_SUCH_EXTENSION:
            yield number, nth


def _office_ids() -> list[int]:
    return [office.id for office in LOCATIONS]


def _display_name(entry: Entry) -> str:
    return f"{entry.user.first_name} {entry.user.last_name}" if entry.user else entry.number
