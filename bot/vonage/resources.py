"""Turns rows of the API's JSON into models. Pure.

Nothing in a row can be relied on: keys may be absent and values null, numbers may be sent as
texts and texts as numbers, `dids` as objects or plain texts, and a single object in place of a
list. A row that cannot be read is skipped and counted; the rest of the page is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from bot.fields import Kind, attributes_of
from bot.models import Did, Extension, Handset, Location, User

T = TypeVar("T")
_SWITCHES = {"true": True, "1": True, "false": False, "0": False}


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
    """Read an EndUserRoute. `number` is used if the row has no number of its own.

    Raises `BadRecord` if there is no number at all.
    """
    row = _object(row)
    values = _values(row, _EXTENSION)
    values["number"] = values["number"] or number
    if not values["number"]:
        raise BadRecord
    return Extension(
        user=_user(row.get("user")),
        dids=_list(row.get("dids"), _did),
        handsets=_list(row.get("extension_handsets"), _handset),
        **values,
    )


def location(row: Any) -> Location:
    """Read a location. Raises `BadRecord` if it has no id."""
    row = _object(row)
    address = row.get("address") if isinstance(row.get("address"), dict) else {}
    nested = {f"address.{key}": value for key, value in address.items()}
    values = _values({**row, **nested}, _LOCATION)
    if not values["id"]:
        raise BadRecord
    return Location(**values)


def text(value: Any) -> str:
    """Return a value as text without outer spaces; empty for anything but a text or a number.

    JSON can hold lone surrogates, which UTF-8 cannot: they become question marks.
    """
    if type(value) is str and value.isascii():  # the usual case, kept fast
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).encode("utf-8", "replace").decode().strip()


def switch(value: Any) -> bool | None:
    """Return a switch that may be sent as a boolean, a number or a text; `None` for all else."""
    if value is None or type(value) is bool:  # the usual case, kept fast
        return value
    return _SWITCHES.get(str(value).strip().lower())


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


def _values(row: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    return {name: read(row.get(key)) for name, key, read in plan}


def _user(value: Any) -> User | None:
    """Read a BasicUser; an object without any value counts as no user."""
    if not isinstance(value, dict):
        return None
    user = User(**_values(value, _USER))
    return user if user != User() else None


def _did(value: Any) -> Did:
    if not isinstance(value, dict):
        value = {"phone_number": value}
    values = _values(value, _DID)
    values["phone_number"] = values["phone_number"].removeprefix("+")
    if not values["phone_number"]:
        raise BadRecord
    return Did(**values)


def _handset(value: Any) -> Handset:
    if not isinstance(value, dict):
        value = {"handset_name": value}
    handset = Handset(**_values(value, _HANDSET))
    if handset == Handset():
        raise BadRecord
    return handset


def _list(value: Any, read: Callable[[Any], T]) -> tuple[T, ...]:
    """Read a list, or the single member that the API may send in its place."""
    if value is None:
        return ()
    return readable(value if isinstance(value, list) else [value], read)[0]


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadRecord
    return value
