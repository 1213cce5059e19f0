"""The words that occur in the directory, by field: what a misspelt word is corrected to."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from string import ascii_lowercase

from rapidfuzz import process
from rapidfuzz.distance import OSA

MOST = 12  # words that one is taken for
_WITHIN_BUCKET = 24

SCHEMA = """
CREATE TABLE IF NOT EXISTS vocabulary (
    field TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (field, word)
) WITHOUT ROWID
"""


# What is said alike is one slip, however many letters that are.
_ALIKE = (
    *(
        ("ph", "f"),
        ("ck", "k"),
        ("c", "k"),
        ("qu", "k"),
        ("sch", "sh"),
        ("tsch", "ch"),
        ("y", "ie"),
    ),
    *(("ou", "u"), ("oo", "u"), ("ee", "i"), ("ea", "i"), ("ay", "ai"), ("ey", "i"), ("x", "ks")),
    *(("w", "v"), ("cz", "ch"), ("sz", "sh"), ("gh", "g"), ("th", "t"), ("dzh", "j"), ("ow", "ou")),
    *(("ae", "e"), ("oe", "o"), ("ue", "u"), ("aa", "a")),
)
_SAID_ALIKE = (*_ALIKE, *((other, one) for one, other in _ALIKE))


# In one piece, since a row for every word takes longer than to split it.
_WORDS = "SELECT coalesce(group_concat(word, ' '), '') FROM vocabulary WHERE field = ?"


def max_typos(word: str) -> int:
    """Return how many letters may be wrong in a word of its length."""
    return 0 if len(word) < 3 else 1 if len(word) < 7 else 2


def add(db: sqlite3.Connection, words: Iterable[tuple[str, str]]) -> None:
    """Add words with their fields."""
    db.executemany("INSERT OR IGNORE INTO vocabulary (word, field) VALUES (?, ?)", words)


def remove(db: sqlite3.Connection, words: Iterable[tuple[str, str]]) -> None:
    """Remove words that no row has any more."""
    db.executemany("DELETE FROM vocabulary WHERE word = ? AND field = ?", words)


class Vocabulary:
    """The words of one database. They are read when the first is corrected."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._read: dict[str, _Words] = {}

    def invalidate(self) -> None:
        """Read them anew when they are needed."""
        self._read.clear()

    def present(self, words: Collection[str], field: str = "name") -> set[str]:
        """Return those of some words that occur in a field."""
        sought = ", ".join("?" * len(words))
        return {
            word
            for (word,) in self._db.execute(
                f"SELECT word FROM vocabulary WHERE field = ? AND word IN ({sought})",  # noqa: S608 - marks
                (field, *words),
            )
        }

    def corrections(self, word: str, fields: Sequence[str], most: int) -> dict[str, int]:
        """Return the words that one may be a slip for, nearest first, with how far they are.

        They are at most so many letters away, and no more than it has for slips.
        """
        most = min(most, max_typos(word))
        if not most or not word.isalpha() or not word.isascii():
            return {}
        found: dict[str, int] = {}
        for field in fields:
            words = self._words(field)
            found |= words.one_off(word) if most == 1 else words.within(word, most)
        likely = [near for near, far in found.items() if far and _likely(word, near)]
        likely.sort(key=lambda near: (found[near], near[0] != word[0], near))
        return {near: found[near] for near in likely[:MOST]}

    def _words(self, field: str) -> _Words:
        if field not in self._read:
            text = self._db.execute(_WORDS, (field,)).fetchone()[0]
            self._read[field] = _Words(frozenset(text.split()))
        return self._read[field]


class _Words:
    """The words of one field."""

    def __init__(self, words: frozenset[str]) -> None:
        self._words = words
        self._by_length: dict[int, list[str]] = {}

    def one_off(self, word: str) -> dict[str, int]:
        """Return those that are one slip away. To try all slips is quicker than all words."""
        return dict.fromkeys(self._words.intersection(chain(_slipped(word), _respelt(word))), 1)

    def within(self, word: str, most: int) -> dict[str, int]:
        """Return those that are at most so many slips away, with how many."""
        if not self._by_length:
            buckets: dict[int, list[str]] = defaultdict(list)
            for each in self._words:
                buckets[len(each)].append(each)
            self._by_length = dict(buckets)
        found = self.one_off(word)
        for length in range(len(word) - most, len(word) + most + 1):
            there = self._by_length.get(length, ())
            for near, far, _ in process.extract(
                word, there, scorer=OSA.distance, score_cutoff=most, limit=_WITHIN_BUCKET
            ):
                found.setdefault(near, int(far))
        return found


def _slipped(word: str) -> Iterator[str]:
    """Give a word with each slip that one can make in it: lost, wrong, added, swapped letters."""
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        rest = after[1:]
        for letter in ascii_lowercase:
            yield before + letter + after
            if after:
                yield before + letter + rest
        if after:
            yield before + rest
        if rest:
            yield before + rest[0] + after[0] + rest[1:]


def _respelt(word: str) -> Iterator[str]:
    """Give a word with letters that sound alike in the place of some of its own."""
    for one, other in _SAID_ALIKE:
        at = word.find(one)
        while at >= 0:
            yield word[:at] + other + word[at + len(one) :]
            at = word.find(one, at + 1)


def _likely(word: str, near: str) -> bool:
    """Among words of three letters everything is near; such a one lost a letter, or doubled it."""
    return len(word) > 3 or (len(near) > 3 and (near[0] == word[0] or near[1:] == word))
