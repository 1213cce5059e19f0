"""Words in plain letters."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.directory.search.normalize import is_cjk, normalize, pieces, romanize
from tests import strategies


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Müller", "muller"),
        ("Mu\u0308ller", "muller"),
        ("Wałęsa", "walesa"),
        ("O'Brien", "obrien"),
        ("O’Brien", "obrien"),
        ("Nguyễn Văn An", "nguyen van an"),
        ("Kjær", "kjaer"),
        ("Đặng", "dang"),
        ("GROẞ Strauß", "gross strauss"),
        ("Anna-Maria", "anna maria"),
        ("smith_john.x@example", "smith john x example"),
        ("田中 美咲", "田中 美咲"),
        ("田中Tanaka", "田中 tanaka"),
        ("ＪＯＨＮ", "john"),
        ("٧٨٩", "789"),
        ("Ольга", "olga"),
        ("İstanbul", "istanbul"),
        ("😀 john 🧑\u200d🚀", "john"),
        ("a\x00b", "a b"),
        ("\ud800", ""),
        ("'", ""),
        ("", ""),
    ],
)
def test_a_text_in_plain_letters(text, folded):
    """Accents, case and signs are gone; words stay apart."""
    assert normalize(text) == folded


@given(strategies.text)
def test_folding_again_changes_nothing(text):
    """What is folded is as it should be."""
    assert normalize(normalize(text)) == normalize(text)


@given(strategies.text)
def test_only_letters_and_digits_are_left(text):
    """So that nothing in an expression of FTS5 is a sign."""
    for piece in pieces(text):
        for word in (piece.word, piece.respelled, *piece.parts):
            plain = word.isascii() and (not word or word.isalnum()) and word == word.lower()
            assert plain or is_cjk(word)


@pytest.mark.parametrize(
    ("text", "respelt"),
    [("Müller", "mueller"), ("Åse", "aase"), ("Søren", "soeren"), ("Kjær", ""), ("Smith", "")],
)
def test_another_spelling_is_known(text, respelt):
    """Of people who lack the key."""
    assert pieces(text)[0].respelled == respelt


def test_a_name_with_an_apostrophe_has_parts():
    """People write it as one word or as two."""
    assert pieces("D'Souza")[0].parts == ("d", "souza")


def test_signs_are_said_as_one_of_their_readers_may():
    """And kana as they are."""
    assert romanize("たなか") == "tanaka"
    assert romanize("田中") == "tianzhong"
