"""How many columns text takes, and underlining a spot."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import text_width
from tests import strategies


@pytest.mark.parametrize(
    ("text", "expected"),
    [("abc", 3), ("é", 1), ("e\u0301", 1), ("電話", 4), ("ｘ", 2), ("🦊", 2), ("\u200b\x1b", 0)],
)
def test_line_width_counts_columns(text, expected) -> None:
    """East Asian characters take two columns, accents and hidden characters none."""
    assert text_width.line_width(text) == expected


@pytest.mark.parametrize(
    ("text", "start", "end", "line", "carets"),
    [
        ("list page zwei", 10, 14, "list page zwei", "          ^^^^"),
        ("list", 4, 4, "list", "    ^"),
        ("電話 zwei", 3, 7, "電話 zwei", "\u3000\u3000 ^^^^"),
        ("x 電話", 2, 4, "x 電話", "  ＾＾"),
        ("re\u0301né x", 5, 6, "re\u0301né x", "    ^"),
        ("a\x1bb\u202ec d", 6, 7, "abc d", "    ^"),
        ("abc", -3, 99, "abc", "^^^"),
        ("", 0, 0, "", "^"),
        (
            "who knows where the time goes in the long evening of a day",
            37,
            49,
            "…oes in the long evening of a day",
            "            ^^^^^^^^^^^^",
        ),
    ],
    ids=["words", "end", "after-wide", "wide", "accents", "hidden", "beyond", "nothing", "window"],
)
def test_underline_puts_carets_below_the_spot(text, start, end, line, carets) -> None:
    """The carets also fit behind wide characters and accents, and in a text that is cut."""
    assert text_width.underline(text, start, end, columns=36) == (line, carets)


@settings(max_examples=200)
@given(strategies.text, st.integers(-5, 300), st.integers(-5, 300))
def test_underline_keeps_both_lines_within_the_columns(text, start, end) -> None:
    """A phone would break a longer line, and the carets would miss their spot."""
    line, carets = text_width.underline(text, start, end, columns=36)
    assert text_width.line_width(line) <= 36
    assert text_width.line_width(carets) <= 36
