"""Looking at the fake API, and turning it, from outside while it runs."""

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


async def test_the_list_explains_every_switch(client):
    """All faults and options are there, each with its sentence and its value."""
    told = (await client.get(SWITCH)).json()
    assert [fault["name"] for fault in told["faults"]] == list(FAULTS)
    assert [option["name"] for option in told["options"]] == list(OPTION_NAMES)
    assert all(switch["description"] for switch in told["faults"] + told["options"])
    envelope = next(option for option in told["options"] if option["name"] == "envelope")
    assert (envelope["value"], envelope["choices"]) == ("live", ["live", "document"])


async def test_faults_and_options_are_turned_by_one_call(api):
    """True is a fault's own value, a number another, false is off; options take theirs."""
    response = await api.post(SWITCH, json={"latency": 0.0, "drip": True, "down": True, "quota": 3})
    assert {fault["name"] for fault in response.json()["on"]} == {"latency", "drip", "down"}
    await api.post(SWITCH, json={"down": False})
    assert await _on(api) == {"latency": 0.0, "drip": 0.05}
    await api.delete(SWITCH)
    assert await _on(api) == {}
    assert [(await api.get(ONE)).status_code for _ in range(4)] == [200, 200, 200, 429]


async def test_a_fault_can_be_aimed(api):
    """For the next calls, and for a part of the path, as from Python."""
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
async def test_what_cannot_be_turned_is_explained_and_nothing_is(client, sandbox, body, words):
    """A mistake is told in words, and leaves everything as it was."""
    response = await client.post(SWITCH, content=body)
    assert response.status_code == 400
    assert words in response.json()["error"]
    assert sandbox.options == Options()
    assert await _on(client) == {}


async def test_control_is_never_struck(client, sandbox):
    """Even when everything is down, it can be switched on again."""
    for name in ("down", "reset", "malformed"):
        sandbox.faults.on(name)
    assert (await client.delete(SWITCH)).status_code == 200
    assert (await login(client)).status_code == 200


async def test_calls_are_told(api, clock, sandbox):
    """What was called, when, with which parameters and which answer; never with their values."""
    clock.advance(7)
    headers = {"X-Request-ID": "r-1"}
    await api.get(
        EXTENSIONS, params={"email": "john.smith@example.com", "page": "0"}, headers=headers
    )
    told = (await api.get("/_sandbox/calls")).json()
    assert told["calls"][-1] == {
        "method": "GET",
        "path": EXTENSIONS,
        "query": ["email", "page"],
        "at": 7.0,
        "request_id": "r-1",
        "status": 400,
    }
    assert "john.smith" not in str(told)
    assert (told["total"], told["api_calls"], told["logins"]) == (2, 1, 1)
    assert told["statuses"] == {"200": 1, "400": 1}
    assert told["templates"] == {
        "/token": 1,
        "/t/vbc.prod/provisioning/api/accounts/{account_id}/extensions": 1,
    }


async def test_the_busiest_minute_is_any_sixty_seconds(api, clock, sandbox):
    """Calls 59 s apart belong together, calls 60 s apart do not; logins never count."""
    for pause in (30, 29, 1, 0):
        await api.get(ONE)
        await login(api)
        clock.advance(pause)
    assert sandbox.calls.busiest_minute == 3


async def test_refused_logins_are_counted(client, sandbox):
    """One sees whether a client knocks again and again."""
    await login(client, password="wrong")
    await login(client, username="nobody@vbc.prod")
    told = (await client.get("/_sandbox/calls")).json()
    assert (told["logins"], told["refused_logins"]) == (0, 2)


async def test_expire_makes_tokens_invalid(api):
    """From outside too, all access tokens can be ended."""
    assert (await api.post("/_sandbox/expire")).status_code == 200
    assert (await api.get(ONE)).status_code == 401


async def test_reset_is_a_new_start(api, sandbox):
    """Calls, tokens, locks, options and faults are as at the start."""
    await api.post(SWITCH, json={"quota": 1, "envelope": "document", "down": True})
    await login(api, password="wrong")
    await api.post("/_sandbox/reset")
    assert sandbox.options == Options()
    assert await _on(api) == {}
    assert (sandbox.calls.total, sandbox.tokens.refused_logins) == (0, 0)
    assert (await api.get(ONE)).status_code == 401


async def test_a_reset_keeps_what_was_on_from_the_start():
    """Faults and options given at the beginning belong to the beginning."""
    options = Options(quota=2, people=20)
    sandbox = create_vonage(options, faults={"latency": 0.2}).state.vonage
    sandbox.faults.off()
    sandbox.options.change("quota", 5)
    sandbox.reset()
    assert sandbox.options == options
    assert [switch.value for switch in sandbox.faults.take_for("/token")] == [0.2]


async def test_the_caller_s_options_are_not_changed():
    """Two sandboxes made of the same options do not share them."""
    options = Options(people=20)
    create_vonage(options).state.vonage.options.change("quota", 1)
    assert options.quota == 10
