"""The table of fields: everything that Ext shows, exports, filters, searches or can hide.

`FIELDS` has one row for each thing that an answer can say about an extension. The API client,
the cards, the CSV export, the filters, the database and the search index all iterate over it.
A new text or switch of the API needs an attribute in `models`, a row here (with an attribute of
`Filters`, if lists are to be filtered by it) and a new `directory.store.database.VERSION`. A
field that needs code of its own (the links of direct numbers, the local time of a location) has
a function in the package that needs it, keyed by the field's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, IntEnum
from operator import attrgetter
from typing import Any

from bot.models import Extension, Location


class Kind(Enum):
    """The type of a value. An attribute is a `TEXT` or a `SWITCH`; a filter can be any of them."""

    TEXT = "text"
    SWITCH = "switch"  # True, False, or None if the API did not say: `dnd:on`
    EMAIL = "email"  # lower case
    PHONE = "phone"  # the digits of a phone number, or its last digits
    FLAG = "flag"  # a filter without a value: `unassigned`


class CardPosition(IntEnum):
    """Where a field is on a card. The values are the order of the rows."""

    FIRST = 0  # what people look for most, above the other large rows
    LARGE = 1
    SMALL = 2  # in small text at the bottom


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of the models, and its key in the API's JSON.

    `path` begins at the extension: `caller_id`, `user.email`, `dids.custom_tag`. `location.city`
    is an attribute of the `Location` with the extension's `location_id`. `api_key` is the key in
    the API's object, if it differs from the attribute's name.
    """

    path: str
    kind: Kind = Kind.TEXT
    api_key: str = ""

    @property
    def owner(self) -> str:
        """Return what the attribute belongs to: `user`, `dids`, …, or nothing (the extension)."""
        return self.path.rpartition(".")[0]

    @property
    def name(self) -> str:
        """Return the name of the attribute in its class."""
        return self.path.rpartition(".")[2]

    @property
    def key(self) -> str:
        """Return the key in the API's object."""
        return self.api_key or self.name


@dataclass(frozen=True, slots=True)
class CsvColumn:
    """A column of the CSV file: its header, and the attribute (or list) that its cells hold.

    `on` and `off` are the cell's text if the attribute is a switch.
    """

    header: str
    path: str
    on: str = "on"
    off: str = "off"


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of a list: `email:john.smith@example.com`.

    `phrase` names it in a heading. A name of `suggested_for` is no filter: whoever types one is
    told this filter's name. With a `path`, the database keeps that attribute in a column with the
    filter's name. Without one, the filter has its own SQL condition in `store.row_filter`.
    """

    name: str
    phrase: str
    kind: Kind = Kind.TEXT
    example: str = ""
    path: str = ""
    suggested_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchColumn:
    """A column of the search index; a word found whole in it is worth `weight` (a name: 100).

    A misspelled word can be corrected to a word of a `correctable` column. With a `path`, the
    column holds the words of that attribute. Without one, `search.document` fills it.
    """

    name: str
    weight: float
    correctable: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that an answer can say about an extension.

    `name` is what ADMIN_ONLY_FIELDS calls it. `label` is the heading of its row on a card, and
    `phrase` the same inside a sentence. A field without a `card` row is part of every answer's
    title and cannot be hidden. A field `in_list` is shown in each row of a list, so the list need
    not mention that the search matched it.
    """

    name: str
    label: str
    phrase: str
    attributes: tuple[Attribute, ...] = ()
    card: CardPosition | None = CardPosition.SMALL
    in_list: bool = False
    csv: tuple[CsvColumn, ...] = ()
    filters: tuple[Filter, ...] = ()
    search: tuple[SearchColumn, ...] = ()


# This is the order of the CSV file's columns, and of a card's rows within each `CardPosition`.
# Spreadsheets refer to columns by position: append new fields at the end.
FIELDS = (
    Field(
        "number", "Extension", "extension",
        (Attribute("number", api_key="extension_number"),),
        card=None,
        in_list=True,
        csv=(CsvColumn("Extension", "number"),),
        search=(SearchColumn("number", 90.0, path="number"),),
    ),
    Field(
        "name", "Name", "name",
        (Attribute("user.first_name"), Attribute("user.last_name")),
        card=None,
        in_list=True,
        csv=(CsvColumn("First name", "user.first_name"), CsvColumn("Last name", "user.last_name")),
        filters=(Filter("unassigned", "unassigned", Kind.FLAG),),
        search=(
            SearchColumn("name", 100.0, correctable=True),
            SearchColumn("name_variants", 100.0, correctable=True),
        ),
    ),
    Field(
        "email", "Email", "email",
        (Attribute("user.email"),),
        card=CardPosition.LARGE,
        csv=(CsvColumn("Email", "user.email"),),
        filters=(Filter("email", "email", Kind.EMAIL, "john.smith@example.com", "user.email"),),
        search=(SearchColumn("email", 70.0, correctable=True),),
    ),
    Field(
        "login", "Login", "login",
        (Attribute("user.login_name"),),
        csv=(CsvColumn("Login", "user.login_name"),),
        filters=(
            Filter(
                "login", "login", Kind.TEXT, "jsmith", "user.login_name", ("user", "username")
            ),
        ),
        search=(SearchColumn("login", 72.0),),
    ),
    Field(
        "dids", "Direct number", "direct number",
        (Attribute("dids.phone_number"), Attribute("dids.custom_tag")),
        card=CardPosition.FIRST,
        csv=(CsvColumn("Direct numbers", "dids"),),
        filters=(
            Filter(
                "phone", "phone", Kind.PHONE, "14155550100", suggested_for=("did", "number", "tel")
            ),
            Filter("tag", "tag", Kind.TEXT, "Sales", suggested_for=("label",)),
        ),
        search=(
            SearchColumn("tags", 80.0, correctable=True),
            SearchColumn("reversed_digits", 78.0),
        ),
    ),
    Field("slack", "Slack", "on Slack", card=CardPosition.LARGE),
    Field(
        "location", "Location", "location",
        (
            Attribute("location_id"),
            Attribute("location.id"),
            Attribute("location.name"),
            Attribute("location.time_zone", api_key="address.time_zone"),
            Attribute("location.city", api_key="address.city"),
            Attribute("location.country", api_key="address.country"),
        ),
        card=CardPosition.LARGE,
        in_list=True,
        csv=(
            CsvColumn("Location", "location.name"),
            CsvColumn("Location id", "location_id"),
            CsvColumn("Time zone", "location.time_zone"),
        ),
        filters=(
            Filter(
                "location", "location", Kind.TEXT, "Holmdel HQ", suggested_for=("office", "site")
            ),
        ),
        search=(SearchColumn("location", 60.0, correctable=True),),
    ),
    Field(
        "caller_id", "Caller ID", "caller ID",
        (Attribute("caller_id"), Attribute("block_caller_id", Kind.SWITCH)),
        csv=(
            CsvColumn("Caller ID", "caller_id"),
            CsvColumn("Caller ID blocked", "block_caller_id", on="yes", off="no"),
        ),
        search=(SearchColumn("caller_id", 50.0, correctable=True),),
    ),
    Field(
        "dnd", "Do Not Disturb", "Do Not Disturb",
        (Attribute("dnd_enabled", Kind.SWITCH),),
        card=CardPosition.LARGE,
        csv=(CsvColumn("Do Not Disturb", "dnd_enabled"),),
        filters=(Filter("dnd", "Do Not Disturb", Kind.SWITCH, "on", "dnd_enabled"),),
    ),
    Field(
        "voicemail", "Voicemail transcription", "voicemail transcription",
        (Attribute("vtt_enabled", Kind.SWITCH),),
        csv=(CsvColumn("Voicemail transcription", "vtt_enabled"),),
        filters=(
            Filter(
                "voicemail", "voicemail transcription", Kind.SWITCH, "off", "vtt_enabled", ("vm",)
            ),
        ),
    ),
    Field(
        "handsets", "Handsets", "handsets",
        (Attribute("handsets.handset_name"), Attribute("handsets.sip_id")),
        csv=(CsvColumn("Handsets", "handsets"),),
        search=(SearchColumn("handsets", 40.0),),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a list: one attribute for each filter of the table.

    Headings and pagers repeat them in this order. A filter that is not given is an empty text, a
    switch that is `None`, or a flag that is false.
    """

    location: str = ""
    email: str = ""
    login: str = ""
    phone: str = ""
    tag: str = ""
    dnd: bool | None = None
    voicemail: bool | None = None
    unassigned: bool = False

    def __bool__(self) -> bool:
        """Whether any filter is given."""
        return self != Filters()

    def given(self) -> Iterator[tuple[Filter, Any]]:
        """Yield the filters that are given, with their values."""
        for name, row in FILTERS.items():
            value = getattr(self, name)
            if value not in ("", None) and not (row.kind is Kind.FLAG and not value):
                yield row, value


# The rows of a card, in their order. Only these fields can be hidden by ADMIN_ONLY_FIELDS.
CARD_FIELDS = tuple(
    sorted((field for field in FIELDS if field.card is not None), key=lambda field: field.card or 0)
)
HIDEABLE = tuple(field.name for field in CARD_FIELDS)

ATTRIBUTES = {row.path: row for field in FIELDS for row in field.attributes}
CSV_COLUMNS = tuple((field, column) for field in FIELDS for column in field.csv)
SEARCH_COLUMNS = tuple((field, column) for field in FIELDS for column in field.search)

_FILTERS = {row.name: row for field in FIELDS for row in field.filters}
FILTERS = {name: _FILTERS[name] for name in Filters.__dataclass_fields__}
# The field that a filter reveals: the answer to `login:jsmith` shows who has that login, even if
# no row says so. Filters on fields that cannot be hidden are left out.
FIELD_OF_FILTER = {row.name: field.name for field in CARD_FIELDS for row in field.filters}


def attributes_of(owner: str) -> tuple[Attribute, ...]:
    """Return the attributes of an owner: `user`, `dids`, …, or empty for the extension itself."""
    return tuple(row for row in ATTRIBUTES.values() if row.owner == owner)


def getter(path: str) -> Callable[[Extension, Location | None], Any]:
    """Return the function that reads one attribute of an extension, its user or its location.

    If the user or location is missing, a text is empty and a switch `None`. Raises `KeyError` for
    an attribute that the table doesn't have, or that an extension can have several of.
    """
    row = ATTRIBUTES[path]
    read, missing = attrgetter(row.name), "" if row.kind is Kind.TEXT else None
    match row.owner:
        case "":
            return lambda extension, _: read(extension)
        case "user":
            return lambda extension, _: read(extension.user) if extension.user else missing
        case "location":
            return lambda _, location: read(location) if location else missing
    raise KeyError(path)
