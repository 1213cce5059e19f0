"""Faults of single records and single responses: each says something false or unreadable.

A client that believes them would tell people that nobody is assigned, or that somebody has left.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.sandbox.faults import Fault
from bot.sandbox.json_types import JsonObject

_API_PATHS = ("/api/",)
_LISTS, _ONE = ("/extensions", "/locations"), ("/extensions/",)
_RECORD_KEYS = ("extensions", "extension", "data")
_WRONG_TYPES: JsonObject = {
    "extension_number": {"value": 789},
    "location_id": [145214],
    "vtt_enabled": {},
    "dnd_enabled": "maybe",
    "caller_id": True,
    "block_caller_id": [],
    "dids": {"error": "internal"},
    "extension_handsets": "none",
    "user": "John Smith",
}
_NESTED = b"[" * 900 + b"]" * 900


def _change_records(document: JsonObject, changes: JsonObject) -> JsonObject:
    """Change these fields of every extension."""
    embedded: JsonObject = document.get("_embedded") or {}
    for key in _RECORD_KEYS:
        rows = embedded.get(key)
        for row in rows if isinstance(rows, list) else [rows]:
            if isinstance(row, dict):
                row.update(changes)
    return document


def _user_as_text(document: JsonObject, _value: float) -> JsonObject:
    return _change_records(document, {"user": "John Smith"})


def _wrong_types(document: JsonObject, _value: float) -> JsonObject:
    return _change_records(document, _WRONG_TYPES)


def _null_users(document: JsonObject, _value: float) -> JsonObject:
    return _change_records(document, {"user": None})


def _many_dids(document: JsonObject, count: float) -> JsonObject:
    dids = [{"phone_number": f"1415{number:07}"} for number in range(int(count))]
    return _change_records(document, {"dids": dids})


def _error_records(document: JsonObject, _value: float) -> JsonObject:
    embedded: JsonObject = document.get("_embedded") or {}
    for key in _RECORD_KEYS:
        rows = embedded.get(key)
        if isinstance(rows, list):
            embedded[key] = [{"error": "internal"} for _ in rows]
        elif isinstance(rows, dict):
            embedded[key] = {"error": "internal"}
    return document


def _other_extension(document: JsonObject, _value: float) -> JsonObject:
    return _change_records(document, {"extension_number": "000"})


def _zero_items(_document: JsonObject, _value: float) -> JsonObject:
    return {"page": 1, "page_size": 100, "total_pages": 0, "total_items": 0}


async def _not_found(_request: Request, _value: float) -> Response:
    return JSONResponse({"msg": "Extension not found", "status": 404}, 404)


async def _framework_404(request: Request, _value: float) -> Response:
    path = request.url.path
    return JSONResponse({"timestamp": 0, "status": 404, "error": "Not Found", "path": path}, 404)


async def _rows_of_nothing(_body: bytes, megabytes: float) -> AsyncIterator[bytes]:
    rows = b",".join([b"{}"] * int(megabytes * 1_000_000 / 3))
    yield b'{"_embedded":{"extensions":[' + rows + b"]}}"


async def _deeply_nested(_body: bytes, megabytes: float) -> AsyncIterator[bytes]:
    rows = b",".join([_NESTED] * int(megabytes * 1_000_000 / len(_NESTED)))
    yield b'{"_embedded":{"extensions":[' + rows + b"]}}"


def _fault(name: str, description: str, default: float = 1, **act: Any) -> Fault:
    return Fault(name, description, default, **{"paths": _API_PATHS, **act})


RECORD_FAULTS = (
    _fault(
        "not_found", "404 for every extension, as the document says.", paths=_ONE,
        replace_response=_not_found,
    ),
    _fault(
        "framework_404", "404 of a web framework, which doesn't know the path.",
        replace_response=_framework_404,
    ),
    _fault("user_as_text", "`user` is a text.", change_document=_user_as_text),
    _fault("wrong_types", "Every field has a wrong type.", change_document=_wrong_types),
    _fault("null_users", "Every user is null, as if nobody was assigned.",
           change_document=_null_users),
    _fault("many_dids", "Every extension has this many direct numbers.", 20_000,
           change_document=_many_dids),
    _fault("error_records", "Every record is an error.", change_document=_error_records),
    _fault("other_extension", "A single response is about another extension.", paths=_ONE,
           change_document=_other_extension),
    _fault("zero_items", "A single response only says that there are 0 items.", paths=_ONE,
           change_document=_zero_items),
    _fault("rows_of_nothing", "This many megabytes of empty rows.", 7, paths=_LISTS,
           change_bytes=_rows_of_nothing),
    _fault("deeply_nested", "This many megabytes of nested lists.", 7, paths=_LISTS,
           change_bytes=_deeply_nested),
)  # fmt: skip
