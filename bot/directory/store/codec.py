"""Converts models to the text that the database keeps, and back. Pure.

A record is a JSON list of a dataclass's values in their order. The names of the attributes are
left out to save space, because a large directory has many records. `database.VERSION` changes
with the dataclasses, so that no record of another shape is ever read. A checksum follows the JSON,
because a disk that loses one bit can turn a phone number into somebody else's, which is valid JSON.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from types import NoneType
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from bot.models import Extension, Location

T = TypeVar("T")
Convert = Callable[[Any], Any]

_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_CHECKSUM_CHARS = 8


@dataclass(frozen=True, slots=True)
class _Codec(Generic[T]):
    """Turns instances of a dataclass into sequences of their values, and back.

    `decode` raises `ValueError` or `TypeError` for values of another shape.
    """

    encode: Callable[[T], Sequence[Any]]
    decode: Callable[[Any], T]


def _codec(cls: type[T]) -> _Codec[T]:
    """Return the codec of a dataclass with at least two attributes.

    The types of the attributes are examined here, once, and not for each record. An attribute
    that is a dataclass (or `None`) becomes a nested list, a tuple of them a list of lists. With
    one attribute, `attrgetter` would return its value in place of a tuple.
    """
    hints = get_type_hints(cls)
    names = [field.name for field in fields(cls)]  # type: ignore[arg-type]
    length, values_of = len(names), attrgetter(*names)
    nested = [(at, *inner) for at, name in enumerate(names) if (inner := _nested(hints[name]))]

    def encode(instance: T) -> Sequence[Any]:
        values = list(values_of(instance))
        for at, encode_value, _ in nested:
            values[at] = encode_value(values[at])
        return values

    def decode(values: Any) -> T:
        if type(values) is not list or len(values) != length:
            raise ValueError("a record of another shape")
        for at, _, decode_value in nested:
            values[at] = decode_value(values[at])
        return cls(*values)

    return _Codec(encode if nested else values_of, decode)


def _nested(hint: Any) -> tuple[Convert, Convert] | None:
    """Return how an attribute of this type is encoded and decoded; `None` for plain values."""
    inner = [cls for cls in (get_args(hint) or (hint,)) if hasattr(cls, "__dataclass_fields__")]
    if not inner:
        return None
    codec: _Codec[Any] = _codec(inner[0])
    encode, decode = codec.encode, codec.decode
    if NoneType in get_args(hint):
        return (
            lambda instance: None if instance is None else encode(instance),
            lambda values: None if values is None else decode(values),
        )
    return (
        lambda instances: list(map(encode, instances)),
        lambda rows: tuple(map(decode, rows)),
    )


_EXTENSION, _LOCATION = _codec(Extension), _codec(Location)


def extension_text(extension: Extension) -> str:
    """Return an extension as text; equal extensions give equal texts."""
    return with_checksum(_to_json(_EXTENSION.encode(extension)))


def extension(text: str) -> Extension:
    """Return the extension that a text encodes. Raises `ValueError` or `TypeError`."""
    return _EXTENSION.decode(json.loads(without_checksum(text)))


def location_text(location: Location) -> str:
    """Return a location as text."""
    return with_checksum(_to_json(_LOCATION.encode(location)))


def location(text: str) -> Location:
    """Return the location that a text encodes. Raises `ValueError` or `TypeError`."""
    return _LOCATION.decode(json.loads(without_checksum(text)))


def with_checksum(text: str) -> str:
    """Return a text with its checksum behind it."""
    checksum = zlib.crc32(text.encode("utf-8", "surrogatepass"))
    return f"{text}{checksum:0{_CHECKSUM_CHARS}x}"


def without_checksum(text: str) -> str:
    """Return what `with_checksum` was given. Raises `ValueError` or `TypeError`."""
    if type(text) is not str:
        raise TypeError("a record that is no text")
    if with_checksum(content := text[:-_CHECKSUM_CHARS]) != text:
        raise ValueError("a record with another checksum")
    return content
