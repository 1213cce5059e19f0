"""Words in plain letters, whatever script, case or accents they have."""

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
def test_normalize_returns_plain_letters(text, folded):
    """Accents, case and punctuation are removed; words stay apart."""
    assert normalize(text) == folded


@given(strategies.text)
def test_normalize_of_normalized_text_changes_nothing(text):
    """Normalizing is idempotent, so stored and typed words can be compared."""
    assert normalize(normalize(text)) == normalize(text)


@given(strategies.text)
def test_pieces_of_any_text_hold_letters_and_digits_only(text):
    """No character is left that FTS5 could take for an operator."""
    for piece in pieces(text):
        for word in (piece.word, piece.respelled, *piece.parts):
            plain = word.isascii() and (not word or word.isalnum()) and word == word.lower()
            assert plain or is_cjk(word)


@pytest.mark.parametrize(
    ("text", "respelt"),
    [("Müller", "mueller"), ("Åse", "aase"), ("Søren", "soeren"), ("Kjær", ""), ("Smith", "")],
)
def test_pieces_of_umlauts_have_respelling(text, respelt):
    """People whose keyboard lacks a letter write it as two."""
    assert pieces(text)[0].respelled == respelt


def test_pieces_of_name_with_apostrophe_have_parts():
    """People write such a name as one word or as two."""
    assert pieces("D'Souza")[0].parts == ("d", "souza")


def test_romanize_cjk_word_returns_one_reading():
    """Kana are romanized as they sound, Chinese characters in Mandarin."""
    assert romanize("たなか") == "tanaka"
    assert romanize("田中") == "tianzhong"
