"""The words that occur in the directory, by field: what a misspelled word is corrected to."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from string import ascii_lowercase

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot import limits

SCHEMA = """
CREATE TABLE IF NOT EXISTS vocabulary (
    field TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (field, word)
) WITHOUT ROWID
"""

# Letters that sound alike: confusing them counts as one typo, however many letters differ.
_SOUND_ALIKE = (
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
_SOUND_ALIKE_BOTH_WAYS = (*_SOUND_ALIKE, *((other, one) for one, other in _SOUND_ALIKE))

# All words of a field as one text, because fetching a row for every word takes longer.
_WORDS_OF_FIELD = "SELECT coalesce(group_concat(word, ' '), '') FROM vocabulary WHERE field = ?"


def max_typos(word: str) -> int:
    """Return how many typos a word of this length may have."""
    return 0 if len(word) < 3 else 1 if len(word) < 7 else 2


def add(db: sqlite3.Connection, words: Iterable[tuple[str, str]]) -> None:
    """Add pairs of a word and its field."""
    db.executemany("INSERT OR IGNORE INTO vocabulary (word, field) VALUES (?, ?)", words)


def remove(db: sqlite3.Connection, words: Iterable[tuple[str, str]]) -> None:
    """Remove pairs of a word and its field."""
    db.executemany("DELETE FROM vocabulary WHERE word = ? AND field = ?", words)


class Vocabulary:
    """The words of one database. They are read when the first word is corrected."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._fields: dict[str, _FieldWords] = {}

    def invalidate(self) -> None:
        """Forget the words, so that they are read again when they are needed next."""
        self._fields.clear()

    def present(self, words: Collection[str], field: str = "name") -> set[str]:
        """Return those of the words that occur in a field."""
        placeholders = ", ".join("?" * len(words))
        sql = f"SELECT word FROM vocabulary WHERE field = ? AND word IN ({placeholders})"  # noqa: S608
        return {word for (word,) in self._db.execute(sql, (field, *words))}

    def corrections(self, word: str, fields: Sequence[str], most: int) -> dict[str, int]:
        """Return the words of some fields that a misspelled word can mean, likeliest first.

        The values are the number of typos, which is at most `most`, and at most what a word of
        its length may have. Words with digits or other letters than a to z have no corrections.
        """
        most = min(most, max_typos(word))
        if not most or not word.isalpha() or not word.isascii():
            return {}
        typos: dict[str, int] = {}
        for field in fields:
            words = self._words(field)
            typos |= words.with_one_typo(word) if most == 1 else words.with_typos(word, most)
        likely = [other for other, count in typos.items() if count and _is_likely(word, other)]
        likely.sort(key=lambda other: (typos[other], other[0] != word[0], other))
        return {other: typos[other] for other in likely[: limits.MAX_CORRECTIONS]}

    def _words(self, field: str) -> _FieldWords:
        if field not in self._fields:
            text = self._db.execute(_WORDS_OF_FIELD, (field,)).fetchone()[0]
            self._fields[field] = _FieldWords(frozenset(text.split()))
        return self._fields[field]


class _FieldWords:
    """The words of one field."""

    def __init__(self, words: frozenset[str]) -> None:
        self._words = words
        self._by_length: dict[int, list[str]] = {}

    def with_one_typo(self, word: str) -> dict[str, int]:
        """Return the words one typo away.

        Looking up every possible typo is faster than comparing every word: there are a few
        hundred typos, but many thousands of words.
        """
        candidates = chain(_with_one_letter_wrong(word), _with_sound_alikes(word))
        return dict.fromkeys(self._words.intersection(candidates), 1)

    def with_typos(self, word: str, most: int) -> dict[str, int]:
        """Return the words at most `most` typos away, each with its number of typos."""
        if not self._by_length:
            by_length: dict[int, list[str]] = defaultdict(list)
            for listed in self._words:
                by_length[len(listed)].append(listed)
            self._by_length = dict(by_length)
        typos = self.with_one_typo(word)
        for length in range(len(word) - most, len(word) + most + 1):
            for other, distance, _ in process.extract(
                word,
                self._by_length.get(length, ()),
                scorer=OSA.distance,
                score_cutoff=most,
                limit=limits.MAX_CORRECTIONS_PER_LENGTH,
            ):
                typos.setdefault(other, int(distance))
        return typos


def _with_one_letter_wrong(word: str) -> Iterator[str]:
    """Yield a word with each possible typo: a letter added, wrong or lost, or two swapped."""
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


def _with_sound_alikes(word: str) -> Iterator[str]:
    """Yield a word with letters that sound alike in place of some of its own."""
    for one, other in _SOUND_ALIKE_BOTH_WAYS:
        at = word.find(one)
        while at >= 0:
            yield word[:at] + other + word[at + len(one) :]
            at = word.find(one, at + 1)


def _is_likely(word: str, other: str) -> bool:
    """Whether a correction is likely enough to be offered.

    Nearly all words of three letters are one typo apart. So a word of three letters is only
    corrected to a longer one that has the same first letter, or that only adds a first letter.
    """
    return len(word) > 3 or (len(other) > 3 and (other[0] == word[0] or other[1:] == word))
