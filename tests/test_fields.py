"""The table of fields: every attribute of the models is read, stored, shown and exported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest

from bot.cards import extension_card, reasons
from bot.directory.search import document
from bot.directory.store import codec, row_filter
from bot.directory.store.snapshot import Snapshot
from bot.fields import (
    ATTRIBUTES,
    CSV_COLUMNS,
    FIELD_OF_FILTER,
    FIELDS,
    FILTERS,
    HIDEABLE,
    SEARCH_COLUMNS,
    Filters,
    Kind,
)
from bot.lookup.export import csv_chunks
from bot.models import Did, Extension, Handset, Location, Match, User
from bot.query import parse
from bot.query.model import List
from bot.vonage import resources

CLASSES = {"": Extension, "user": User, "dids": Did, "handsets": Handset, "location": Location}
CONTAINERS = ("user", "dids", "handsets")  # attributes that hold another class of the models

# The value of each attribute before and after a change; others get a word of their own.
BEFORE = {
    "number": "789",
    "dids.phone_number": "14155550100",
    "location_id": "145214",
    "location.id": "145214",
    "location.time_zone": "America/New_York",
}
AFTER = {
    "number": "790",
    "dids.phone_number": "14155550199",
    "location_id": "145220",
    "location.id": "145220",
    "location.time_zone": "Asia/Tokyo",
}
NOT_ON_CARD = {
    "location.id",  # is the extension's location_id
    "location_id",  # stands in for a location without a name
    "location.country",  # is in the list of locations
}
NOT_IN_CSV = {"location.id", "location.city", "location.country"}


def attribute_paths() -> Iterator[str]:
    """Yield the path of every attribute of the models, as the table names them."""
    for owner, cls in CLASSES.items():
        for attribute in fields(cls):
            if owner or attribute.name not in CONTAINERS:
                yield f"{owner}.{attribute.name}".removeprefix(".")


PATHS = list(attribute_paths())


def value_of(path: str, *, changed: bool) -> Any:
    """Return a value that no other attribute has; a switch is on, and off once changed."""
    owner, _, name = path.rpartition(".")
    if get_type_hints(CLASSES[owner])[name] is not str:
        return not changed
    default = path.replace(".", " ").replace("_", " ")
    special = AFTER if changed else BEFORE
    return special.get(path, default[::-1] if changed else default)


def subject(changed_path: str = "") -> tuple[Extension, Location]:
    """Return an extension and its location, with one attribute changed."""
    values: dict[str, dict[str, Any]] = {owner: {} for owner in CLASSES}
    for path in PATHS:
        owner, _, name = path.rpartition(".")
        values[owner][name] = value_of(path, changed=path == changed_path)
    return (
        Extension(
            **values[""],
            user=User(**values["user"]),
            dids=(Did(**values["dids"]),),
            handsets=(Handset(**values["handsets"]),),
        ),
        Location(**values["location"]),
    )


def card_of(one: Extension, location: Location) -> Any:
    """Return the card of an extension, whatever the id of its location."""
    return extension_card.card_message(
        Match(one, 0.0), locations={one.location_id: location}, now=0.0
    )


def csv_file_of(one: Extension, location: Location) -> bytes:
    """Return the CSV file of one extension."""
    pieces = csv_chunks([Match(one, 0.0)], {one.location_id: location})
    return b"".join(piece for piece, _ in pieces)


def test_every_attribute_of_the_models_has_a_row():
    """An attribute that the table does not know would be stored and never shown."""
    assert set(ATTRIBUTES) == set(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_kind_of_attribute_matches_its_type(path):
    """A text is `str`, a switch `bool | None`."""
    owner, _, name = path.rpartition(".")
    hint = get_type_hints(CLASSES[owner])[name]
    assert (hint, get_args(hint)) == (
        (str, ()) if ATTRIBUTES[path].kind is Kind.TEXT else (hint, (bool, type(None)))
    )


@pytest.mark.parametrize("path", sorted(set(PATHS) - NOT_ON_CARD))
def test_every_attribute_is_on_the_card(path):
    """Changing an attribute changes what the card shows and what a screen reader says."""
    before, after = card_of(*subject()), card_of(*subject(path))
    assert before.blocks != after.blocks
    assert before.text != after.text


@pytest.mark.parametrize("path", sorted(set(PATHS) - NOT_IN_CSV))
def test_every_attribute_is_in_the_csv_file(path):
    """Changing an attribute changes the CSV file."""
    assert csv_file_of(*subject()) != csv_file_of(*subject(path))


@pytest.mark.parametrize("path", PATHS)
def test_every_attribute_survives_the_store(path):
    """The text of a record gives back each attribute, and differs where an attribute does."""
    one, location = subject(path)
    unchanged, its_location = subject()
    assert codec.extension(codec.extension_text(one)) == one
    assert codec.location(codec.location_text(location)) == location
    texts = codec.extension_text(one), codec.location_text(location)
    assert texts != (codec.extension_text(unchanged), codec.location_text(its_location))


@pytest.mark.parametrize("path", PATHS)
def test_every_attribute_is_read_from_the_api(path):
    """The API's object with a value under the attribute's key gives that value."""
    owner, _, name = path.rpartition(".")
    outer, _, inner = ATTRIBUTES[path].key.rpartition(".")
    value = value_of(path, changed=False)
    part: dict[str, Any] = {outer: {inner: value}} if outer else {inner: value}
    if owner == "location":
        read = resources.location({"id": "145214"} | part)
        assert getattr(read, name) == value
        return
    key = {"handsets": "extension_handsets"}.get(owner, owner)
    if owner == "dids":
        part = {"phone_number": "14155550100"} | part
    row = {"extension_number": "789"} | (
        {key: part if owner == "user" else [part]} if key else part
    )
    found: Any = resources.extension(row)
    holder = {"": found, "user": found.user, "dids": found.dids[:1], "handsets": found.handsets[:1]}
    (got,) = holder[owner] if owner in ("dids", "handsets") else (holder[owner],)
    assert getattr(got, name) == value


def test_names_of_fields_filters_and_columns_are_unique():
    """A second row of the same name would hide the first."""
    for names in (
        [field.name for field in FIELDS],
        [row.path for field in FIELDS for row in field.attributes],
        [row.name for field in FIELDS for row in field.filters],
        [column.header for _, column in CSV_COLUMNS],
        [column.name for _, column in SEARCH_COLUMNS],
    ):
        assert len(set(names)) == len(names)


def test_every_card_row_can_be_hidden_and_nothing_else():
    """ADMIN_ONLY_FIELDS takes the names of the rows, in their order."""
    assert tuple(row.key for row in extension_card.ROWS) == HIDEABLE
    assert not {"number", "name"} & set(HIDEABLE)


def test_every_filter_of_the_table_is_an_attribute_of_filters():
    """A filter without an attribute could be neither parsed nor applied."""
    assert set(FILTERS) == {row.name for field in FIELDS for row in field.filters}
    assert list(FILTERS) == [attribute.name for attribute in fields(Filters)]


@pytest.mark.parametrize("name", FILTERS)
def test_every_filter_can_be_typed(name):
    """The example of a filter is read as that filter and nothing else."""
    row = FILTERS[name]
    value = f':"{row.example}"' if row.example else ""
    query = parse(f"list {name}{value}")
    assert isinstance(query, List)
    assert [given.name for given, _ in query.filters.given()] == [name]


SELECTED = {
    "location": ("location_id", "145214"),
    "phone": ("dids.phone_number", "14155550100"),
    "tag": ("dids.custom_tag", "CUSTOM TAG"),
}


@pytest.mark.parametrize(
    "name", [name for name, row in FILTERS.items() if row.kind is not Kind.FLAG]
)
def test_every_filter_selects_by_its_attribute(name):
    """A list finds the extension that has the value, and not the one that has another."""
    row = FILTERS[name]
    path, value = SELECTED.get(name) or (row.path, value_of(row.path, changed=False))
    if row.kind is Kind.TEXT and name not in SELECTED:
        value = value.upper()
    one, _ = subject()
    other, _ = subject(path)
    copy = Snapshot.create(Path("copy.sqlite3"), "an account")
    copy.put([one, replace(other, number="790")], 0.0)
    given: dict[str, Any] = {name: value}
    matches = row_filter.by_filters(Filters(**given)).page(copy, 1, 8).matches
    copy.close()
    assert [match.extension.number for match in matches] == ["789"]


def test_only_filters_of_hideable_fields_tell_a_field():
    """Whoever filters by a hidden field would learn it."""
    assert set(FILTERS) - set(FIELD_OF_FILTER) == {"unassigned"}
    assert set(FIELD_OF_FILTER.values()) <= set(HIDEABLE)


@pytest.mark.parametrize("name", document.COLUMNS)
def test_every_search_column_has_words(name):
    """An extension with all attributes has words in every column of the index."""
    one, location = subject()
    user = User("Zoë", "van Dyck", "zoe@example.com", "zvandyck")
    texts = dict(
        zip(document.COLUMNS, document.row(replace(one, user=user), location), strict=True)
    )
    assert texts[name]


def test_every_searched_field_has_a_reason_or_stands_in_the_row():
    """A row that matched by a field which it does not show says so."""
    listed = {field.name for field in FIELDS if field.in_list}
    searched = {field.name for field, _ in SEARCH_COLUMNS}
    assert set(reasons._REASONS) == searched - listed
