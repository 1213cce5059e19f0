"""Formulas in the cells of a CSV file."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.csv_format import escape_formula, unescape_formula
from tests import strategies


@given(st.text(alphabet="'\"=+-@,;| ab") | strategies.text)
def test_unescape_of_escaped_text_returns_original(text):
    """The apostrophes that keep a value from being a formula leave no trace."""
    assert unescape_formula(escape_formula(text)) == text
