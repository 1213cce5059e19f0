"""The stand-in for Slack answers as Slack does."""

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
from tests.sandbox.slack.slack_calls import SIGNED, called


async def test_auth_test_tells_who_the_bot_is_and_what_it_may(web):
    """The answer names team and bot, and a header its scopes."""
    response = await web.post("/api/auth.test", headers=SIGNED)
    told = response.json()
    assert told["ok"] is True
    assert (told["team_id"], told["user_id"]) == (TEAM_ID, BOT_USER_ID)
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
async def test_the_token_is_checked(web, headers, form, error):
    """It may come in a header or in the form, and a wrong one sees no scopes."""
    response = await web.post("/api/auth.test", data=form, headers=headers)
    assert response.status_code == 200
    assert response.json().get("error") == error
    assert ("x-oauth-scopes" in response.headers) is (error is None)


@pytest.mark.parametrize("how", ["form", "query", "json"])
async def test_arguments_come_in_three_ways(web, slack, how):
    """In a form, in the address, and as JSON; a number of calls is remembered without tokens."""
    if how == "form":
        response = await web.post("/api/users.info", data={"user": "U0JOHN"}, headers=SIGNED)
    elif how == "query":
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
async def test_users_have_their_standing(web, user_id, expected):
    """Guests, bots and those who left can be told apart; those of others by their team.

    Slack calls a stranger only who is in no channel with the app.
    """
    user = (await called(web, "users.info", user=user_id))["user"]
    assert {name: user[name] for name in expected} == expected


async def test_what_slack_does_not_tell_is_not_there(web):
    """A stranger's address is not told, nor the standing of somebody who left."""
    stranger = (await called(web, "users.info", user="U0STRANGER"))["user"]
    gone = (await called(web, "users.info", user="U0GONE"))["user"]
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
async def test_refusals_have_slack_s_names(web, slack, method, args, error):
    """They come with status 200, and are remembered; who is not there can be asked for."""
    told = await called(web, method, **args)
    assert (told["ok"], told["error"]) == (False, error)
    assert slack.calls == [WebApiCall(method, args, ok=False, error=error)]
    mistakes = {"invalid_arguments", "unknown_method"}
    assert set(slack.violations.rules) == {error} & mistakes


def test_members_are_people_of_the_company_or_not():
    """By their addresses John, Mary and Anna have an extension, Noah and the guests do not."""
    company = {entry.user.email: entry.number for entry in build_company(250) if entry.user}
    found = {member.id: company.get(member.email) for member in MEMBERS if member.email}
    assert found == {
        "U0JOHN": "789",
        "U0ADMIN": "790",
        "U0ANNA": "413",
        "U0GUEST": None,
        "U0SINGLE": None,
        "U0NOPHONE": None,
        "U0GONE": None,
    }


async def test_people_are_found_by_address(web):
    """In either case, with the id that the address belongs to."""
    told = await called(web, "users.lookupByEmail", email="John.Smith@Example.com")
    assert told["user"]["id"] == "U0JOHN"


async def test_a_missing_scope_is_named(web, slack):
    """The refusal says what is needed and what there is; addresses are left out."""
    slack.scopes = ("chat:write", "users:read")
    told = await called(web, "users.lookupByEmail", email="john.smith@example.com")
    assert told["error"] == "missing_scope"
    assert (told["needed"], told["provided"]) == ("users:read.email", "chat:write,users:read")
    assert slack.violations.rules == ["missing_scope"]
    john = (await called(web, "users.info", user="U0JOHN"))["user"]
    assert "email" not in john["profile"]


@pytest.mark.parametrize(("content", "error"), [("{", "invalid_json"), ("[]", "json_not_object")])
async def test_unreadable_arguments_are_refused(web, content, error):
    """Broken JSON has names of its own."""
    headers = {**SIGNED, "Content-Type": "application/json"}
    response = await web.post("/api/users.info", content=content, headers=headers)
    assert response.json()["error"] == error


@pytest.mark.parametrize(
    ("name", "status", "retry_after"), [("down", 503, None), ("ratelimited", 429, "30")]
)
async def test_slack_can_fail(web, slack, name, status, retry_after):
    """It can be down, or have had enough, for its methods and for messages."""
    slack.faults.on(name)
    for path in ("/api/auth.test", "/response/R1"):
        response = await web.post(path, json={"text": "789"}, headers=SIGNED)
        assert response.status_code == status
        assert response.headers.get("retry-after") == retry_after
    slack.faults.off()
    assert (await called(web, "auth.test"))["ok"] is True


async def test_slack_can_be_slow(web, slack):
    """A slow answer is the right one; a hanging one never comes."""
    slack.faults.on("latency", 0.01)
    assert (await called(web, "auth.test"))["ok"] is True
    slack.faults.on("hang")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await called(web, "auth.test")


def test_slack_s_faults_say_what_they_do():
    """Their list is its own manual too."""
    assert all(fault.description.endswith(".") for fault in SLACK_FAULTS.values())


async def test_it_can_be_served(slack):
    """Over a socket it answers as in process, which is how an app meets it."""
    async with serving(create_slack(slack)) as url, httpx.AsyncClient() as client:
        told = (await client.post(f"{url}/api/auth.test", headers=SIGNED)).json()
        assert told["ok"] is True
        await client.post(f"{url}{slack.open_response_url('R1')}", json={"text": "789"})
    assert (await slack.next_response("R1"))["text"] == "789"


async def test_an_app_s_own_token_is_for_connections_only(web, slack):
    """It tells which app it is and where to connect, and opens nothing else."""
    app = {"Authorization": f"Bearer {APP_TOKEN}"}

    async def call(method, headers):
        return (await web.post(f"/api/{method}", headers=headers)).json()

    assert (await call("auth.test", app))["app_id"] == APP_ID
    assert (await call("apps.connections.open", app))["url"].startswith("wss://")
    assert (await call("users.info", app))["error"] == "not_allowed_token_type"
    assert (await call("apps.connections.open", SIGNED))["error"] == "not_allowed_token_type"
    assert slack.violations.rules == ["not_allowed_token_type"] * 2


async def test_an_organisation_is_named():
    """In one of its workspaces Slack tells whose organisation each person is of."""
    workspace = enterprise_workspace()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_slack(workspace)), base_url="http://slack"
    ) as web:
        assert (await called(web, "auth.test"))["enterprise_id"] == ENTERPRISE_ID
        told = {
            user_id: (await called(web, "users.info", user=user_id))["user"]
            for user_id in ("U0JOHN", "U0COUSIN", "U0STRANGER")
        }
    assert {name: user["enterprise_user"]["enterprise_id"] for name, user in told.items()} == {
        "U0JOHN": ENTERPRISE_ID,
        "U0COUSIN": ENTERPRISE_ID,
        "U0STRANGER": "E0STRANGER",
    }
    assert told["U0COUSIN"]["team_id"] == SIBLING_TEAM_ID
    assert "is_stranger" not in told["U0COUSIN"]


async def test_without_an_organisation_none_is_named(web):
    """A workspace of its own says nothing of organisations, but for people of others."""
    assert "enterprise_id" not in await called(web, "auth.test")
    assert "enterprise_user" not in (await called(web, "users.info", user="U0JOHN"))["user"]
