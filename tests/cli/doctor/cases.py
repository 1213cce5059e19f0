"""Every misconfiguration that the doctor knows, and parts of the line that it leads to."""

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

from bot.cli.doctor import run_checks
from bot.cli.doctor.check import Check, Grade
from bot.cli.manifest import bot_scopes
from bot.sandbox.server import serving
from tests.cli.running import FakeServices, fake_services

SIGNING_SECRET = "8f742231b10e8888abcdef12345685a5"
HTML = HTMLResponse("<!DOCTYPE html><title>Welcome</title>")
AUTH = {"ok": True, "team": "Lantern", "user": "ann", "url": "https://lantern.slack.com/"}


def slack_error(error: str) -> Response:
    """Return an error response of Slack's Web API."""
    return JSONResponse({"ok": False, "error": error})


def oauth_error(error: str, description: str = "") -> Response:
    """Return an error response of the token endpoint."""
    return JSONResponse({"error": error, "error_description": description}, 400)


def gateway_fault(status: int, code: int) -> Response:
    """Return a fault of the API gateway."""
    return JSONResponse({"fault": {"code": code, "message": "No"}}, status)


def bad_parameter(name: str) -> Response:
    """Return the API's refusal of a parameter."""
    problem = {"title": "Bad", "invalid_parameters": [{"name": name, "reason": "No."}]}
    return JSONResponse(problem, 400)


def list_page(*, size: int = 100, total: int = 250, **embedded: object) -> Response:
    """Return a page of the extension list."""
    return JSONResponse({"page_size": size, "total_items": total, "_embedded": embedded})


def rows(*numbers: str) -> list[dict[str, object]]:
    """Return extensions with these direct numbers."""
    return [{"extension_number": str(i), "dids": [n]} for i, n in enumerate(numbers, start=100)]


@dataclass(frozen=True, slots=True)
class Case:
    """One misconfiguration: what differs from a good setup, and how the doctor reports it.

    `expected` are parts of the check's line and remedy. `changes` are settings. `slack`,
    `token`, `api` and `public` replace the responses of a service; `fault` is switched on in the
    fake Vonage API.
    """

    id: str
    expected: tuple[str, ...]
    changes: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    slack: Response | None = None
    token: Response | None = None
    api: Response | None = None
    public: Response | None = None
    arrange: Callable[[FakeServices], None] = lambda services: None
    grade: Grade = Grade.FIX


def scopes(*names: str) -> Callable[[FakeServices], None]:
    """Return an `arrange` that gives the token exactly these scopes."""

    def arrange(services: FakeServices) -> None:
        services.slack.scopes = names

    return arrange


def without_provisioning(services: FakeServices) -> None:
    """Take the last part of the path from the API's address."""
    url = services.environment["VONAGE_BASE_URL"]
    services.environment["VONAGE_BASE_URL"] = url.removesuffix("/provisioning")


def http_date(seconds_from_now: float) -> str:
    """Return a time relative to now as an HTTP date."""
    return formatdate(time.time() + seconds_from_now, usegmt=True)


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
    Case("a malformed value", ("PORT is not a whole number",), {"PORT": "eighty"}),
    Case("a swapped token among others", ("SLACK_SIGNING_SECRET is a bot token",),
         {"SLACK_SIGNING_SECRET": "xoxb-1", "PORT": "x"}),
    Case("another setting's problem", ("accepted in Blue Lantern",), {"PORT": "x"},
         grade=Grade.OK),
    Case("a country by another name", ("DEFAULT_REGION is not the code", "Use GB."),
         {"DEFAULT_REGION": "UK"}),
    Case("a folder that is a file", ("DATA_DIR is a file", "folder"), {"DATA_DIR": "/dev/null"}),
    Case("a folder nobody can write", ("can't be written", "DATA_DIR"), {"DATA_DIR": "/proc"}),
    Case("a misspelled name", ("VONAGE_CLIENTID is not a", "Did you mean VONAGE_CLIENT_ID?"),
         {"VONAGE_CLIENT_ID": "", "VONAGE_CLIENTID": "key"}),
    Case("a misspelled secret", ("SLACK_SIGNIN_SECRET is not a", "mean SLACK_SIGNING_SECRET?"),
         {"SLACK_SIGNING_SECRET": "", "SLACK_SIGNIN_SECRET": "x"}),
    Case("a misspelled name with a default", ("HIDDEN_EXTENSION is not", "mean HIDDEN_EXTENSIONS?"),
         {"HIDDEN_EXTENSION": "100"}),
    Case("a name in lower case", ("public_url is not a setting", "PUBLIC_URL"),
         {"public_url": "https://ext.example.com"}),
    Case("an unknown name", ("VONAGE_CLIENTID is not a setting", "remove it"),
         {"VONAGE_CLIENTID": "key"}, grade=HINT),
    Case("an OAuth client", ("SLACK_CLIENT_ID is set", "doesn't use it"),
         {"SLACK_CLIENT_ID": "1.2"}, grade=HINT),
    Case("an odd signing secret", ("SLACK_SIGNING_SECRET doesn't look", "Basic Information"),
         {"SLACK_SIGNING_SECRET": "xyz"}, grade=HINT),
    # Slack
    Case("an app-level token", ("app-level token", "SLACK_APP_TOKEN", "xoxb-"),
         {"SLACK_BOT_TOKEN": "xapp-1-A-1-x"}),
    Case("a user token", ("a user token", "Bot User OAuth Token"), {"SLACK_BOT_TOKEN": "xoxp-1"}),
    Case("a rotating token", ("a rotating token",), {"SLACK_BOT_TOKEN": "xoxe.xoxb-1"}),
    Case("a user token that starts with xoxb", ("a user token of lantern", "xoxb-"),
         slack=JSONResponse(AUTH)),
    Case("an invalid token", ("invalid_auth", "Copy the whole token again"),
         {"SLACK_BOT_TOKEN": "xoxb-another"}),
    Case("a revoked token", ("token_revoked", "Install the app again"),
         slack=slack_error("token_revoked")),
    Case("a removed app", ("account_inactive", "removed from the workspace"),
         slack=slack_error("account_inactive")),
    Case("an expired token", ("token_expired", "rotation off"), slack=slack_error("token_expired")),
    Case("an unknown error code", ("fatal_error", "auth.test"), slack=slack_error("fatal_error")),
    Case("not Slack", ("status 200", "auth.test"), slack=HTML),
    Case("Slack unreachable", ("127.0.0.1 refuses connections on port 1", "SLACK_API_URL"),
         {"SLACK_API_URL": "http://127.0.0.1:1/api/"}),
    Case("missing scopes", ("missing: chat:write, groups:read", "install the app again"),
         arrange=scopes(*(s for s in bot_scopes() if s not in ("chat:write", "groups:read")))),
    Case("no scopes header", ("not compared: Slack named none",),
         slack=JSONResponse(AUTH | {"bot_id": "B1"}), grade=Grade.SKIPPED),
    Case("an empty scopes header", ("not compared",), arrange=scopes(), grade=Grade.SKIPPED),
    Case("oddly spaced scopes", ("all those in manifest.yml",),
         slack=JSONResponse(AUTH | {"bot_id": "B1"},
                            headers={"X-OAuth-Scopes": " ,  ".join(bot_scopes()) + ",,"}),
         grade=Grade.OK),
    Case("extra scopes", ("files:read", "remove them"),
         arrange=scopes(*bot_scopes(), "files:read"), grade=HINT),
    Case("a slow clock", ("s off from Slack's", "clock (NTP)"),
         slack=JSONResponse(AUTH | {"bot_id": "B1"}, headers={"Date": http_date(900)})),
    Case("an app token of another kind", ("xapp-", "App-Level Tokens"),
         {"SLACK_APP_TOKEN": "xoxb-1"}),
    Case("a refused app token", ("refuses SLACK_APP_TOKEN: invalid_auth", "connections:write"),
         {"SLACK_APP_TOKEN": "xapp-1-another"}),
    Case("admins who are not members", ("U0GONE, U0GUEST, U0NOBODY", "Copy member ID"),
         {"ADMINS": "U0NOBODY,U0GUEST,U0GONE,U0ADMIN"}, grade=HINT),
    # Vonage's login
    Case("a wrong client", ("invalid_client", "VONAGE_CLIENT_ID and VONAGE_CLIENT_SECRET"),
         {"VONAGE_CLIENT_SECRET": "wrong"}),
    Case("a wrong password", ("invalid_grant", "VONAGE_USERNAME and VONAGE_PASSWORD"),
         {"VONAGE_PASSWORD": "wrong"}),
    Case("a locked user", ("locked", "17003", "30 minutes"), fault="login_locked"),
    Case("no password grant", ("unauthorized_client", "Password grant"),
         token=oauth_error("unauthorized_client")),
    Case("an unknown login error", ("status 400", "VONAGE_PASSWORD"), token=oauth_error("no_idea")),
    Case("too many logins", ("429", "Wait"), token=Response(status_code=429)),
    Case("a web page instead of a token", ("a web page", "VONAGE_TOKEN_URL"), token=HTML),
    Case("no token", ("no token in the answer (status 200)", "VONAGE_TOKEN_URL"),
         token=JSONResponse({})),
    Case("no token endpoint", ("status 404", "VONAGE_TOKEN_URL"),
         token=JSONResponse({"fault": {"code": 900906}}, 404)),
    Case("a failing token endpoint", ("status 502", "VONAGE_TOKEN_URL"),
         token=HTMLResponse("<html>", 502)),
    Case("an unreachable token endpoint", ("refuses connections", "VONAGE_TOKEN_URL"),
         {"VONAGE_TOKEN_URL": "http://127.0.0.1:1/token"}),
    Case("a token that cannot be renewed", ("VONAGE_ACCESS_TOKEN", "can't renew"),
         {"VONAGE_ACCESS_TOKEN": "static"}, grade=HINT),
    # Vonage's API
    Case("an expired access token", ("VONAGE_ACCESS_TOKEN is not accepted", "expired"),
         {"VONAGE_ACCESS_TOKEN": "old"}),
    Case("the wrong kind of user", ("missing user data", "Account Administrator"),
         {"VONAGE_USERNAME": "ext.api"}),
    Case("another account", ("VONAGE_ACCOUNT_ID", "to self"), {"VONAGE_ACCOUNT_ID": "12345"}),
    Case("a token of another service", ("refuses the token", "VONAGE_TOKEN_URL and"),
         fault="unauthorized"),
    Case("not subscribed", ("900908", "Subscribe the app", "Provisioning"), fault="not_subscribed"),
    Case("a blocked subscription", ("blocked (900907)", "subscribe the app"),
         api=gateway_fault(403, 900907)),
    Case("an inactive subscription", ("blocked (900909)",), api=gateway_fault(403, 900909)),
    Case("a missing scope", ("lacks a scope (900910)", "again"), api=gateway_fault(403, 900910)),
    Case("a forbidden page", ("a web page", "VONAGE_BASE_URL"), api=HTMLResponse("<html>", 403)),
    Case("a wrong path, 404", ("900906", "VONAGE_BASE_URL", "/provisioning/v1"), fault="gone"),
    Case("a wrong path, 403", ("900906", "VONAGE_BASE_URL"), fault="no_resource"),
    Case("a wrong base", ("900906", "VONAGE_BASE_URL"), arrange=without_provisioning),
    Case("a web page instead of the API", ("a web page answers", "VONAGE_BASE_URL"), api=HTML),
    Case("text instead of JSON", ("status 200", "VONAGE_BASE_URL"), api=PlainTextResponse("hello")),
    Case("a redirect", ("redirects (status 302)", "VONAGE_BASE_URL"),
         api=RedirectResponse("https://elsewhere.invalid/", 302)),
    Case("an unknown envelope", ("_embedded has rows", "report this line"), api=list_page(rows=[])),
    Case("an empty account", ("has no extension", "VONAGE_ACCOUNT_ID"),
         arrange=lambda services: services.vonage.set_entries([])),
    Case("an unknown account", ("no extensions at this address", "VONAGE_BASE_URL",
                                "VONAGE_ACCOUNT_ID"),
         api=JSONResponse({"msg": "No", "status": 404}, 404)),
    Case("a framework's 404", ("knows the API's path (404)", "VONAGE_BASE_URL"),
         api=JSONResponse({"status": 404, "error": "Not Found", "path": "/x"}, 404)),
    Case("too high a quota", ("may make 10 a minute", "VONAGE_REQUESTS_PER_MINUTE"),
         fault="throttled"),
    Case("too large a page", ("refuses pages of 500", "VONAGE_PAGE_SIZE"),
         {"VONAGE_PAGE_SIZE": "500"}, api=bad_parameter("page_size")),
    Case("another bad parameter", ("(400): account_id", "VONAGE_ACCOUNT_ID"),
         api=bad_parameter("account_id")),
    Case("an API that is down", ("status 503", "VONAGE_BASE_URL"),
         arrange=lambda services: services.vonage.faults.on("down", path="/api/")),
    Case("an unreachable API", ("refuses connections", "VONAGE_BASE_URL"),
         {"VONAGE_BASE_URL": "http://127.0.0.1:1/t"}),
    Case("smaller pages", ("returns 5 at a time", "VONAGE_PAGE_SIZE=5"), fault="ignores_page_size",
         grade=HINT),
    Case("unreadable rows", ("2 on the first page can't be read",),
         api=list_page(total=3, extensions=[*rows("14155550100"), None, "x"]), grade=HINT),
    Case("a mock of the published document", ("100 extensions on 10 pages", "VONAGE_BASE_URL"),
         fault="document_mock"),
    Case("an absurd total", ("-80,026,884 extensions", "Ext ignores"), fault="wrong_total_items",
         grade=HINT),
    Case("the same rows on each page", ("has 250 extensions, but every page has the same rows",),
         api=list_page(extensions=rows("14155550100", "14155550101"))),
    Case("another country", ("is US, but 5 of 6 direct numbers are in GB", "DEFAULT_REGION=GB"),
         api=list_page(
             total=6, extensions=rows("14155550100", *(f"4420794600{n}0" for n in range(5)))
         ), grade=HINT),
    Case("an unknown hidden number", ("names 99999", "HIDDEN_EXTENSIONS"),
         {"HIDDEN_EXTENSIONS": "789,99999"}, grade=HINT),
    # PUBLIC_URL
    Case("not deployed", ("refuses connections", "PUBLIC_URL"), {"PUBLIC_URL": "http://127.0.0.1:1"}),
    Case("another server's address", ("isn't Ext (status 404)", "PUBLIC_URL"),
         public=Response(status_code=404)),
    Case("a web page at our address", ("isn't Ext (status 200)", "PUBLIC_URL"), public=HTML),
    Case("a crashed deployment", ("status 503", "read its log"), public=Response(status_code=503)),
]  # fmt: skip


@asynccontextmanager
async def checks_of(case: Case, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[Check]]:
    """Set a case up and yield all checks of the doctor; fail if it called Vonage too often."""
    changes = {"SLACK_SIGNING_SECRET": SIGNING_SECRET} | case.changes
    async with fake_services(**changes) as services, replaced_services(case) as addresses:
        services.slack.scopes = bot_scopes()
        case.arrange(services)
        if case.fault:
            services.vonage.faults.on(case.fault)
        for name, value in (services.environment | addresses).items():
            if value:
                monkeypatch.setenv(name, value)
        yield [check async for _, check in run_checks()]
        tokens = services.vonage.tokens
        assert tokens.logins + tokens.refused_logins <= 1
        assert services.vonage.calls.api_calls <= 3


@asynccontextmanager
async def replaced_services(case: Case) -> AsyncIterator[dict[str, str]]:
    """Serve the case's responses; yield the settings that lead to them."""
    responses = {"slack": case.slack, "token": case.token, "api": case.api, "public": case.public}
    settings = {
        "slack": "SLACK_API_URL",
        "token": "VONAGE_TOKEN_URL",
        "api": "VONAGE_BASE_URL",
        "public": "PUBLIC_URL",
    }

    async def respond(request: Request) -> Response:
        response = responses[request.url.path.split("/")[1]]
        assert response
        return response

    app = Starlette(routes=[Route("/{path:path}", respond, methods=["GET", "POST"])])
    async with serving(app) as url:
        yield {settings[name]: f"{url}/{name}" for name, response in responses.items() if response}
