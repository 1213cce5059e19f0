"""How well a row answers what was typed, and why. `bot.fields` has the weights of columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.directory.search.document import COLUMNS, FIELD, NAMES, REVERSED_DIGITS
from bot.directory.search.terms import Reading, Term
from bot.fields import SEARCH_COLUMNS
from bot.models import MatchReason

# A word found whole in a column is worth so much.
WEIGHTS = {column.name: column.weight for _, column in SEARCH_COLUMNS}
OF_A_ROOM = 79.0  # what it shows when it calls is its name
# Of its weight, a word counts so much that is found …
WHOLE = 1.0
NICKNAME = 0.7  # as another form of the name
BEGUN = 0.65  # as the beginning of a word
LATER_INITIAL = 0.6  # as the first letter of a name, but not of the first
DISTANT_NICKNAME = 0.6  # as a short form of what the typed one is short for
CORRECTED = (0.5, 0.4)  # with one letter, or two, put right
MISSING = 0.0  # not at all
SHORT_FORMS = (NICKNAME, DISTANT_NICKNAME)
# And these are added, once.
COMPLETE = 8.0  # the whole name was typed, or in part that share of it
GIVEN = 1.0  # a short form stands for the first of the names, not for a surname
IN_ORDER = 2.0  # first name first
OF_A_PERSON = 1.0  # rather than a room
REREAD = -3.0  # words had to be joined or split for it

SHORTEST_BEGINNING = 4  # letters of a login, a tag …, that tell who is meant

_Words = dict[str, list[str]]  # of each column, the heaviest first

_NUMBER, _NAME = COLUMNS.index("number"), COLUMNS.index("name")
_LABELS = ("caller_id", "tags")  # what a room is called by that has no name
_HEAVIEST_FIRST = sorted(
    ((name, COLUMNS.index(name)) for name in COLUMNS), key=lambda pair: -WEIGHTS[pair[0]]
)


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


class Place(NamedTuple):
    """Where a term was found in a row, how well, and as which word."""

    worth: float = 0.0
    share: float = MISSING
    column: str = ""
    taken: str = ""


_NOWHERE = Place()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a row is worth by a reading. `shares` are how well each word was found, worst first.

    `covered` is the share of the name that was typed.
    """

    row: Row
    reading: Reading
    places: tuple[Place, ...]
    shares: tuple[float, ...]
    score: float
    covered: float
    reread: bool

    @property
    def is_found(self) -> bool:
        """Whether it has every word, or one that it can stand for."""
        return bool(self.shares) and self.shares[0] > MISSING

    @property
    def is_whole(self) -> bool:
        """Whether it has every word whole."""
        return bool(self.shares) and self.shares[0] == WHOLE

    @property
    def is_exact(self) -> bool:
        """Whether it has every word whole, as it was typed."""
        return self.is_whole and not self.reread

    @property
    def order(self) -> tuple[float, tuple[bool, int, str, int]]:
        """Best first, then by number."""
        return -self.score, self.row.order

    @property
    def grade(self) -> tuple[tuple[int, ...], bool, bool]:
        """The higher, the surer it is meant."""
        by_name = all(place.column in NAMES for place in self.places)
        return tuple(map(_sureness, self.shares)), by_name, self.is_whole_name

    @property
    def is_whole_name(self) -> bool:
        """Whether nothing of a person's name was left out."""
        return bool(self.row.texts[_NAME]) and self.covered >= 1.0

    @property
    def is_vague(self) -> bool:
        """Whether it is hardly meant."""
        if any(map(_is_vague, self.places, self.reading)) or self.shares == CORRECTED[-1:]:
            return True
        # Fred is hardly a William, unless the surname is right.
        by_guess = any(each.share == DISTANT_NICKNAME and each.taken for each in self.places)
        return by_guess and len(self.shares) > 1 and self.shares[-1] < WHOLE

    @property
    def why(self) -> MatchReason:
        """The best field that is no part of the name, if any, and what the text was taken for."""
        beside = [place for place in self.places if place.column and FIELD[place.column] != "name"]
        field = FIELD[max(beside).column] if beside else "name"
        pairs = [(p, t) for p, t in zip(self.places, self.reading, strict=True) if p.column]
        changed = any(place.taken and place.taken not in term.writings for place, term in pairs)
        if not changed and len(pairs) == len(self.places):
            return MatchReason(field)
        return MatchReason(field, " ".join(place.taken or term.word for place, term in pairs))


def judge(row: Row, readings: Sequence[Reading], columns: Collection[str]) -> Verdict:
    """Return what a row is worth by the reading of the text that fits it best."""
    words = {name: row.texts[at].split() for name, at in _HEAVIEST_FIRST if name in columns}
    best = _verdict(row, words, readings[0])
    for reading in readings[1:]:
        if best.is_whole:
            break
        other = _verdict(row, words, reading)
        if (other.is_found, other.score) > (best.is_found, best.score):
            best = other
    return best


def is_clear(verdicts: Sequence[Verdict], terms: int) -> bool:
    """Whether the first of the verdicts, best first, is the one that is meant."""
    first, others = verdicts[0], verdicts[1:]
    if first.is_vague or not all(first.grade > other.grade for other in others):
        return False
    # Jack London, or those in London? But Jack London is who is called so.
    return terms > 1 or first.is_whole_name or not any(other.is_whole for other in others)


def _verdict(row: Row, words: _Words, reading: Reading) -> Verdict:
    reread = any(term.entire for term in reading)  # words were joined or split for it
    places = tuple([_place(term, words) for term in reading])
    name = words["name"]
    covered = _covered(places, words)
    if covered >= 1 and sorted([term.word for term in reading]) == sorted(name):
        # Whoever is called exactly so, is so whole, though a letter of it could begin others.
        places = tuple([Place(WEIGHTS["name"], WHOLE, "name", t.word) for t in reading])
    score = sum([place.worth for place in places]) / max(len(places), 1)
    score += COMPLETE * covered + (OF_A_PERSON if name else 0.0) + (REREAD if reread else 0.0)
    if len(places) > 1 and _in_order(places, name):
        score += IN_ORDER
    if name and any(p.taken == name[0] and p.share in SHORT_FORMS for p in places):
        score += GIVEN
    shares = tuple(sorted([place.share for place in places]))
    return Verdict(row, reading, places, shares, score, covered, reread)


def _sureness(share: float) -> int:
    """Nicknames and beginnings are equally likely to be meant, as are slips of one kind."""
    return sum([share >= step for step in (CORRECTED[1], CORRECTED[0], LATER_INITIAL, WHOLE)])


def _is_vague(place: Place, term: Term) -> bool:
    """Whether a term was not found, or only as a few letters with which something begins."""
    elsewhere = place.column not in (*NAMES, "number")
    return place.share == MISSING or (
        elsewhere and place.share < WHOLE and len(term.word) < SHORTEST_BEGINNING
    )


def _place(term: Term, words: _Words) -> Place:
    best = _NOWHERE
    for column, there in words.items():
        weight = WEIGHTS[column]
        if column == "caller_id" and not words["name"]:
            weight = OF_A_ROOM
        if weight <= best.worth and words["name"]:
            break
        if term.is_initial and best.column in NAMES:
            break  # the letter of a name is meant, not that in the address
        if not there:
            continue
        share, taken = _share(term, column, there, words["name"])
        if share * weight > best.worth:
            best = Place(share * weight, share, column, taken)
    return best


def _share(term: Term, column: str, there: list[str], name: list[str]) -> tuple[float, str]:
    """How well a term is found among the words of a column, and as which of them."""
    if column == REVERSED_DIGITS:
        ending = term.ending
        return (WHOLE if ending and any(n.startswith(ending) for n in there) else MISSING), ""
    itself = term.word if term.word in there else ""
    if term.eastern:
        return _eastern_share(term.word, there, name), itself
    if term.is_initial and column in NAMES:
        return _initial_share(term.word, there, column), itself
    if itself or (term.respelt and term.respelt in there):
        return WHOLE, term.word
    best, taken = MISSING, ""
    if term.others:
        best, taken = max([(term.others.get(word, MISSING), word) for word in there])
    if best < BEGUN and _begins(term, there):
        return BEGUN, ""
    return best, taken if best else ""


def _begins(term: Term, there: list[str]) -> bool:
    may_begin = not term.entire and len(term.word) > 1
    return may_begin and any(word.startswith(term.writings) for word in there)


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


def _covered(places: Sequence[Place], words: _Words) -> float:
    """The share of a name, or of what a room is called, that was typed in whole words."""
    if name := words["name"]:
        return _share_of(name, [place for place in places if place.column in NAMES])
    labels = filter(None, [words.get(column) for column in _LABELS])
    beside = [place for place in places if place.column in _LABELS]
    return max([_share_of(label, beside) for label in labels], default=0.0)


def _share_of(label: Sequence[str], places: Sequence[Place]) -> float:
    there, left = 0, list(label)
    for place in places:
        if place.taken in left:
            left.remove(place.taken)  # who types a word twice means who has it twice
            there += 1
        elif place.column in NAMES and place.share >= NICKNAME and place.taken not in label:
            there += 1
    return min(there / len(label), 1.0)


def _in_order(places: Sequence[Place], name: list[str]) -> bool:
    """Whether all was found in the name, and from its beginning to its end."""
    before = -1
    for place in places:
        if place.column not in NAMES:
            return False
        if place.taken in name:
            at = name.index(place.taken)
            if at < before:
                return False
            before = at
    return True
