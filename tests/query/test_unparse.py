"""The text of a page of a query."""

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
def test_page_of_list_is_text_to_type(filters, text):
    """The text of a page has the filters of the list, quoted if they need it."""
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
@given(filtered=filters, page=st.integers(1, 999_999))
def test_page_of_any_list_reads_back_as_the_list(filtered, page):
    """The text of a page is read as the same list."""
    text = unparse(List(filters=filtered), page=page)
    if len(text) <= 300:
        query = parse(text)
        assert isinstance(query, List)
        assert (query.page, query.filters) == (page, filtered)


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
def test_page_of_name_is_shortest_text_for_it(name, text):
    """The text of a page is the shortest one that is no command and no number."""
    assert unparse(name, page=3) == text


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (Changes(), "changes page 2"),
        (Audit("no-did"), "audit no-did page 2"),
    ],
)
def test_page_of_command_reads_back(query, text):
    """The text of a page of what admins ask is what they type."""
    assert unparse(query, page=2) == text
    assert parse(text) == replace(query, page=2)
    assert unparse(Audit(), page=1) == "audit"


@settings(max_examples=400)
@given(text=sentences | st.text(max_size=40), page=st.integers(1, 999_999), quoted=st.booleans())
@example(text="a\n~", page=1, quoted=True)
@example(text="@ann john@example.com , &", page=1, quoted=True)
@example(text="@ann b@x.com ; &", page=1, quoted=True)
@example(text="@ann a@b ; -", page=1, quoted=True)
@example(text="x789,&_'&", page=1, quoted=True)
@example(text="_me;\n", page=1, quoted=True)
@example(text="/a`|(", page=1, quoted=False)
@example(text="me`\\=", page=1, quoted=True)
@example(text="!`whose,is?{", page=1, quoted=False)
@example(text='page ] " [ ٧', page=1, quoted=True)
@example(text='7 ; > " is', page=1, quoted=True)
@example(text=') ext < " 2', page=1, quoted=True)
@example(text='find>"dnd:on', page=1, quoted=False)
@example(text="A⁻", page=1, quoted=False)
def test_page_of_any_name_reads_back_as_the_name(text, page, quoted):
    """Whatever name somebody asked for, the line for its next page means the same name."""
    name = outcome(f'who is "{text}", please' if quoted else text)
    if isinstance(name, Name):
        line = unparse(name, page=page)
        read = outcome(line)
        if len(line) <= 300:
            assert isinstance(read, Name), line
            assert (read.text, read.login, read.page) == (name.text, name.login, page)
