"""Words with their positions, and errors that point into a line."""

from __future__ import annotations

import pytest

from bot.query.problems import NOTHING_TO_READ
from bot.query.text import Line, Word, split_words, trim, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("john smith", ["john", "smith"]),
        ("smith,john", ["smith", ",", "john"]),
        ("a; b\nc", ["a", ";", "b", "\n", "c"]),
        ("R&D", ["R&D"]),
        ("R & D", ["R & D"]),
        ("Sales & Marketing", ["Sales", "&", "Marketing"]),
        ("789&790", ["789", "&", "790"]),
        ("<@U1><@U2>", ["<@U1>", "<@U2>"]),
        ('tag:"a, b" c', ['tag:"a, b"', "c"]),
        ('"never closed, but one word', ['"never closed, but one word']),
    ],
)
def test_line_is_split_into_words_and_separators(text, words):
    """Quotes hold words together; commas, semicolons, line breaks and `&` stand alone."""
    assert [word.text for word in words_of(text)] == words
    assert all(text[word.start : word.end] == word.text for word in words_of(text))


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("(789)", "(789)"),
        ("[789]", "789"),
        ('"x789",', "x789"),
        ("789#", "789"),
        ("#789", "#789"),
        ("<@U1>", "<@U1>"),
        ("...", ""),
    ],
)
def test_trimmed_word_keeps_its_position(text, core):
    """A word without the punctuation around it still is a stretch of the line."""
    line = f"who {text} is"
    word = trim(Word(text, 4, 4 + len(text)))
    assert word.text == core
    assert line[word.start : word.end] == core


def test_split_words_leaves_empty_groups_out():
    """Separators beside each other, or at the ends, make no group."""
    groups = split_words(words_of(", a b,, c,"), lambda word: word.text == ",")
    assert [[word.text for word in group] for group in groups] == [["a", "b"], ["c"]]


@pytest.mark.parametrize(
    ("start", "end", "spot"),
    [(4, 12, "list"), (0, 3, "the"), (3, 4, "the list of"), (4, 4, "the list of")],
)
def test_error_spot_is_never_blank(start, end, spot):
    """The spot has no blanks at its ends, and is the whole line where it would be empty."""
    line = Line("the list of")
    error = line.error_at(NOTHING_TO_READ, start, min(end, 9))
    assert error.text[error.start : error.end] == spot
    assert (error.problem, error.example) == NOTHING_TO_READ
