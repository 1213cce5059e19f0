"""How well a row answers what was typed, and why. All weights are in this file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.directory.columns import COLUMNS, FIELD
from bot.directory.terms import Reading, Term
from bot.models import Why

# A word found whole in a column is worth so much.
WEIGHTS = {
    "name": 100.0,
    "also": 100.0,
    "number": 90.0,
    "tags": 80.0,
    "ends": 78.0,
    "login": 72.0,
    "email": 70.0,
    "location": 60.0,
    "caller_id": 50.0,
    "handsets": 40.0,
}
# Of its weight, a word counts so much that is found …
WHOLE = 1.0
NICKNAME = 0.7  # as another form of the name
BEGUN = 0.65  # as the beginning of a word
LATER_INITIAL = 0.6  # as the first letter of a name, but not of the first
DISTANT_NICKNAME = 0.6  # as a short form of what the typed one is short for
CORRECTED = (0.5, 0.4)  # with one letter, or two, put right
MISSING = 0.0  # not at all
# And these are added, once.
COMPLETE = 8.0  # the whole name was typed, or in part that share of it
IN_ORDER = 2.0  # first name first
OF_A_PERSON = 1.0  # rather than a room
REREAD = -3.0  # words had to be joined or split for it

SHORTEST_BEGINNING = 4  # letters of a login, a tag …, that tell who is meant

_NUMBER = COLUMNS.index("number")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the index as it was found: its id, and the text of each of `COLUMNS`."""

    id: int
    texts: tuple[str, ...]

    @property
    def order(self) -> tuple[bool, int, str, int]:
        """Its place by its number, where two are equally good."""
        number = self.texts[_NUMBER]
        return not number.isdecimal(), len(number), number, self.id


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a row is worth. `shares` are how well each word was found, the worst first.

    The higher its `grade`, the surer it is meant; a `vague` one hardly is. `exact`: as written.
    """

    row: Row
    score: float
    shares: tuple[float, ...]
    grade: tuple[tuple[int, ...], bool, bool]
    why: Why
    exact: bool = False
    vague: bool = False

    @property
    def is_found(self) -> bool:
        """Whether it has every word, or one that it can stand for."""
        return bool(self.shares) and self.shares[0] > MISSING

    @property
    def is_whole(self) -> bool:
        """Whether it has every word whole, as it was typed."""
        return bool(self.shares) and self.shares[0] == WHOLE

    @property
    def order(self) -> tuple[float, tuple[bool, int, str, int]]:
        """Best first, then by number."""
        return -self.score, self.row.order


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a term was found in a row, how well, and as which word."""

    worth: float = 0.0
    share: float = MISSING
    column: str = ""
    taken: str = ""


def judge(row: Row, readings: Sequence[Reading], columns: Sequence[str]) -> Verdict:
    """Return what a row is worth by the reading of the text that fits it best."""
    words = {
        column: row.texts[COLUMNS.index(column)].split()
        for column in columns
        if row.texts[COLUMNS.index(column)]
    }
    verdicts = [_verdict(row, words, reading, at > 0) for at, reading in enumerate(readings)]
    return max(verdicts, key=lambda verdict: (verdict.is_found, verdict.score))


def is_clear(verdicts: Sequence[Verdict], terms: int) -> bool:
    """Whether the first of the verdicts, best first, is the one that is meant."""
    first, others = verdicts[0], verdicts[1:]
    if first.vague or not all(first.grade > other.grade for other in others):
        return False
    # Jack London, or those in London? But Jack London is who is called so.
    _, _, is_whole_name = first.grade
    return terms > 1 or is_whole_name or not any(other.is_whole for other in others)


def _verdict(row: Row, words: dict[str, list[str]], reading: Reading, reread: bool) -> Verdict:
    places = [_place(term, words) for term in reading]
    name = words.get("name") or []
    # A room is called by what it shows when it calls, or by the tag of its number.
    label = name or words.get("caller_id") or words.get("tags") or []
    covered = _covered(places, label) if label else 0.0
    by_name = all(place.column in ("name", "also") for place in places)
    score = sum(place.worth for place in places) / max(len(places), 1)
    score += COMPLETE * covered + (OF_A_PERSON if name else 0.0) + (REREAD if reread else 0.0)
    if by_name and len(places) > 1 and _in_order(places, name):
        score += IN_ORDER
    shares = tuple(sorted(place.share for place in places))
    return Verdict(
        row,
        score,
        shares,
        (tuple(map(_sureness, shares)), by_name, bool(name) and covered >= 1.0),
        Why(_field(places), _taken(places, reading)),
        exact=min(shares, default=MISSING) == WHOLE and not reread,
        vague=any(map(_is_vague, places, reading)) or shares == CORRECTED[-1:],
    )


def _sureness(share: float) -> int:
    """Nicknames and beginnings are equally likely to be meant, as are slips of one kind."""
    steps = (CORRECTED[1], CORRECTED[0], LATER_INITIAL, WHOLE)
    return sum(share >= step for step in steps)


def _is_vague(place: _Place, term: Term) -> bool:
    """Whether a term was not found, or only as a few letters with which something begins."""
    elsewhere = place.column not in ("name", "also", "number")
    return place.share == MISSING or (
        elsewhere and place.share < WHOLE and len(term.word) < SHORTEST_BEGINNING
    )


def _place(term: Term, words: dict[str, list[str]]) -> _Place:
    best = _Place()
    for column, there in words.items():
        weight = WEIGHTS[column]
        if weight <= best.worth:
            continue
        share, taken = _share(term, column, there, words)
        if share * weight > best.worth:
            best = _Place(share * weight, share, column, taken)
    return best


def _share(
    term: Term, column: str, there: list[str], words: dict[str, list[str]]
) -> tuple[float, str]:
    """How well a term is found among the words of a column, and as which of them."""
    if column == "ends":
        ending = term.ending
        return (WHOLE if ending and any(n.startswith(ending) for n in there) else MISSING), ""
    if term.eastern:
        return _eastern_share(term.word, there, words.get("name", [])), ""
    named = column in ("name", "also")
    if term.is_initial and named:
        return _initial_share(term.word, there, column), ""
    if term.word in there or (term.respelt and term.respelt in there):
        return WHOLE, term.word
    best, taken = MISSING, ""
    for word in there:
        if term.others.get(word, MISSING) > best:
            best, taken = term.others[word], word
    may_begin = best < BEGUN and not term.entire and len(term.word) > 1
    if may_begin and any(word.startswith(term.writings) for word in there):
        return BEGUN, ""
    return best, taken


def _initial_share(letter: str, there: list[str], column: str) -> float:
    """J. Smith is a John Smith rather than a Kevin J. Smith."""
    if column == "name" and there[0].startswith(letter):
        return BEGUN
    return LATER_INITIAL if any(word.startswith(letter) for word in there) else MISSING


def _eastern_share(word: str, there: list[str], name: list[str]) -> float:
    if word in there or word in ("".join(name), "".join(reversed(name))):
        return WHOLE
    if any(word in each for each in there):
        return BEGUN
    return CORRECTED[0] if set(word) <= set("".join(there)) else MISSING


def _covered(places: Sequence[_Place], label: list[str]) -> float:
    """The share of a name that was typed in whole words."""
    there = sum(
        place.share >= NICKNAME or place.taken in label
        for place in places
        if place.column in ("name", "also", "caller_id", "tags")
    )
    return min(there / len(label), 1.0)


def _in_order(places: Sequence[_Place], name: list[str]) -> bool:
    at = [name.index(place.taken) for place in places if place.taken in name]
    return at == sorted(at)


def _field(places: Sequence[_Place]) -> str:
    """The field to name as the reason: the best one that is no part of the name, if any."""
    beside = [place for place in places if place.column and FIELD[place.column] != "name"]
    return FIELD[max(beside, key=lambda place: place.worth).column] if beside else "name"


def _taken(places: Sequence[_Place], reading: Reading) -> str:
    """What the text was taken for, where a word of it was not taken as it is."""
    if all(place.share in (WHOLE, BEGUN) for place in places):
        return ""
    pairs = zip(places, reading, strict=True)
    return " ".join(place.taken or term.word for place, term in pairs if place.column)
