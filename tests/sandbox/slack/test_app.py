"""The Slack stand-in responds as Slack does."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot.sandbox.company.people import build_company
from bot.sandbox.server import serving
from bot.sandbox.slack.app import create_slack
from bot.sandbox.slack.members import (
    APP_TOKEN,
    BOT_TOKEN,
    BOT_USER_ID,
    ENTERPRISE_ID,
    MEMBERS,
    OTHER_TEAM_ID,
    SIBLING_TEAM_ID,
)
from bot.sandbox.slack.signing import APP_ID, TEAM_ID
from bot.sandbox.slack.workspace import SCOPES, SLACK_FAULTS, WebApiCall, enterprise_workspace
from tests.sandbox.slack.slack_calls import SIGNED, call


async def test_auth_test_names_team_bot_and_scopes(web):
    """The response names the team and the bot, and a header its scopes."""
    response = await web.post("/api/auth.test", headers=SIGNED)
    body = response.json()
    assert body["ok"] is True
    assert (body["team_id"], body["user_id"]) == (TEAM_ID, BOT_USER_ID)
    assert response.headers["x-oauth-scopes"] == ",".join(SCOPES)


@pytest.mark.parametrize(
    ("headers", "form", "error"),
    [
        ({}, {}, "not_authed"),
        ({"Authorization": "Bearer xoxb-wrong"}, {}, "invalid_auth"),
        ({}, {"token": "xoxb-wrong"}, "invalid_auth"),
        ({}, {"token": BOT_TOKEN}, None),
    ],
)
async def test_wrong_token_is_refused_without_scopes(web, headers, form, error):
    """A token can come in a header or in the form; a wrong one gets no scopes."""
    response = await web.post("/api/auth.test", data=form, headers=headers)
    assert response.status_code == 200
    assert response.json().get("error") == error
    assert ("x-oauth-scopes" in response.headers) is (error is None)


@pytest.mark.parametrize("encoding", ["form", "query", "json"])
async def test_arguments_in_form_query_and_json_are_read(web, slack, encoding):
    """All three work, and calls are recorded without their tokens."""
    if encoding == "form":
        response = await web.post("/api/users.info", data={"user": "U0JOHN"}, headers=SIGNED)
    elif encoding == "query":
        response = await web.get("/api/users.info", params={"user": "U0JOHN"}, headers=SIGNED)
    else:
        response = await web.post("/api/users.info", json={"user": "U0JOHN"}, headers=SIGNED)
    assert response.json()["user"]["profile"]["email"] == "john.smith@example.com"
    assert slack.calls == [WebApiCall("users.info", {"user": "U0JOHN"}, ok=True)]


@pytest.mark.parametrize(
    ("user_id", "expected"),
    [
        ("U0JOHN", {"is_restricted": False, "is_admin": False, "team_id": TEAM_ID}),
        ("U0ADMIN", {"is_admin": True}),
        ("U0GUEST", {"is_restricted": True, "is_ultra_restricted": False}),
        ("U0SINGLE", {"is_restricted": True, "is_ultra_restricted": True}),
        ("U0STRANGER", {"is_stranger": False, "team_id": OTHER_TEAM_ID}),
        ("U0FARAWAY", {"is_stranger": True, "team_id": "T0FARAWAY"}),
        ("U0GONE", {"deleted": True}),
        ("U0ROBOT", {"is_bot": True}),
        (BOT_USER_ID, {"is_bot": True}),
    ],
)
async def test_users_info_shows_guests_bots_and_foreign_users(web, user_id, expected):
    """Guests, bots and deactivated users can be told apart, and foreign users by their team.

    Slack only calls a user a stranger who shares no channel with the app.
    """
    user = (await call(web, "users.info", user=user_id))["user"]
    assert {name: user[name] for name in expected} == expected


async def test_users_info_leaves_out_what_slack_leaves_out(web):
    """The address of a stranger is missing, and so are the rights of a deactivated user."""
    stranger = (await call(web, "users.info", user="U0STRANGER"))["user"]
    gone = (await call(web, "users.info", user="U0GONE"))["user"]
    assert "email" not in stranger["profile"]
    assert "is_restricted" not in gone


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("users.info", {}, "user_not_found"),
        ("users.lookupByEmail", {"email": "nobody@example.com"}, "users_not_found"),
        ("users.lookupByEmail", {"email": "gordon.is_deleted@example.com"}, "users_not_found"),
        ("users.lookupByEmail", {}, "invalid_arguments"),
        ("users.guess", {}, "unknown_method"),
    ],
)
async def test_errors_have_slack_names_and_status_200(web, slack, method, args, error):
    """Errors come with status 200 and are recorded; asking for an unknown user breaks no rule."""
    response = await call(web, method, **args)
    assert (response["ok"], response["error"]) == (False, error)
    assert slack.calls == [WebApiCall(method, args, ok=False, error=error)]
    mistakes = {"invalid_arguments", "unknown_method"}
    assert set(slack.violations.rules) == {error} & mistakes


def test_members_with_company_addresses_have_extensions():
    """John, Mary and Anna have an extension by their address; Noah and the guests don't."""
    company = {entry.user.email: entry.number for entry in build_company(250) if entry.user}
    numbers = {member.id: company.get(member.email) for member in MEMBERS if member.email}
    assert numbers == {
        "U0JOHN": "789",
        "U0ADMIN": "790",
        "U0ANNA": "413",
        "U0GUEST": None,
        "U0SINGLE": None,
        "U0NOPHONE": None,
        "U0GONE": None,
    }


async def test_lookup_by_email_ignores_case(web):
    """An address in either case finds its user."""
    response = await call(web, "users.lookupByEmail", email="John.Smith@Example.com")
    assert response["user"]["id"] == "U0JOHN"


async def test_missing_scope_is_named_in_error(web, slack):
    """The error names the needed and the granted scopes; email addresses are left out."""
    slack.scopes = ("chat:write", "users:read")
    response = await call(web, "users.lookupByEmail", email="john.smith@example.com")
    assert response["error"] == "missing_scope"
    assert (response["needed"], response["provided"]) == (
        "users:read.email",
        "chat:write,users:read",
    )
    assert slack.violations.rules == ["missing_scope"]
    john = (await call(web, "users.info", user="U0JOHN"))["user"]
    assert "email" not in john["profile"]


@pytest.mark.parametrize(("content", "error"), [("{", "invalid_json"), ("[]", "json_not_object")])
async def test_broken_json_is_refused(web, content, error):
    """Broken JSON gets an error name of its own."""
    headers = {**SIGNED, "Content-Type": "application/json"}
    response = await web.post("/api/users.info", content=content, headers=headers)
    assert response.json()["error"] == error


@pytest.mark.parametrize(
    ("name", "status", "retry_after"), [("down", 503, None), ("ratelimited", 429, "30")]
)
async def test_fault_down_or_ratelimited_fails_calls(web, slack, name, status, retry_after):
    """Slack can be down or rate limited, for methods and for response URLs."""
    slack.faults.on(name)
    for path in ("/api/auth.test", "/response/R1"):
        response = await web.post(path, json={"text": "789"}, headers=SIGNED)
        assert response.status_code == status
        assert response.headers.get("retry-after") == retry_after
    slack.faults.off()
    assert (await call(web, "auth.test"))["ok"] is True


async def test_fault_latency_or_hang_delays_calls(web, slack):
    """A delayed response is the right one; a hanging one never comes."""
    slack.faults.on("latency", 0.01)
    assert (await call(web, "auth.test"))["ok"] is True
    slack.faults.on("hang")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await call(web, "auth.test")


def test_every_slack_fault_has_a_description():
    """The list of faults documents itself."""
    assert all(fault.description.endswith(".") for fault in SLACK_FAULTS.values())


async def test_stand_in_over_a_socket_responds_as_in_process(slack):
    """The stand-in responds over a socket as it does in the same process."""
    async with serving(create_slack(slack)) as url, httpx.AsyncClient() as client:
        response = (await client.post(f"{url}/api/auth.test", headers=SIGNED)).json()
        assert response["ok"] is True
        await client.post(f"{url}{slack.open_response_url('R1')}", json={"text": "789"})
    assert (await slack.next_response("R1"))["text"] == "789"


async def test_app_token_opens_connections_only(web, slack):
    """The response has the app and the address to connect to; other methods refuse the token."""
    app = {"Authorization": f"Bearer {APP_TOKEN}"}

    async def call(method, headers):
        return (await web.post(f"/api/{method}", headers=headers)).json()

    assert (await call("auth.test", app))["app_id"] == APP_ID
    assert (await call("apps.connections.open", app))["url"].startswith("wss://")
    assert (await call("users.info", app))["error"] == "not_allowed_token_type"
    assert (await call("apps.connections.open", SIGNED))["error"] == "not_allowed_token_type"
    assert slack.violations.rules == ["not_allowed_token_type"] * 2


async def test_users_info_in_enterprise_names_the_organization():
    """In an Enterprise workspace, Slack names each user's organization."""
    workspace = enterprise_workspace()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_slack(workspace)), base_url="http://slack"
    ) as web:
        assert (await call(web, "auth.test"))["enterprise_id"] == ENTERPRISE_ID
        response = {
            user_id: (await call(web, "users.info", user=user_id))["user"]
            for user_id in ("U0JOHN", "U0COUSIN", "U0STRANGER")
        }
    assert {name: user["enterprise_user"]["enterprise_id"] for name, user in response.items()} == {
        "U0JOHN": ENTERPRISE_ID,
        "U0COUSIN": ENTERPRISE_ID,
        "U0STRANGER": "E0STRANGER",
    }
    assert response["U0COUSIN"]["team_id"] == SIBLING_TEAM_ID
    assert "is_stranger" not in response["U0COUSIN"]


async def test_users_info_without_enterprise_names_none(web):
    """Outside Enterprise, only foreign users have an organization."""
    assert "enterprise_id" not in await call(web, "auth.test")
    assert "enterprise_user" not in (await call(web, "users.info", user="U0JOHN"))["user"]
