"""The control routes under `/_sandbox`: inspect and change the fake API from outside.

GET    /_sandbox/faults   every fault and every option, each with a description
POST   /_sandbox/faults   {"down": true, "fail_next": 2, "fail_path": "/extensions"}
                          {"latency": 0.3, "quota": 3, "down": false}
DELETE /_sandbox/faults   switch all faults off
GET    /_sandbox/calls    the latest calls, and counts of all of them
POST   /_sandbox/expire   make all access tokens invalid
POST   /_sandbox/reset    go back to the start
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.faults import CONTROL_PATH, Faults
from bot.sandbox.json_types import JsonObject
from bot.sandbox.vonage.options import OPTION_NAMES
from bot.sandbox.vonage.state import FakeVonage

_CALLS_KEY, _PATH_KEY = "fail_next", "fail_path"


def control_routes() -> list[Route]:
    """The control routes, for an app whose `state.vonage` is a FakeVonage."""
    return [
        Route(f"{CONTROL_PATH}/faults", _list, methods=["GET"]),
        Route(f"{CONTROL_PATH}/faults", _apply_changes, methods=["POST"]),
        Route(f"{CONTROL_PATH}/faults", _all_off, methods=["DELETE"]),
        Route(f"{CONTROL_PATH}/calls", _calls, methods=["GET"]),
        Route(f"{CONTROL_PATH}/expire", _expire, methods=["POST"]),
        Route(f"{CONTROL_PATH}/reset", _reset, methods=["POST"]),
    ]


def apply_changes(vonage: FakeVonage, changes: Mapping[str, object]) -> None:
    """Change faults and options by name: all of them, or none if one is invalid.

    Raises ValueError or TypeError with a message for people.
    """
    calls, path = changes.get(_CALLS_KEY), changes.get(_PATH_KEY, "")
    if not (calls is None or (type(calls) is int and calls > 0)) or not isinstance(path, str):
        raise ValueError(
            f"{_CALLS_KEY} must be a whole number from 1, and {_PATH_KEY} a part of a path."
        )
    not_faults = {*OPTION_NAMES, _CALLS_KEY, _PATH_KEY}
    faults = {name: value for name, value in changes.items() if name not in not_faults}
    options = {name: value for name, value in changes.items() if name in OPTION_NAMES}
    # Everything is checked before anything is changed.
    for name, value in faults.items():
        _check(vonage.faults, name, value)
    for name, value in options.items():
        vonage.options.check(name, value)
    for name, value in options.items():
        vonage.options.change(name, value)
    for name, value in faults.items():
        if value is False:
            vonage.faults.off(name)
        else:
            number = None if value is True else float(str(value))
            vonage.faults.on(name, number, calls=calls, path=path)


def _check(faults: Faults, name: str, value: object) -> None:
    if name not in faults.table:
        raise ValueError(
            f"There's no fault or option {name!r}. GET {CONTROL_PATH}/faults lists them."
        )
    if not isinstance(value, bool | int | float):
        raise TypeError(f"{name} must be true, false or a number.")


def _parse_object(body: bytes) -> JsonObject:
    changes = json.loads(body or b"{}")
    if not isinstance(changes, dict):
        raise TypeError('The body must be a JSON object, such as {"down": true}.')
    return changes


async def _list(request: Request) -> Response:
    vonage: FakeVonage = request.app.state.vonage
    return _pretty({"faults": vonage.faults.describe(), "options": vonage.options.describe()})


async def _apply_changes(request: Request) -> Response:
    vonage: FakeVonage = request.app.state.vonage
    try:
        apply_changes(vonage, _parse_object(await request.body()))
    except (TypeError, ValueError) as error:
        return _pretty({"error": str(error)}, status=400)
    return _pretty({"on": [fault for fault in vonage.faults.describe() if fault["on"]]})


async def _all_off(request: Request) -> Response:
    request.app.state.vonage.faults.off()
    return _pretty({"on": []})


async def _calls(request: Request) -> Response:
    return _pretty(request_counts(request.app.state.vonage))


async def _expire(request: Request) -> Response:
    request.app.state.vonage.tokens.expire()
    return _pretty({"expired": True})


async def _reset(request: Request) -> Response:
    request.app.state.vonage.reset()
    return _pretty({"reset": True})


def request_counts(vonage: FakeVonage) -> JsonObject:
    """Counts of the requests until now, and the latest requests."""
    calls = vonage.calls
    return {
        "total": calls.total,
        "api_calls": calls.api_calls,
        "busiest_minute": calls.busiest_minute,
        "logins": vonage.tokens.logins,
        "refused_logins": vonage.tokens.refused_logins,
        "templates": dict(calls.templates),
        "statuses": {str(status): n for status, n in sorted(calls.statuses.items())},
        "calls": [asdict(call) for call in calls.latest],
    }


def _pretty(content: object, *, status: int = 200) -> Response:
    """Indented JSON, because a person with curl reads it."""
    body = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    return Response(body, status, media_type="application/json")
