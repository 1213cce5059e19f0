"""The contract of the fake Vonage API: every field that must be there, and no other.

The published document requires nothing, so every response conforms to it. This contract is written
from what the real API returns, for both envelopes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.sandbox.vonage.app import BASE_PATH
from bot.sandbox.vonage.credentials import ACCOUNT_ID

Schema = dict[str, Any]

ACCOUNT = "/api/accounts/{account_id}"


def contract(envelope: str) -> Schema:
    """The OpenAPI document of the API in one of its envelopes: `live` or `document`."""
    one, many = ("extension", "extensions") if envelope == "live" else ("data", "data")
    return {
        "openapi": "3.0.3",
        "info": {"title": f"Fake Vonage API, {envelope} envelope", "version": "1"},
        "servers": [{"url": BASE_PATH}],
        "security": [{"bearer": []}],
        "paths": {
            f"{ACCOUNT}/extensions": _get(
                _listed(many, _extension(envelope, single=False)), _PAGING, refusal="400"
            ),
            f"{ACCOUNT}/extensions/{{extension_number}}": _get(
                _single(one, _extension(envelope, single=True)), [_NUMBER], refusal="404"
            ),
            f"{ACCOUNT}/locations": _get(_single("locations", _array(_LOCATION))),
            f"{ACCOUNT}/locations/{{location_id}}": _get(
                _single("location", _LOCATION), [_LOCATION_ID], refusal="404"
            ),
            ACCOUNT: _get(_single("account", _ACCOUNT)),
        },
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    }


def _object(optional: Schema | None = None, /, **required: Schema) -> Schema:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def _array(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def _pattern(pattern: str) -> Schema:
    return {"type": "string", "pattern": pattern}


def _enum(*values: Any) -> Schema:
    return {"enum": list(values)}


_TEXT: Schema = {"type": "string", "minLength": 1}
_FLAG: Schema = {"type": "boolean"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_FROM_ONE: Schema = {"type": "integer", "minimum": 1}
_NINE_DIGITS: Schema = {**_FROM_ONE, "maximum": 999_999_999}
_E164 = _pattern(r"^[1-9][0-9]{9,14}$")
_HREF = _object(href=_pattern(rf"^http://[^/]+{BASE_PATH}/api/accounts/(self|{ACCOUNT_ID})"))

_ADDRESS = _object(
    address_1=_TEXT,
    address_2={"type": "string", "nullable": True},
    city=_TEXT,
    state=_TEXT,
    country=_pattern(r"^[A-Z]{2}$"),
    postal_code=_TEXT,
    time_zone=_pattern(r"^[A-Z][A-Za-z]+/[A-Za-z_]+$"),
)
_LOCATION = _object(id=_FROM_ONE, name=_TEXT, address=_ADDRESS)
_ACCOUNT = _object(id=_enum(int(ACCOUNT_ID)), name=_TEXT, status=_enum("Active"), address=_ADDRESS)


def _extension(envelope: str, *, single: bool) -> Schema:
    live = envelope == "live"
    user = _object(
        {"email": _pattern(r"^[a-z0-9.-]+@example\.com$")},
        login_name=_TEXT,
        first_name=_TEXT,
        last_name=_TEXT,
        **({"id": _FROM_ONE} if live else {}),
    )
    handset = _object(
        handset_name=_pattern(r"^line[1-9]-VH[0-9]{7}$"), sip_id=_pattern(r"^VH1[0-9]{7}$")
    )
    return _object(
        {"user": user, "caller_id": _TEXT},
        extension_number=_pattern(r"^[0-9]{3,6}$"),
        location_id=_FROM_ONE,
        vtt_enabled=_FLAG,
        dnd_enabled=_FLAG,
        block_caller_id=_FLAG,
        dids=_array(_object({"custom_tag": _TEXT}, phone_number=_E164)),
        extension_handsets=_array(handset),
        **({"external_id": _pattern(r"^[a-z]{3}[0-9]{11}$")} if live else {}),
        **({"service_type_name": _enum("UX")} if live and single else {}),
    )


def _listed(key: str, row: Schema) -> Schema:
    links = _object({"prev": _HREF, "next": _HREF}, first=_HREF, self=_HREF, last=_HREF)
    return _object(
        page_size=_FROM_ONE,
        page=_FROM_ONE,
        total_pages=_COUNT,
        total_items=_COUNT,
        _links=links,
        _embedded=_object(**{key: _array(row, maxItems=200)}),
    )


def _single(key: str, content: Schema) -> Schema:
    return _object(_links=_object(self=_HREF), _embedded=_object(**{key: content}))


_REFUSALS: dict[str, Schema] = {
    "400": _object(
        status=_enum(400),
        title=_TEXT,
        instance=_TEXT,
        invalid_parameters=_array(
            _object(
                name=_enum(
                    "page", "page_size", "location_id", "phone_number", "login_name", "email"
                ),
                reason=_TEXT,
            ),
            minItems=1,
        ),
    ),
    "401": _object(fault=_object(code=_enum(900901, 900902), message=_TEXT, description=_TEXT)),
    "404": _object(msg=_TEXT, status=_enum(404)),
}


def _parameter(where: str, name: str, schema: Schema, *examples: Any) -> Schema:
    return {
        "in": where,
        "name": name,
        "required": where == "path",
        "schema": schema,
        "examples": {str(example): {"value": example} for example in examples},
    }


_NUMBER = _parameter("path", "extension_number", _pattern(r"^[0-9]{3,6}$"), "789", "790", "99999")
_LOCATION_ID = _parameter("path", "location_id", _pattern(r"^[0-9]{1,9}$"), "145214", "1")
_PAGING = [
    _parameter("query", "page", _NINE_DIGITS, 1, 2),
    _parameter("query", "page_size", _NINE_DIGITS, 10, 100),
    _parameter("query", "location_id", _NINE_DIGITS, 145214),
    _parameter("query", "phone_number", _TEXT, "14155550100"),
    _parameter("query", "login_name", _TEXT, "jsmith"),
    _parameter("query", "email", _TEXT, "john.smith@example.com"),
]


def _get(ok: Schema, parameters: Sequence[Schema] = (), *, refusal: str = "401") -> Schema:
    answers = {"200": ok, "401": _REFUSALS["401"], refusal: _REFUSALS[refusal]}
    account = _parameter("path", "account_id", _enum("self", ACCOUNT_ID))
    return {
        "get": {
            "parameters": [account, *parameters],
            "responses": {
                status: {"description": status, "content": _content(status, schema)}
                for status, schema in answers.items()
            },
        }
    }


def _content(status: str, schema: Schema) -> Schema:
    """JSON; for a user of the wrong kind, a line of text."""
    content = {"application/json": {"schema": schema}}
    if status == "401":
        content["text/plain"] = {"schema": _enum("missing user data")}
    return content
