"""The directory as a CSV file: every field, and nothing that a spreadsheet runs."""

from __future__ import annotations

import asyncio
import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import limits
from bot.fields import HIDEABLE
from bot.lookup import export
from bot.lookup.export import ExportRows, csv_of, dialable, safe
from bot.models import Did, Extension, Handset, Match, User
from bot.query import Phone, parse
from tests import strategies
from tests.cards.examples import JOHN, LOCATIONS, NOW, RING_GROUP


def written(*found: Extension, **options) -> bytes:
    """The whole file."""
    matches = [Match(each, NOW) for each in found]
    return b"".join(piece for piece, _ in csv_of(matches, LOCATIONS, **options))


def rows_of(file: bytes) -> list[list[str]]:
    """The file as a spreadsheet reads it."""
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))


def test_a_file_has_every_field():
    """One line of headings, one for each extension, in UTF-8 that Excel knows."""
    file = written(JOHN, RING_GROUP)
    assert file.startswith("\ufeffExtension,First name,Last name,".encode())
    assert file.endswith(b"\r\n")
    headings, john, group = rows_of(file)
    assert dict(zip(headings, john, strict=True)) == {
        "Extension": "789",
        "First name": "John",
        "Last name": "Smith",
        "Email": "john.smith@example.com",
        "Login": "jsmith",
        "Direct numbers": "(+1) 415-555-0100 (My Tag)",
        "Location": "Holmdel HQ",
        "Location id": "145214",
        "Time zone": "America/New_York",
        "Caller ID": "John Smith",
        "Caller ID blocked": "no",
        "Do Not Disturb": "off",
        "Voicemail transcription": "on",
        "Handsets": "line1-VH6370927 (VH16370927)",
        "Read at (UTC)": "2026-09-21T14:13:20Z",
    }
    told = dict(zip(headings, group, strict=True))
    assert told["Direct numbers"] == "(+1) 415-555-0111 (Front desk); (+44) 20 7946 0000"
    assert (told["Caller ID"], told["Caller ID blocked"]) == ("(+1) 415-555-0111", "yes")
    assert (told["First name"], told["Email"], told["Do Not Disturb"]) == ("", "", "")


TRACES = {
    "dids": ("555-0100", "My Tag", "Direct"),
    "email": ("john.smith@", "Email"),
    "location": ("Holmdel", "New_York", "145214", "Location", "Time zone"),
    "dnd": ("Disturb", "off"),
    "login": ("jsmith", "Login"),
    "caller_id": ("Caller",),
    "voicemail": ("oicemail",),
    "handsets": ("line1", "Handsets"),
}


@pytest.mark.parametrize("field", sorted(set(HIDEABLE) - {"slack"}))
def test_a_hidden_field_leaves_no_column(field):
    """Neither its heading nor what stands below it; the others stay."""
    shown = written(JOHN, hide={field}).decode()
    for other, traces in TRACES.items():
        for trace in traces:
            assert (trace in shown) == (other != field), trace


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-2", "'-2"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" =1", "'=1"),
        ('"=1', "'\"=1"),
        ("'=1", "''=1"),
        ("\t=1", "'=1"),
        ("\r=1", "'=1"),
        ("\n=1", "'=1"),
        ("a\r\n=1", "a =1"),
        ("＝1", "'＝1"),
        ("\u200b=1", "'=1"),
        ("Sales; =1", "Sales;' =1"),
        ("Sales,@x", "Sales,'@x"),
        ("O'Brien", "O'Brien"),
        ("Anne-Marie", "Anne-Marie"),
        ("a@example.com", "a@example.com"),
        ("R&D = fun", "R&D = fun"),
        ("", ""),
    ],
)
def test_no_value_is_a_formula(value, cell):
    """What a spreadsheet would run begins with an apostrophe; the rest is as it was."""
    assert safe(value) == cell


@pytest.mark.parametrize(
    ("number", "cell"),
    [
        ("14155550100", "(+1) 415-555-0100"),
        ("+1 415-555-0100", "(+1) 415-555-0100"),
        ("442079460000", "(+44) 20 7946 0000"),
        ("John Smith", "John Smith"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("+1 x", "'+1 x"),
        ("0100", "0100"),
        ("", ""),
    ],
)
def test_a_phone_number_stays_one(number, cell):
    """It is no sum, people can read it, and where it is one Ext can, too."""
    assert dialable(number) == cell
    if cell.startswith("("):
        assert isinstance(parse(cell), Phone)


def test_quotes_and_commas_stay_within_their_cell():
    """As RFC 4180 has it."""
    odd = replace(JOHN, user=User('Jo "J", x', "Müller\nJr"), dids=(Did("1415", 'a "b"'),))
    _, row = rows_of(written(odd))
    assert row[1:3] == ['Jo "J", x', "Müller Jr"]
    assert row[5] == '1415 (a "b")'


FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@settings(max_examples=200)
@given(
    found=st.lists(strategies.extension, max_size=2),
    places=strategies.locations,
    hide=strategies.hide,
)
def test_whatever_the_directory_holds(found, places, hide):
    """Every row has a cell under each heading, and none that begins as a formula does."""
    matches = [Match(each, NOW) for each in found]
    file = b"".join(piece for piece, _ in csv_of(matches, places, hide=hide))
    headings, *rows = rows_of(file)
    assert len(rows) == len(found)
    for row in rows:
        assert len(row) == len(headings)
        for cell in row:
            for part in cell.replace(";", ",").split(","):
                assert not part.lstrip(" \"'`").startswith(FORMULA) or part.lstrip().startswith("'")


def test_a_cell_holds_no_more_than_excel_does():
    """Of a list that is longer, what is left out is counted."""
    many = replace(JOHN, dids=(Did("14155550100", "x" * 900),) * 200)
    _, row = rows_of(written(many))
    assert len(row[5]) <= 32_767
    assert row[5].endswith("more")


def test_pieces_say_how_many_rows_there_are_by_then():
    """The last of them all, an empty directory none."""
    matches = [Match(JOHN, NOW)] * 120
    assert [count for _, count in csv_of(matches, LOCATIONS, chunk=50)] == [50, 100, 120]
    assert [count for _, count in csv_of([], {})] == [0]


def test_a_file_is_named_after_its_day():
    """So that two of them can be told apart."""
    assert export.name(NOW) == "directory 2026-09-21.csv"


async def test_others_work_while_a_large_file_is_written():
    """Between two pieces the event loop is free, whatever the file's size."""
    other = Extension("790", User("Mary", "O'Brien"), handsets=(Handset("x", "y"),))
    matches = [
        Match(replace(other, dids=(Did(f"1415555{n:04d}", "Tag"),)), NOW) for n in range(5_000)
    ]
    turns = 0

    async def counting() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    task = asyncio.create_task(counting())
    pieces = []
    async for _, count in export.written(ExportRows(matches, len(matches), LOCATIONS)):
        pieces.append(count)
    task.cancel()
    assert pieces[-1] == 5_000
    assert turns >= len(pieces) - 1 >= 5_000 / limits.EXPORT_CHUNK_ROWS
