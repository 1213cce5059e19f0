"""Every misconfiguration that the doctor knows, and words of the line that it leads to."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from bot.cli.doctor import examined
from bot.cli.doctor.check import Check, Grade
from bot.cli.manifest import bot_scopes
from bot.sandbox.server import serving
from tests.cli.running import World, world

SIGNING_SECRET = "8f742231b10e8888abcdef12345685a5"
HTML = HTMLResponse("<!DOCTYPE html><title>Welcome</title>")
AUTH = {"ok": True, "team": "Lantern", "user": "ann", "url": "https://lantern.slack.com/"}


def slack_says(error: str) -> Response:
    """A refusal of Slack's."""
    return JSONResponse({"ok": False, "error": error})


def oauth(error: str, description: str = "") -> Response:
    """A refusal of the token endpoint."""
    return JSONResponse({"error": error, "error_description": description}, 400)


def gateway(status: int, code: int) -> Response:
    """A refusal of the gateway."""
    return JSONResponse({"fault": {"code": code, "message": "No"}}, status)


def bad(name: str) -> Response:
    """A refusal of a parameter."""
    told = {"title": "Bad", "invalid_parameters": [{"name": name, "reason": "No."}]}
    return JSONResponse(told, 400)


def listed(*, size: int = 100, **embedded: object) -> Response:
    """A page of a list."""
    return JSONResponse({"page_size": size, "total_items": 250, "_embedded": embedded})


def rows(*numbers: str) -> list[dict[str, object]]:
    """Extensions with these direct numbers."""
    return [{"extension_number": str(i), "dids": [n]} for i, n in enumerate(numbers, start=100)]


@dataclass(frozen=True, slots=True)
class Case:
    """One misconfiguration: what is changed, and which words of which line tell of it.

    `said` are parts of the line and its remedy. `slack`, `token`, `api` and `public` answer in
    place of a neighbour; `fault` is switched on at Vonage's.
    """

    id: str
    said: tuple[str, ...]
    changes: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    slack: Response | None = None
    token: Response | None = None
    api: Response | None = None
    public: Response | None = None
    arrange: Callable[[World], None] = lambda world: None
    grade: Grade = Grade.FIX


def scopes(*names: str) -> Callable[[World], None]:
    """Give the token exactly these scopes."""

    def arrange(it: World) -> None:
        it.slack.scopes = names

    return arrange


def later(seconds: float) -> str:
    """A date that is so far from now."""
    return formatdate(time.time() + seconds, usegmt=True)


HINT = Grade.HINT
CASES = [
    # Settings
    Case("no bot token", ("SLACK_BOT_TOKEN is not set", "xoxb-"), {"SLACK_BOT_TOKEN": ""}),
    Case("no signing secret", ("SLACK_SIGNING_SECRET", "Basic Information"),
         {"SLACK_SIGNING_SECRET": ""}),
    Case("half a login", ("VONAGE_CLIENT_SECRET is not set", "consumer secret"),
         {"VONAGE_CLIENT_SECRET": ""}),
    Case("no login", ("Vonage's login is not set", "VONAGE_ACCESS_TOKEN"),
         {"VONAGE_CLIENT_ID": "", "VONAGE_CLIENT_SECRET": "", "VONAGE_USERNAME": "",
          "VONAGE_PASSWORD": ""}),
    Case("a bad value", ("PORT is not a whole number",), {"PORT": "eighty"}),
    Case("a misspelt name", ("VONAGE_CLIENTID is no setting", "Is VONAGE_CLIENT_ID meant?"),
         {"VONAGE_CLIENT_ID": "", "VONAGE_CLIENTID": "key"}),
    Case("a misspelt secret", ("SLACK_SIGNIN_SECRET is no setting", "SLACK_SIGNING_SECRET meant"),
         {"SLACK_SIGNING_SECRET": "", "SLACK_SIGNIN_SECRET": "x"}),
    Case("a misspelt name with a default", ("HIDDEN_EXTENSION is no", "HIDDEN_EXTENSIONS meant"),
         {"HIDDEN_EXTENSION": "100"}),
    Case("a name in lower case", ("public_url is no setting", "PUBLIC_URL"),
         {"public_url": "https://ext.example.com"}),
    Case("a name too many", ("VONAGE_CLIENTID is no setting", "remove it"),
         {"VONAGE_CLIENTID": "key"}, grade=HINT),
    Case("OAuth's client", ("SLACK_CLIENT_ID is set", "no use for it"), {"SLACK_CLIENT_ID": "1.2"},
         grade=HINT),
    Case("an odd signing secret", ("SLACK_SIGNING_SECRET does not look", "Basic Information"),
         {"SLACK_SIGNING_SECRET": "xyz"}, grade=HINT),
    # Slack
    Case("an app-level token", ("app-level token", "SLACK_APP_TOKEN", "xoxb-"),
         {"SLACK_BOT_TOKEN": "xapp-1-A-1-x"}),
    Case("a user token", ("a user token", "Bot User OAuth Token"), {"SLACK_BOT_TOKEN": "xoxp-1"}),
    Case("a rotating token", ("token rotation",), {"SLACK_BOT_TOKEN": "xoxe.xoxb-1"}),
    Case("a user's token in disguise", ("a user token of lantern", "xoxb-"),
         slack=JSONResponse(AUTH)),
    Case("another token", ("invalid_auth", "Copy it again whole"),
         {"SLACK_BOT_TOKEN": "xoxb-another"}),
    Case("a revoked token", ("token_revoked", "Install the app again"),
         slack=slack_says("token_revoked")),
    Case("a removed app", ("account_inactive", "removed from the workspace"),
         slack=slack_says("account_inactive")),
    Case("an expired token", ("token_expired", "rotation off"), slack=slack_says("token_expired")),
    Case("a word that is new", ("fatal_error", "auth.test"), slack=slack_says("fatal_error")),
    Case("not Slack", ("status 200", "auth.test"), slack=HTML),
    Case("Slack unreachable", ("127.0.0.1 takes no connection on port 1", "SLACK_API_URL"),
         {"SLACK_API_URL": "http://127.0.0.1:1/api/"}),
    Case("missing scopes", ("missing: chat:write, groups:read", "install the app again"),
         arrange=scopes(*(s for s in bot_scopes() if s not in ("chat:write", "groups:read")))),
    Case("extra scopes", ("files:read", "remove them"),
         arrange=scopes(*bot_scopes(), "files:read"), grade=HINT),
    Case("a clock that is slow", ("s off from Slack's", "clock (NTP)"),
         slack=JSONResponse(AUTH | {"bot_id": "B1"}, headers={"Date": later(900)})),
    Case("an app token that is none", ("xapp-", "App-Level Tokens"), {"SLACK_APP_TOKEN": "xoxb-1"}),
    Case("a refused app token", ("SLACK_APP_TOKEN is refused", "connections:write"),
         {"SLACK_APP_TOKEN": "xapp-1-another"}),
    Case("admins that are none", ("U0GONE, U0GUEST, U0NOBODY", "Copy member ID"),
         {"ADMINS": "U0NOBODY,U0GUEST,U0GONE,U0ADMIN"}, grade=HINT),
    # Vonage's login
    Case("a wrong client", ("invalid_client", "VONAGE_CLIENT_ID and VONAGE_CLIENT_SECRET"),
         {"VONAGE_CLIENT_SECRET": "wrong"}),
    Case("a wrong password", ("invalid_grant", "VONAGE_USERNAME and VONAGE_PASSWORD"),
         {"VONAGE_PASSWORD": "wrong"}),
    Case("a locked user", ("locked", "17003", "30 minutes"), fault="login_locked"),
    Case("no password grant", ("unauthorized_client", "Password grant"),
         token=oauth("unauthorized_client")),
    Case("another refusal", ("status 400", "VONAGE_PASSWORD"), token=oauth("no_idea")),
    Case("too many logins", ("429", "Wait"), token=Response(status_code=429)),
    Case("a page for a token", ("a web page", "VONAGE_TOKEN_URL"), token=HTML),
    Case("no token", ("no token in the answer (status 200)", "VONAGE_TOKEN_URL"),
         token=JSONResponse({})),
    Case("no token endpoint", ("status 404", "VONAGE_TOKEN_URL"),
         token=JSONResponse({"fault": {"code": 900906}}, 404)),
    Case("a token endpoint with a fault", ("status 502", "VONAGE_TOKEN_URL"),
         token=HTMLResponse("<html>", 502)),
    Case("a token endpoint that is not there", ("takes no connection", "VONAGE_TOKEN_URL"),
         {"VONAGE_TOKEN_URL": "http://127.0.0.1:1/token"}),
    Case("a token that cannot be renewed", ("VONAGE_ACCESS_TOKEN", "cannot be renewed"),
         {"VONAGE_ACCESS_TOKEN": "static"}, grade=HINT),
    # Vonage's API
    Case("an expired token of one's own", ("VONAGE_ACCESS_TOKEN is not accepted", "expired"),
         {"VONAGE_ACCESS_TOKEN": "old"}),
    Case("the wrong kind of user", ("missing user data", "Account Administrator"),
         {"VONAGE_USERNAME": "ext.api"}),
    Case("another's account", ("VONAGE_ACCOUNT_ID", "to self"), {"VONAGE_ACCOUNT_ID": "12345"}),
    Case("a token of another Vonage", ("just given is not accepted", "VONAGE_TOKEN_URL and"),
         fault="unauthorised"),
    Case("not subscribed", ("900908", "Subscribe the app", "Provisioning"), fault="not_subscribed"),
    Case("a blocked subscription", ("blocked (900907)", "subscribe it"), api=gateway(403, 900907)),
    Case("an inactive subscription", ("blocked (900907)",), api=gateway(403, 900909)),
    Case("a missing scope", ("lacks a scope (900910)", "anew"), api=gateway(403, 900910)),
    Case("a forbidden page", ("a web page", "VONAGE_BASE_URL"), api=HTMLResponse("<html>", 403)),
    Case("a wrong path, 404", ("900906", "VONAGE_BASE_URL", "/provisioning/v1"), fault="gone"),
    Case("a wrong path, 403", ("900906", "VONAGE_BASE_URL"), fault="no_resource"),
    Case("a wrong base", ("900906", "VONAGE_BASE_URL"), arrange=lambda it: it.environment.update(
        VONAGE_BASE_URL=it.environment["VONAGE_BASE_URL"].removesuffix("/provisioning"))),
    Case("a page for an answer", ("a web page answers", "VONAGE_BASE_URL"), api=HTML),
    Case("text for an answer", ("status 200", "VONAGE_BASE_URL"), api=PlainTextResponse("hello")),
    Case("a redirect", ("leads elsewhere (status 302)", "VONAGE_BASE_URL"),
         api=RedirectResponse("https://elsewhere.invalid/", 302)),
    Case("an unknown envelope", ("_embedded has rows", "report this line"), api=listed(rows=[])),
    Case("an empty account", ("lists no extension", "VONAGE_ACCOUNT_ID"),
         arrange=lambda it: it.vonage.set_entries([])),
    Case("an unknown account", ("lists no extension", "VONAGE_ACCOUNT_ID"),
         api=JSONResponse({"msg": "No", "status": 404}, 404)),
    Case("too high a quota", ("would make 10 a minute", "VONAGE_REQUESTS_PER_MINUTE"),
         fault="throttled"),
    Case("too large a page", ("pages of 500 are refused", "VONAGE_PAGE_SIZE"),
         {"VONAGE_PAGE_SIZE": "500"}, api=bad("page_size")),
    Case("another bad parameter", ("(400): account_id", "VONAGE_ACCOUNT_ID"),
         api=bad("account_id")),
    Case("an API that is down", ("status 503", "VONAGE_BASE_URL"),
         arrange=lambda it: it.vonage.faults.on("down", path="/api/")),
    Case("an API that is not there", ("takes no connection", "VONAGE_BASE_URL"),
         {"VONAGE_BASE_URL": "http://127.0.0.1:1/t"}),
    Case("smaller pages", ("gives 5 at a time", "VONAGE_PAGE_SIZE=5"), fault="ignores_page_size",
         grade=HINT),
    Case("rows that cannot be read", ("2 of the first page cannot be read",),
         api=listed(extensions=[*rows("14155550100"), None, "x"]), grade=HINT),
    Case("another country", ("it is US, but 5 of 6 direct numbers are of GB", "DEFAULT_REGION=GB"),
         api=listed(extensions=rows("14155550100", *(f"4420794600{n}0" for n in range(5)))),
         grade=HINT),
    Case("a hidden number that is none", ("names 99999", "HIDDEN_EXTENSIONS"),
         {"HIDDEN_EXTENSIONS": "789,99999"}, grade=HINT),
    # Our own address
    Case("not deployed", ("takes no connection", "PUBLIC_URL"), {"PUBLIC_URL": "http://127.0.0.1:1"}),
    Case("another's address", ("is not Ext (status 404)", "PUBLIC_URL"),
         public=Response(status_code=404)),
    Case("a page at our address", ("is not Ext (status 200)", "PUBLIC_URL"), public=HTML),
    Case("a crashed deployment", ("status 503", "see its log"), public=Response(status_code=503)),
]  # fmt: skip


@asynccontextmanager
async def told_by(case: Case, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[Check]]:
    """Set the case up and give all checks of the doctor."""
    changes = {"SLACK_SIGNING_SECRET": SIGNING_SECRET} | case.changes
    async with world(**changes) as it, odd(case) as addresses:
        it.slack.scopes = bot_scopes()
        case.arrange(it)
        if case.fault:
            it.vonage.faults.on(case.fault)
        for name, value in (it.environment | addresses).items():
            if value:
                monkeypatch.setenv(name, value)
        yield [check async for _, check in examined()]
        assert it.vonage.tokens.logins + it.vonage.tokens.refused_logins <= 1
        assert it.vonage.calls.api_calls <= 3


@asynccontextmanager
async def odd(case: Case) -> AsyncIterator[dict[str, str]]:
    """Serve what a case has in place of a neighbour."""
    answers = {"slack": case.slack, "token": case.token, "api": case.api, "public": case.public}

    async def answer(request: Request) -> Response:
        found = answers[request.url.path.split("/")[1]]
        assert found
        return found

    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
    async with serving(app) as url:
        names = {
            "slack": "SLACK_API_URL",
            "token": "VONAGE_TOKEN_URL",
            "api": "VONAGE_BASE_URL",
            "public": "PUBLIC_URL",
        }
        yield {names[place]: f"{url}/{place}" for place, found in answers.items() if found}
