"""A stand-in for Slack on loopback: the Web API methods that Ext calls, and `response_url`.

Answers have Slack's own form: status 200 whatever happened, `ok`, and an error's name.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.faults import FaultLayer
from bot.sandbox.members import BOT_ID, BOT_USER_ID, user
from bot.sandbox.signing import TEAM_DOMAIN, TEAM_ID
from bot.sandbox.workspace import WebCall, Workspace

Args = dict[str, str]
Told = dict[str, Any]


class SlackError(Exception):
    """A method's refusal, by Slack's name for it, with what else Slack tells."""

    def __init__(self, error: str, **told: str) -> None:
        super().__init__(error)
        self.told = {"ok": False, "error": error, **told}


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method: what it answers, and the scope that it needs."""

    answer: Callable[[Workspace, Args], Told]
    scope: str = ""


def create_slack(workspace: Workspace) -> Starlette:
    """The stand-in as an ASGI app; `app.state.slack` is its Workspace."""
    app = Starlette(
        routes=[
            Route("/api/{method}", _web_api, methods=["GET", "POST"]),
            Route("/response/{url_id}", _response_url, methods=["POST"]),
        ],
        middleware=[Middleware(FaultLayer, faults=workspace.faults)],
    )
    app.state.slack = workspace
    return app


def _auth_test(_workspace: Workspace, _args: Args) -> Told:
    return {
        "url": f"https://{TEAM_DOMAIN}.slack.com/",
        "team": "Blue Lantern",
        "user": "ext",
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


def _users_info(workspace: Workspace, args: Args) -> Told:
    member = workspace.members.get(args.get("user", ""))
    if member is None:
        raise SlackError("user_not_found")
    return {"user": user(member, with_email="users:read.email" in workspace.scopes)}


def _users_lookup_by_email(workspace: Workspace, args: Args) -> Told:
    if not args.get("email"):
        raise SlackError("invalid_arguments")
    member = workspace.by_email(args["email"])
    if member is None:
        raise SlackError("users_not_found")
    return {"user": user(member, with_email=True)}


METHODS: dict[str, Method] = {
    "auth.test": Method(_auth_test),
    "users.info": Method(_users_info, "users:read"),
    "users.lookupByEmail": Method(_users_lookup_by_email, "users:read.email"),
}


async def _web_api(request: Request) -> Response:
    workspace: Workspace = request.app.state.slack
    name = request.path_params["method"]
    args, token = {}, ""
    try:
        args = await _args(request)
        token = args.pop("token", "")
        told = {"ok": True, **_called(workspace, name, args, token)}
    except SlackError as error:
        told = error.told
    workspace.calls.append(WebCall(name, args, told["ok"], str(told.get("error", ""))))
    known = METHODS.get(name)
    headers = {
        "x-oauth-scopes": ",".join(workspace.scopes),
        "x-accepted-oauth-scopes": known.scope if known else "",
    }
    return JSONResponse(told, headers=headers if token == workspace.token else None)


def _called(workspace: Workspace, name: str, args: Args, token: str) -> Told:
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    if not token:
        raise SlackError("not_authed")
    if token != workspace.token:
        raise SlackError("invalid_auth")
    if method.scope and method.scope not in workspace.scopes:
        raise SlackError("missing_scope", needed=method.scope, provided=",".join(workspace.scopes))
    return method.answer(workspace, args)


async def _args(request: Request) -> Args:
    """Arguments from wherever Slack reads them: the address, a form, JSON, and the header."""
    args = dict(request.query_params)
    body = await request.body()
    if "json" in request.headers.get("content-type", ""):
        args.update({name: str(value) for name, value in _object(body).items()})
    else:
        args.update(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        args["token"] = token
    return args


def _object(body: bytes) -> Told:
    try:
        told = json.loads(body)
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(told, dict):
        raise SlackError("json_not_object")
    return told


async def _response_url(request: Request) -> Response:
    workspace: Workspace = request.app.state.slack
    try:
        body = _object(await request.body())
    except SlackError:
        return PlainTextResponse("invalid_payload", 400)
    if not workspace.receive(request.path_params["url_id"], body):
        return JSONResponse({"ok": False, "error": "used_url"}, 404)
    return PlainTextResponse("ok")
