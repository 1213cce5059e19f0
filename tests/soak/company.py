"""The company during the soak: who has which number, now and before, while people come and go."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from bot.sandbox.company.entries import Entry
from bot.sandbox.company.turnover import apply_turnover
from bot.sandbox.vonage.state import FakeVonage


@dataclass(slots=True)
class Tenure:
    """The time in which a number has an owner. `name` is empty for a room or a ring group."""

    name: str
    since: float
    until: float = float("inf")


class Company:
    """The extensions of the fake Vonage, and every owner that each number had.

    Times are those of `clock`, in seconds.
    """

    def __init__(
        self, vonage: FakeVonage, random: Random, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._vonage = vonage
        self._random = random
        self._clock = clock
        self._tenures: dict[str, list[Tenure]] = defaultdict(list)
        self._record()

    @property
    def entries(self) -> list[Entry]:
        """Return all extensions as they are now."""
        return self._vonage.entries

    def change(self) -> None:
        """One person joins, one leaves, one moves to another office, and two swap their numbers."""
        entries = apply_turnover(self.entries).entries
        first, second = self._random.sample([at for at, each in enumerate(entries) if each.user], 2)
        entries[first], entries[second] = (
            replace(entries[first], user=entries[second].user),
            replace(entries[second], user=entries[first].user),
        )
        self._vonage.set_entries(entries)
        self._record()

    def owners(self, number: str, within_s: float) -> set[str]:
        """Return the names of all owners of a number in the last seconds; empty if it had none."""
        earliest = self._clock() - within_s
        return {each.name for each in self._tenures.get(number, ()) if each.until >= earliest}

    def is_settled(self, number: str, for_s: float) -> bool:
        """Whether a number exists and has had its owner for so many seconds."""
        tenures = self._tenures.get(number, [])
        now = self._clock()
        return any(each.since <= now - for_s and each.until > now for each in tenures)

    def _record(self) -> None:
        """Note every owner that is new, and the end of every one that is gone."""
        now, current = self._clock(), {each.number: owner_name(each) for each in self.entries}
        for number, name in current.items():
            tenures = self._tenures[number]
            if tenures and tenures[-1].name == name and tenures[-1].until > now:
                continue
            if tenures:
                tenures[-1].until = min(tenures[-1].until, now)
            tenures.append(Tenure(name, now))
        for number in self._tenures.keys() - current.keys():
            self._tenures[number][-1].until = min(self._tenures[number][-1].until, now)


def owner_name(entry: Entry) -> str:
    """Return the full name of an extension's user, or an empty text."""
    return f"{entry.user.first_name} {entry.user.last_name}" if entry.user else ""
