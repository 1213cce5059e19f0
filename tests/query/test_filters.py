"""The table of filters, and what their values mean."""

from __future__ import annotations

from dataclasses import fields

import pytest

from bot.errors import QueryError
from bot.fields import FILTERS
from bot.query.filters import filter_argument, filter_texts, nearest_name, unquote
from bot.query.model import Filters
from bot.query.problems import OPEN_QUOTE
from bot.query.text import Line


def argument(text, region="US"):
    """Return the filter in a text of the form `name:value`."""
    name, _, value = text.partition(":")
    start = len(name) + 1
    return filter_argument(Line(text, region), name, 0, (start, start + len(value)))


def test_every_filter_is_a_field_of_the_query():
    """The grammar has the filters that a query can hold, in the same order, and no others."""
    assert list(FILTERS) == [field.name for field in fields(Filters)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("location:Holmdel", "Holmdel"),
        ("email:John@Example.com", "john@example.com"),
        ("phone:(415)555-0100", "14155550100"),
        ("phone:0100", "0100"),
        ("dnd:Yes", True),
        ("voicemail:0", False),
        ("unassigned:on", True),
        ("page:3", 3),
        ("after:8001", "8001"),
    ],
)
def test_value_is_read_by_the_kind_of_filter(text, value):
    """Text stays, emails are in lower case, phone numbers are digits, switches are booleans."""
    assert argument(text).value == value


def test_phone_filter_is_read_for_the_region():
    """A national number means the one with the country code of the region."""
    assert argument("phone:02079460958", "GB").value == "442079460958"


def test_phone_filter_with_spaces_reaches_to_its_last_digit():
    """The value of `phone:` may have spaces without quotes, as phone numbers do."""
    line = Line("phone:+1 415 555 0100 dnd:on")
    parsed = filter_argument(line, "phone", 0, (6, 8))
    assert (parsed.value, line.text[parsed.start : parsed.end]) == (
        "14155550100",
        "phone:+1 415 555 0100",
    )


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("loc", "location"), ("office", "location"), ("vm", "voicemail"), ("color", ""), ("", "")],
)
def test_wrong_filter_name_leads_to_the_nearest(name, nearest):
    """A typo and a name from elsewhere lead to the filter that is meant; other words do not."""
    assert nearest_name(name) == nearest


@pytest.mark.parametrize(
    ("text", "value"),
    [('"Holmdel HQ"', "Holmdel HQ"), ("'Holmdel HQ'", "Holmdel HQ"), ('" a  b "', "a b")],
)
def test_value_is_read_without_quotes(text, value):
    """Quotes of either kind hold a value together and are no part of it."""
    assert unquote(Line(text), 0, len(text)) == value


def test_value_with_open_quote_is_refused():
    """Where a quote is not closed, nobody can say where the value ends."""
    with pytest.raises(QueryError, match=OPEN_QUOTE.message):
        unquote(Line('"Holmdel HQ'), 0, 11)


def test_filters_are_written_as_one_types_them():
    """Every filter that is set is written, in the order of the table, quoted if it must be."""
    filters = Filters(
        location="Holmdel HQ",
        email="a@b.c",
        login="jsmith",
        phone="14155550100",
        tag="R&D",
        dnd=False,
        voicemail=True,
        unassigned=True,
    )
    assert list(filter_texts(filters)) == [
        'location:"Holmdel HQ"',
        "email:a@b.c",
        "login:jsmith",
        "phone:14155550100",
        'tag:"R&D"',
        "dnd:off",
        "voicemail:on",
        "unassigned",
    ]
    assert list(filter_texts(Filters())) == []
