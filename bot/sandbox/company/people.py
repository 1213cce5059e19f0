"""Builds the company's extensions, the same ones on every run and every machine.

A larger company starts with the same entries as a smaller one. The first entries are written by
hand (`fixtures.py`); the rest come from a seeded generator. It uses only `random()`, the one method
that Python promises to keep the same between versions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import TypeVar

from bot.sandbox.company.entries import Did, Entry, Owner, external_id, handsets
from bot.sandbox.company.fixtures import FIXTURES
from bot.sandbox.company.locations import LOCATIONS, Office
from bot.sandbox.company.names import FIRST_NAMES, LAST_NAMES, Name, ascii_letters
from bot.sandbox.company.numbers import PhoneNumbers, shuffled_range

T = TypeVar("T")

NO_SUCH_EXTENSION = "99999"
SEED = 1876

_RESERVED_NUMBERS = {"112", "911", "999", NO_SUCH_EXTENSION}
_TAGS = ("Sales", "Support line", "Main line", "Fax", "Direct", "Billing", "After hours")
_ROOMS = ("Boardroom", "Conference Room", "Lobby", "Break Room", "Warehouse", "Print Room")
_GROUPS = ("Sales", "Support line", "Billing", "Night Desk", "Dispatch", "Press Office")
_STREETS = ("Harbor Street", "Mill Lane", "Station Road", "Old Market", "Park Avenue", "Riverside")


def build_company(count: int = 250) -> list[Entry]:
    """The first `count` extensions of the invented company."""
    generator = EntryGenerator(FIXTURES)
    return [*FIXTURES, *(generator.next_entry() for _ in range(count - len(FIXTURES)))][:count]


class EntryGenerator:
    """Makes one entry after another; logins, addresses and numbers are unique."""

    def __init__(self, fixtures: Sequence[Entry]) -> None:
        self._random = Random(SEED)
        self._entries_made = len(fixtures)
        self._phone_numbers = PhoneNumbers(
            frozenset(did.phone_number for e in fixtures for did in e.dids)
        )
        self._extension_numbers = _ExtensionNumbers(
            _RESERVED_NUMBERS | {entry.number for entry in fixtures}
        )
        self._logins: dict[str, int] = {}
        self._addresses: dict[str, int] = {}
        for owner in (entry.user for entry in fixtures if entry.user):
            _unique(owner.login_name, self._logins)
            _unique((owner.email or "").partition("@")[0], self._addresses)

    def next_entry(self) -> Entry:
        """Make the next entry."""
        self._entries_made += 1
        office = self._choose_office()
        kind = self._random.random()
        if kind < 0.05:
            return self._entry(office, None, f"{self._pick(_ROOMS)} {self._entries_made}", phones=1)
        if kind < 0.08:
            return self._entry(office, None, self._pick(_GROUPS), phones=0)
        owner = self._branch(office) if kind < 0.10 else self._person(office)
        phones = 1 if self._chance(0.8) else 1 + self._random_below(3)
        return self._entry(office, owner, f"{owner.first_name} {owner.last_name}", phones=phones)

    def _entry(self, office: Office, owner: Owner | None, label: str, *, phones: int) -> Entry:
        dids = self._dids(office)
        return Entry(
            number=self._extension_numbers.next(self._random.random()),
            external_id=external_id(self._entries_made),
            location_id=office.id,
            user=owner,
            dids=dids,
            handsets=handsets(6_400_000 + 11 * self._entries_made, phones),
            caller_id=self._caller_id(label, dids),
            block_caller_id=self._chance(0.06),
            dnd=self._chance(0.12),
            vtt=office.vtt,
        )

    def _person(self, office: Office) -> Owner:
        first, last = self._first_name(office), self._pick(LAST_NAMES[office.country])
        if self._chance(0.35):
            last = self._double_surname(last, self._pick(LAST_NAMES[office.country]), office)
        if office.country == "JP" and self._chance(0.4):
            first, last = Name(first.latin, first.latin), Name(last.latin, last.latin)
        initial = ascii_letters(first.latin)[:1]
        return self._owner(first, last, login=initial + ascii_letters(last.latin))

    def _first_name(self, office: Office) -> Name:
        first = self._pick(FIRST_NAMES[office.country])
        if office.country in {"US", "GB", "IN"} and self._chance(0.35):
            letter = "ABCDEGHJKLMNPRSTVW"[self._random_below(18)]
            return Name(f"{first.written} {letter}.", f"{first.latin}-{letter}")
        return first

    def _double_surname(self, first: Name, second: Name, office: Office) -> Name:
        """A second surname, joined as the country does it; one surname where it doesn't."""
        separator = {"MX": " ", "DE": "-", "FR": "-", "PL": "-", "GB": "-"}.get(office.country)
        if separator is None or first == second:
            return first
        return Name(first.written + separator + second.written, f"{first.latin}-{second.latin}")

    def _branch(self, office: Office) -> Owner:
        street = self._pick(_STREETS)
        first, last = Name(street, street), Name(f"{office.city} Branch", "Branch")
        return self._owner(first, last, login=f"branch.{ascii_letters(street)}")

    def _owner(self, first: Name, last: Name, *, login: str) -> Owner:
        local_part = f"{ascii_letters(first.latin)}.{ascii_letters(last.latin)}".lower()
        address = f"{_unique(local_part.replace('..', '.'), self._addresses)}@example.com"
        login_name = _unique(login.lower(), self._logins)
        with_email = not self._chance(0.06)
        return Owner(
            id=2_000_000 + 7 * self._entries_made,
            first_name=first.written,
            last_name=last.written,
            login_name=address if with_email and self._chance(0.05) else login_name,
            email=address if with_email else None,
        )

    def _dids(self, office: Office) -> tuple[Did, ...]:
        kind = self._random.random()
        count = 0 if kind < 0.18 else 1 if kind < 0.85 else 2 if kind < 0.96 else 3
        numbers = [self._phone_numbers.next(office.country) for _ in range(count)]
        return tuple(Did(n, self._tag() if count > 1 else None) for n in numbers if n)

    def _tag(self) -> str | None:
        return self._pick(_TAGS) if self._chance(0.8) else None

    def _caller_id(self, label: str, dids: tuple[Did, ...]) -> str | None:
        kind = self._random.random()
        if kind < 0.35 and dids:
            return dids[0].phone_number
        return label if kind < 0.92 else None

    def _choose_office(self) -> Office:
        return LOCATIONS[0] if self._chance(0.25) else self._pick(LOCATIONS)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _random_below(self, size: int) -> int:
        return int(self._random.random() * size)

    def _pick(self, choices: Sequence[T]) -> T:
        return choices[self._random_below(len(choices))]


class _ExtensionNumbers:
    """Extension numbers of three to five digits, and of six when those have run out."""

    _LENGTHS = ((0.40, 3), (0.85, 4), (1.0, 5), (1.0, 6))

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken
        self._left = {length: _numbers_of_length(length) for _, length in self._LENGTHS}

    def next(self, share: float) -> str:
        """An unused number. `share` in [0, 1) picks its length while that length has any left."""
        for limit, length in self._LENGTHS:
            if share < limit:
                for number in self._left[length]:
                    if number not in self._taken:
                        return number
        raise ValueError("all extension numbers are used")


def _numbers_of_length(digits: int) -> Iterator[str]:
    low = 10 ** (digits - 1)
    return (str(low + i) for i in shuffled_range(9 * low))


def _unique(wanted: str, used: dict[str, int]) -> str:
    used[wanted] = used.get(wanted, 0) + 1
    return wanted if used[wanted] == 1 else f"{wanted}{used[wanted]}"
