"""Rows of a CSV file, read back as extensions."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.csv_format import escape_formula, read_row, unescape_formula
from bot.lookup.export import csv_of
from bot.models import Did, Extension, Handset, Location, Match, User
from tests import strategies
from tests.cards.examples import JOHN, LOCATIONS, NOW, RING_GROUP


def exported(*extensions: Extension) -> list[dict[str, str]]:
    """Return the rows of an export, by header."""
    matches = [Match(extension, NOW) for extension in extensions]
    file = b"".join(piece for piece, _ in csv_of(matches, LOCATIONS))
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(
    "extension",
    [
        JOHN,
        RING_GROUP,
        replace(JOHN, user=User("=1+1", "-Smith"), caller_id="14155550100"),
        replace(JOHN, dids=(Did("14155550100", "Sales; Berlin (2)"), Did("442079460000"))),
        replace(JOHN, handsets=(Handset("Desk (lobby)", "VH1"), Handset("", "VH2"))),
        replace(JOHN, block_caller_id=None, dnd_enabled=True, vtt_enabled=None),
    ],
)
def test_an_exported_row_is_read_back(extension):
    """Every field of an extension survives the CSV file."""
    (row,) = exported(extension)
    assert read_row(row)[0] == extension


def test_a_location_is_read_with_its_zone():
    """Name, id and time zone of the location come back; the file has no city."""
    (row,) = exported(JOHN)
    location = LOCATIONS[JOHN.location_id]
    assert read_row(row)[1] == Location(JOHN.location_id, location.name, location.time_zone)


def test_a_handwritten_row_is_read():
    """People leave out columns and write numbers and switches in their own way."""
    cells = {
        "Extension": " 789 ",
        "First name": "Ann",
        "Location": "Berlin",
        "Direct numbers": "+1 415.555.0100 (Sales); 1 (415) 555-0101",
        "Do Not Disturb": "Yes",
        "Handsets": "Desk",
        "Remark": "new",
    }
    extension, location = read_row(cells)
    assert extension == Extension(
        "789",
        User("Ann"),
        (Did("14155550100", "Sales"), Did("14155550101")),
        (Handset("Desk"),),
        "Berlin",
        dnd_enabled=True,
    )
    assert location == Location("Berlin", "Berlin")


@pytest.mark.parametrize("cells", [{}, {"Extension": " "}, {"First name": "Ann"}])
def test_a_row_without_a_number_is_refused(cells):
    """There is no extension without its number."""
    with pytest.raises(ValueError, match="number"):
        read_row(cells)


def test_a_row_without_a_location_has_none():
    """An extension may belong to no location."""
    assert read_row({"Extension": "55"}) == (Extension("55"), None)


@given(st.text(alphabet="'\"=+-@,;| ab") | strategies.text)
def test_unescaping_gives_back_what_was_escaped(text):
    """The apostrophes that keep a value from being a formula leave no trace."""
    assert unescape_formula(escape_formula(text)) == text


@given(st.dictionaries(st.sampled_from(list(exported(JOHN)[0])), strategies.text))
def test_any_row_is_read_or_refused(cells):
    """Whatever people write in a cell, the row is read or refused."""
    try:
        extension, _ = read_row(cells)
    except ValueError:
        return
    assert extension.number
