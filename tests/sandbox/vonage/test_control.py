"""The control routes: inspect and change the fake API while it runs."""

from __future__ import annotations

import pytest

from bot.sandbox.vonage.app import create_vonage
from bot.sandbox.vonage.fault_table import FAULTS
from bot.sandbox.vonage.options import OPTION_NAMES, Options
from tests.sandbox.vonage.calling import ACCOUNT, EXTENSIONS, login

ONE = f"{EXTENSIONS}/789"
SWITCH = "/_sandbox/faults"


async def _on(client):
    listed = (await client.get(SWITCH)).json()["faults"]
    return {fault["name"]: fault["value"] for fault in listed if fault["on"]}


async def test_list_has_every_fault_and_option(client):
    """Every fault and option is listed with its description and value."""
    response = (await client.get(SWITCH)).json()
    assert [fault["name"] for fault in response["faults"]] == list(FAULTS)
    assert [option["name"] for option in response["options"]] == list(OPTION_NAMES)
    assert all(switch["description"] for switch in response["faults"] + response["options"])
    envelope = next(option for option in response["options"] if option["name"] == "envelope")
    assert (envelope["value"], envelope["choices"]) == ("live", ["live", "document"])


async def test_one_post_changes_faults_and_options(api):
    """True uses a fault's default, a number another value, false switches it off."""
    response = await api.post(SWITCH, json={"latency": 0.0, "drip": True, "down": True, "quota": 3})
    assert {fault["name"] for fault in response.json()["on"]} == {"latency", "drip", "down"}
    await api.post(SWITCH, json={"down": False})
    assert await _on(api) == {"latency": 0.0, "drip": 0.05}
    await api.delete(SWITCH)
    assert await _on(api) == {}
    assert [(await api.get(ONE)).status_code for _ in range(4)] == [200, 200, 200, 429]


async def test_fault_can_be_limited_to_calls_and_path(api):
    """A limit over HTTP works as it does in Python."""
    await api.post(SWITCH, json={"down": True, "fail_next": 1, "fail_path": "/locations"})
    paths = (ONE, f"{ACCOUNT}/locations", f"{ACCOUNT}/locations")
    assert [(await api.get(path)).status_code for path in paths] == [200, 503, 200]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('{"dwon": true}', "no fault or option 'dwon'"),
        ('{"quota": 3, "dwon": true}', "no fault or option 'dwon'"),
        ('{"down": "yes"}', "true, false or a number"),
        ('{"quota": -1}', "a whole number of 0 or more"),
        ('{"quota": true}', "a whole number of 0 or more"),
        ('{"quota": 2.5}', "a whole number of 0 or more"),
        ('{"reuse_token": 1}', "true or false"),
        ('{"down": true, "envelope": "paper"}', "one of live, document"),
        ('{"throttle_status": 418}', "one of 429, 503, 200"),
        ('{"down": true, "fail_next": 0}', "fail_next must be a whole number from 1"),
        ('{"down": true, "fail_path": 1}', "fail_path a part of a path"),
        ("[]", "JSON object"),
        ("{", "Expecting"),
    ],
)
async def test_invalid_change_is_explained_and_changes_nothing(client, vonage, body, words):
    """After an invalid change all faults and options stay as they were."""
    response = await client.post(SWITCH, content=body)
    assert response.status_code == 400
    assert words in response.json()["error"]
    assert vonage.options == Options()
    assert await _on(client) == {}


async def test_control_routes_have_no_faults(client, vonage):
    """The control routes work even when every other route is down."""
    for name in ("down", "reset", "malformed"):
        vonage.faults.on(name)
    assert (await client.delete(SWITCH)).status_code == 200
    assert (await login(client)).status_code == 200


async def test_calls_lists_requests_without_values(api, clock, vonage):
    """Path, time, parameter names and status, but no values."""
    clock.advance(7)
    headers = {"X-Request-ID": "r-1"}
    await api.get(
        EXTENSIONS, params={"email": "john.smith@example.com", "page": "0"}, headers=headers
    )
    response = (await api.get("/_sandbox/calls")).json()
    assert response["calls"][-1] == {
        "method": "GET",
        "path": EXTENSIONS,
        "query": ["email", "page"],
        "at": 7.0,
        "request_id": "r-1",
        "status": 400,
    }
    assert "john.smith" not in str(response)
    assert (response["total"], response["api_calls"], response["logins"]) == (2, 1, 1)
    assert response["statuses"] == {"200": 1, "400": 1}
    assert response["templates"] == {
        "/token": 1,
        "/t/vbc.prod/provisioning/api/accounts/{account_id}/extensions": 1,
    }


async def test_busiest_minute_is_any_60_seconds(api, clock, vonage):
    """Calls 59 s apart count together, calls 60 s apart don't; logins never count."""
    for pause in (30, 29, 1, 0):
        await api.get(ONE)
        await login(api)
        clock.advance(pause)
    assert vonage.calls.busiest_minute == 3


async def test_calls_counts_refused_logins(client, vonage):
    """The count shows whether a client keeps trying."""
    await login(client, password="wrong")
    await login(client, username="nobody@vbc.prod")
    response = (await client.get("/_sandbox/calls")).json()
    assert (response["logins"], response["refused_logins"]) == (0, 2)


async def test_expire_invalidates_access_tokens(api):
    """The route does what the method does in Python."""
    assert (await api.post("/_sandbox/expire")).status_code == 200
    assert (await api.get(ONE)).status_code == 401


async def test_reset_restores_the_start(api, vonage):
    """Calls, tokens, locks, options and faults are those of the start."""
    await api.post(SWITCH, json={"quota": 1, "envelope": "document", "down": True})
    await login(api, password="wrong")
    await api.post("/_sandbox/reset")
    assert vonage.options == Options()
    assert await _on(api) == {}
    assert (vonage.calls.total, vonage.tokens.refused_logins) == (0, 0)
    assert (await api.get(ONE)).status_code == 401


async def test_reset_keeps_initial_faults_and_options():
    """Faults and options that were given at the start are restored."""
    options = Options(quota=2, people=20)
    vonage = create_vonage(options, faults={"latency": 0.2}).state.vonage
    vonage.faults.off()
    vonage.options.change("quota", 5)
    vonage.reset()
    assert vonage.options == options
    assert [switch.value for switch in vonage.faults.take_for("/token")] == [0.2]


async def test_options_of_the_caller_are_copied():
    """Two fake APIs with the same options don't share them."""
    options = Options(people=20)
    create_vonage(options).state.vonage.options.change("quota", 1)
    assert options.quota == 10
