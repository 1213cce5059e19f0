"""The words that occur in the directory, by field: what a misspelt word is corrected to."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

MOST = 12  # words that one is taken for
_WITHIN_BUCKET = 24

SCHEMA = """
CREATE TABLE IF NOT EXISTS vocabulary (
    field TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (field, word)
) WITHOUT ROWID
"""


# In one piece, since a row for every word takes longer than to split it.
_WORDS = "SELECT coalesce(group_concat(word, ' '), '') FROM vocabulary WHERE field = ?"


def slips(word: str) -> int:
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
        self._by_length: dict[str, dict[int, list[str]]] = {}

    def forget(self) -> None:
        """Read them anew when they are needed."""
        self._by_length.clear()

    def known(self, words: Collection[str], field: str = "name") -> set[str]:
        """Return those of some words that occur in a field."""
        sought = ", ".join("?" * len(words))
        return {
            word
            for (word,) in self._db.execute(
                f"SELECT word FROM vocabulary WHERE field = ? AND word IN ({sought})",  # noqa: S608 - marks
                (field, *words),
            )
        }

    def near(self, word: str, fields: Sequence[str]) -> dict[str, int]:
        """Return the words that one may be a slip for, nearest first, with how far they are."""
        most = slips(word)
        found: dict[str, int] = {}
        if not most or not word.isalpha() or not word.isascii():
            return found
        for field in fields:
            buckets = self._buckets(field)
            for length in range(len(word) - most, len(word) + most + 1):
                for near, distance, _ in process.extract(
                    word,
                    buckets.get(length, ()),
                    scorer=OSA.distance,
                    score_cutoff=most,
                    limit=_WITHIN_BUCKET,
                ):
                    if distance and _likely(word, near):
                        found[near] = int(distance)
        order = sorted(found, key=lambda near: (found[near], near[0] != word[0], near))
        return {near: found[near] for near in order[:MOST]}

    def _buckets(self, field: str) -> dict[int, list[str]]:
        if field not in self._by_length:
            buckets: dict[int, list[str]] = defaultdict(list)
            for word in self._db.execute(_WORDS, (field,)).fetchone()[0].split():
                buckets[len(word)].append(word)
            self._by_length[field] = dict(buckets)
        return self._by_length[field]


def _likely(word: str, near: str) -> bool:
    """Among words of three letters everything is near; such a one lost a letter, or doubled it."""
    return len(word) > 3 or (len(near) > 3 and near[0] == word[0])
