"""The table of fields: everything that Ext shows, exports, filters, searches or can hide.

`FIELDS` has one row for each thing that an answer can say about an extension. The API client,
the cards, the CSV export, the filters, the database and the search index all iterate over it.
A new text or switch of the API needs an attribute in `models`, a row here, and a new
`store.database.VERSION`. A field that needs code of its own (the links of direct numbers, the
local time of a location) has a function in the package that needs it, keyed by the field's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from operator import attrgetter
from typing import Any, Final, Literal

from bot.models import Extension, Location

TEXT: Final = "text"
SWITCH: Final = "switch"  # True, False, or None where the API did not say
PHONE: Final = "phone"  # digits of a phone number, or of its end
FLAG: Final = "flag"  # a filter without a value: it is given or not

Kind = Literal["text", "switch"]
FilterKind = Literal["text", "switch", "phone", "flag"]


class CardPosition(IntEnum):
    """How a field stands on a card, in the order of the rows."""

    FIRST = 0  # the most wanted one, above the other large rows
    LARGE = 1
    SMALL = 2  # in small text at the bottom


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of the models, and where the API sends it.

    `path` begins at the extension: `caller_id`, `user.email`, `dids.custom_tag`. `location.city`
    is the `Location` of the extension's `location_id`. `api_key` is the key in the API's object,
    where it is not the attribute's own name.
    """

    path: str
    kind: Kind = TEXT
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

    `on` and `off` are what a cell says of a switch.
    """

    header: str
    path: str
    on: str = "on"
    off: str = "off"


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of a list: `email:john.smith@example.com`.

    `phrase` names it in a heading. With a `path` the database keeps that attribute in a column
    of the filter's name; without, `store.row_filter` has a condition for it.
    """

    name: str
    kind: FilterKind
    example: str = ""
    phrase: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class SearchColumn:
    """A column of the search index; a word found whole in it is worth `weight` (a name: 100).

    Typed words can be corrected to the words of `correctable` columns. With a `path` the column
    holds the words of that attribute; without, `search.document` writes it.
    """

    name: str
    weight: float
    correctable: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that an answer can say about an extension.

    `name` is what ADMIN_ONLY_FIELDS calls it. `label` is the heading of its row on a card, and
    `phrase` the same inside a sentence. Fields without a `card` row stand in the head of every
    answer and cannot be hidden. Those `in_list` stand in each row of a list, which therefore
    need not say that they matched.
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


# The CSV file has its columns in this order; a card has first, large and small rows in it.
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
        filters=(Filter("unassigned", FLAG, phrase="unassigned"),),
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
        filters=(Filter("email", TEXT, "john.smith@example.com", "email", "user.email"),),
        search=(SearchColumn("email", 70.0, correctable=True),),
    ),
    Field(
        "login", "Login", "login",
        (Attribute("user.login_name"),),
        csv=(CsvColumn("Login", "user.login_name"),),
        filters=(Filter("login", TEXT, "jsmith", "login", "user.login_name"),),
        search=(SearchColumn("login", 72.0),),
    ),
    Field(
        "dids", "Direct number", "direct number",
        (Attribute("dids.phone_number"), Attribute("dids.custom_tag")),
        card=CardPosition.FIRST,
        csv=(CsvColumn("Direct numbers", "dids"),),
        filters=(
            Filter("phone", PHONE, "14155550100", "phone"),
            Filter("tag", TEXT, "Sales", "tag"),
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
        filters=(Filter("location", TEXT, "Holmdel HQ", "location"),),
        search=(SearchColumn("location", 60.0, correctable=True),),
    ),
    Field(
        "caller_id", "Caller ID", "caller ID",
        (Attribute("caller_id"), Attribute("block_caller_id", SWITCH)),
        csv=(
            CsvColumn("Caller ID", "caller_id"),
            CsvColumn("Caller ID blocked", "block_caller_id", on="yes", off="no"),
        ),
        search=(SearchColumn("caller_id", 50.0, correctable=True),),
    ),
    Field(
        "dnd", "Do Not Disturb", "Do Not Disturb",
        (Attribute("dnd_enabled", SWITCH),),
        card=CardPosition.LARGE,
        csv=(CsvColumn("Do Not Disturb", "dnd_enabled"),),
        filters=(Filter("dnd", SWITCH, "on", "Do Not Disturb", "dnd_enabled"),),
    ),
    Field(
        "voicemail", "Voicemail transcription", "voicemail transcription",
        (Attribute("vtt_enabled", SWITCH),),
        csv=(CsvColumn("Voicemail transcription", "vtt_enabled"),),
        filters=(Filter("voicemail", SWITCH, "off", "voicemail transcription", "vtt_enabled"),),
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
    """What a list is filtered by: one attribute for each filter of the table, in typing order.

    A text is empty, a switch `None` and a flag false where the filter is not given.
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
            if value not in ("", None) and not (row.kind == FLAG and not value):
                yield row, value


# The views of the table that the packages use, computed once.

# The rows of a card, in order; their names are those that ADMIN_ONLY_FIELDS takes.
CARD_FIELDS = tuple(
    sorted((field for field in FIELDS if field.card is not None), key=lambda field: field.card or 0)
)
HIDEABLE = tuple(field.name for field in CARD_FIELDS)

ATTRIBUTES = {row.path: row for field in FIELDS for row in field.attributes}
CSV_COLUMNS = tuple((field, column) for field in FIELDS for column in field.csv)
SEARCH_COLUMNS = tuple((field, column) for field in FIELDS for column in field.search)

_FILTERS = {row.name: row for field in FIELDS for row in field.filters}
FILTERS = {name: _FILTERS[name] for name in Filters.__dataclass_fields__}
# Which field a filter tells about; filters about what nobody can hide are left out.
FIELD_OF_FILTER = {
    row.name: field.name for field in CARD_FIELDS for row in field.filters
}  # fmt: skip


def attributes_of(owner: str) -> tuple[Attribute, ...]:
    """Return the attributes of an owner: `user`, `dids`, …, or empty for the extension itself."""
    return tuple(row for row in ATTRIBUTES.values() if row.owner == owner)


def getter(path: str) -> Callable[[Extension, Location | None], Any]:
    """Return the function that reads an attribute that an extension has once.

    Raises `KeyError` where the table has no such attribute. A text of a missing user or location
    is empty, a switch `None`.
    """
    row = ATTRIBUTES[path]
    read, missing = attrgetter(row.name), "" if row.kind == TEXT else None
    match row.owner:
        case "":
            return lambda extension, _: read(extension)
        case "user":
            return lambda extension, _: read(extension.user) if extension.user else missing
        case "location":
            return lambda _, location: read(location) if location else missing
    raise KeyError(path)
