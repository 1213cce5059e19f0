"""A whole CSV file: what it holds, or every bad row with its line number."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.cards.blocks import clean
from bot.directory.csv_file import reader
from bot.errors import InvalidFile
from bot.lookup.export import csv_chunks
from bot.models import Did, Extension, Handset, Location, Match, User
from tests import strategies
from tests.cards.examples import JOHN, LOCATIONS, NOW, RING_GROUP

PEOPLE = """\
Extension,First name,Last name,Email,Direct numbers,Location,Voicemail transcription
789,John,Smith,john.smith@example.com,+1 415-555-0100 (Sales),Holmdel HQ,on
2001,Lobby,,,,Holmdel HQ,
"""


def read(text: str | bytes) -> reader.CsvDirectory:
    """Read a file of an American company."""
    return reader.read(text.encode() if isinstance(text, str) else text, region="US")


def problems(text: str | bytes) -> tuple[str, ...]:
    """What is wrong with a file."""
    with pytest.raises(InvalidFile) as failure:
        read(text)
    return failure.value.problems


def exported(extensions, locations) -> list[list[str]]:
    """The rows of an export, but for the column that says when they were read."""
    matches = [Match(extension, NOW) for extension in extensions]
    content = b"".join(chunk for chunk, _ in csv_chunks(matches, locations))
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [row[:-1] for row in rows]


def test_file_has_extensions_and_locations():
    """A location without an id goes by its name."""
    found = read(PEOPLE)
    assert found.extensions == {
        "789": Extension(
            "789",
            User("John", "Smith", "john.smith@example.com"),
            dids=(Did("14155550100", "Sales"),),
            location_id="Holmdel HQ",
            vtt_enabled=True,
        ),
        "2001": Extension("2001", User("Lobby"), location_id="Holmdel HQ"),
    }
    assert found.locations == (Location("Holmdel HQ", "Holmdel HQ"),)
    assert found.ignored == ()


@pytest.mark.parametrize(
    "text",
    [
        PEOPLE.encode("utf-8-sig"),
        PEOPLE.replace(",", ";"),
        PEOPLE.replace("\n", "\r\n"),
        PEOPLE.replace("789,John", " 789 , John "),
        PEOPLE.replace("Extension,", " EXTENSION ,"),
        PEOPLE.replace("\n2001", "\n,,,,\n\n2001"),
        PEOPLE + "\n ,\n",
    ],
    ids=["bom", "semicolons", "crlf", "spaces", "header", "empty rows", "empty end"],
)
def test_file_in_another_form_reads_the_same(text):
    """Spreadsheets of other countries and editors write the same table otherwise."""
    assert read(text) == read(PEOPLE)


def test_columns_may_be_missing_unknown_or_in_any_order():
    """Only the number is needed; unknown columns are named, so that a typo can be found."""
    found = read("Room,Last name,Fist name,Extension\n12,Smith,John,789\n")
    assert found.extensions == {"789": Extension("789", User("", "Smith"))}
    assert found.ignored == ("Room", "Fist name")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["line 1: there is no column “Extension”"]),
        ("First name,Email\nJohn,j@example.com\n", ["line 1: there is no column “Extension”"]),
        ("Extension,Email,email\n1,a,b\n", ["line 1: there are two columns “Email”"]),
        ("Extension\n", ["The file has no extensions"]),
        ("Extension,Email\nabc,x\n,y\n", ["line 2: “Extension” must", "line 3: “Extension” must"]),
        ("Extension\n789\n790\n789\n", ["line 4: this extension is on line 2 too"]),
        ('Extension,Email\n"1",a\n2,b,c\n', ["line 3: there are more cells than columns"]),
        ('Extension,Login\n"1","a\nb"\n2,c\n1,d\n', ["line 5: this extension is on line 2 too"]),
        ("Extension,Do Not Disturb\n1,perhaps\n", ["line 2: “Do Not Disturb” can't be read"]),
        ("Extension,Direct numbers\n1,1.4E+10\n", ["line 2: “Direct numbers” can't be read"]),
        (
            "Extension,Location,Location id\n1,Holmdel,7\n2,,7\n3,London,7\n",
            ["line 4: this location has another name or time zone on line 2"],
        ),
        ("Extension,First name\n1,Zoë\n".encode("latin-1"), ["line 2: this is not UTF-8"]),
    ],
)
def test_every_bad_row_is_reported_with_its_line(text, expected):
    """All problems come at once, each with what to do."""
    found = problems(text)
    assert len(found) == len(expected)
    for problem, beginning in zip(found, expected, strict=True):
        assert problem.startswith(beginning)


def test_problems_quote_no_cell():
    """Problems reach the log, which must hold nothing personal."""
    text = "Extension,Do Not Disturb,Direct numbers\njohn,on,\n2,mary,\n3,,none of yours\n"
    found = " ".join(problems(text))
    assert len(problems(text)) == 3
    assert not any(word in found for word in ("john", "mary", "yours"))


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
def test_exported_extension_is_read_back(extension):
    """Every field of an extension, and its location, survives the CSV file."""
    text = io.StringIO()
    csv.writer(text).writerows(exported([extension], LOCATIONS))
    found = read(text.getvalue())
    assert found.extensions == {extension.number: extension}
    office = LOCATIONS[extension.location_id]
    assert found.locations == (Location(office.id, office.name, office.time_zone),)


# What a directory can hold and a CSV file keep: extension numbers and direct numbers are
# digits, and no text has the separator of lists in it, which would make it two parts. The tag of
# a direct number has no `)` before a separator and a digit, which end the tag and begin a number.
_short = st.text(max_size=60) | st.sampled_from(
    [text for text in strategies.NASTY if len(text) < 90]
)
_text = _short.map(lambda text: clean(text).replace("; ", ";").strip("; "))
_tag = _text.filter(lambda text: not re.search(r"\).*[;,][ (+]*[0-9]", text))
_digits = st.from_regex(r"1[2-9][0-9]{2}[2-9][0-9]{6}|44[1-9][0-9]{9}|[0-9]{3,6}", fullmatch=True)
_extension = st.builds(
    Extension,
    st.from_regex(r"[0-9]{1,6}", fullmatch=True),
    st.none() | st.builds(User, _text, _text, _text, _text),
    st.lists(st.builds(Did, _digits, _tag), max_size=4).map(tuple),
    st.lists(st.builds(Handset, _text, _text), max_size=4).map(tuple),
    st.sampled_from(["", "145214", "1", "2", "nowhere"]),
    _digits | _text.filter(lambda text: text.strip("0123456789 ().+/-") != ""),
    strategies.switch,
    strategies.switch,
    strategies.switch,
)
_locations = st.fixed_dictionaries(
    {},
    optional={key: st.builds(Location, st.just(key), _text, _text) for key in ("145214", "1", "2")},
)


@given(
    extensions=st.lists(_extension, min_size=1, max_size=4, unique_by=lambda each: each.number),
    locations=_locations,
    delimiter=st.sampled_from(",;"),
)
@example(
    extensions=[Extension("0", None, (), (Handset("(0 ()"), Handset("a (b)"), Handset("()")))],
    locations={},
    delimiter=",",
)
@example(
    extensions=[Extension("0", None, (Did("12002000000", "),"), Did("789", ":), Bob")))],
    locations={},
    delimiter=";",
)
def test_export_of_a_read_export_is_the_same(extensions, locations, delimiter):
    """Export → DIRECTORY_CSV → export changes no cell, whatever the directory holds."""
    rows = exported(extensions, locations)
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    found = read(text.getvalue())
    again = exported(found.extensions.values(), {each.id: each for each in found.locations})
    assert again == rows


@given(
    content=st.binary(max_size=200)
    | _short.map(lambda text: f"Extension,{text}".encode(errors="replace"))
)
def test_any_content_is_read_or_refused(content):
    """No file crashes the reader."""
    with contextlib.suppress(InvalidFile):
        read(content)
