"""Faults of the documents: each takes the API's document and returns a broken one.

They change the document in place, which is safe because it was made for this one response.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
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

_NEW_NUMBERS = count(1_000_000)


def missing_embedded(document: JsonObject, _value: float) -> JsonObject:
    """Remove `_embedded`."""
    document.pop("_embedded", None)
    return document


def empty_embedded(document: JsonObject, _value: float) -> JsonObject:
    """Make `_embedded` an empty object."""
    if "_embedded" in document:
        document["_embedded"] = {}
    return document


def null_embedded(document: JsonObject, _value: float) -> JsonObject:
    """Make every value in `_embedded` null."""
    embedded = _embedded(document)
    embedded.update(dict.fromkeys(embedded))
    return document


def lone_as_object(document: JsonObject, _value: float) -> JsonObject:
    """Replace a list of one item by the item itself."""
    for key, rows in _embedded(document).items():
        if isinstance(rows, list) and len(rows) == 1:
            _embedded(document)[key] = rows[0]
    return document


def none_as_404(document: JsonObject, _value: float) -> JsonObject:
    """Answer 404 in place of an empty list."""
    if document.get("total_items") == 0:
        raise RequestRefused(ServiceError(404, {"msg": "No extensions found", "status": 404}))
    return document


def none_without_embedded(document: JsonObject, _value: float) -> JsonObject:
    """Remove `_embedded` from an empty list."""
    return missing_embedded(document, 1) if document.get("total_items") == 0 else document


def wrong_total_pages(document: JsonObject, pages: float) -> JsonObject:
    """Change `total_pages` by this many pages."""
    total = document.get("total_pages")
    if isinstance(total, int):
        document["total_pages"] = max(0, total + int(pages))
    return document


def wrong_total_items(document: JsonObject, total: float) -> JsonObject:
    """Make `total_items` this number."""
    if "total_items" in document:
        document["total_items"] = int(total)
    return document


def document_mock(document: JsonObject, _value: float) -> JsonObject:
    """Give a list the counts of the document's example, whatever page was requested."""
    if "total_items" in document:
        document.update(page=1, page_size=10, total_pages=10, total_items=100)
    return document


def total_page(document: JsonObject, _value: float) -> JsonObject:
    """Rename `total_pages` to `total_page`."""
    if "total_pages" in document:
        document["total_page"] = document.pop("total_pages")
    return document


def no_totals(document: JsonObject, _value: float) -> JsonObject:
    """Remove the page number, the totals and the links from a list."""
    for name in ("page", "page_size", "total_pages", "total_items", "_links"):
        document.pop(name, None)
    return document


def new_numbers(document: JsonObject, _value: float) -> JsonObject:
    """Make each row of a list an extension that is in no other row, and remove the counts."""
    if "total_items" in document:
        for record in _records(document):
            record["extension_number"] = str(next(_NEW_NUMBERS))
            record["user"], record["dids"], record["caller_id"] = None, [], None
        no_totals(document, 1)
    return document


def foreign_links(document: JsonObject, _value: float) -> JsonObject:
    """Point the links to a foreign host."""
    links: JsonObject = document.get("_links") or {}
    for link in links.values():
        link["href"] = "https://elsewhere.invalid/" + link["href"].partition("://")[2]
    return document


def numbers_as_strings(document: JsonObject, _value: float) -> JsonObject:
    """Turn every number into a string."""
    return _with_numbers(document, str)


def numbers_as_floats(document: JsonObject, _value: float) -> JsonObject:
    """Give every number a fraction, extension numbers as well."""
    return _with_numbers(_with_extension_numbers(document, float), float)


def extension_as_number(document: JsonObject, _value: float) -> JsonObject:
    """Turn extension numbers into JSON numbers."""
    return _with_extension_numbers(document, int)


def nulls(document: JsonObject, _value: float) -> JsonObject:
    """Make every optional value null; in every second record, the fields of the user instead of the
    user.
    """
    for i, record in enumerate(_records(document)):
        user = record.get("user")
        record.update({key: None for key in record if key != "extension_number"})
        record["user"] = dict.fromkeys(user) if user and i % 2 else None
    return document


def records_without(name: str) -> Callable[[JsonObject, float], JsonObject]:
    """A fault that removes this key from every extension."""

    def change(document: JsonObject, _value: float) -> JsonObject:
        for record in _records(document):
            record.pop(name, None)
        return document

    return change


def no_emails(document: JsonObject, _value: float) -> JsonObject:
    """Remove the email address of every user."""
    for record in _records(document):
        (record.get("user") or {}).pop("email", None)
    return document


def dids_as_strings(document: JsonObject, _value: float) -> JsonObject:
    """Make `dids` a list of strings."""
    for record in _records(document):
        record["dids"] = [did["phone_number"] for did in record.get("dids") or []]
    return document


def dids_as_object(document: JsonObject, _value: float) -> JsonObject:
    """Make `dids` one object, or null."""
    for record in _records(document):
        record["dids"] = next(iter(record.get("dids") or []), None)
    return document


def bad_records(document: JsonObject, every: float) -> JsonObject:
    """Replace one record in every so many by an unreadable one."""
    for rows in _embedded(document).values():
        if isinstance(rows, list):
            for nth, i in enumerate(range(0, len(rows), max(1, int(every)))):
                rows[i] = _BAD_RECORDS[nth % len(_BAD_RECORDS)]
    return document


def without(*names: str) -> Callable[[JsonObject, float], JsonObject]:
    """A fault that removes these keys."""

    def change(document: JsonObject, _value: float) -> JsonObject:
        return {key: value for key, value in document.items() if key not in names}

    return change


def _embedded(document: JsonObject) -> JsonObject:
    embedded: JsonObject = document.get("_embedded") or {}
    return embedded


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
