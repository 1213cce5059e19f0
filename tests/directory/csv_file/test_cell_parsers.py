"""The cells of a CSV file: what people type, and what `export` writes."""

from __future__ import annotations

import pytest

from bot.cards.blocks import join_within
from bot.directory.csv_file import cell_parsers
from bot.directory.csv_file.cell_parsers import BadCell
from bot.limits import (
    MAX_CSV_CELL_CHARS,
    MAX_DIDS_PER_EXTENSION,
    MAX_HANDSETS_PER_EXTENSION,
    MAX_RECORD_TEXT_CHARS,
)
from bot.models import Did, Handset


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("(+1) 415-555-0100", "14155550100"),
        ("(+44) 20 7946 0000", "442079460000"),
        ("+1 (415) 555-0100", "14155550100"),
        ("+14155550100", "14155550100"),
        ("14155550100", "14155550100"),
        ("4155550100", "14155550100"),
        ("(415) 555-0100", "14155550100"),
        (" 415.555.0100 ", "14155550100"),
        ("447700900002", "447700900002"),
        ("0100", "0100"),
        ("555-0100", "555-0100"),
        ("John Smith", "John Smith"),
        ("'+cmd|' /C calc'!A0", "+cmd|' /C calc'!A0"),
        ("(+1) 23", "(+1) 23"),
        ("", ""),
    ],
)
def test_phone_reads_digits_and_keeps_other_text(cell, number):
    """A phone number in any form becomes E.164 digits; what is none stays as it is."""
    assert cell_parsers.phone(cell, "US") == number


def test_phone_without_country_code_is_of_the_region():
    """DEFAULT_REGION decides which country a national number belongs to."""
    assert cell_parsers.phone("020 7946 0000", "GB") == "442079460000"


@pytest.mark.parametrize(
    ("cell", "dids"),
    [
        ("", ()),
        (
            "(+1) 415-555-0111 (Front desk); (+44) 20 7946 0000",
            (Did("14155550111", "Front desk"), Did("442079460000")),
        ),
        ("+1 415-555-0100, +1 415-555-0101", (Did("14155550100"), Did("14155550101"))),
        ("+1 415-555-0100\n+1 415-555-0101", (Did("14155550100"), Did("14155550101"))),
        ("(415) 555-0100 (Sales; Support);415-555-0101", (
            Did("14155550100", "Sales; Support"), Did("14155550101"))),
        ("(+1) 415-555-0100 (Sales (US)); ", (Did("14155550100", "Sales (US)"),)),
        ("(+1) 415-555-0100 (odd (); (+1) 415-555-0101 (b)", (
            Did("14155550100", "odd ("), Did("14155550101", "b"))),
        ("(+1) 415-555-0100 (Hi :), Bob; or Ann); 789 (b)", (
            Did("14155550100", "Hi :), Bob; or Ann"), Did("789", "b"))),
        ("789 (),)", (Did("789", "),"),)),
        ("415-555-0100 (a), 415-555-0101 (b))", (
            Did("14155550100", "a"), Did("14155550101", "b)"))),
        ("+44 (0)20 7946 0000 (Desk)", (Did("442079460000", "Desk"),)),
        ("(+1) 415-555-0100 ('=1+1)", (Did("14155550100", "=1+1"),)),
        ("0100 (2nd floor)", (Did("0100", "2nd floor"),)),
    ],
)  # fmt: skip
def test_dids_reads_lists_with_tags(cell, dids):
    """Several numbers stand in one cell, each with its tag in parentheses."""
    assert cell_parsers.dids(cell, "US") == dids


@pytest.mark.parametrize(
    ("cell", "remedy"),
    [
        ("1.41556E+10", "format the column as text"),
        ("n/a", "leave it empty"),
        ("+1 415-555-0100 (a), none", "leave it empty"),
        ("+1 415-555-0100; and 12 more", "write the missing parts"),
    ],
)
def test_dids_that_cannot_be_read_say_what_to_write(cell, remedy):
    """What a spreadsheet or a long list destroyed is not taken for a number."""
    with pytest.raises(BadCell, match=remedy):
        cell_parsers.dids(cell, "US")


@pytest.mark.parametrize(
    ("cell", "handsets"),
    [
        ("", ()),
        ("line1-VH6370927 (VH16370927)", (Handset("line1-VH6370927", "VH16370927"),)),
        ("Reception; (VH2)", (Handset("Reception"), Handset("", "VH2"))),
        ("Desk (=x)", (Handset("Desk (=x)"),)),
        ("Desk ('=x)", (Handset("Desk", "=x"),)),
        ("line(1)", (Handset("line(1)"),)),
        ("Desk; and 3 more", (Handset("Desk"), Handset("and 3 more"))),
    ],
)
def test_handsets_reads_names_and_sip_ids(cell, handsets):
    """The SIP id stands in parentheses behind the name."""
    assert cell_parsers.handsets(cell) == handsets


def test_handsets_that_export_left_out_are_asked_for():
    """A list that `export` cut at the limit of a cell is refused, since its end is missing."""
    names = [f"line{number}-VH6370927" for number in range(2_000)]
    cell = join_within(names, limit=MAX_CSV_CELL_CHARS, separator="; ")
    with pytest.raises(BadCell, match="write the missing parts"):
        cell_parsers.handsets(cell)


@pytest.mark.parametrize(
    ("cell", "value"), [("on", True), ("YES", True), (" off ", False), ("0", False), ("", None)]
)
def test_switch_reads_on_and_off(cell, value):
    """An empty cell is neither on nor off."""
    assert cell_parsers.switch(cell) is value


def test_switch_with_another_word_is_refused():
    """A typing error is not taken for off."""
    with pytest.raises(BadCell, match="on or off"):
        cell_parsers.switch("onn")


def test_cell_with_too_many_parts_is_bad():
    """The same bounds hold for a file as for an answer of Vonage."""
    number, handset = "+1 415-555-0100", "line1"
    assert cell_parsers.dids("; ".join([number] * MAX_DIDS_PER_EXTENSION), "US")
    assert cell_parsers.handsets("; ".join([handset] * MAX_HANDSETS_PER_EXTENSION))
    assert cell_parsers.text("x" * MAX_RECORD_TEXT_CHARS)
    with pytest.raises(BadCell, match="at most 500 direct numbers"):
        cell_parsers.dids("; ".join([number] * (MAX_DIDS_PER_EXTENSION + 1)), "US")
    with pytest.raises(BadCell, match="at most 200 handsets"):
        cell_parsers.handsets("; ".join([handset] * (MAX_HANDSETS_PER_EXTENSION + 1)))
    with pytest.raises(BadCell, match="at most 1,000 characters"):
        cell_parsers.text("x" * (MAX_RECORD_TEXT_CHARS + 1))
