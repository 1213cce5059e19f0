"""Replies in the shapes that the API is known to give."""

from __future__ import annotations

import json
from typing import Any

import httpx

JOHN: dict[str, Any] = {
    "extension_number": "789",
    "location_id": 145214,
    "vtt_enabled": True,
    "dnd_enabled": False,
    "caller_id": "John Smith",
    "block_caller_id": False,
    "dids": [{"phone_number": "14155550100", "custom_tag": "My Tag"}],
    "extension_handsets": [{"handset_name": "line1-VH6370927", "sip_id": "VH16370927"}],
    "user": {
        "email": "john.smith@example.com",
        "login_name": "jsmith",
        "first_name": "John",
        "last_name": "Smith",
    },
}

# As live accounts give one without a user: the key is absent.
ROOM: dict[str, Any] = {
    "extension_number": "2222",
    "location_id": 1111111,
    "vtt_enabled": False,
    "dnd_enabled": False,
    "caller_id": "14155550100",
    "block_caller_id": False,
    "dids": [],
    "extension_handsets": [{"handset_name": "line1-ABC123", "sip_id": "ABC123"}],
}


def live_list(
    *rows: Any, page: int = 1, pages: int = 1, total: int | None = None
) -> dict[str, Any]:
    """A page of the list as live accounts answer."""
    return {
        "page_size": 100,
        "page": page,
        "total_pages": pages,
        "total_items": len(rows) if total is None else total,
        "_links": {"self": {"href": "https://elsewhere.example/accounts/1/extensions?page=1"}},
        "_embedded": {"extensions": list(rows)},
    }


def live_one(row: Any) -> dict[str, Any]:
    """One extension as live accounts answer."""
    return {"_links": {"self": {"href": "…"}}, "_embedded": {"extension": row}}


def documented(row: Any) -> dict[str, Any]:
    """One extension, or a list, as the published document has it."""
    return {"_embedded": {"data": row}, "page": 1, "total_pages": 1, "total_items": 1}


def reply(status: int, body: Any = b"", **headers: str) -> httpx.Response:
    """An HTTP answer; anything but bytes is sent as JSON. `retry_after` names a header."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, content=content, headers=named)


def fault(code: int, *, flat: bool = False) -> dict[str, Any]:
    """A refusal of the gateway, in the shape of its older or newer release."""
    if flat:
        return {"code": str(code), "message": "No", "description": "No"}
    return {"fault": {"code": code, "message": "No", "description": "No"}}
