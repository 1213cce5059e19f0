"""The row of one extension."""

from __future__ import annotations

from bot.cards import extension_row
from bot.cards.terminal import render_text
from bot.models import Match
from tests.cards.checked import buttons_of, checked
from tests.cards.examples import JOHN, LOCATIONS, NOW, RING_GROUP


def test_row_with_a_line_has_a_show_button() -> None:
    """The one button is beside the row."""
    row = extension_row.row_message(Match(JOHN, NOW), locations=LOCATIONS, now=NOW, line="789")
    assert render_text(checked(row)).startswith("John Smith  789  [Show]\n")
    (button,) = buttons_of(row)
    assert button["value"] == '{"v":1,"q":"789"}'
    assert button["accessibility_label"] == "Show John Smith, extension 789"


def test_row_has_name_number_and_place() -> None:
    """A row has who it is, the number, one way to call, and where."""
    row = checked(
        extension_row.row_message(Match(RING_GROUP, NOW - 3600), locations=LOCATIONS, now=NOW)
    )
    assert render_text(row) == (
        "Extension  1001\n"
        "+1 415-555-0111 (Front desk) · and 1 more · Holmdel HQ, Holmdel\n"
        "\n"
        "Read from Vonage 1 hour ago · Sep 21, 2026, 13:13 UTC"
    )
    assert row.text == (
        "Extension 1001, +1 415-555-0111 (Front desk), and 1 more, Holmdel HQ, Holmdel. "
        "Read from Vonage 1 hour ago."
    )
