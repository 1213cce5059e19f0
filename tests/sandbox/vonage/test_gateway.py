"""What the gateway refuses before the service is asked: tokens, users, paths and the quota."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import pytest

from bot.sandbox.vonage.app import BASE_PATH
from bot.sandbox.vonage.credentials import PORTAL_USERNAME
from tests.sandbox.vonage.calling import ACCOUNT, EXTENSIONS, login, sign_in

ONE = f"{EXTENSIONS}/789"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, 900902),
        ("", 900902),
        ("Bearer", 900902),
        ("Basic abc", 900902),
        ("Bearer not-a-token", 900901),
    ],
)
async def test_a_call_without_a_good_token_is_401(client, header, code):
    """A missing token and a wrong one have codes of their own."""
    headers = {} if header is None else {"Authorization": header}
    response = await client.get(ONE, headers=headers)
    assert response.status_code == 401
    assert response.json()["fault"]["code"] == code
    assert "OAuth2" in response.headers["www-authenticate"]


async def test_an_expired_token_looks_like_an_invalid_one(api, clock):
    """After its life a token gets the code of a wrong one."""
    clock.advance(86_399)
    assert (await api.get(ONE)).status_code == 200
    clock.advance(2)
    response = await api.get(ONE)
    assert (response.status_code, response.json()["fault"]["code"]) == (401, 900901)


async def test_a_newer_gateway_answers_flat_with_a_text_code(client, sandbox):
    """The code is then a text, and nothing is wrapped round it."""
    sandbox.options.change("fault_style", "flat")
    told = (await client.get(ONE)).json()
    assert told["code"] == "900902"
    assert set(told) == {"code", "message", "description"}


@pytest.mark.parametrize("accept", ["*/*", "text/html", ""])
async def test_refusals_are_xml_for_who_does_not_ask_for_json(client, accept):
    """Without `json` in the Accept header the gateway speaks XML."""
    response = await client.get(ONE, headers={"Accept": accept})
    assert response.headers["content-type"].startswith("application/xml")
    assert "<ams:code>900902</ams:code>" in response.text
    assert 'xmlns:ams="http://wso2.org/apimanager/security"' in response.text


@pytest.mark.parametrize(
    "path",
    [
        "/",
        f"{BASE_PATH}/api",
        f"{EXTENSIONS}/",
        f"{BASE_PATH}/v2/api/accounts/self",
        f"{ACCOUNT}/users",
    ],
)
async def test_an_unknown_path_is_the_gateway_s_404(api, path):
    """Its code is 900906, and it has no `msg`."""
    response = await api.get(path)
    assert response.status_code == 404
    assert response.json()["fault"]["code"] == 900906


async def test_a_wrong_method_is_405(api):
    """The list can only be read, and the refusal says so."""
    response = await api.post(EXTENSIONS)
    assert response.status_code == 405
    assert "GET" in response.headers["allow"]
    assert response.json()["fault"]["message"] == "Method Not Allowed"


async def test_another_account_is_missing_user_data(api):
    """A good token opens its own account only; the refusal is a line of text."""
    response = await api.get(f"{BASE_PATH}/api/accounts/314159/extensions")
    assert (response.status_code, response.text) == (401, "missing user data")


async def test_the_portal_s_user_is_missing_user_data(client):
    """The developer portal's user gets a token, and the API does not accept it."""
    token = (await login(client, username=PORTAL_USERNAME)).json()["access_token"]
    response = await client.get(ONE, headers={"Authorization": f"Bearer {token}"})
    assert (response.status_code, response.text) == (401, "missing user data")


async def test_a_token_without_a_user_is_missing_user_data(client):
    """So it is with a token for the application itself."""
    granted = (await login(client, grant_type="client_credentials")).json()
    assert "refresh_token" not in granted
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    assert (await client.get(ONE, headers=headers)).text == "missing user data"


async def _statuses(api, count):
    return [(await api.get(ONE)).status_code for _ in range(count)]


async def test_the_eleventh_call_in_a_minute_is_refused(api, clock):
    """Ten calls are allowed; the refusal says when the next is, and so it is."""
    assert await _statuses(api, 10) == [200] * 10
    clock.advance(20)
    response = await api.get(ONE)
    fault = response.json()["fault"]
    assert response.status_code == 429
    assert fault["code"] == 900803
    assert fault["nextAccessTime"] in fault["description"]
    at = parsedate_to_datetime(response.headers["retry-after"]).timestamp()
    assert at == clock() + 40
    clock.advance(40)
    assert (await api.get(ONE)).status_code == 200


async def test_the_form_of_the_next_access_time(api, clock):
    """The gateway writes times in a form of its own."""
    clock.now = 1_788_624_000.0 - 60
    await sign_in(api)
    await _statuses(api, 10)
    fault = (await api.get(ONE)).json()["fault"]
    assert fault["nextAccessTime"] == "2026-Sep-05 16:00:00+0000 UTC"


async def test_a_sliding_minute_frees_one_call_at_a_time(api, clock):
    """Calls come back in the order that they were spent in."""
    for _ in range(10):
        await api.get(ONE)
        clock.advance(1)
    clock.advance(50)
    assert await _statuses(api, 2) == [200, 429]


async def test_a_fixed_minute_frees_all_calls_at_once(api, sandbox, clock):
    """Counted from the first call, all come back together."""
    sandbox.options.change("window", "fixed")
    for _ in range(10):
        await api.get(ONE)
        clock.advance(5)
    assert await _statuses(api, 1) == [429]
    clock.advance(10)
    assert await _statuses(api, 11) == [200] * 10 + [429]


async def test_refused_calls_cost_nothing(api, clock):
    """Who keeps asking while throttled does not wait longer."""
    await _statuses(api, 30)
    clock.advance(60)
    assert await _statuses(api, 1) == [200]


async def test_each_token_has_its_own_quota(api):
    """A new login starts afresh, since the quota is the token's."""
    assert (await _statuses(api, 11))[-1] == 429
    await sign_in(api)
    assert await _statuses(api, 1) == [200]


async def test_logins_do_not_count(api):
    """The token endpoint is not part of the quota."""
    for _ in range(20):
        await login(api)
    assert await _statuses(api, 10) == [200] * 10


async def test_no_quota_is_no_limit(api, sandbox):
    """Zero means that nobody counts."""
    sandbox.options.change("quota", 0)
    assert await _statuses(api, 30) == [200] * 30


@pytest.mark.parametrize(
    ("changed", "status", "retry_after"),
    [
        (("retry_after", "seconds"), 429, "60"),
        (("retry_after", "none"), 429, None),
        (("throttle_status", 200), 200, "Mon, 12 Jan 1970 13:47:40 GMT"),
        (("throttle_status", 503), 503, "Mon, 12 Jan 1970 13:47:40 GMT"),
    ],
)
async def test_throttling_comes_in_several_forms(api, sandbox, changed, status, retry_after):
    """Some gateways count seconds, some say nothing, and some say it with a 200."""
    sandbox.options.change(*changed)
    await _statuses(api, 10)
    response = await api.get(ONE)
    assert response.status_code == status
    assert response.headers.get("retry-after") == retry_after
    assert response.json()["fault"]["code"] == 900803


async def test_throttling_in_xml_has_a_name_space_of_its_own(api):
    """The gateway's throttling speaks of throttling."""
    await _statuses(api, 10)
    response = await api.get(ONE, headers={"Accept": "*/*"})
    assert "<amt:code>900803</amt:code>" in response.text
