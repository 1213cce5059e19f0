"""Faults of the documents: each takes what the API would answer, and answers something worse.

They change the document in place: it was made for this one answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.json_types import JsonObject
from bot.sandbox.request_errors import RequestRefused
from bot.sandbox.vonage.service_errors import ServiceError

_LIST_KEYS = ("extensions", "data")
_SINGLE_KEYS = ("extension", "data")
_BAD_RECORDS: tuple[object, ...] = (
    "not a record",
    None,
    {},
    {"extension_number": None, "dids": "none"},
    17,
    {"extension_number": "none", "user": []},
)


def missing_embedded(document: JsonObject, _value: float) -> JsonObject:
    """Without `_embedded`."""
    document.pop("_embedded", None)
    return document


def empty_embedded(document: JsonObject, _value: float) -> JsonObject:
    """With nothing in `_embedded`."""
    if "_embedded" in document:
        document["_embedded"] = {}
    return document


def null_embedded(document: JsonObject, _value: float) -> JsonObject:
    """With a null for what is in `_embedded`."""
    embedded = _embedded(document)
    embedded.update(dict.fromkeys(embedded))
    return document


def lone_as_object(document: JsonObject, _value: float) -> JsonObject:
    """A list of one is that one."""
    for key, rows in _embedded(document).items():
        if isinstance(rows, list) and len(rows) == 1:
            _embedded(document)[key] = rows[0]
    return document


def none_as_404(document: JsonObject, _value: float) -> JsonObject:
    """A list of none is a 404."""
    if document.get("total_items") == 0:
        raise RequestRefused(ServiceError(404, {"msg": "No extensions found", "status": 404}))
    return document


def none_without_embedded(document: JsonObject, _value: float) -> JsonObject:
    """A list of none has no `_embedded`."""
    return missing_embedded(document, 1) if document.get("total_items") == 0 else document


def wrong_total_pages(document: JsonObject, pages: float) -> JsonObject:
    """`total_pages` is off by so many pages."""
    total = document.get("total_pages")
    if isinstance(total, int):
        document["total_pages"] = max(0, total + int(pages))
    return document


def total_page(document: JsonObject, _value: float) -> JsonObject:
    """`total_pages` goes by another name."""
    if "total_pages" in document:
        document["total_page"] = document.pop("total_pages")
    return document


def no_totals(document: JsonObject, _value: float) -> JsonObject:
    """A list does not say how much of it there is, nor that there is more."""
    for name in ("page", "page_size", "total_pages", "total_items", "_links"):
        document.pop(name, None)
    return document


def foreign_links(document: JsonObject, _value: float) -> JsonObject:
    """The links lead to somebody else's host."""
    links: JsonObject = document.get("_links") or {}
    for link in links.values():
        link["href"] = "https://elsewhere.invalid/" + link["href"].partition("://")[2]
    return document


def numbers_as_strings(document: JsonObject, _value: float) -> JsonObject:
    """Every number is a text."""
    return _with_numbers(document, str)


def numbers_as_floats(document: JsonObject, _value: float) -> JsonObject:
    """Every number has a fraction, extension numbers too."""
    return _with_numbers(_with_extension_numbers(document, float), float)


def extension_as_number(document: JsonObject, _value: float) -> JsonObject:
    """Extension numbers are numbers."""
    return _with_extension_numbers(document, int)


def nulls(document: JsonObject, _value: float) -> JsonObject:
    """Whatever may be left out is null; of every second user, each field by itself."""
    for i, record in enumerate(_records(document)):
        user = record.get("user")
        record.update({key: None for key in record if key != "extension_number"})
        record["user"] = dict.fromkeys(user) if user and i % 2 else None
    return document


def dids_as_strings(document: JsonObject, _value: float) -> JsonObject:
    """`dids` holds plain texts."""
    for record in _records(document):
        record["dids"] = [did["phone_number"] for did in record.get("dids") or []]
    return document


def dids_as_object(document: JsonObject, _value: float) -> JsonObject:
    """`dids` is one object, or null."""
    for record in _records(document):
        record["dids"] = next(iter(record.get("dids") or []), None)
    return document


def bad_records(document: JsonObject, every: float) -> JsonObject:
    """Every so many records, one that cannot be read."""
    for rows in _embedded(document).values():
        if isinstance(rows, list):
            for nth, i in enumerate(range(0, len(rows), max(1, int(every)))):
                rows[i] = _BAD_RECORDS[nth % len(_BAD_RECORDS)]
    return document


def without(*names: str) -> Callable[[JsonObject, float], JsonObject]:
    """A fault that leaves these keys out."""

    def told(document: JsonObject, _value: float) -> JsonObject:
        return {key: value for key, value in document.items() if key not in names}

    return told


def _embedded(document: JsonObject) -> JsonObject:
    found: JsonObject = document.get("_embedded") or {}
    return found


def _records(document: JsonObject) -> list[JsonObject]:
    """The extensions of a document, one or many."""
    embedded = _embedded(document)
    for key in _LIST_KEYS:
        if isinstance(embedded.get(key), list):
            return [row for row in embedded[key] if isinstance(row, dict)]
    return [embedded[key] for key in _SINGLE_KEYS if isinstance(embedded.get(key), dict)]


def _with_extension_numbers(document: JsonObject, kind: Callable[[Any], Any]) -> JsonObject:
    for record in _records(document):
        record["extension_number"] = kind(record["extension_number"])
    return document


def _with_numbers(document: JsonObject, kind: Callable[[int], Any]) -> JsonObject:
    return {key: _converted(value, kind) for key, value in document.items()}


def _converted(value: Any, kind: Callable[[int], Any]) -> Any:
    if isinstance(value, dict):
        return _with_numbers(value, kind)
    if isinstance(value, list):
        return [_converted(item, kind) for item in value]
    return kind(value) if isinstance(value, int) and not isinstance(value, bool) else value
