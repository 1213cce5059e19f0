"""The fake Vonage API: answers as the real one does, for an invented company.

A request passes `RequestLogMiddleware` (records it), `FaultMiddleware` (applies the faults that are
on), the route, `FakeVonage.authorize` (the gateway's checks: token, quota, user, account), and one
of the short functions at the end of this file, which answers it.
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

from bot.sandbox.company import offices
from bot.sandbox.company.entries import Entry
from bot.sandbox.faults import FaultMiddleware, apply_document_faults, apply_query_faults
from bot.sandbox.json_types import JsonObject
from bot.sandbox.request_errors import RequestRefused
from bot.sandbox.request_log import RequestLogMiddleware
from bot.sandbox.vonage import gateway, serializer
from bot.sandbox.vonage.control import control_routes
from bot.sandbox.vonage.list_query import parse_list_query
from bot.sandbox.vonage.options import Options
from bot.sandbox.vonage.service_errors import not_found
from bot.sandbox.vonage.state import Clock, FakeVonage

BASE_PATH = "/t/vbc.prod/provisioning"
TOKEN_PATH = "/token"  # noqa: S105 - a path
WSO2_TOKEN_PATH = "/t/vbc.prod/oauth2/token"  # noqa: S105 - a path
FORM_CONTENT_TYPE = "application/x-www-form-urlencoded"


def create_vonage(
    options: Options | None = None,
    *,
    entries: list[Entry] | None = None,
    faults: Mapping[str, float | None] | None = None,
    clock: Clock = time.time,
) -> Starlette:
    """The fake API as an ASGI app; `app.state.vonage` is its FakeVonage."""
    sandbox = FakeVonage(options, entries=entries, faults=faults, clock=clock)
    app = Starlette(
        routes=[
            Route(TOKEN_PATH, _token, methods=["POST"]),
            Route(WSO2_TOKEN_PATH, _token, methods=["POST"]),
            *_api_routes(BASE_PATH),
            *_api_routes(f"{BASE_PATH}/v1"),
            *control_routes(),
        ],
        middleware=[
            Middleware(RequestLogMiddleware, request_log=sandbox.calls),
            Middleware(FaultMiddleware, faults=sandbox.faults),
        ],
        exception_handlers={RequestRefused: _request_refused, HTTPException: _no_route},
    )
    app.router.redirect_slashes = False
    app.state.vonage = sandbox
    return app


def _api_routes(base: str) -> list[Route]:
    account = f"{base}/api/accounts/{{account_id}}"
    return [
        Route(account, _authorized(_account)),
        Route(f"{account}/extensions", _authorized(_extensions)),
        Route(f"{account}/extensions/{{extension_number}}", _authorized(_extension)),
        Route(f"{account}/locations", _authorized(_locations)),
        Route(f"{account}/locations/{{location_id}}", _authorized(_location)),
    ]


def _authorized(
    answer: Callable[[FakeVonage, Request], JsonObject],
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint behind the gateway's checks, whose documents faults may change."""

    async def endpoint(request: Request) -> Response:
        sandbox: FakeVonage = request.app.state.vonage
        sandbox.authorize(request)
        return JSONResponse(apply_document_faults(request, answer(sandbox, request)))

    return endpoint


async def _token(request: Request) -> Response:
    sandbox: FakeVonage = request.app.state.vonage
    body = (await request.body()).decode("utf-8", "replace")
    is_form = request.headers.get("content-type", "").partition(";")[0].strip() == FORM_CONTENT_TYPE
    form = dict(parse_qsl(body, keep_blank_values=True)) if is_form else {}
    basic = request.headers.get("authorization", "") if request.url.path != TOKEN_PATH else ""
    document = apply_document_faults(request, sandbox.tokens.issue(form, basic=basic))
    return JSONResponse(document, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


def _extensions(sandbox: FakeVonage, request: Request) -> JsonObject:
    asked = request.query_params.multi_items()
    question = parse_list_query(asked, sandbox.options, earlier_list_calls=sandbox.list_calls)
    sandbox.list_calls += 1
    return serializer.page_json(
        sandbox.phone_book.page(apply_query_faults(request, question)),
        envelope=sandbox.options.envelope,
        url=_url(request),
        filters=question.filters,
    )


def _extension(sandbox: FakeVonage, request: Request) -> JsonObject:
    question = parse_list_query((), sandbox.options, earlier_list_calls=0)
    name = request.path_params["extension_number"]
    entry = sandbox.phone_book.find(name, field=apply_query_faults(request, question).lookup_field)
    if entry is None:
        raise not_found("Extension")
    return serializer.extension_json(entry, envelope=sandbox.options.envelope, url=_url(request))


def _locations(sandbox: FakeVonage, request: Request) -> JsonObject:
    found = [serializer.location_json(place) for place in offices.OFFICES]
    return serializer.embed("locations", found, url=_url(request))


def _location(sandbox: FakeVonage, request: Request) -> JsonObject:
    name = request.path_params["location_id"]
    found = [place for place in offices.OFFICES if str(place.id) == name]
    if not found:
        raise not_found("Location")
    return serializer.embed("location", serializer.location_json(found[0]), url=_url(request))


def _account(sandbox: FakeVonage, request: Request) -> JsonObject:
    return serializer.embed("account", serializer.account_json(), url=_url(request))


def _url(request: Request) -> str:
    return str(request.url.replace(query=""))


async def _request_refused(request: Request, error: Any) -> Response:
    sandbox: FakeVonage = request.app.state.vonage
    return sandbox.error_response(request, error.error)


async def _no_route(request: Request, error: Any) -> Response:
    sandbox: FakeVonage = request.app.state.vonage
    return sandbox.error_response(request, gateway.no_route(error))
