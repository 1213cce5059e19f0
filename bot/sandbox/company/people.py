"""An invented company's phone extensions, the same for every run and on every machine.

A larger company starts with the same entries as a smaller one. The first are written by hand
(`cast.py`); the rest come from a seeded generator of which only `random()` is used, since that
alone is promised to stay the same between Python versions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import TypeVar

from bot.sandbox.company.entries import Did, Entry, Owner, external_id, handsets
from bot.sandbox.company.fixtures import CAST
from bot.sandbox.company.names import FIRST, LAST, Name, ascii_letters
from bot.sandbox.company.numbers import Numbers, spread
from bot.sandbox.company.offices import PLACES, Place

T = TypeVar("T")

NO_SUCH_EXTENSION = "99999"
SEED = 1876

_NEVER = {"112", "911", "999", NO_SUCH_EXTENSION}
_TAGS = ("Sales", "Support line", "Main line", "Fax", "Direct", "Billing", "After hours")
_ROOMS = ("Boardroom", "Conference Room", "Lobby", "Break Room", "Warehouse", "Print Room")
_GROUPS = ("Sales", "Support line", "Billing", "Night Desk", "Dispatch", "Press Office")
_STREETS = ("Harbor Street", "Mill Lane", "Station Road", "Old Market", "Park Avenue", "Riverside")


def people(count: int = 250) -> list[Entry]:
    """The first `count` extensions of the invented company."""
    hiring = Hiring(CAST)
    return [*CAST, *(hiring.next() for _ in range(count - len(CAST)))][:count]


class Hiring:
    """Makes one extension after another, none of which shares what must be unique."""

    def __init__(self, cast: Sequence[Entry]) -> None:
        self._random = Random(SEED)
        self._made = len(cast)
        self._phones = Numbers(frozenset(did.phone_number for e in cast for did in e.dids))
        self._extensions = _ExtensionNumbers(_NEVER | {entry.number for entry in cast})
        self._logins: dict[str, int] = {}
        self._addresses: dict[str, int] = {}
        for owner in (entry.user for entry in cast if entry.user):
            _unique(owner.login_name, self._logins)
            _unique((owner.email or "").partition("@")[0], self._addresses)

    def next(self) -> Entry:
        """Another extension."""
        self._made += 1
        place = self._place()
        kind = self._random.random()
        if kind < 0.05:
            return self._entry(place, None, f"{self._pick(_ROOMS)} {self._made}", phones=1)
        if kind < 0.08:
            return self._entry(place, None, self._pick(_GROUPS), phones=0)
        owner = self._branch(place) if kind < 0.10 else self._person(place)
        phones = 1 if self._chance(0.8) else 1 + self._below(3)
        return self._entry(place, owner, f"{owner.first_name} {owner.last_name}", phones=phones)

    def _entry(self, place: Place, owner: Owner | None, label: str, *, phones: int) -> Entry:
        dids = self._dids(place)
        return Entry(
            number=self._extensions.next(self._random.random()),
            external_id=external_id(self._made),
            location_id=place.id,
            user=owner,
            dids=dids,
            handsets=handsets(6_400_000 + 11 * self._made, phones),
            caller_id=self._caller_id(label, dids),
            block_caller_id=self._chance(0.06),
            dnd=self._chance(0.12),
            vtt=place.vtt,
        )

    def _person(self, place: Place) -> Owner:
        first, last = self._first_name(place), self._pick(LAST[place.country])
        if self._chance(0.35):
            last = self._longer(last, self._pick(LAST[place.country]), place)
        if place.country == "JP" and self._chance(0.4):
            first, last = Name(first.latin, first.latin), Name(last.latin, last.latin)
        initial = ascii_letters(first.latin)[:1]
        return self._owner(first, last, login=initial + ascii_letters(last.latin))

    def _first_name(self, place: Place) -> Name:
        first = self._pick(FIRST[place.country])
        if place.country in {"US", "GB", "IN"} and self._chance(0.35):
            letter = "ABCDEGHJKLMNPRSTVW"[self._below(18)]
            return Name(f"{first.written} {letter}.", f"{first.latin}-{letter}")
        return first

    def _longer(self, one: Name, other: Name, place: Place) -> Name:
        """A second surname: joined as the country does it, or not at all."""
        joint = {"MX": " ", "DE": "-", "FR": "-", "PL": "-", "GB": "-"}.get(place.country)
        if joint is None or one == other:
            return one
        return Name(one.written + joint + other.written, f"{one.latin}-{other.latin}")

    def _branch(self, place: Place) -> Owner:
        street = self._pick(_STREETS)
        first, last = Name(street, street), Name(f"{place.city} Branch", "Branch")
        return self._owner(first, last, login=f"branch.{ascii_letters(street)}")

    def _owner(self, first: Name, last: Name, *, login: str) -> Owner:
        spelt = f"{ascii_letters(first.latin)}.{ascii_letters(last.latin)}".lower()
        address = f"{_unique(spelt.replace('..', '.'), self._addresses)}@example.com"
        login_name = _unique(login.lower(), self._logins)
        with_email = not self._chance(0.06)
        return Owner(
            id=2_000_000 + 7 * self._made,
            first_name=first.written,
            last_name=last.written,
            login_name=address if with_email and self._chance(0.05) else login_name,
            email=address if with_email else None,
        )

    def _dids(self, place: Place) -> tuple[Did, ...]:
        kind = self._random.random()
        wanted = 0 if kind < 0.18 else 1 if kind < 0.85 else 2 if kind < 0.96 else 3
        numbers = [self._phones.next(place.country) for _ in range(wanted)]
        return tuple(Did(n, self._tag() if wanted > 1 else None) for n in numbers if n)

    def _tag(self) -> str | None:
        return self._pick(_TAGS) if self._chance(0.8) else None

    def _caller_id(self, label: str, dids: tuple[Did, ...]) -> str | None:
        kind = self._random.random()
        if kind < 0.35 and dids:
            return dids[0].phone_number
        return label if kind < 0.92 else None

    def _place(self) -> Place:
        return PLACES[0] if self._chance(0.25) else self._pick(PLACES)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _below(self, size: int) -> int:
        return int(self._random.random() * size)

    def _pick(self, choices: Sequence[T]) -> T:
        return choices[self._below(len(choices))]


class _ExtensionNumbers:
    """Extension numbers of three to five digits, and of six when those have run out."""

    _LENGTHS = ((0.40, 3), (0.85, 4), (1.0, 5), (1.0, 6))

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken
        self._left = {length: _of_length(length) for _, length in self._LENGTHS}

    def next(self, share: float) -> str:
        """An unused number; `share` in [0, 1) chooses its length, while there are any left."""
        for limit, length in self._LENGTHS:
            if share < limit:
                for number in self._left[length]:
                    if number not in self._taken:
                        return number
        raise ValueError("there are no extension numbers left")


def _of_length(digits: int) -> Iterator[str]:
    low = 10 ** (digits - 1)
    return (str(low + i) for i in spread(9 * low))


def _unique(wanted: str, used: dict[str, int]) -> str:
    used[wanted] = used.get(wanted, 0) + 1
    return wanted if used[wanted] == 1 else f"{wanted}{used[wanted]}"
