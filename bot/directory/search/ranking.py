"""How well a row matches a search, and why. The weights of columns are in `bot.fields`.

The score of a row is the mean of its terms' scores, plus a few bonuses. The score of a term is
the weight of the column in which it was found, times the quality of that match: a whole word
counts fully, a nickname, a prefix or a corrected typo in part. A term takes its best column.

The weights come from a table of queries, each with the person whom people expect first
(tests/directory/search/queries.py): a name outweighs a tag, a tag outweighs an email, and a whole
word in a lower column outweighs a prefix in a higher one. `make bench` shows the effect of a
change.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.directory.search.document import COLUMNS, FIELD, NAMES, REVERSED_DIGITS
from bot.directory.search.fts import SearchRow
from bot.directory.search.terms import Interpretation, Term
from bot.fields import SEARCH_COLUMNS
from bot.models import MatchReason

# The score of a whole word by the column that it was found in.
WEIGHTS = {column.name: column.weight for _, column in SEARCH_COLUMNS}
ROOM_CALLER_ID_WEIGHT = 79.0  # a room has no user, so people know it by its caller ID

# Qualities: the share of a column's weight that a match gets.
WHOLE = 1.0
NICKNAME = 0.7  # another form of the name
PREFIX = 0.65  # the beginning of a word
LATER_INITIAL = 0.6  # the first letter of a name that is not the first name
DISTANT_NICKNAME = 0.6  # another short form of the same full name
CORRECTED = (0.5, 0.4)  # one typo corrected, or two
MISSING = 0.0
NICKNAME_QUALITIES = (NICKNAME, DISTANT_NICKNAME)

# Bonuses, each added once. They decide between rows whose terms score the same.
FULL_NAME_BONUS = 8.0  # the whole name was typed; a part of the name gets that part of it
FIRST_NAME_NICKNAME_BONUS = 1.0  # a nickname stands for a first name rather than a surname
NAME_ORDER_BONUS = 2.0  # the words are in the order of the name
PERSON_BONUS = 1.0  # people before rooms
RESPACED_PENALTY = -3.0  # words had to be joined or split

MIN_PREFIX_CHARS = 4  # a shorter prefix of a login, tag … does not show who is meant

_WordsByColumn = dict[str, list[str]]  # in the order of the weights, heaviest first

_NAME = COLUMNS.index("name")
_ROOM_LABELS = ("caller_id", "tags")  # what a room without a user is known by
_HEAVIEST_FIRST = sorted(
    ((name, COLUMNS.index(name)) for name in COLUMNS), key=lambda pair: -WEIGHTS[pair[0]]
)


class TermMatch(NamedTuple):
    """Where a term was found in a row. It is a tuple, so that `max` compares by score first.

    `word` is the word of the row, or empty for a prefix.
    """

    score: float = 0.0
    quality: float = MISSING
    column: str = ""
    word: str = ""


_NOT_FOUND = TermMatch()


@dataclass(frozen=True, slots=True)
class ScoredRow:
    """How well a row matches one interpretation of the text.

    `term_matches` are in the order of the terms; `qualities` are their qualities, worst first.
    `name_coverage` is the share of the name's words that were typed, from 0 to 1.
    `is_respaced` is whether words were joined or split for the interpretation.
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
        """Whether the row has every term in some way."""
        return bool(self.qualities) and self.qualities[0] > MISSING

    @property
    def is_whole(self) -> bool:
        """Whether the row has every term as a whole word."""
        return bool(self.qualities) and self.qualities[0] == WHOLE

    @property
    def is_exact(self) -> bool:
        """Whether the row has every term as a whole word, spaced as it was typed."""
        return self.is_whole and not self.is_respaced

    @property
    def sort_key(self) -> tuple[float, tuple[bool, int, str, int]]:
        """Best first, then by number."""
        return -self.score, self.row.sort_key

    @property
    def certainty(self) -> tuple[tuple[int, ...], bool, bool]:
        """How certain it is that this row is meant; a greater value is more certain.

        The score is not used: if two people are equally likely to be meant, a small difference
        of their scores must not open the card of one of them.
        """
        by_name = all(match.column in NAMES for match in self.term_matches)
        return tuple(map(_certainty_step, self.qualities)), by_name, self.is_whole_name

    @property
    def is_whole_name(self) -> bool:
        """Whether the whole name of a person was typed."""
        return bool(self.row.texts[_NAME]) and self.name_coverage >= 1.0

    @property
    def is_vague(self) -> bool:
        """Whether the match is so weak that the row's card must not open by itself."""
        if any(map(_is_vague, self.term_matches, self.interpretation)):
            return True
        if self.qualities == CORRECTED[-1:]:
            return True
        # A distant nickname is a guess. Next to other words it only counts if one of them is
        # found in full.
        by_guess = any(
            match.quality == DISTANT_NICKNAME and match.word for match in self.term_matches
        )
        return by_guess and len(self.qualities) > 1 and self.qualities[-1] < WHOLE

    @property
    def reason(self) -> MatchReason:
        """The field by which the row was found: the best one other than the name, if any.

        `corrected` are the words that the text was taken for, if they differ from it.
        """
        others = [m for m in self.term_matches if m.column and FIELD[m.column] != "name"]
        field = FIELD[max(others).column] if others else "name"
        pairs = zip(self.term_matches, self.interpretation, strict=True)
        found = [(match, term) for match, term in pairs if match.column]
        changed = any(match.word and match.word not in term.spellings for match, term in found)
        if not changed and len(found) == len(self.term_matches):
            return MatchReason(field)
        return MatchReason(field, " ".join(match.word or term.word for match, term in found))


def score_row(
    row: SearchRow, interpretations: Sequence[Interpretation], columns: Collection[str]
) -> ScoredRow:
    """Return a row scored by the interpretation that fits it best, in the given columns."""
    words = {name: row.texts[at].split() for name, at in _HEAVIEST_FIRST if name in columns}
    best = _score(row, words, interpretations[0])
    for interpretation in interpretations[1:]:
        if best.is_whole:
            break
        other = _score(row, words, interpretation)
        if (other.is_found, other.score) > (best.is_found, best.score):
            best = other
    return best


def is_clear(rows: Sequence[ScoredRow], terms: int) -> bool:
    """Whether the first of the rows, best first, is the one that is meant.

    It must not be vague, and must be more certain than every other row.
    """
    first, others = rows[0], rows[1:]
    if first.is_vague or not all(first.certainty > other.certainty for other in others):
        return False
    # A single word may be a name and a place: "london" can mean Jack London or the people in
    # London. So it is clear only if it is somebody's whole name, or if no other row has it in full.
    return terms > 1 or first.is_whole_name or not any(other.is_whole for other in others)


def _score(row: SearchRow, words: _WordsByColumn, interpretation: Interpretation) -> ScoredRow:
    is_respaced = any(term.whole_word for term in interpretation)
    matches = tuple([_match(term, words) for term in interpretation])
    name = words["name"]
    coverage = _coverage(matches, words)
    if coverage >= 1 and sorted([term.word for term in interpretation]) == sorted(name):
        # The text is exactly this name. An initial in it is then a whole word of the name, not
        # the first letter of another word.
        matches = tuple(
            [TermMatch(WEIGHTS["name"], WHOLE, "name", term.word) for term in interpretation]
        )
    score = sum([match.score for match in matches]) / max(len(matches), 1)
    person, respaced = PERSON_BONUS if name else 0.0, RESPACED_PENALTY if is_respaced else 0.0
    score += FULL_NAME_BONUS * coverage + person + respaced
    if len(matches) > 1 and _is_in_name_order(matches, name):
        score += NAME_ORDER_BONUS
    if name and any(m.word == name[0] and m.quality in NICKNAME_QUALITIES for m in matches):
        score += FIRST_NAME_NICKNAME_BONUS
    qualities = tuple(sorted([match.quality for match in matches]))
    return ScoredRow(row, interpretation, matches, qualities, score, coverage, is_respaced)


def _certainty_step(quality: float) -> int:
    """Return a coarse step of a quality: nicknames and prefixes are equally likely to be meant."""
    return sum([quality >= step for step in (CORRECTED[1], CORRECTED[0], LATER_INITIAL, WHOLE)])


def _is_vague(match: TermMatch, term: Term) -> bool:
    """Whether a term was not found, or only as a short prefix outside of name and number."""
    is_elsewhere = match.column not in (*NAMES, "number")
    return match.quality == MISSING or (
        is_elsewhere and match.quality < WHOLE and len(term.word) < MIN_PREFIX_CHARS
    )


def _match(term: Term, words: _WordsByColumn) -> TermMatch:
    """Return the best match of a term, over the columns from the heaviest to the lightest."""
    best = _NOT_FOUND
    for column, column_words in words.items():
        weight = WEIGHTS[column]
        if column == "caller_id" and not words["name"]:
            weight = ROOM_CALLER_ID_WEIGHT
        if weight <= best.score and words["name"]:
            # No lighter column can score higher, except for a room's caller ID, whose weight is
            # not in this order.
            break
        if term.is_initial and best.column in NAMES:
            break  # an initial of the name must not also match the beginning of another column
        if not column_words:
            continue
        quality, word = _quality(term, column, column_words, words["name"])
        if quality * weight > best.score:
            best = TermMatch(quality * weight, quality, column, word)
    return best


def _quality(
    term: Term, column: str, column_words: list[str], name: list[str]
) -> tuple[float, str]:
    """Return the quality of a term's match in a column, and the matching word of the column."""
    if column == REVERSED_DIGITS:
        ending = term.reversed_digits
        is_ending = bool(ending) and any(number.startswith(ending) for number in column_words)
        return (WHOLE if is_ending else MISSING), ""
    exact = term.word if term.word in column_words else ""
    if term.is_cjk:
        return _cjk_quality(term.word, column_words, name), exact
    if term.is_initial and column in NAMES:
        return _initial_quality(term.word, column_words, column), exact
    if exact or (term.respelled and term.respelled in column_words):
        return WHOLE, term.word
    best, word = MISSING, ""
    if term.alternatives:
        best, word = max([(term.alternatives.get(w, MISSING), w) for w in column_words])
    if best < PREFIX and _is_prefix(term, column_words):
        return PREFIX, ""
    return best, word if best else ""


def _is_prefix(term: Term, column_words: list[str]) -> bool:
    may_be_prefix = not term.whole_word and len(term.word) > 1
    return may_be_prefix and any(word.startswith(term.spellings) for word in column_words)


def _initial_quality(letter: str, column_words: list[str], column: str) -> float:
    """Return the quality of an initial: "J. Smith" is John Smith rather than Kevin J. Smith."""
    if column == "name" and column_words[0].startswith(letter):
        return PREFIX
    return LATER_INITIAL if any(word.startswith(letter) for word in column_words) else MISSING


def _cjk_quality(word: str, column_words: list[str], name: list[str]) -> float:
    """Return the quality of a CJK word, which may be a whole name in either order."""
    if word in column_words or word in ("".join(name), "".join(reversed(name))):
        return WHOLE
    if any(word in other for other in column_words):
        return PREFIX
    return CORRECTED[0] if set(word) <= set("".join(column_words)) else MISSING


def _coverage(matches: Sequence[TermMatch], words: _WordsByColumn) -> float:
    """Return the share of a person's name, or of a room's label, that was typed."""
    if name := words["name"]:
        return _covered_share(name, [match for match in matches if match.column in NAMES])
    labels = filter(None, [words.get(column) for column in _ROOM_LABELS])
    label_matches = [match for match in matches if match.column in _ROOM_LABELS]
    return max([_covered_share(label, label_matches) for label in labels], default=0.0)


def _covered_share(label: Sequence[str], matches: Sequence[TermMatch]) -> float:
    covered, left = 0, list(label)
    for match in matches:
        if match.word in left:
            left.remove(match.word)  # a word typed twice only counts twice if it occurs twice
            covered += 1
        elif match.column in NAMES and match.quality >= NICKNAME and match.word not in label:
            covered += 1
    return min(covered / len(label), 1.0)


def _is_in_name_order(matches: Sequence[TermMatch], name: list[str]) -> bool:
    """Whether all terms were found in the name, in its order."""
    previous = -1
    for match in matches:
        if match.column not in NAMES:
            return False
        if match.word in name:
            at = name.index(match.word)
            if at < previous:
                return False
            previous = at
    return True
