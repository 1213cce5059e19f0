"""Turns rows of the API's JSON into models. Pure.

Unreadable is not empty: a value of a type that its field cannot have makes the whole record
unreadable, because a card without that value would say something false, such as "nobody is
assigned". What the API is known to vary is accepted, and nothing else:

| field | accepted |
|---|---|
| any | absent or null: no value |
| text | a text, or a number without a fraction (`789`, `789.0`) |
| switch | true, false, 1, 0, also as texts, in any case; a blank text is no value |
| `user` | an object |
| `dids` | a list of objects, texts and numbers, or one object in place of the list |
| `extension_handsets` | a list of objects, or one object in place of the list |
| `address` of a location | an object |
| `extension_number`, a location's `id` | not absent, null or blank |

An object has at least one of the keys that its kind can have; otherwise it is something else, such
as `{"error": "internal"}`. The parts of a record are bounded by `bot.limits`. A record that cannot
be read is skipped and counted; the rest of the page is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any, TypeVar

from bot.fields import Kind, attributes_of
from bot.limits import (
    MAX_DIDS_PER_EXTENSION,
    MAX_HANDSETS_PER_EXTENSION,
    MAX_INTEGER_DIGITS,
    MAX_NUMBER_DIGITS,
    MAX_RECORD_TEXT_CHARS,
)
from bot.models import Did, Extension, Handset, Location, User

T = TypeVar("T")
_SWITCHES = {"true": True, "1": True, "false": False, "0": False, "": None}
_TOO_LONG_INTEGER = 10**MAX_INTEGER_DIGITS


class BadRecord(ValueError):
    """A row that cannot be read."""


def readable(rows: Iterable[Any], read: Callable[[Any], T]) -> tuple[tuple[T, ...], int]:
    """Return the rows that could be read, and how many could not."""
    good: list[T] = []
    bad = 0
    for row in rows:
        try:
            good.append(read(row))
        except BadRecord:
            bad += 1
    return tuple(good), bad


def extension(row: Any, *, number: str = "") -> Extension:
    """Read an EndUserRoute. `number` is used if the row has no key for a number.

    Raises `BadRecord` if the row cannot be read, or has no number of its own and gets none.
    """
    row = _object(row, _EXTENSION_KEYS)
    if number and "extension_number" not in row:
        row = {**row, "extension_number": number}
    values = _values(row, _EXTENSION)
    if not 0 < len(values["number"]) <= MAX_NUMBER_DIGITS:
        raise BadRecord
    return Extension(
        user=_user(row.get("user")),
        dids=_list(row.get("dids"), _did, MAX_DIDS_PER_EXTENSION),
        handsets=_list(row.get("extension_handsets"), _handset, MAX_HANDSETS_PER_EXTENSION),
        **values,
    )


def location(row: Any) -> Location:
    """Read a location. Raises `BadRecord` if the row cannot be read or has no id."""
    row = _object(row, _LOCATION_KEYS)
    address = row.get("address")
    if address is None:
        address = {}
    elif not isinstance(address, dict):
        raise BadRecord
    nested = {f"address.{key}": value for key, value in address.items()}
    values = _values({**row, **nested}, _LOCATION)
    if not values["id"]:
        raise BadRecord
    return Location(**values)


def text(value: Any) -> str:
    """Return a text or an integer as text without outer spaces; empty for null.

    JSON can hold lone surrogates, which UTF-8 cannot: they become question marks. Raises
    `BadRecord` for every other type, and for a text that is too long.
    """
    if type(value) is str:
        if len(value) > MAX_RECORD_TEXT_CHARS:
            raise BadRecord
        # An ASCII text is the usual case, kept fast.
        return (value if value.isascii() else value.encode("utf-8", "replace").decode()).strip()
    if value is None:
        return ""
    if type(value) is float and value.is_integer():  # neither NaN nor infinity is an integer
        value = int(value)
    if type(value) is not int or abs(value) >= _TOO_LONG_INTEGER:
        raise BadRecord
    return str(value)


def switch(value: Any) -> bool | None:
    """Return a switch that may be sent as a boolean, a number or a text; `None` for no value.

    Raises `BadRecord` for all else.
    """
    if value is None or type(value) is bool:  # the usual case, kept fast
        return value
    try:
        return _SWITCHES[text(value).lower()]
    except KeyError:
        raise BadRecord from None


# What to read of a JSON object: each attribute's name, its key in the object, and its reader.
Plan = tuple[tuple[str, str, Callable[[Any], Any]], ...]


def _plan(owner: str) -> Plan:
    """Return the plan of a class in `bot.models`, from the table of fields."""
    return tuple(
        (row.name, row.key, switch if row.kind is Kind.SWITCH else text)
        for row in attributes_of(owner)
    )


_EXTENSION, _USER, _DID = _plan(""), _plan("user"), _plan("dids")
_HANDSET, _LOCATION = _plan("handsets"), _plan("location")


def _keys(plan: Plan, *others: str) -> frozenset[str]:
    return frozenset(chain((key for _, key, _ in plan), others))


_EXTENSION_KEYS = _keys(_EXTENSION, "user", "dids", "extension_handsets")
_USER_KEYS, _HANDSET_KEYS = _keys(_USER, "id"), _keys(_HANDSET)
_DID_KEYS = frozenset({"phone_number"})  # a tag alone is no direct number
_LOCATION_KEYS = _keys(_LOCATION, "address")


def _values(row: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    return {name: read(row.get(key)) for name, key, read in plan}


def _user(value: Any) -> User | None:
    """Read a BasicUser; an object whose values are all null or blank counts as no user."""
    if value is None:
        return None
    value = _object(value, _USER_KEYS)
    user, user_id = User(**_values(value, _USER)), text(value.get("id"))
    if user != User():
        return user
    if user_id:
        raise BadRecord  # somebody is assigned, but the record does not say who
    return None


def _did(value: Any) -> Did | None:
    """Read a DID, or the plain number that some endpoints send in its place."""
    if isinstance(value, dict):
        values = _values(_object(value, _DID_KEYS), _DID)
    else:
        values = {"phone_number": text(value)}
        if value is not None and not any(map(str.isdigit, values["phone_number"])):
            raise BadRecord  # an error message, for example
    values["phone_number"] = values["phone_number"].removeprefix("+")
    return Did(**values) if values["phone_number"] else None


def _handset(value: Any) -> Handset | None:
    if value is None:
        return None
    handset = Handset(**_values(_object(value, _HANDSET_KEYS), _HANDSET))
    return handset if handset != Handset() else None


def _list(value: Any, read: Callable[[Any], T | None], max_items: int) -> tuple[T, ...]:
    """Read a list, or the single object that the API may send in its place.

    Items without a value are left out. Raises `BadRecord` if there are more than `max_items`.
    """
    if value is None:
        return ()
    rows = [value] if isinstance(value, dict) else value
    if not isinstance(rows, list) or len(rows) > max_items:
        raise BadRecord
    return tuple(item for item in map(read, rows) if item is not None)


def _object(value: Any, keys: frozenset[str]) -> dict[str, Any]:
    """Return a JSON object that has one of these keys. Raises `BadRecord` for all else."""
    if not isinstance(value, dict) or keys.isdisjoint(value):
        raise BadRecord
    return value
