"""Faults of the documents: each takes what the API would answer, and answers something worse.

They change the document in place: it was made for this one answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.sandbox.refusals import Refused
from bot.sandbox.vonage.serializer import Document
from bot.sandbox.vonage.service_errors import ServiceAnswer

_LISTS = ("extensions", "data")
_ONE = ("extension", "data")
_BAD_RECORDS: tuple[object, ...] = (
    "not a record",
    None,
    {},
    {"extension_number": None, "dids": "none"},
    17,
    {"extension_number": "none", "user": []},
)


def missing_embedded(document: Document, _value: float) -> Document:
    """Without `_embedded`."""
    document.pop("_embedded", None)
    return document


def empty_embedded(document: Document, _value: float) -> Document:
    """With nothing in `_embedded`."""
    if "_embedded" in document:
        document["_embedded"] = {}
    return document


def null_embedded(document: Document, _value: float) -> Document:
    """With a null for what is in `_embedded`."""
    embedded = _embedded(document)
    embedded.update(dict.fromkeys(embedded))
    return document


def lone_as_object(document: Document, _value: float) -> Document:
    """A list of one is that one."""
    for key, rows in _embedded(document).items():
        if isinstance(rows, list) and len(rows) == 1:
            _embedded(document)[key] = rows[0]
    return document


def none_as_404(document: Document, _value: float) -> Document:
    """A list of none is a 404."""
    if document.get("total_items") == 0:
        raise Refused(ServiceAnswer(404, {"msg": "No extensions found", "status": 404}))
    return document


def none_without_embedded(document: Document, _value: float) -> Document:
    """A list of none has no `_embedded`."""
    return missing_embedded(document, 1) if document.get("total_items") == 0 else document


def wrong_total_pages(document: Document, pages: float) -> Document:
    """`total_pages` is off by so many pages."""
    total = document.get("total_pages")
    if isinstance(total, int):
        document["total_pages"] = max(0, total + int(pages))
    return document


def total_page(document: Document, _value: float) -> Document:
    """`total_pages` goes by another name."""
    if "total_pages" in document:
        document["total_page"] = document.pop("total_pages")
    return document


def no_totals(document: Document, _value: float) -> Document:
    """A list does not say how much of it there is, nor that there is more."""
    for name in ("page", "page_size", "total_pages", "total_items", "_links"):
        document.pop(name, None)
    return document


def foreign_links(document: Document, _value: float) -> Document:
    """The links lead to somebody else's host."""
    links: dict[str, Any] = document.get("_links") or {}  # type: ignore[assignment]
    for link in links.values():
        link["href"] = "https://elsewhere.invalid/" + link["href"].partition("://")[2]
    return document


def numbers_as_strings(document: Document, _value: float) -> Document:
    """Every number is a text."""
    return _with_numbers(document, str)


def numbers_as_floats(document: Document, _value: float) -> Document:
    """Every number has a fraction, extension numbers too."""
    return _with_numbers(_with_extension_numbers(document, float), float)


def extension_as_number(document: Document, _value: float) -> Document:
    """Extension numbers are numbers."""
    return _with_extension_numbers(document, int)


def nulls(document: Document, _value: float) -> Document:
    """Whatever may be left out is null; of every second user, each field by itself."""
    for i, record in enumerate(_records(document)):
        user = record.get("user")
        record.update({key: None for key in record if key != "extension_number"})
        record["user"] = dict.fromkeys(user) if user and i % 2 else None
    return document


def dids_as_strings(document: Document, _value: float) -> Document:
    """`dids` holds plain texts."""
    for record in _records(document):
        record["dids"] = [did["phone_number"] for did in record.get("dids") or []]
    return document


def dids_as_object(document: Document, _value: float) -> Document:
    """`dids` is one object, or null."""
    for record in _records(document):
        record["dids"] = next(iter(record.get("dids") or []), None)
    return document


def bad_records(document: Document, every: float) -> Document:
    """Every so many records, one that cannot be read."""
    for rows in _embedded(document).values():
        if isinstance(rows, list):
            for nth, i in enumerate(range(0, len(rows), max(1, int(every)))):
                rows[i] = _BAD_RECORDS[nth % len(_BAD_RECORDS)]
    return document


def without(*names: str) -> Callable[[Document, float], Document]:
    """A fault that leaves these keys out."""

    def told(document: Document, _value: float) -> Document:
        return {key: value for key, value in document.items() if key not in names}

    return told


def _embedded(document: Document) -> dict[str, Any]:
    found: dict[str, Any] = document.get("_embedded") or {}  # type: ignore[assignment]
    return found


def _records(document: Document) -> list[dict[str, Any]]:
    """The extensions of a document, one or many."""
    embedded = _embedded(document)
    for key in _LISTS:
        if isinstance(embedded.get(key), list):
            return [row for row in embedded[key] if isinstance(row, dict)]
    return [embedded[key] for key in _ONE if isinstance(embedded.get(key), dict)]


def _with_extension_numbers(document: Document, kind: Callable[[Any], Any]) -> Document:
    for record in _records(document):
        record["extension_number"] = kind(record["extension_number"])
    return document


def _with_numbers(document: Document, kind: Callable[[int], Any]) -> Document:
    return {key: _numbers(value, kind) for key, value in document.items()}


def _numbers(value: Any, kind: Callable[[int], Any]) -> Any:
    if isinstance(value, dict):
        return _with_numbers(value, kind)
    if isinstance(value, list):
        return [_numbers(item, kind) for item in value]
    return kind(value) if isinstance(value, int) and not isinstance(value, bool) else value
