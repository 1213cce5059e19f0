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
DISTANT_NICKNAME = 0.6  # as a short form of what the typed one is short for
CORRECTED = (0.5, 0.4)  # with one letter, or two, put right
MISSING = 0.0  # not at all
# And these are added, once.
COMPLETE = 8.0  # the whole name was typed, or in part that share of it
IN_ORDER = 2.0  # first name first
OF_A_PERSON = 1.0  # rather than a room
REREAD = -3.0  # words had to be joined or split for it

_NUMBER, _NAME = COLUMNS.index("number"), COLUMNS.index("name")


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
    """What a row is worth. The higher its `grade`, the surer it is meant; `exact`: as written."""

    row: Row
    score: float
    grade: tuple[bool, tuple[float, ...], bool, bool]
    why: Why
    exact: bool
    whole_name: bool

    @property
    def shares(self) -> tuple[float, ...]:
        """How well each word was found, the worst first."""
        return self.grade[1]

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
    return max(verdicts, key=lambda verdict: (verdict.grade[0], verdict.score))


def is_clear(verdicts: Sequence[Verdict], terms: int) -> bool:
    """Whether the first of the verdicts, best first, is the one that is meant."""
    first, others = verdicts[0], verdicts[1:]
    if not first.grade[0]:
        return False
    if terms == 1 and not first.whole_name:
        # Jack London, or those in London?
        others = [each for each in others if not each.exact or each.grade >= first.grade]
        if len(others) < len(verdicts) - 1:
            return False
    return all(first.grade > other.grade for other in others)


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
    shares = tuple(sorted(round(place.share, 3) for place in places))
    found = bool(places) and shares[0] > MISSING
    whole_name = covered >= 1.0 and bool(name)
    return Verdict(
        row,
        score,
        (found, shares, by_name, whole_name),
        Why(_field(places), _taken(places, reading)),
        exact=found and shares[0] == WHOLE,
        whole_name=whole_name,
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
    if term.word in there or (term.respelt and term.respelt in there):
        return WHOLE, term.word
    best, taken = MISSING, ""
    for word in there:
        if term.others.get(word, MISSING) > best:
            best, taken = term.others[word], word
    if best < BEGUN and (len(term.word) > 1 or column in ("name", "also")):
        for word in there:
            if word.startswith(term.writings):
                return BEGUN, ""
    return best, taken


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
