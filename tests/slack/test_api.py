"""Calls of the Web API: responses, refusals that are expected, and our errors for all others."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.errors import SlackUnavailable
from bot.limits import CALL_LIMIT_S
from bot.sandbox.server import serving
from bot.slack.api import TRANSIENT, SlackRefused, call, refusal_code


async def test_arguments_go_into_query_form_or_message(client, workspace):
    """Ids are sent in the URL, personal values in the body; all arrive."""
    await call(client, "conversations.info", channel="C0GENERAL")
    await call(client, "conversations.open", form={"users": "U0JOHN"})
    await call(client, "chat.postMessage", message={"channel": "C0GENERAL", "text": "789"})
    assert [(sent.method, sent.args) for sent in workspace.calls] == [
        ("conversations.info", {"channel": "C0GENERAL"}),
        ("conversations.open", {"users": "U0JOHN"}),
        ("chat.postMessage", {"channel": "C0GENERAL", "text": "789"}),
    ]


async def test_response_is_returned_whole(client):
    """The caller reads Slack's own fields."""
    response = await call(client, "users.info", user="U0JOHN")
    assert response["user"]["id"] == "U0JOHN"


async def test_expected_refusal_gives_empty_response(client, caplog):
    """A refusal that means "no such user" is an answer, and no warning."""
    assert await call(client, "users.info", empty_on=("user_not_found",), user="U0NOBODY") == {}
    assert caplog.text == ""


async def test_unexpected_refusal_raises_its_error_code(client, caplog):
    """Slack's error code is kept and logged; the arguments are not."""
    with pytest.raises(SlackRefused) as raised:
        await call(client, "users.info", empty_on=("user_not_visible",), user="U0NOBODY")
    assert raised.value.code == "user_not_found"
    assert "Slack refused users.info: user_not_found" in caplog.text
    assert "U0NOBODY" not in caplog.text


@pytest.mark.parametrize("fault", ["down", "ratelimited"])
async def test_failure_of_slack_is_transient(client, workspace, fault):
    """A 503 of a proxy and a 429 end by themselves."""
    workspace.faults.on(fault)
    with pytest.raises(SlackRefused) as raised:
        await call(client, "users.info", user="U0JOHN")
    assert raised.value.code in TRANSIENT


async def test_call_without_response_is_given_up(client, workspace, caplog):
    """A person waits for the answer, so a silent Slack is given up after the limit."""
    workspace.faults.on("hang", value=CALL_LIMIT_S * 10)
    with pytest.raises(SlackUnavailable):
        await call(client, "users.info", user="U0JOHN")
    assert "Slack did not answer users.info: TimeoutError" in caplog.text


async def test_refused_connection_is_slack_unavailable(client):
    """A Slack that can't be reached raises our error, not that of the HTTP client."""
    client.base_url = "http://127.0.0.1:1/api/"
    with pytest.raises(SlackUnavailable):
        await call(client, "users.info", user="U0JOHN")


async def test_refused_token_is_not_in_the_log(client, caplog):
    """The log names the refusal and not the token."""
    client.token = "xoxb-wrong"
    with pytest.raises(SlackRefused) as raised:
        await call(client, "users.info", user="U0JOHN")
    assert raised.value.code == "invalid_auth"
    assert "xoxb" not in caplog.text


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (SimpleNamespace(data={"ok": False, "error": "missing_scope"}), "missing_scope"),
        ({"ok": False, "error": "ratelimited"}, "ratelimited"),
        (SimpleNamespace(data="<html>", status_code=502), "status 502"),
        (SimpleNamespace(data={}, status_code=429), "status 429"),
        (SimpleNamespace(data={"error": "John Smith!"}, status_code=500), "status 500"),
        (SimpleNamespace(data={"error": 5}, status_code=500), "status 500"),
        (None, "status ?"),
    ],
)
def test_refusal_is_named_by_error_code_or_status(response: Any, expected):
    """Only an identifier is taken for an error code: other texts could be personal."""
    assert refusal_code(SlackApiError("", response)) == expected


@pytest.mark.parametrize("status", [200, 403, 502])
@pytest.mark.parametrize("body", ["", "<html>John</html>", "[]", '"John"'])
async def test_response_that_is_not_slacks_own_is_slack_unavailable(client, status, body, caplog):
    """A proxy's page raises our error, whatever its status, and is not logged."""

    async def respond(_request: Request) -> Response:
        return Response(body, status)

    async with serving(Starlette(routes=[Route("/{path:path}", respond)])) as url:
        client.base_url = f"{url}/"
        with pytest.raises(SlackUnavailable):
            await call(client, "users.info", user="U0JOHN")
    assert "John" not in caplog.text
