"""What was typed as terms: each a word, and what else it can stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bot.directory.search.normalize import Piece, pieces

MAX_TERMS = 10  # words of a text; more than that nobody looks for
SHORTEST_ENDING = 3  # digits
SHORTEST_WORD = 2  # letters of a part that a run-together word is split into

Interpretation = tuple["Term", ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A word as typed, folded. `others` are words that it can stand for, with how well.

    An `entire` one is no mere beginning of a word.
    """

    word: str
    respelled: str = ""
    is_cjk: bool = False
    whole_word: bool = False
    alternatives: dict[str, float] = field(default_factory=dict)
    spellings: tuple[str, ...] = field(init=False)  # the word, and its other spelling
    reversed_digits: str = field(
        init=False
    )  # the word backwards, where it can be the end of a number
    is_initial: bool = field(init=False)  # one letter, which begins a name

    def __post_init__(self) -> None:
        """Note what is asked for at every row."""
        word = self.word
        is_number = word.isascii() and word.isdecimal() and len(word) >= SHORTEST_ENDING
        initial = len(word) == 1 and word.isalpha() and not self.is_cjk
        object.__setattr__(self, "spellings", (word, self.respelled) if self.respelled else (word,))
        object.__setattr__(self, "reversed_digits", word[::-1] if is_number else "")
        object.__setattr__(self, "is_initial", initial)

    def with_alternatives(self, others: dict[str, float]) -> Term:
        """Return it with words that it can stand for too."""
        known = {word: share for word, share in others.items() if word not in self.spellings}
        return replace(self, alternatives={**known, **self.alternatives})


def parse(text: str) -> Interpretation:
    """Return the terms of a text, in their order."""
    return tuple(map(_term, pieces(text[:300])[:MAX_TERMS]))


def joined(reading: Interpretation) -> Iterator[Interpretation]:
    """Give the readings in which two neighbours are one word: *dela cruz* as delacruz."""
    for at in range(len(reading) - 1):
        one, two = reading[at], reading[at + 1]
        if not (one.is_cjk or two.is_cjk):
            word = Term(one.word + two.word, whole_word=True)
            yield (*reading[:at], word, *reading[at + 2 :])


def split(reading: Interpretation) -> Iterator[Interpretation]:
    """Give the readings in which a word is two: *johnsmith* as john smith, *room21* as room 21."""
    for at, term in enumerate(reading):
        if term.word.isascii():
            for cut in _cuts(term.word):
                parts = (
                    Term(term.word[:cut], whole_word=True),
                    Term(term.word[cut:], whole_word=True),
                )
                yield (*reading[:at], *parts, *reading[at + 1 :])


def initials(reading: Interpretation) -> Iterator[Interpretation]:
    """Give the readings in which two letters are two initials: *sl smith* as s l smith."""
    for at, term in enumerate(reading):
        if len(term.word) == 2 and term.word.isascii() and term.word.isalpha():
            letters = map(Term, term.word)
            yield (*reading[:at], *letters, *reading[at + 1 :])


def _cuts(word: str) -> Iterable[int]:
    if word.isalpha():
        return range(SHORTEST_WORD, len(word) - SHORTEST_WORD + 1)
    ends = (at for at in range(1, len(word)) if word[at - 1].isalpha() != word[at].isalpha())
    return list(ends)[:1]


def _term(piece: Piece) -> Term:
    return Term(piece.word, piece.respelled, piece.is_cjk)
