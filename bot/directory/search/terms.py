"""Parses a search text into terms: its words, and what else each of them can stand for.

An `Interpretation` is one way to read the text: *johnsmith* is one term, or *john* and *smith*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from bot import limits
from bot.directory.compare import MIN_ENDING_DIGITS
from bot.directory.search.normalize import Piece, pieces

MIN_SPLIT_CHARS = 2  # of each part that a run-together word is split into

Interpretation = tuple["Term", ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A normalized word of a search text.

    `respelled` is the word's other usual spelling (*mueller* for *müller*), or empty;
    `spellings` are both. `alternatives` are words that the term can stand for, each with the
    quality of such a match (below 1). A `whole_word` does not match as a prefix.
    `reversed_digits` is the word from its last digit to its first if it can be the ending of a
    phone number, or empty. `is_initial` is whether the word is one letter that can begin a name.
    """

    word: str
    respelled: str = ""
    is_cjk: bool = False
    whole_word: bool = False
    alternatives: dict[str, float] = field(default_factory=dict)
    spellings: tuple[str, ...] = field(init=False)
    reversed_digits: str = field(init=False)
    is_initial: bool = field(init=False)

    def __post_init__(self) -> None:
        """Compute here, once, what the ranking needs for every row."""
        word = self.word
        is_number = word.isascii() and word.isdecimal() and len(word) >= MIN_ENDING_DIGITS
        is_initial = len(word) == 1 and word.isalpha() and not self.is_cjk
        spellings = (word, self.respelled) if self.respelled else (word,)
        object.__setattr__(self, "spellings", spellings)
        object.__setattr__(self, "reversed_digits", word[::-1] if is_number else "")
        object.__setattr__(self, "is_initial", is_initial)

    def with_alternatives(self, alternatives: dict[str, float]) -> Term:
        """Return the term with more alternatives; those it has already keep their quality."""
        new = {
            word: quality for word, quality in alternatives.items() if word not in self.spellings
        }
        return replace(self, alternatives={**new, **self.alternatives})


def parse(text: str) -> Interpretation:
    """Return the terms of a text, in their order; a text beyond the limits is cut."""
    found = pieces(text[: limits.MAX_SEARCH_CHARS])
    return tuple(map(_term, found[: limits.MAX_SEARCH_TERMS]))


def joined(terms: Interpretation) -> Iterator[Interpretation]:
    """Yield the interpretations with two neighbors as one word: *dela cruz* as *delacruz*."""
    for at in range(len(terms) - 1):
        one, two = terms[at], terms[at + 1]
        if not (one.is_cjk or two.is_cjk):
            word = Term(one.word + two.word, whole_word=True)
            yield (*terms[:at], word, *terms[at + 2 :])


def split(terms: Interpretation) -> Iterator[Interpretation]:
    """Yield the interpretations with one word as two: *johnsmith* as *john smith*, *room21*."""
    for at, term in enumerate(terms):
        if term.word.isascii():
            for cut in _cuts(term.word):
                parts = (
                    Term(term.word[:cut], whole_word=True),
                    Term(term.word[cut:], whole_word=True),
                )
                yield (*terms[:at], *parts, *terms[at + 1 :])


def initials(terms: Interpretation) -> Iterator[Interpretation]:
    """Yield the interpretations with a two-letter word as initials: *sl smith* as *s l smith*."""
    for at, term in enumerate(terms):
        if len(term.word) == 2 and term.word.isascii() and term.word.isalpha():
            letters = map(Term, term.word)
            yield (*terms[:at], *letters, *terms[at + 1 :])


def _cuts(word: str) -> Iterable[int]:
    """Return where a word can be cut: anywhere between letters, or where digits begin or end."""
    if word.isalpha():
        return range(MIN_SPLIT_CHARS, len(word) - MIN_SPLIT_CHARS + 1)
    kinds = (at for at in range(1, len(word)) if word[at - 1].isalpha() != word[at].isalpha())
    return list(kinds)[:1]


def _term(piece: Piece) -> Term:
    return Term(piece.word, piece.respelled, piece.is_cjk)
