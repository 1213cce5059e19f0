"""Faults that are switched on and off while a stand-in runs, and the layer where they strike.

What the faults are stands in a table of its own for each service. A fault strikes at one of
four places: it answers instead of the service, changes what the service understands, changes
the document that it answers with, or spoils the bytes on their way out.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.sandbox.vonage.list_query import Question
from bot.sandbox.vonage.serializer import Document

Instead = Callable[[Request, float], Awaitable[Response | None]]
Asked = Callable[[Question, float], Question]
Told = Callable[[Document, float], Document]
Wire = Callable[[bytes, float], AsyncIterator[bytes]]

CONTROL = "/_sandbox"
_STRIKING = "sandbox.striking"


class Dropped(httpx.RemoteProtocolError):
    """The connection is gone in the middle of an answer.

    It is httpx's own error, so that a client sees the same in process and over a socket.
    """


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that can go wrong: `says` what in one sentence; `value` is what plain "on" means.

    `paths` are parts of a path that it can strike, if not all can be.
    """

    name: str
    says: str
    value: float = 1
    paths: tuple[str, ...] = ()
    instead: Instead | None = None
    asked: Asked | None = None
    told: Told | None = None
    wire: Wire | None = None


@dataclass(slots=True)
class Switch:
    """A fault that is on: with which value, for how many more calls, and for which path."""

    fault: Fault
    value: float
    left: int | None = None
    path: str = ""

    def strikes(self, path: str) -> bool:
        """Whether a call of this path is struck."""
        parts = self.fault.paths
        return self.path in path and (not parts or any(part in path for part in parts))


class Faults:
    """Which faults of a table are on."""

    def __init__(self, table: Mapping[str, Fault]) -> None:
        self.table = table
        self._on: dict[str, Switch] = {}

    def on(
        self, name: str, value: float | None = None, *, calls: int | None = None, path: str = ""
    ) -> None:
        """Switch a fault on: for so many `calls` only, for paths that hold `path` only.

        Raises KeyError for a name that is not in the table.
        """
        fault = self.table[name]
        chosen = fault.value if value is None else value
        self._on[name] = Switch(fault, chosen, calls, path)

    def off(self, name: str | None = None) -> None:
        """Switch one fault off, or all."""
        if name is None:
            self._on.clear()
        else:
            self._on.pop(name, None)

    def take(self, path: str) -> list[Switch]:
        """The faults that strike one call, in the order of the table; each counts it."""
        striking = [
            self._on[name]
            for name in self.table
            if name in self._on and self._on[name].strikes(path)
        ]
        for switch in striking:
            if switch.left is not None:
                switch.left -= 1
                if switch.left <= 0:
                    self.off(switch.fault.name)
        return striking

    def listed(self) -> list[dict[str, object]]:
        """Every fault: its name, what it does, and how it is switched."""
        return [
            {"name": name, "says": fault.says, **self._state(name)}
            for name, fault in self.table.items()
        ]

    def _state(self, name: str) -> dict[str, object]:
        switch = self._on.get(name)
        if switch is None:
            return {"on": False, "value": self.table[name].value}
        return {"on": True, "value": switch.value, "left": switch.left, "path": switch.path}


def misread(request: Request, question: Question) -> Question:
    """The question as the faults that strike this call let it be understood."""
    for switch in striking(request.scope):
        if switch.fault.asked:
            question = switch.fault.asked(question, switch.value)
    return question


def retold(request: Request, document: Document) -> Document:
    """The document as the faults that strike this call let it be told."""
    for switch in striking(request.scope):
        if switch.fault.told:
            document = switch.fault.told(document, switch.value)
    return document


def striking(scope: Mapping[str, Any]) -> list[Switch]:
    """The faults that strike this call."""
    found: list[Switch] = scope.get(_STRIKING, [])
    return found


class FaultLayer:
    """ASGI: decides once for each call which faults strike, and lets them strike around it."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call, or spoil its answer, or leave it alone."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self._app(scope, receive, send)
            return
        striking = scope[_STRIKING] = self._faults.take(scope["path"])
        for switch in striking:
            if switch.fault.wire:
                send = _Spoiled(send, switch.fault.wire, switch.value)
        app = await self._instead(Request(scope, receive), striking) or self._app
        await app(scope, receive, send)

    async def _instead(self, request: Request, striking: list[Switch]) -> Response | None:
        for switch in striking:
            if switch.fault.instead:
                answer = await switch.fault.instead(request, switch.value)
                if answer is not None:
                    return answer
        return None


class _Spoiled:
    """ASGI's `send`, spoiling the bytes: it waits for the whole body, and sends it its own way."""

    def __init__(self, send: Send, wire: Wire, value: float) -> None:
        self._send = send
        self._wire = wire
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
        async for part in self._wire(self._body, self._value):
            await self._send({"type": "http.response.body", "body": part, "more_body": True})
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})
