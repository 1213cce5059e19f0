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

from bot.sandbox.company.entries import Entry
from bot.sandbox.company.locations import LOCATIONS
from bot.sandbox.faults import FaultMiddleware, apply_document_faults, apply_query_faults
from bot.sandbox.json_types import JsonObject
from bot.sandbox.request_errors import RequestRefused
from bot.sandbox.request_log import RequestLogMiddleware
from bot.sandbox.vonage import gateway, serializer
from bot.sandbox.vonage.control import control_routes
from bot.sandbox.vonage.list_query import ListQuery, parse_list_query
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
    vonage = FakeVonage(options, entries=entries, faults=faults, clock=clock)
    app = Starlette(
        routes=[
            Route(TOKEN_PATH, _token, methods=["POST"]),
            Route(WSO2_TOKEN_PATH, _token, methods=["POST"]),
            *_api_routes(BASE_PATH),
            *_api_routes(f"{BASE_PATH}/v1"),
            *control_routes(),
        ],
        middleware=[
            Middleware(RequestLogMiddleware, request_log=vonage.calls),
            Middleware(FaultMiddleware, faults=vonage.faults),
        ],
        exception_handlers={RequestRefused: _request_refused, HTTPException: _no_route},
    )
    app.router.redirect_slashes = False
    app.state.vonage = vonage
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
    handler: Callable[[FakeVonage, Request], JsonObject],
) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint behind the gateway's checks, whose documents faults may change."""

    async def endpoint(request: Request) -> Response:
        vonage: FakeVonage = request.app.state.vonage
        vonage.authorize(request)
        return JSONResponse(apply_document_faults(request, handler(vonage, request)))

    return endpoint


async def _token(request: Request) -> Response:
    vonage: FakeVonage = request.app.state.vonage
    body = (await request.body()).decode("utf-8", "replace")
    is_form = request.headers.get("content-type", "").partition(";")[0].strip() == FORM_CONTENT_TYPE
    form = dict(parse_qsl(body, keep_blank_values=True)) if is_form else {}
    basic = request.headers.get("authorization", "") if request.url.path != TOKEN_PATH else ""
    document = apply_document_faults(request, vonage.tokens.issue(form, basic=basic))
    return JSONResponse(document, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})


def _extensions(vonage: FakeVonage, request: Request) -> JsonObject:
    params = request.query_params.multi_items()
    query = parse_list_query(params, vonage.options, earlier_list_calls=vonage.list_calls)
    vonage.list_calls += 1
    return serializer.page_json(
        vonage.phone_book.page(apply_query_faults(request, query)),
        envelope=vonage.options.envelope,
        url=_url(request),
        filters=query.filters,
    )


def _extension(vonage: FakeVonage, request: Request) -> JsonObject:
    query = apply_query_faults(request, ListQuery())
    key = request.path_params["extension_number"]
    entry = vonage.phone_book.find(key, field=query.lookup_field)
    if entry is None:
        raise not_found("Extension")
    return serializer.extension_json(entry, envelope=vonage.options.envelope, url=_url(request))


def _locations(_vonage: FakeVonage, request: Request) -> JsonObject:
    locations = [serializer.location_json(office) for office in LOCATIONS]
    return serializer.embed("locations", locations, url=_url(request))


def _location(_vonage: FakeVonage, request: Request) -> JsonObject:
    location_id = request.path_params["location_id"]
    for office in LOCATIONS:
        if str(office.id) == location_id:
            location = serializer.location_json(office)
            return serializer.embed("location", location, url=_url(request))
    raise not_found("Location")


def _account(_vonage: FakeVonage, request: Request) -> JsonObject:
    return serializer.embed("account", serializer.account_json(), url=_url(request))


def _url(request: Request) -> str:
    return str(request.url.replace(query=""))


async def _request_refused(request: Request, error: Any) -> Response:
    vonage: FakeVonage = request.app.state.vonage
    return vonage.error_response(request, error.error)


async def _no_route(request: Request, error: Any) -> Response:
    vonage: FakeVonage = request.app.state.vonage
    return vonage.error_response(request, gateway.no_route(error))
