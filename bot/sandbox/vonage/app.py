"""The fake Vonage API: what the real one answers, for a company that is invented.

A call's way: `CallLayer` notes it, `FaultLayer` lets what is switched on strike, the route is
found, `Sandbox.admit` does what the gateway does (token, quota, user, account), and one of the
short functions at the end of this file answers.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox.calls import CallLayer
from bot.sandbox.company import offices
from bot.sandbox.company.entries import Entry
from bot.sandbox.faults import FaultLayer, misread, retold
from bot.sandbox.refusals import Refused
from bot.sandbox.vonage import gateway, serializer
from bot.sandbox.vonage.control import control_routes
from bot.sandbox.vonage.list_query import read
from bot.sandbox.vonage.options import Options
from bot.sandbox.vonage.serializer import Document
from bot.sandbox.vonage.service_errors import not_found
from bot.sandbox.vonage.state import Clock, Sandbox

BASE_PATH = "/t/vbc.prod/provisioning"
TOKEN_PATH = "/token"  # noqa: S105 - a path
WSO2_TOKEN_PATH = "/t/vbc.prod/oauth2/token"  # noqa: S105 - a path
FORM = "application/x-www-form-urlencoded"


def create_vonage(
    options: Options | None = None,
    *,
    entries: list[Entry] | None = None,
    faults: Mapping[str, float | None] | None = None,
    clock: Clock = time.time,
) -> Starlette:
    """The fake API as an ASGI app; `app.state.sandbox` is its Sandbox."""
    sandbox = Sandbox(options, entries=entries, faults=faults, clock=clock)
    app = Starlette(
        routes=[
            Route(TOKEN_PATH, _token, methods=["POST"]),
            Route(WSO2_TOKEN_PATH, _token, methods=["POST"]),
            *_api_routes(BASE_PATH),
            *_api_routes(f"{BASE_PATH}/v1"),
            *control_routes(),
        ],
        middleware=[
            Middleware(CallLayer, calls=sandbox.calls),
            Middleware(FaultLayer, faults=sandbox.faults),
        ],
        exception_handlers={Refused: _refused, HTTPException: _no_route},
    )
    app.router.redirect_slashes = False
    app.state.sandbox = sandbox
    return app


def _api_routes(base: str) -> list[Route]:
    account = f"{base}/api/accounts/{{account_id}}"
    return [
        Route(account, _admitted(_account)),
        Route(f"{account}/extensions", _admitted(_extensions)),
        Route(f"{account}/extensions/{{extension_number}}", _admitted(_extension)),
        Route(f"{account}/locations", _admitted(_locations)),
        Route(f"{account}/locations/{{location_id}}", _admitted(_location)),
    ]


def _admitted(
    answer: Callable[[Sandbox, Request], Document],
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint that the gateway stands in front of, and whose documents faults may change."""

    async def endpoint(request: Request) -> Response:
        sandbox: Sandbox = request.app.state.sandbox
        sandbox.admit(request)
        return JSONResponse(retold(request, answer(sandbox, request)))

    return endpoint


async def _token(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    body = (await request.body()).decode("utf-8", "replace")
    is_form = request.headers.get("content-type", "").partition(";")[0].strip() == FORM
    form = dict(parse_qsl(body, keep_blank_values=True)) if is_form else {}
    basic = request.headers.get("authorization", "") if request.url.path != TOKEN_PATH else ""
    document = retold(request, sandbox.tokens.issue(form, basic=basic))
    return JSONResponse(document, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


def _extensions(sandbox: Sandbox, request: Request) -> Document:
    asked = request.query_params.multi_items()
    question = read(asked, sandbox.options, asked_before=sandbox.lists_asked)
    sandbox.lists_asked += 1
    return serializer.listed(
        sandbox.book.page(misread(request, question)),
        envelope=sandbox.options.envelope,
        url=_url(request),
        filters=question.filters,
    )


def _extension(sandbox: Sandbox, request: Request) -> Document:
    question = read((), sandbox.options, asked_before=0)
    name = request.path_params["extension_number"]
    entry = sandbox.book.one(name, by=misread(request, question).by)
    if entry is None:
        raise not_found("Extension")
    return serializer.single(entry, envelope=sandbox.options.envelope, url=_url(request))


def _locations(sandbox: Sandbox, request: Request) -> Document:
    found = [offices.location(place) for place in offices.PLACES]
    return serializer.embedded("locations", found, url=_url(request))


def _location(sandbox: Sandbox, request: Request) -> Document:
    name = request.path_params["location_id"]
    found = [place for place in offices.PLACES if str(place.id) == name]
    if not found:
        raise not_found("Location")
    return serializer.embedded("location", offices.location(found[0]), url=_url(request))


def _account(sandbox: Sandbox, request: Request) -> Document:
    return serializer.embedded("account", offices.account(), url=_url(request))


def _url(request: Request) -> str:
    return str(request.url.replace(query=""))


async def _refused(request: Request, error: Any) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    return sandbox.written(request, error.answer)


async def _no_route(request: Request, error: Any) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    return sandbox.written(request, gateway.no_route(error))
