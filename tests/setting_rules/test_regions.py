"""Countries: what people write instead of a code is understood."""

from __future__ import annotations

import pytest

from bot.setting_rules.regions import suggest_region


@pytest.mark.parametrize(
    ("text", "region"),
    [
        *(("UK", "GB"), ("u.k.", "GB"), ("England", "GB"), ("Great  Britain", "GB")),
        *(("EN", "US or GB"), ("USA", "US"), ("United States", "US"), ("GER", "DE")),
        *(("Germany", "DE"), ("deutschland", "DE"), ("Holland", "NL"), ("France", "FR")),
        *(("en_US", "US"), ("en-GB.UTF-8", "GB"), ("en_UK", "GB"), ("+44", "GB"), ("1", "US")),
        *(("", ""), ("EU", ""), ("Atlantis", ""), ("999", ""), ("+800", ""), ("7" * 5000, "")),
    ],
)
def test_suggestion_for_a_text(text, region):
    """A name, a three-letter code, a locale or a calling code stands for a country, or nothing."""
    assert suggest_region(text) == region
