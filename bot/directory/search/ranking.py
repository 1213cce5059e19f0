"""How well a row answers what was typed, and why. All weights are in this file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.directory.search.document import COLUMNS, FIELD, NAMES
from bot.directory.search.terms import Interpretation, Term
from bot.models import MatchReason

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
ROOM_CALLER_ID_WEIGHT = 79.0  # what it shows when it calls is its name
# Of its weight, a word counts so much that is found …
WHOLE = 1.0
NICKNAME = 0.7  # as another form of the name
PREFIX = 0.65  # as the beginning of a word
LATER_INITIAL = 0.6  # as the first letter of a name, but not of the first
DISTANT_NICKNAME = 0.6  # as a short form of what the typed one is short for
CORRECTED = (0.5, 0.4)  # with one letter, or two, put right
MISSING = 0.0  # not at all
SHORT_FORMS = (NICKNAME, DISTANT_NICKNAME)
# And these are added, once.
FULL_NAME_BONUS = 8.0  # the whole name was typed, or in part that share of it
FIRST_NAME_NICKNAME_BONUS = 1.0  # a short form stands for the first of the names, not for a surname
NAME_ORDER_BONUS = 2.0  # first name first
PERSON_BONUS = 1.0  # rather than a room
RESPACED_PENALTY = -3.0  # words had to be joined or split for it

MIN_PREFIX_CHARS = 4  # letters of a login, a tag …, that tell who is meant

_WordsByColumn = dict[str, list[str]]  # of each column, the heaviest first

_NUMBER, _NAME = COLUMNS.index("number"), COLUMNS.index("name")
_LABELS = ("caller_id", "tags")  # what a room is called by that has no name
_HEAVIEST_FIRST = sorted(
    ((name, COLUMNS.index(name)) for name in COLUMNS), key=lambda pair: -WEIGHTS[pair[0]]
)


@dataclass(frozen=True, slots=True)
class SearchRow:
    """A row of the index as it was found: its id, and the text of each of `COLUMNS`."""

    id: int
    texts: tuple[str, ...]

    @property
    def sort_key(self) -> tuple[bool, int, str, int]:
        """Its place by its number, where two are equally good."""
        number = self.texts[_NUMBER]
        return not number.isdecimal(), len(number), number, self.id


class TermMatch(NamedTuple):
    """Where a term was found in a row, how well, and as which word."""

    score: float = 0.0
    quality: float = MISSING
    column: str = ""
    word: str = ""


_NOWHERE = TermMatch()


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """What a row is worth by a reading. `shares` are how well each word was found, worst first.

    `covered` is the share of the name that was typed.
    """

    row: SearchRow
    interpretation: Interpretation
    term_matches: tuple[TermMatch, ...]
    qualities: tuple[float, ...]
    score: float
    name_coverage: float
    is_respaced: bool

    @property
    def is_found(self) -> bool:
        """Whether it has every word, or one that it can stand for."""
        return bool(self.qualities) and self.qualities[0] > MISSING

    @property
    def is_whole(self) -> bool:
        """Whether it has every word whole."""
        return bool(self.qualities) and self.qualities[0] == WHOLE

    @property
    def is_exact(self) -> bool:
        """Whether it has every word whole, as it was typed."""
        return self.is_whole and not self.is_respaced

    @property
    def sort_key(self) -> tuple[float, tuple[bool, int, str, int]]:
        """Best first, then by number."""
        return -self.score, self.row.sort_key

    @property
    def certainty(self) -> tuple[tuple[int, ...], bool, bool]:
        """The higher, the surer it is meant."""
        by_name = all(place.column in NAMES for place in self.term_matches)
        return tuple(map(_sureness, self.qualities)), by_name, self.is_whole_name

    @property
    def is_whole_name(self) -> bool:
        """Whether nothing of a person's name was left out."""
        return bool(self.row.texts[_NAME]) and self.name_coverage >= 1.0

    @property
    def is_vague(self) -> bool:
        """Whether it is hardly meant."""
        if (
            any(map(_is_vague, self.term_matches, self.interpretation))
            or self.qualities == CORRECTED[-1:]
        ):
            return True
        # Fred is hardly a William, unless the surname is right.
        by_guess = any(each.quality == DISTANT_NICKNAME and each.word for each in self.term_matches)
        return by_guess and len(self.qualities) > 1 and self.qualities[-1] < WHOLE

    @property
    def reason(self) -> MatchReason:
        """The best field that is no part of the name, if any, and what the text was taken for."""
        beside = [
            place for place in self.term_matches if place.column and FIELD[place.column] != "name"
        ]
        field = FIELD[max(beside).column] if beside else "name"
        pairs = [
            (p, t) for p, t in zip(self.term_matches, self.interpretation, strict=True) if p.column
        ]
        changed = any(place.word and place.word not in term.spellings for place, term in pairs)
        if not changed and len(pairs) == len(self.term_matches):
            return MatchReason(field)
        return MatchReason(field, " ".join(place.word or term.word for place, term in pairs))


def score_row(
    row: SearchRow, readings: Sequence[Interpretation], columns: Collection[str]
) -> ScoredRow:
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


def is_clear(verdicts: Sequence[ScoredRow], terms: int) -> bool:
    """Whether the first of the verdicts, best first, is the one that is meant."""
    first, others = verdicts[0], verdicts[1:]
    if first.is_vague or not all(first.certainty > other.certainty for other in others):
        return False
    # Jack London, or those in London? But Jack London is who is called so.
    return terms > 1 or first.is_whole_name or not any(other.is_whole for other in others)


def _verdict(row: SearchRow, words: _WordsByColumn, reading: Interpretation) -> ScoredRow:
    reread = any(term.whole_word for term in reading)  # words were joined or split for it
    places = tuple([_place(term, words) for term in reading])
    name = words["name"]
    covered = _covered(places, words)
    if covered >= 1 and sorted([term.word for term in reading]) == sorted(name):
        # Whoever is called exactly so, is so whole, though a letter of it could begin others.
        places = tuple([TermMatch(WEIGHTS["name"], WHOLE, "name", t.word) for t in reading])
    score = sum([place.score for place in places]) / max(len(places), 1)
    score += (
        FULL_NAME_BONUS * covered
        + (PERSON_BONUS if name else 0.0)
        + (RESPACED_PENALTY if reread else 0.0)
    )
    if len(places) > 1 and _in_order(places, name):
        score += NAME_ORDER_BONUS
    if name and any(p.word == name[0] and p.quality in SHORT_FORMS for p in places):
        score += FIRST_NAME_NICKNAME_BONUS
    shares = tuple(sorted([place.quality for place in places]))
    return ScoredRow(row, reading, places, shares, score, covered, reread)


def _sureness(share: float) -> int:
    """Nicknames and beginnings are equally likely to be meant, as are slips of one kind."""
    return sum([share >= step for step in (CORRECTED[1], CORRECTED[0], LATER_INITIAL, WHOLE)])


def _is_vague(place: TermMatch, term: Term) -> bool:
    """Whether a term was not found, or only as a few letters with which something begins."""
    elsewhere = place.column not in (*NAMES, "number")
    return place.quality == MISSING or (
        elsewhere and place.quality < WHOLE and len(term.word) < MIN_PREFIX_CHARS
    )


def _place(term: Term, words: _WordsByColumn) -> TermMatch:
    best = _NOWHERE
    for column, there in words.items():
        weight = WEIGHTS[column]
        if column == "caller_id" and not words["name"]:
            weight = ROOM_CALLER_ID_WEIGHT
        if weight <= best.score and words["name"]:
            break
        if term.is_initial and best.column in NAMES:
            break  # the letter of a name is meant, not that in the address
        if not there:
            continue
        share, taken = _share(term, column, there, words["name"])
        if share * weight > best.score:
            best = TermMatch(share * weight, share, column, taken)
    return best


def _share(term: Term, column: str, there: list[str], name: list[str]) -> tuple[float, str]:
    """How well a term is found among the words of a column, and as which of them."""
    if column == "ends":
        ending = term.reversed_digits
        return (WHOLE if ending and any(n.startswith(ending) for n in there) else MISSING), ""
    itself = term.word if term.word in there else ""
    if term.is_cjk:
        return _eastern_share(term.word, there, name), itself
    if term.is_initial and column in NAMES:
        return _initial_share(term.word, there, column), itself
    if itself or (term.respelled and term.respelled in there):
        return WHOLE, term.word
    best, taken = MISSING, ""
    if term.alternatives:
        best, taken = max([(term.alternatives.get(word, MISSING), word) for word in there])
    if best < PREFIX and _begins(term, there):
        return PREFIX, ""
    return best, taken if best else ""


def _begins(term: Term, there: list[str]) -> bool:
    may_begin = not term.whole_word and len(term.word) > 1
    return may_begin and any(word.startswith(term.spellings) for word in there)


def _initial_share(letter: str, there: list[str], column: str) -> float:
    """J. Smith is a John Smith rather than a Kevin J. Smith."""
    if column == "name" and there[0].startswith(letter):
        return PREFIX
    return LATER_INITIAL if any(word.startswith(letter) for word in there) else MISSING


def _eastern_share(word: str, there: list[str], name: list[str]) -> float:
    if word in there or word in ("".join(name), "".join(reversed(name))):
        return WHOLE
    if any(word in each for each in there):
        return PREFIX
    return CORRECTED[0] if set(word) <= set("".join(there)) else MISSING


def _covered(places: Sequence[TermMatch], words: _WordsByColumn) -> float:
    """The share of a name, or of what a room is called, that was typed in whole words."""
    if name := words["name"]:
        return _share_of(name, [place for place in places if place.column in NAMES])
    labels = filter(None, [words.get(column) for column in _LABELS])
    beside = [place for place in places if place.column in _LABELS]
    return max([_share_of(label, beside) for label in labels], default=0.0)


def _share_of(label: Sequence[str], places: Sequence[TermMatch]) -> float:
    there, left = 0, list(label)
    for place in places:
        if place.word in left:
            left.remove(place.word)  # who types a word twice means who has it twice
            there += 1
        elif place.column in NAMES and place.quality >= NICKNAME and place.word not in label:
            there += 1
    return min(there / len(label), 1.0)


def _in_order(places: Sequence[TermMatch], name: list[str]) -> bool:
    """Whether all was found in the name, and from its beginning to its end."""
    before = -1
    for place in places:
        if place.column not in NAMES:
            return False
        if place.word in name:
            at = name.index(place.word)
            if at < before:
                return False
            before = at
    return True
