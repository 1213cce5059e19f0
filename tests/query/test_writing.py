"""Queries written out again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.query import Filters, List, parse
from bot.query.writing import typed


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
    assert typed(List(filters=filters), page=3) == text


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


@settings(max_examples=150, deadline=None)
@given(narrowed=filters, page=st.integers(1, 999_999))
def test_what_is_written_reads_back(narrowed, page):
    """A list that is written out means the same list."""
    text = typed(List(filters=narrowed), page=page)
    if len(text) <= 300:
        query = parse(text)
        assert isinstance(query, List)
        assert (query.page, query.filters) == (page, narrowed)
