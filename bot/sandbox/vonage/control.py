"""How the fake API is looked at and turned from outside: everything under `/_sandbox`.

GET    /_sandbox/faults   every fault and every option, with a sentence on each
POST   /_sandbox/faults   {"down": true, "fail_next": 2, "fail_path": "/extensions"}
                          {"latency": 0.3, "quota": 3, "down": false}
DELETE /_sandbox/faults   all faults off
GET    /_sandbox/calls    what was called, and how often
POST   /_sandbox/expire   all access tokens become invalid
POST   /_sandbox/reset    back to the start
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.faults import CONTROL, Faults
from bot.sandbox.vonage.options import OPTION_NAMES
from bot.sandbox.vonage.state import Sandbox

_NEXT, _PATH = "fail_next", "fail_path"


def control_routes() -> list[Route]:
    """The routes of this room, for an app whose `state.sandbox` is a Sandbox."""
    return [
        Route(f"{CONTROL}/faults", _list, methods=["GET"]),
        Route(f"{CONTROL}/faults", _switch, methods=["POST"]),
        Route(f"{CONTROL}/faults", _all_off, methods=["DELETE"]),
        Route(f"{CONTROL}/calls", _calls, methods=["GET"]),
        Route(f"{CONTROL}/expire", _expire, methods=["POST"]),
        Route(f"{CONTROL}/reset", _reset, methods=["POST"]),
    ]


def switch(sandbox: Sandbox, wanted: Mapping[str, object]) -> None:
    """Turn faults and options by name, all or none.

    Raises ValueError or TypeError, in words for a person.
    """
    left, path = wanted.get(_NEXT), wanted.get(_PATH, "")
    if not (left is None or (type(left) is int and left > 0)) or not isinstance(path, str):
        raise ValueError(f"{_NEXT} is a whole number from 1, {_PATH} a part of a path.")
    faults = {n: v for n, v in wanted.items() if n not in {*OPTION_NAMES, _NEXT, _PATH}}
    options = {n: v for n, v in wanted.items() if n in OPTION_NAMES}
    for name, value in faults.items():
        _check(sandbox.faults, name, value)
    for name, value in options.items():
        sandbox.options.check(name, value)
    for name, value in options.items():
        sandbox.options.change(name, value)
    for name, value in faults.items():
        if value is False:
            sandbox.faults.off(name)
        else:
            number = None if value is True else float(str(value))
            sandbox.faults.on(name, number, calls=left, path=path)


def _check(faults: Faults, name: str, value: object) -> None:
    if name not in faults.table:
        raise ValueError(f"There is no fault or option {name!r}. GET {CONTROL}/faults lists all.")
    if not isinstance(value, bool | int | float):
        raise TypeError(f"{name} is true, false or a number.")


def _object(body: bytes) -> dict[str, object]:
    wanted = json.loads(body or b"{}")
    if not isinstance(wanted, dict):
        raise TypeError('The body is a JSON object, such as {"down": true}.')
    return wanted


async def _list(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    return _pretty({"faults": sandbox.faults.listed(), "options": sandbox.options.listed()})


async def _switch(request: Request) -> Response:
    try:
        switch(request.app.state.sandbox, _object(await request.body()))
    except (TypeError, ValueError) as error:
        return _pretty({"error": str(error)}, status=400)
    return _pretty({"on": [f for f in request.app.state.sandbox.faults.listed() if f["on"]]})


async def _all_off(request: Request) -> Response:
    request.app.state.sandbox.faults.off()
    return _pretty({"on": []})


async def _calls(request: Request) -> Response:
    return _pretty(counts(request.app.state.sandbox))


async def _expire(request: Request) -> Response:
    request.app.state.sandbox.tokens.expire()
    return _pretty({"expired": True})


async def _reset(request: Request) -> Response:
    request.app.state.sandbox.reset()
    return _pretty({"reset": True})


def counts(sandbox: Sandbox) -> dict[str, object]:
    """What was called until now."""
    calls = sandbox.calls
    return {
        "total": calls.total,
        "api_calls": calls.api_calls,
        "busiest_minute": calls.busiest_minute,
        "logins": sandbox.tokens.logins,
        "refused_logins": sandbox.tokens.refused_logins,
        "templates": dict(calls.templates),
        "statuses": {str(status): n for status, n in sorted(calls.statuses.items())},
        "calls": [asdict(call) for call in calls.latest],
    }


def _pretty(content: object, *, status: int = 200) -> Response:
    """JSON for the eyes of whoever typed curl."""
    body = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    return Response(body, status, media_type="application/json")
