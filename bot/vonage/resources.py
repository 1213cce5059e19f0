"""Raw rows of the API to models. Pure.

Nothing in a row can be relied on: keys are absent, values null, numbers come as texts and
texts as numbers, `dids` as objects or plain texts, a list as its only member. One bad row
costs that row and not the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from bot.models import Did, Extension, Handset, Location, User

T = TypeVar("T")
_SWITCHES = {"true": True, "1": True, "false": False, "0": False}


class BadRecord(ValueError):
    """A row that cannot be read."""


def readable(rows: Iterable[Any], read: Callable[[Any], T]) -> tuple[tuple[T, ...], int]:
    """Return what could be read of some rows, and how many could not."""
    good: list[T] = []
    bad = 0
    for row in rows:
        try:
            good.append(read(row))
        except BadRecord:
            bad += 1
    return tuple(good), bad


def extension(row: Any, *, number: str = "") -> Extension:
    """Read an EndUserRoute. `number` stands in where the row has none.

    Raises `BadRecord` where there is no number at all.
    """
    row = _object(row)
    own_number = text(row.get("extension_number")) or number
    if not own_number:
        raise BadRecord
    return Extension(
        number=own_number,
        user=_user(row.get("user")),
        dids=_each(row.get("dids"), _did),
        handsets=_each(row.get("extension_handsets"), _handset),
        location_id=text(row.get("location_id")),
        caller_id=text(row.get("caller_id")),
        block_caller_id=switch(row.get("block_caller_id")),
        dnd_enabled=switch(row.get("dnd_enabled")),
        vtt_enabled=switch(row.get("vtt_enabled")),
    )


def location(row: Any) -> Location:
    """Read a location. Raises `BadRecord` where it has no id."""
    row = _object(row)
    if not (own_id := text(row.get("id"))):
        raise BadRecord
    address = row.get("address") if isinstance(row.get("address"), dict) else {}
    return Location(
        id=own_id,
        name=text(row.get("name")),
        time_zone=text(address.get("time_zone")),
        city=text(address.get("city")),
        country=text(address.get("country")),
    )


def text(value: Any) -> str:
    """Return a value as text without outer spaces; what is no text or number is nothing.

    JSON can hold halves of characters, which nothing else can.
    """
    if type(value) is str and value.isascii():  # as nearly always, in a large account
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).encode("utf-8", "replace").decode().strip()


def switch(value: Any) -> bool | None:
    """Return a yes or no that may come as a boolean, a number or a text; else `None`."""
    if value is None or type(value) is bool:  # as nearly always, in a large account
        return value
    return _SWITCHES.get(str(value).strip().lower())


def _user(value: Any) -> User | None:
    """Read a BasicUser; one without a single field is as good as none."""
    if not isinstance(value, dict):
        return None
    user = User(
        first_name=text(value.get("first_name")),
        last_name=text(value.get("last_name")),
        email=text(value.get("email")),
        login_name=text(value.get("login_name")),
    )
    return user if user != User() else None


def _did(value: Any) -> Did:
    if not isinstance(value, dict):
        value = {"phone_number": value}
    if not (number := text(value.get("phone_number")).removeprefix("+")):
        raise BadRecord
    return Did(number, text(value.get("custom_tag")))


def _handset(value: Any) -> Handset:
    if not isinstance(value, dict):
        value = {"handset_name": value}
    handset = Handset(text(value.get("handset_name")), text(value.get("sip_id")))
    if handset == Handset():
        raise BadRecord
    return handset


def _each(value: Any, read: Callable[[Any], T]) -> tuple[T, ...]:
    """Read a list, or the only member that stands where a list is meant."""
    if value is None:
        return ()
    return readable(value if isinstance(value, list) else [value], read)[0]


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadRecord
    return value
