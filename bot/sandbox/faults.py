"""Faults that are switched on and off while a stand-in runs, and the middleware that applies them.

Each service lists its faults in a table of its own. A fault acts at one of five places: it replaces
the response, changes the query that the service reads, changes the document that the service
answers with, changes the bytes of the body, or adds headers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox.json_types import JsonObject

QueryT = TypeVar("QueryT")

ReplaceResponse = Callable[[Request, float], Awaitable[Response | None]]
# The query's type belongs to the service whose table of faults changes it.
ChangeQuery = Callable[[Any, float], Any]
ChangeDocument = Callable[[JsonObject, float], JsonObject]
ChangeBytes = Callable[[bytes, float], AsyncIterator[bytes]]
AddHeaders = Callable[[float], list[tuple[bytes, bytes]]]

CONTROL_PATH = "/_sandbox"
_SCOPE_KEY = "sandbox.applied"


class ConnectionDropped(httpx.RemoteProtocolError):
    """The connection is lost in the middle of a response.

    It is httpx's own error, so that a client sees the same in process and over a socket.
    """


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that can go wrong, from when it is switched on (`Faults.on`).

    The description says what its value means: seconds, a share, a number of rows. Without a
    value, `default_value` is used.

    `paths` are the parts of a path that the fault applies to; empty means every path.
    """

    name: str
    description: str
    default_value: float = 1
    paths: tuple[str, ...] = ()
    replace_response: ReplaceResponse | None = None
    change_query: ChangeQuery | None = None
    change_document: ChangeDocument | None = None
    change_bytes: ChangeBytes | None = None
    add_headers: AddHeaders | None = None


@dataclass(slots=True)
class ActiveFault:
    """A fault that is on. It applies to every request for `path`, or to `calls_left` of them."""

    fault: Fault
    value: float
    calls_left: int | None = None
    path: str = ""

    def applies_to(self, path: str) -> bool:
        """Whether the fault applies to a request for this path."""
        parts = self.fault.paths
        return self.path in path and (not parts or any(part in path for part in parts))


class Faults:
    """The faults of one table, and which of them are on."""

    def __init__(self, table: Mapping[str, Fault]) -> None:
        self.table = table
        self._active: dict[str, ActiveFault] = {}

    def on(
        self, name: str, value: float | None = None, *, calls: int | None = None, path: str = ""
    ) -> None:
        """Switch a fault on, for `calls` requests only and for paths that contain `path` only.

        Raises KeyError for a name that isn't in the table.
        """
        fault = self.table[name]
        fault_value = fault.default_value if value is None else value
        self._active[name] = ActiveFault(fault, fault_value, calls, path)

    def off(self, name: str | None = None) -> None:
        """Switch one fault off, or all of them."""
        if name is None:
            self._active.clear()
        else:
            self._active.pop(name, None)

    def take_for(self, path: str) -> list[ActiveFault]:
        """The faults that apply to one request, in the table's order. Each counts this request."""
        applied = [
            self._active[name]
            for name in self.table
            if name in self._active and self._active[name].applies_to(path)
        ]
        for active in applied:
            if active.calls_left is not None:
                active.calls_left -= 1
                if active.calls_left <= 0:
                    self.off(active.fault.name)
        return applied

    def describe(self) -> list[JsonObject]:
        """Every fault: its name, its description, and whether it is on."""
        return [
            {"name": name, "description": fault.description, **self._state(name)}
            for name, fault in self.table.items()
        ]

    def _state(self, name: str) -> JsonObject:
        active = self._active.get(name)
        if active is None:
            return {"on": False, "value": self.table[name].default_value}
        return {
            "on": True,
            "value": active.value,
            "calls_left": active.calls_left,
            "path": active.path,
        }


def apply_query_faults(request: Request, query: QueryT) -> QueryT:
    """The query after the changes of the faults that apply to this request."""
    for active in active_faults(request.scope):
        if active.fault.change_query:
            query = active.fault.change_query(query, active.value)
    return query


def apply_document_faults(request: Request, document: JsonObject) -> JsonObject:
    """The document after the changes of the faults that apply to this request."""
    for active in active_faults(request.scope):
        if active.fault.change_document:
            document = active.fault.change_document(document, active.value)
    return document


def active_faults(scope: Mapping[str, Any]) -> list[ActiveFault]:
    """The faults that apply to this request, decided once by `FaultMiddleware`."""
    faults: list[ActiveFault] = scope.get(_SCOPE_KEY, [])
    return faults


class _ReadRequest(Request):
    """A request whose body a fault may read before the service does."""

    _is_given = False

    async def receive_again(self) -> Message:
        """ASGI's `receive` for the service: the body that was read, then what comes after it."""
        if not hasattr(self, "_body") or self._is_given:
            return await self.receive()
        self._is_given = True
        return {"type": "http.request", "body": self._body, "more_body": False}


class FaultMiddleware:
    """ASGI middleware that decides once per request which faults apply, and applies them."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, with its faults applied."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL_PATH):
            await self._app(scope, receive, send)
            return
        applied = scope[_SCOPE_KEY] = self._faults.take_for(scope["path"])
        for active in applied:
            if active.fault.change_bytes:
                send = _ChangedBody(send, active.fault.change_bytes, active.value)
            if active.fault.add_headers:
                send = _with_headers(send, active.fault.add_headers(active.value))
        request = _ReadRequest(scope, receive)
        app = await self._replacement(request, applied) or self._app
        await app(scope, request.receive_again, send)

    async def _replacement(self, request: Request, applied: list[ActiveFault]) -> Response | None:
        for active in applied:
            if active.fault.replace_response:
                response = await active.fault.replace_response(request, active.value)
                if response is not None:
                    return response
        return None


def _with_headers(send: Send, headers: list[tuple[bytes, bytes]]) -> Send:
    """ASGI's `send` that adds these headers to the response."""

    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *headers]}
        await send(message)

    return send_with_headers


class _ChangedBody:
    """ASGI's `send`: collects the whole body, then sends the changed bytes in its place."""

    def __init__(self, send: Send, change_bytes: ChangeBytes, value: float) -> None:
        self._send = send
        self._change_bytes = change_bytes
        self._value = value
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(k, v) for k, v in message["headers"] if k != b"content-length"]
            await self._send({**message, "headers": headers})
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        async for part in self._change_bytes(self._body, self._value):
            await self._send({"type": "http.response.body", "body": part, "more_body": True})
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})
