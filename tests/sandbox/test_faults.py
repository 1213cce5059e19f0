"""The faults of the fake API: every one has an effect, and they can be limited to some calls."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from bot.sandbox.faults import ConnectionDropped
from bot.sandbox.vonage.fault_table import FAULTS
from tests.sandbox.vonage.calling import ACCOUNT, EXTENSIONS, LOGIN, get_json, login

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
async def test_fault_on_changes_the_response(api, vonage, name):
    """A fault that is switched off again changes nothing."""
    usual = [await _seen(api, probe) for probe in PROBES]
    vonage.quota.reset()
    vonage.faults.on(name)
    assert [await _seen(api, probe) for probe in PROBES] != usual
    vonage.faults.off(name)
    vonage.quota.reset()
    assert [await _seen(api, probe) for probe in PROBES] == usual


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_fault_has_a_description(name):
    """The list of faults documents itself."""
    fault = FAULTS[name]
    assert fault.name == name
    assert fault.description.endswith(".")
    assert any(
        (fault.replace_response, fault.change_query, fault.change_document, fault.change_bytes)
    )


@pytest.mark.parametrize(("name", "value"), [("latency", 0.05), ("drip", 0.001)])
async def test_delayed_response_is_complete(api, vonage, name, value):
    """A slow response is the right one in the end."""
    usual = await get_json(api, ONE)
    vonage.faults.on(name, value)
    assert await get_json(api, ONE) == usual


@pytest.mark.parametrize("name", ["hang", "latency", "drip", "jitter"])
async def test_hanging_response_ends_by_client_timeout(api, vonage, name):
    """Where nothing comes, or hardly anything, only the client's time-out ends it."""
    vonage.faults.on(name, 3_600)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await api.get(ONE)


async def test_reset_in_process_raises_httpx_error(api, vonage):
    """The error is the one that httpx raises over a socket, with the request."""
    vonage.faults.on("reset")
    with pytest.raises(httpx.RemoteProtocolError) as caught:
        await api.get(ONE)
    assert isinstance(caught.value, ConnectionDropped)
    assert caught.value.request.url.path == ONE


async def test_fault_with_calls_ends_after_them(api, vonage):
    """After that many calls everything works again."""
    vonage.faults.on("down", calls=2)
    assert [(await api.get(ONE)).status_code for _ in range(3)] == [503, 503, 200]


async def test_fault_with_path_spares_other_paths(api, vonage):
    """A fault of single extensions leaves the list and the login alone."""
    vonage.faults.on("down", path="/extensions/")
    assert (await api.get(ONE)).status_code == 503
    assert (await api.get(EXTENSIONS)).status_code == 200
    assert (await login(api)).status_code == 200


async def test_fault_with_calls_and_path_counts_only_that_path(api, vonage):
    """Calls of other paths don't use it up."""
    vonage.faults.on("down", calls=1, path="/locations")
    assert (await api.get(ONE)).status_code == 200
    assert (await api.get(f"{ACCOUNT}/locations")).status_code == 503
    assert (await api.get(f"{ACCOUNT}/locations")).status_code == 200


async def test_api_fault_spares_the_login(api, vonage):
    """The token endpoint works while the API refuses."""
    for name in ("unauthorized", "throttled", "not_subscribed", "missing_embedded"):
        vonage.faults.on(name)
    assert (await login(api)).status_code == 200


async def test_several_faults_apply_together(api, vonage):
    """The first error of the table wins."""
    vonage.faults.on("numbers_as_strings")
    vonage.faults.on("dids_as_strings")
    one = (await get_json(api, ONE))["_embedded"]["extension"]
    assert (one["location_id"], one["dids"]) == ("145214", ["14155550100"])
    vonage.faults.on("unauthorized")
    vonage.faults.on("down")
    assert (await api.get(ONE)).status_code == 503


def test_unknown_fault_raises(vonage):
    """A typo in a test must not pass as a fault without effect."""
    with pytest.raises(KeyError):
        vonage.faults.on("dwon")


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [
        ("down", 503, "101503"),
        ("html_502", 502, "<html>"),
        ("server_error", 500, "900900"),
        ("throttled", 429, "900803"),
        ("blocked", 503, "700700"),
        ("unauthorized", 401, "900901"),
        ("wrong_user", 401, "missing user data"),
        ("token_problem", 401, "Problem with provided token"),
        ("not_subscribed", 403, "900908"),
        ("no_resource", 403, "900906"),
        ("gone", 404, "900906"),
    ],
)
async def test_response_fault_has_its_status_and_text(api, vonage, name, status, words):
    """Each error has its own."""
    vonage.faults.on(name)
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
async def test_login_fault_refuses_only_logins(api, vonage, name, status, words):
    """The API itself goes on."""
    vonage.faults.on(name)
    response = await login(api)
    assert response.status_code == status
    assert words in response.text
    assert (await api.get(ONE)).status_code == 200


async def test_fault_error_has_the_gateway_style(api, vonage):
    """It is written like every other error."""
    vonage.options.change("fault_style", "flat")
    vonage.faults.on("not_subscribed")
    assert (await api.get(ONE)).json()["code"] == "900908"


async def test_redirect_fault_leads_to_foreign_host(api, vonage):
    """A client that follows it would send its token there."""
    vonage.faults.on("redirect")
    response = await api.get(ONE)
    assert (response.status_code, response.next_request.url.host) == (302, "elsewhere.invalid")
