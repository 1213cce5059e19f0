"""The stand-in's HTTP side: the Web API methods that Ext calls, file uploads and `response_url`.

Responses have Slack's own form: status 200 in every case, `ok`, and the error's name. A broken rule
of Slack's is also recorded in the Workspace.
"""

from __future__ import annotations

import json
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.faults import FaultMiddleware
from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack.methods import chat, conversations, files, users, views
from bot.sandbox.slack.web_api import Args, Method, SlackError, missing_scope
from bot.sandbox.slack.workspace import WebApiCall, Workspace

METHODS: dict[str, Method] = {
    **users.METHODS,
    **conversations.METHODS,
    **chat.METHODS,
    **files.METHODS,
    **views.METHODS,
}
APP_TOKEN_SCOPE = "connections:write"  # noqa: S105 - a scope


def create_slack(workspace: Workspace) -> Starlette:
    """The stand-in as an ASGI app; `app.state.slack` is its Workspace."""
    app = Starlette(
        routes=[
            Route("/api/{method}", _web_api, methods=["GET", "POST"]),
            Route("/response/{url_id}", _response_url, methods=["POST"]),
            *files.ROUTES,
        ],
        middleware=[Middleware(FaultMiddleware, faults=workspace.faults)],
    )
    app.state.slack = workspace
    return app


async def _web_api(request: Request) -> Response:
    workspace: Workspace = request.app.state.slack
    name = request.path_params["method"]
    args: Args = {}
    workspace.files.origin = str(request.base_url).rstrip("/")
    try:
        args = await _parse_args(request)
        body = {"ok": True, **_call_method(workspace, name, args)}
    except SlackError as refusal:
        body = refusal.body
        if refusal.violation:
            workspace.violations.record(refusal.error, f"{name}: {refusal.violation}")
    token = args.pop("token", "")
    error, now = str(body.get("error", "")), workspace.clock()
    workspace.calls.append(WebApiCall(name, args, body["ok"], error, now))
    return JSONResponse(body, headers=_scope_headers(workspace, name, token))


def _scope_headers(workspace: Workspace, name: str, token: str) -> dict[str, str]:
    """The headers that say which scopes the token has and the method needs."""
    method = METHODS.get(name)
    needed = ",".join(method.scopes) if method else ""
    granted = {workspace.token: ",".join(workspace.scopes), workspace.app_token: APP_TOKEN_SCOPE}
    if token not in granted:
        return {}
    return {"x-oauth-scopes": granted[token], "x-accepted-oauth-scopes": needed}


def _call_method(workspace: Workspace, name: str, args: Args) -> JsonObject:
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", "there's no such method.", req_method=name)
    _check_token(workspace, method, args.get("token", ""))
    if method.scopes and not set(method.scopes) & set(workspace.scopes):
        needed = " or ".join(method.scopes)
        raise missing_scope(workspace, method.scopes, f"the app doesn't have {needed}.")
    return method.handler(workspace, args)


def _check_token(workspace: Workspace, method: Method, token: str) -> None:
    kinds = {workspace.token: "bot", workspace.app_token: "app"}
    if not token:
        raise SlackError("not_authed")
    if token not in kinds:
        raise SlackError("invalid_auth")
    if kinds[token] not in method.tokens:
        raise SlackError("not_allowed_token_type", f"a token of the {kinds[token]} was used.")


async def _parse_args(request: Request) -> Args:
    """Arguments from every place that Slack reads: the query, a form, JSON, and the header."""
    args = dict(request.query_params)
    body = await request.body()
    if "json" in request.headers.get("content-type", ""):
        args.update(_as_form_values(_parse_object(body)))
    else:
        args.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        args["token"] = token
    return args


def _as_form_values(values: JsonObject) -> Args:
    """JSON values in the way a form has them; nulls are left out."""
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in values.items()
        if value is not None
    }


def _parse_object(body: bytes) -> JsonObject:
    try:
        content = json.loads(body)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(content, dict):
        raise SlackError("json_not_object")
    return content


async def _response_url(request: Request) -> Response:
    workspace: Workspace = request.app.state.slack
    try:
        body = _parse_object(await request.body())
    except SlackError:
        return PlainTextResponse("invalid_payload", 400)
    if refusal := workspace.receive_response(request.path_params["url_id"], body):
        if refusal.status == 404:
            return JSONResponse({"ok": False, "error": refusal.error}, refusal.status)
        return PlainTextResponse(refusal.error, refusal.status)
    return PlainTextResponse("ok")
