"""FTS5 expressions: what matches them, tried on a small index."""

from __future__ import annotations

import sqlite3

import pytest

from bot.directory.search import fts, terms
from bot.directory.search.document import COLUMNS, NAMES, row
from bot.directory.search.terms import Term
from bot.models import Did, Extension, User

JOHN, JANE, ROOM = 1, 2, 3
EXTENSIONS = {
    JOHN: Extension(
        "789", User("John", "Smith", "js@example.com", "jsmith"), (Did("14155550100"),)
    ),
    JANE: Extension("790", User("Jane", "Jónsson", "jane@example.com", "johnson")),
    ROOM: Extension("2222", caller_id="John Lennon Room"),
}


@pytest.fixture
def db():
    """An index with two people and a room."""
    db = sqlite3.connect(":memory:")
    fts.create(db)
    for row_id, extension in EXTENSIONS.items():
        fts.put(db, row_id, extension.number, row(extension, None))
    yield db
    db.close()


def ids(db: sqlite3.Connection, expression: str) -> list[int]:
    """Return the ids of the rows that match an expression."""
    return fts.ids_matching(db, expression, 10)


@pytest.mark.parametrize(
    ("text", "columns", "expected"),
    [
        ("john", COLUMNS, [JOHN, ROOM]),
        ("john", NAMES, [JOHN]),
        ("joh", COLUMNS, []),
        ("smith john", NAMES, [JOHN]),
        ("j smith", COLUMNS, [JOHN]),
        ("0100", COLUMNS, []),
    ],
)
def test_whole_words_matches_words_in_full_and_initials_of_names(db, text, columns, expected):
    """A prefix or the ending of a number is no whole word."""
    assert ids(db, fts.whole_words([terms.parse(text)], columns)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("joh", [JOHN, JANE, ROOM]),
        ("jon", [JANE]),
        ("john smith", [JOHN]),
        ("0100", [JOHN]),
        ("4155", []),
        ("smith lennon", []),
        ("j", [JOHN, JANE]),
    ],
)
def test_matching_matches_prefixes_and_number_endings(db, text, expected):
    """Every word must be there, as a prefix too; one letter is a prefix of names only."""
    assert ids(db, fts.matching([terms.parse(text)], COLUMNS)) == expected


def test_matching_excluded_columns_finds_nothing_by_them(db):
    """A column that is not searched neither matches words nor number endings."""
    columns = [name for name in COLUMNS if name not in ("reversed_digits", "caller_id", "login")]
    assert ids(db, fts.matching([terms.parse("0100")], columns)) == []
    assert ids(db, fts.matching([terms.parse("john")], columns)) == [JOHN]


def test_matching_whole_word_matches_no_prefix(db):
    """A part of a split word is not a prefix, or nearly every split would match something."""
    assert ids(db, fts.matching([(Term("joh", whole_word=True),)], COLUMNS)) == []


def test_matching_alternatives_matches_them_in_full_only(db):
    """A nickname stands for a whole name."""
    assert ids(db, fts.matching([(Term("jack", alternatives={"john": 0.7}),)], NAMES)) == [JOHN]
    assert ids(db, fts.matching([(Term("jack", alternatives={"joh": 0.7}),)], NAMES)) == []


def test_matching_several_interpretations_matches_any(db):
    """Each interpretation is a way to read the text."""
    expression = fts.matching([terms.parse("smith"), terms.parse("lennon")], COLUMNS)
    assert ids(db, expression) == [JOHN, ROOM]


def test_excluding_leaves_out_rows_of_other_expressions(db):
    """A layer holds no row of a layer before it."""
    everybody = fts.matching([terms.parse("joh")], COLUMNS)
    by_name = fts.whole_words([terms.parse("john")], NAMES)
    assert ids(db, fts.excluding(everybody, [by_name])) == [JANE, ROOM]
    assert fts.excluding(everybody, []) == everybody


@pytest.mark.parametrize("word", ["and", "or", "not", "near"])
def test_operator_of_fts5_is_searched_as_word(db, word):
    """Somebody can be called Near, and a search for "not" is no error."""
    assert ids(db, fts.matching([terms.parse(word)], COLUMNS)) == []
