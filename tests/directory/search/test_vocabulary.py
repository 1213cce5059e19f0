"""The words of the directory, and what a misspelled word is corrected to."""

from __future__ import annotations

import sqlite3

import pytest

from bot import limits
from bot.directory.search import vocabulary
from bot.directory.search.vocabulary import Vocabulary, max_typos

NAMES = ("smith", "schmidt", "johnson", "philip", "ann", "anna", "christopher", "möller")


@pytest.fixture
def db():
    """A database with names and one location."""
    db = sqlite3.connect(":memory:")
    db.execute(vocabulary.SCHEMA)
    vocabulary.add(db, [*((name, "name") for name in NAMES), ("london", "location")])
    yield db
    db.close()


@pytest.mark.parametrize(("word", "typos"), [("jo", 0), ("joh", 1), ("johnso", 1), ("johnson", 2)])
def test_max_typos_grows_with_length(word, typos):
    """Nearly all short words are one typo apart, so they allow fewer."""
    assert max_typos(word) == typos


@pytest.mark.parametrize(
    ("word", "most", "expected"),
    [
        ("smiht", 1, {"smith": 1}),  # two letters swapped
        ("smth", 1, {"smith": 1}),  # one lost
        ("smiith", 1, {"smith": 1}),  # one added
        ("smath", 1, {"smith": 1}),  # one wrong
        ("filip", 1, {"philip": 1}),  # sounds alike
        ("jhonsn", 2, {}),  # two typos in six letters
        ("jhonsson", 2, {"johnson": 2}),
        ("khristopher", 1, {"christopher": 1}),  # sounds alike
        ("lodnon", 1, {}),  # a word of another field
        ("smith1", 1, {}),
        ("ан", 1, {}),
    ],
)
def test_corrections_are_words_within_allowed_typos(db, word, most, expected):
    """A typo is a letter added, lost or wrong, two swapped, or letters that sound alike."""
    assert Vocabulary(db).corrections(word, ["name"], most) == expected


def test_corrections_of_three_letters_must_share_beginning_or_end(db):
    """Every word of three letters is near many others, so only a lost letter is corrected."""
    assert Vocabulary(db).corrections("nna", ["name"], 1) == {"anna": 1}
    assert Vocabulary(db).corrections("amn", ["name"], 1) == {}


def test_corrections_are_likeliest_first_and_limited(db):
    """Fewer typos come first, then words with the same first letter."""
    similar = [f"{letter}iller" for letter in "abcdefghijklmnopqrstuvwxyz"]
    vocabulary.add(db, [(word, "name") for word in similar])
    found = Vocabulary(db).corrections("milller", ["name"], 2)
    assert next(iter(found)) == "miller"
    assert len(found) == limits.MAX_CORRECTIONS
    assert list(found.values()) == sorted(found.values())


def test_corrections_after_change_use_new_words_when_invalidated(db):
    """Words are cached, so a change of the rows must be announced."""
    words = Vocabulary(db)
    assert words.corrections("smiht", ["name"], 1) == {"smith": 1}
    vocabulary.remove(db, [("smith", "name")])
    assert words.corrections("smiht", ["name"], 1) == {"smith": 1}
    words.invalidate()
    assert words.corrections("smiht", ["name"], 1) == {}


def test_present_returns_words_of_field_only(db):
    """The words of a location are not found among the words of names."""
    words = Vocabulary(db)
    assert words.present(["smith", "london", "nobody"]) == {"smith"}
    assert words.present(["smith", "london"], "location") == {"london"}
