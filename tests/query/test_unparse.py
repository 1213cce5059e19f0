"""Queries written out again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.query import parse
from bot.query.model import Audit, Changes, Filters, List, Name
from bot.query.unparse import unparse
from tests.query.test_properties import outcome, sentences


@pytest.mark.parametrize(
    ("filters", "text"),
    [
        (Filters(), "list page 3"),
        (Filters(location="145214"), "list page 3 location:145214"),
        (Filters(location="Holmdel HQ", dnd=False), 'list page 3 location:"Holmdel HQ" dnd:off'),
        (Filters(tag="R&D", unassigned=True), 'list page 3 tag:"R&D" unassigned'),
    ],
)
def test_a_list_is_written_as_one_would_type_it(filters, text):
    """A page of a list is written with its filters, quoted where they need it."""
    assert unparse(List(filters=filters), page=3) == text


values = st.text(st.sampled_from("ab zé9.,;:'&-()page")).map(str.split).map(" ".join)
filters = st.builds(
    Filters,
    location=values,
    email=values.map(str.lower),
    login=values,
    phone=st.from_regex(r"[0-9]{0,6}", fullmatch=True),
    tag=values,
    dnd=st.none() | st.booleans(),
    voicemail=st.none() | st.booleans(),
    unassigned=st.booleans(),
)


@settings(max_examples=150)
@given(narrowed=filters, page=st.integers(1, 999_999))
def test_what_is_written_reads_back(narrowed, page):
    """A list that is written out means the same list."""
    text = unparse(List(filters=narrowed), page=page)
    if len(text) <= 300:
        query = parse(text)
        assert isinstance(query, List)
        assert (query.page, query.filters) == (page, narrowed)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (Name("john smith"), "john smith page 3"),
        (Name("status", "status"), "who status page 3"),
        (Name("list", "list"), "who list page 3"),
        (Name("audit dnd"), "who audit dnd page 3"),
        (Name("me too"), "me too page 3"),
        (Name("smith, john"), 'who "smith, john" page 3'),
        (Name("Room 12b"), 'who "Room 12b" page 3'),
        (Name("R&D"), "R&D page 3"),
        (Name("1001 Main"), 'who "1001 Main" page 3'),
        (Name("a <b> c"), 'who "@a &lt;b&gt; c" page 3'),
    ],
)
def test_a_page_of_a_name_is_written_as_one_would_type_it(name, text):
    """The shortest line that is no command and no number."""
    assert unparse(name, page=3) == text


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (Changes(), "changes page 2"),
        (Audit("no-did"), "audit no-did page 2"),
    ],
)
def test_pages_of_commands_read_back(asked, text):
    """What admins page through is written as they type it."""
    assert unparse(asked, page=2) == text
    assert parse(text) == replace(asked, page=2)
    assert unparse(Audit(), page=1) == "audit"


@settings(max_examples=400)
@given(text=sentences | st.text(max_size=40), page=st.integers(1, 999_999), quoted=st.booleans())
@example(text="a\n~", page=1, quoted=True)
def test_every_name_reads_back(text, page, quoted):
    """Whatever name somebody asked for, the line for its next page means the same name."""
    name = outcome(f'who is "{text}", please' if quoted else text)
    if isinstance(name, Name):
        line = unparse(name, page=page)
        read = outcome(line)
        if len(line) <= 300:
            assert isinstance(read, Name), line
            assert (read.text, read.login, read.page) == (name.text, name.login, page)
