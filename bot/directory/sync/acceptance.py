"""Decides whether a complete reading may replace the current snapshot.

An API that answers with half of the account (a lost permission, a broken back end) looks just like
an account that shrank. If such a reading were published, everybody in the other half would be "not
found", and the changes would report that they left. The same goes for an API that sends every row
but leaves out the users, the email addresses or the direct numbers.

- A reading that lost more than half of any quality is *suspect*: it is set aside, and only a second
  reading that lost the same qualities and has nearly the same numbers confirms it. Extensions are
  lost if their numbers are, however many others a reading has.
- An empty list never replaces a list with extensions, because a company does not lose everybody.
- A reading with many more unreadable rows than the current snapshot had is refused: nobody can
  tell whom these rows are about.
- A few more unreadable rows are accepted. Extensions that the reading lacks then stay as they
  were, because each may be one of these rows (`may_be_unreadable`).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Set
from dataclasses import dataclass

from bot import limits
from bot.directory.store.qualities import EXTENSIONS, QUALITIES
from bot.errors import UnexpectedReply, UnreadableRows

log = logging.getLogger(__name__)


class EmptyList(UnexpectedReply):
    """The list is empty, although the current snapshot is not."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a complete reading brought, or what the current snapshot has.

    `numbers` are those of all extensions that are not hidden, `counts` has one count for each of
    `QUALITIES`, and `unreadable` is the number of rows that could not be read.
    """

    numbers: Set[str]
    counts: Mapping[str, int]
    unreadable: int = 0


class Acceptance:
    """Accepts readings, and remembers a suspect one, which the next reading may confirm.

    `lost` are the qualities that the latest reading lost if that reading is suspect, else empty.
    """

    def __init__(self) -> None:
        self._suspect: Reading | None = None
        self.lost: tuple[str, ...] = ()

    @property
    def is_suspect(self) -> bool:
        """Whether the latest reading must be confirmed by another one."""
        return self._suspect is not None

    def accepts(self, reading: Reading, current: Reading | None) -> bool:
        """Whether a reading may replace the current snapshot; `None` if there is none.

        Raises `EmptyList` or `UnreadableRows`, which no second reading can confirm.
        """
        suspect, suspect_lost = self._suspect, self.lost
        self.forget()
        _check_readable(reading, current)
        if current and current.numbers and not reading.numbers:
            raise EmptyList
        lost = _lost_qualities(reading, current)
        if not lost or (suspect and suspect_lost == lost and _is_same(reading, suspect)):
            return True
        self._suspect, self.lost = reading, lost
        log.warning(
            "The reading has fewer %s than it should (%s, the copy: %s); reading again to confirm",
            ", ".join(lost),
            [_remaining(reading, current)[name] for name in lost],
            [current.counts[name] for name in lost] if current else "none",
        )
        return False

    def forget(self) -> None:
        """Forget the suspect reading."""
        self._suspect, self.lost = None, ()


def may_be_unreadable(reading: Reading, current: Reading) -> Set[str]:
    """Return the current numbers that a reading lacks, if unreadable rows may be about them."""
    missing = current.numbers - reading.numbers
    return missing if reading.unreadable > current.unreadable else frozenset()


def _check_readable(reading: Reading, current: Reading | None) -> None:
    """Raise `UnreadableRows` if too many rows can't be read to believe the others."""
    rows = len(reading.numbers) + reading.unreadable
    more = reading.unreadable - current.unreadable if current else 0
    tolerated = max(limits.MAX_TOLERATED_BAD_ROWS, limits.MAX_UNREADABLE_SHARE * rows)
    most = limits.MAX_UNREADABLE_SHARE_OF_PAGE * rows
    if more > tolerated or reading.unreadable > most:
        raise UnreadableRows(f"{reading.unreadable} of {rows} rows can't be read.")


def _lost_qualities(reading: Reading, current: Reading | None) -> tuple[str, ...]:
    """Return the qualities of which a reading lost too much; an empty list lost its extensions."""
    if not reading.numbers:
        return (EXTENSIONS,)
    if current is None:
        return ()
    share = limits.SYNC_MIN_SHARE_KEPT
    remaining = _remaining(reading, current)
    return tuple(name for name in QUALITIES if remaining[name] < share * current.counts[name])


def _remaining(reading: Reading, current: Reading | None) -> Mapping[str, int]:
    """Return the counts of a reading, where only the extensions that were known count."""
    if current is None:
        return reading.counts
    return {**reading.counts, EXTENSIONS: len(reading.numbers & current.numbers)}


def _is_same(reading: Reading, other: Reading) -> bool:
    """Whether two readings have nearly the same numbers."""
    common, either = reading.numbers & other.numbers, reading.numbers | other.numbers
    return len(common) >= limits.SYNC_MIN_SHARE_CONFIRMED * len(either)
