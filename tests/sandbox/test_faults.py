"""What can be made to go wrong: every fault of the table, and how faults are aimed."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from bot.sandbox.faults import ConnectionDropped
from bot.sandbox.vonage.fault_table import FAULTS
from tests.sandbox.vonage.calling import ACCOUNT, EXTENSIONS, LOGIN, ask, login

ONE = f"{EXTENSIONS}/789"
PROBES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "/token", {"data": LOGIN}),
    ("GET", ONE, {}),
    ("GET", EXTENSIONS, {"params": {"page_size": 100, "login_name": "jsmith"}}),
    ("GET", EXTENSIONS, {"params": {"login_name": "nobody"}}),
    ("GET", EXTENSIONS, {"params": {"page_size": 100, "page": 2}}),
    ("GET", EXTENSIONS, {"params": {"page_size": 100, "page": 9}}),
)
WAITING = {"latency", "jitter", "hang", "drip"}


async def _seen(client, probe):
    method, path, more = probe
    try:
        response = await client.request(method, path, **more)
    except httpx.RemoteProtocolError as error:
        return type(error).__name__
    if path == "/token" and response.status_code == 200:
        return response.status_code, sorted(response.json()) if _is_json(response) else "?"
    return response.status_code, response.headers.get("content-type"), response.content


def _is_json(response):
    try:
        return isinstance(response.json(), dict)
    except ValueError:
        return False


@pytest.mark.parametrize("name", sorted(set(FAULTS) - WAITING))
async def test_every_fault_is_noticed(api, sandbox, name):
    """Switched on, it changes what a client sees; switched off, it does not any more."""
    usual = [await _seen(api, probe) for probe in PROBES]
    sandbox.quota.reset()
    sandbox.faults.on(name)
    assert [await _seen(api, probe) for probe in PROBES] != usual
    sandbox.faults.off(name)
    sandbox.quota.reset()
    assert [await _seen(api, probe) for probe in PROBES] == usual


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_every_fault_says_what_it_does(name):
    """The list of faults is its own manual: one sentence each."""
    fault = FAULTS[name]
    assert fault.name == name
    assert fault.description.endswith(".")
    assert any(
        (fault.replace_response, fault.change_query, fault.change_document, fault.change_bytes)
    )


@pytest.mark.parametrize(("name", "value"), [("latency", 0.05), ("drip", 0.001)])
async def test_slow_answers_are_whole(api, sandbox, name, value):
    """A slow answer is the right one in the end."""
    usual = await ask(api, ONE)
    sandbox.faults.on(name, value)
    assert await ask(api, ONE) == usual


@pytest.mark.parametrize("name", ["hang", "latency", "drip", "jitter"])
async def test_a_client_has_to_give_up_by_itself(api, sandbox, name):
    """Where nothing comes, or hardly, only the client's own patience ends it."""
    sandbox.faults.on(name, 3_600)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await api.get(ONE)


async def test_a_broken_connection_is_the_client_s_own_error(api, sandbox):
    """In process too, a reset is what httpx raises over a socket, with its request."""
    sandbox.faults.on("reset")
    with pytest.raises(httpx.RemoteProtocolError) as caught:
        await api.get(ONE)
    assert isinstance(caught.value, ConnectionDropped)
    assert caught.value.request.url.path == ONE


async def test_a_fault_can_strike_the_next_calls_only(api, sandbox):
    """After so many calls everything is as before."""
    sandbox.faults.on("down", calls=2)
    assert [(await api.get(ONE)).status_code for _ in range(3)] == [503, 503, 200]


async def test_a_fault_can_strike_some_paths_only(api, sandbox):
    """What is aimed at single extensions leaves the list and the login alone."""
    sandbox.faults.on("down", path="/extensions/")
    assert (await api.get(ONE)).status_code == 503
    assert (await api.get(EXTENSIONS)).status_code == 200
    assert (await login(api)).status_code == 200


async def test_a_counted_fault_counts_only_where_it_strikes(api, sandbox):
    """Calls of other paths do not use it up."""
    sandbox.faults.on("down", calls=1, path="/locations")
    assert (await api.get(ONE)).status_code == 200
    assert (await api.get(f"{ACCOUNT}/locations")).status_code == 503
    assert (await api.get(f"{ACCOUNT}/locations")).status_code == 200


async def test_faults_of_the_api_leave_the_login_alone(api, sandbox):
    """Nobody loses the token endpoint because the API refuses."""
    for name in ("unauthorised", "throttled", "not_subscribed", "missing_embedded"):
        sandbox.faults.on(name)
    assert (await login(api)).status_code == 200


async def test_faults_add_up(api, sandbox):
    """Several may be on at once, and the first refusal of the table wins."""
    sandbox.faults.on("numbers_as_strings")
    sandbox.faults.on("dids_as_strings")
    one = (await ask(api, ONE))["_embedded"]["extension"]
    assert (one["location_id"], one["dids"]) == ("145214", ["14155550100"])
    sandbox.faults.on("unauthorised")
    sandbox.faults.on("down")
    assert (await api.get(ONE)).status_code == 503


def test_an_unknown_fault_is_a_mistake_of_the_caller(sandbox):
    """A typing error in a test must not pass for a fault that does nothing."""
    with pytest.raises(KeyError):
        sandbox.faults.on("dwon")


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("down", 503, "101503"),
        ("html_502", 502, "<html>"),
        ("server_error", 500, "900900"),
        ("throttled", 429, "900803"),
        ("blocked", 503, "700700"),
        ("unauthorised", 401, "900901"),
        ("wrong_user", 401, "missing user data"),
        ("token_problem", 401, "Problem with provided token"),
        ("not_subscribed", 403, "900908"),
        ("no_resource", 403, "900906"),
        ("gone", 404, "900906"),
    ],
)
async def test_refusals_instead_of_an_answer(api, sandbox, name, status, words):
    """Each has its status and its own words."""
    sandbox.faults.on(name)
    response = await api.get(ONE)
    assert response.status_code == status
    assert words in response.text


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("login_refused", 400, "17002"),
        ("login_locked", 400, "17003"),
        ("client_refused", 401, "invalid_client"),
    ],
)
async def test_refusals_of_a_login(api, sandbox, name, status, words):
    """The token endpoint refuses, and the API itself goes on."""
    sandbox.faults.on(name)
    response = await login(api)
    assert response.status_code == status
    assert words in response.text
    assert (await api.get(ONE)).status_code == 200


async def test_the_style_of_refusals_is_the_gateway_s(api, sandbox):
    """A fault's refusal is written as all others are."""
    sandbox.options.change("fault_style", "flat")
    sandbox.faults.on("not_subscribed")
    assert (await api.get(ONE)).json()["code"] == "900908"


async def test_a_redirect_leads_to_nobody(api, sandbox):
    """A client that follows it would hand its token to a stranger."""
    sandbox.faults.on("redirect")
    response = await api.get(ONE)
    assert (response.status_code, response.next_request.url.host) == (302, "elsewhere.invalid")
