"""What is left of a query for an asker who may not search by some fields."""

from __future__ import annotations

import pytest

from bot.directory.searchable import searchable
from bot.errors import NotAllowed
from bot.fields import FIELD_OF_FILTER, FILTERS, HIDEABLE
from bot.query import parse
from bot.query.model import Email, Name, Number

ALL = frozenset(HIDEABLE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("789", Number("789", "789", extension_only=True)),
        ("4155550100", Number("4155550100", "4155550100", extension_only=True)),
        ("+1 415 555 0100", None),
        ("john.smith@example.com", None),
        ("jsmith", Name("jsmith", "", "jsmith")),
        ("john smith", Name("john smith", "", "john smith")),
    ],
)
def test_key_of_excluded_field_is_left_out_of_query(text, expected):
    """Only an extension's own number and its name are searched."""
    assert searchable(parse(text), ALL) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known_by", "excluded", "is_searched"),
    [
        ("email", "email", False),
        ("slack", "email", True),
        ("slack", "slack", False),
        ("email", "slack", True),
        ("", "email", True),
        ("", "slack", True),
    ],
)
def test_address_is_searched_only_if_asker_may_see_what_they_asked_by(
    known_by, excluded, is_searched
):
    """A typed address needs `email`, a Slack user needs `slack`, and oneself needs neither."""
    query = Email("john.smith@example.com", known_by=known_by)
    assert (searchable(query, {excluded}) is not None) is is_searched


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("command", ["list", "export"])
def test_filter_by_excluded_field_is_refused_and_any_other_is_not(command, name):
    """A list of everybody with a login name would reveal that login name."""
    row, field = FILTERS[name], FIELD_OF_FILTER.get(name, "")
    value = f':"{row.example}"' if row.example else ""
    query = parse(f"{command} {name}{value}")
    assert searchable(query, ALL - {field}) == query  # type: ignore[arg-type]
    if field:
        with pytest.raises(NotAllowed) as raised:
            searchable(query, {field})
        assert raised.value.reason == "admins"


def test_locations_are_refused_if_location_is_excluded():
    """The counts of all offices would reveal what no card shows."""
    with pytest.raises(NotAllowed):
        searchable(parse("locations"), {"location"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text", ["789", "4155550100", "a@example.com", "jsmith", "list dnd:on", "locations", "audit"]
)
def test_query_without_excluded_fields_stays_as_it_is(text):
    """Admins search by everything."""
    query = parse(text)
    assert searchable(query, frozenset()) is query  # type: ignore[arg-type]
