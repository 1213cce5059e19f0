"""The directory as a CSV file: every field, and no cell that a spreadsheet would run."""

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
from bot.lookup.export import ExportRows, csv_chunks, dialable, safe_cell
from bot.models import Did, Extension, Handset, Match, User
from bot.query import parse
from bot.query.model import Phone
from tests import strategies
from tests.cards.examples import JOHN, LOCATIONS, NOW, RING_GROUP


def exported(*extensions: Extension, **options) -> bytes:
    """Return the CSV file of these extensions."""
    matches = [Match(extension, NOW) for extension in extensions]
    return b"".join(piece for piece, _ in csv_chunks(matches, LOCATIONS, **options))


def rows_of(file: bytes) -> list[list[str]]:
    """Return the cells of the file, as a spreadsheet reads them."""
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))


def test_file_has_a_header_and_a_row_for_each_extension():
    """The file is UTF-8 with the byte order mark that Excel needs, and has a column per field."""
    file = exported(JOHN, RING_GROUP)
    assert file.startswith("\ufeffExtension,First name,Last name,".encode())
    assert file.endswith(b"\r\n")
    headers, john, group = rows_of(file)
    assert dict(zip(headers, john, strict=True)) == {
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
    cells = dict(zip(headers, group, strict=True))
    assert cells["Direct numbers"] == "(+1) 415-555-0111 (Front desk); (+44) 20 7946 0000"
    assert (cells["Caller ID"], cells["Caller ID blocked"]) == ("(+1) 415-555-0111", "yes")
    assert (cells["First name"], cells["Email"], cells["Do Not Disturb"]) == ("", "", "")


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
def test_hidden_field_has_no_column(field):
    """Neither the header nor the values of a hidden field are in the file; all others are."""
    file = exported(JOHN, excluded_fields={field}).decode()
    for other, traces in TRACES.items():
        for trace in traces:
            assert (trace in file) == (other != field), trace


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
def test_safe_text_is_no_formula(value, cell):
    """An apostrophe goes before each value that a spreadsheet would run, and before no other."""
    assert safe_cell(value) == cell


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
def test_phone_number_is_written_so_that_ext_reads_it(number, cell):
    """A phone number in a cell is no sum, and Ext reads it as the same number."""
    assert dialable(number) == cell
    if cell.startswith("("):
        assert isinstance(parse(cell), Phone)


def test_quotes_commas_and_line_breaks_stay_within_their_cell():
    """Cells are quoted as RFC 4180 demands, and hold one line."""
    odd = replace(JOHN, user=User('Jo "J", x', "Müller\nJr"), dids=(Did("1415", 'a "b"'),))
    _, row = rows_of(exported(odd))
    assert row[1:3] == ['Jo "J", x', "Müller Jr"]
    assert row[5] == '1415 (a "b")'


FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@settings(max_examples=200)
@given(
    extensions=st.lists(strategies.extension, max_size=2),
    locations=strategies.locations,
    excluded_fields=strategies.excluded_fields,
)
def test_any_directory_gives_whole_rows_without_formulas(extensions, locations, excluded_fields):
    """Every row has a cell under each header, and no part of a cell begins like a formula."""
    matches = [Match(extension, NOW) for extension in extensions]
    file = b"".join(
        piece for piece, _ in csv_chunks(matches, locations, excluded_fields=excluded_fields)
    )
    headers, *rows = rows_of(file)
    assert len(rows) == len(extensions)
    for row in rows:
        assert len(row) == len(headers)
        for cell in row:
            for part in cell.replace(";", ",").split(","):
                assert not part.lstrip(" \"'`").startswith(FORMULA) or part.lstrip().startswith("'")


def test_long_list_is_cut_to_what_an_excel_cell_holds():
    """A list too long for a cell ends with the number of entries left out."""
    many = replace(JOHN, dids=(Did("14155550100", "x" * 900),) * 200)
    _, row = rows_of(exported(many))
    assert len(row[5]) <= 32_767
    assert row[5].endswith("more")


def test_each_piece_says_how_many_rows_are_written_so_far():
    """The last piece says the number of all rows: none for an empty directory."""
    matches = [Match(JOHN, NOW)] * 120
    assert [count for _, count in csv_chunks(matches, LOCATIONS, chunk=50)] == [50, 100, 120]
    assert [count for _, count in csv_chunks([], {})] == [0]


def test_file_name_has_the_date():
    """Two exports in a folder can be told apart."""
    assert export.file_name(NOW) == "directory 2026-09-21.csv"


async def test_event_loop_runs_while_a_large_file_is_exported():
    """Other tasks run between two pieces, whatever the file's size."""
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
    async for _, count in export.stream_csv_chunks(ExportRows(matches, len(matches), LOCATIONS)):
        pieces.append(count)
    task.cancel()
    assert pieces[-1] == 5_000
    assert turns >= len(pieces) - 1 >= 5_000 / limits.EXPORT_CHUNK_ROWS
