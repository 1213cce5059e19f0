"""The gateway's checks before the service: tokens, users, paths and the quota."""

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
async def test_call_without_valid_token_is_401(client, header, code):
    """A missing token and a wrong one have different codes."""
    headers = {} if header is None else {"Authorization": header}
    response = await client.get(ONE, headers=headers)
    assert response.status_code == 401
    assert response.json()["fault"]["code"] == code
    assert "OAuth2" in response.headers["www-authenticate"]


async def test_expired_token_has_code_of_invalid_one(api, clock):
    """A client can't tell an expired token from an invalid one."""
    clock.advance(86_399)
    assert (await api.get(ONE)).status_code == 200
    clock.advance(2)
    response = await api.get(ONE)
    assert (response.status_code, response.json()["fault"]["code"]) == (401, 900901)


async def test_flat_style_has_string_code_without_wrapper(client, vonage):
    """Newer gateways answer in this style."""
    vonage.options.change("fault_style", "flat")
    response = (await client.get(ONE)).json()
    assert response["code"] == "900902"
    assert set(response) == {"code", "message", "description"}


@pytest.mark.parametrize("accept", ["*/*", "text/html", ""])
async def test_error_without_json_accept_is_xml(client, accept):
    """The gateway goes by the Accept header."""
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
async def test_unknown_path_is_gateway_404(api, path):
    """The gateway's code is 900906, and the body has no `msg`."""
    response = await api.get(path)
    assert response.status_code == 404
    assert response.json()["fault"]["code"] == 900906


async def test_wrong_method_is_405(api):
    """The header names the allowed method."""
    response = await api.post(EXTENSIONS)
    assert response.status_code == 405
    assert "GET" in response.headers["allow"]
    assert response.json()["fault"]["message"] == "Method Not Allowed"


async def test_other_account_is_missing_user_data(api):
    """A token is valid for its own account only; the error is a line of text."""
    response = await api.get(f"{BASE_PATH}/api/accounts/314159/extensions")
    assert (response.status_code, response.text) == (401, "missing user data")


async def test_portal_user_is_missing_user_data(client):
    """The user gets a token that the API doesn't accept."""
    token = (await login(client, username=PORTAL_USERNAME)).json()["access_token"]
    response = await client.get(ONE, headers={"Authorization": f"Bearer {token}"})
    assert (response.status_code, response.text) == (401, "missing user data")


async def test_client_credentials_token_is_missing_user_data(client):
    """A token for the application itself isn't accepted."""
    granted = (await login(client, grant_type="client_credentials")).json()
    assert "refresh_token" not in granted
    headers = {"Authorization": f"Bearer {granted['access_token']}"}
    assert (await client.get(ONE, headers=headers)).text == "missing user data"


async def _statuses(api, count):
    return [(await api.get(ONE)).status_code for _ in range(count)]


async def test_eleventh_call_in_a_minute_is_refused(api, clock):
    """The error says when the next is allowed, and it is."""
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


async def test_next_access_time_has_gateway_format(api, clock):
    """The gateway writes times in a format of its own."""
    clock.now = 1_788_624_000.0 - 60
    await sign_in(api)
    await _statuses(api, 10)
    fault = (await api.get(ONE)).json()["fault"]
    assert fault["nextAccessTime"] == "2026-Sep-05 16:00:00+0000 UTC"


async def test_sliding_window_frees_calls_one_by_one(api, clock):
    """Calls are free again in the order in which they were made."""
    for _ in range(10):
        await api.get(ONE)
        clock.advance(1)
    clock.advance(50)
    assert await _statuses(api, 2) == [200, 429]


async def test_fixed_window_frees_all_calls_at_once(api, vonage, clock):
    """The window begins with the first call."""
    vonage.options.change("window", "fixed")
    for _ in range(10):
        await api.get(ONE)
        clock.advance(5)
    assert await _statuses(api, 1) == [429]
    clock.advance(10)
    assert await _statuses(api, 11) == [200] * 10 + [429]


async def test_refused_call_does_not_count(api, clock):
    """A client that keeps asking doesn't wait longer."""
    await _statuses(api, 30)
    clock.advance(60)
    assert await _statuses(api, 1) == [200]


async def test_each_token_has_its_own_quota(api):
    """A new login has a fresh quota."""
    assert (await _statuses(api, 11))[-1] == 429
    await sign_in(api)
    assert await _statuses(api, 1) == [200]


async def test_login_does_not_count(api):
    """The token endpoint has no quota."""
    for _ in range(20):
        await login(api)
    assert await _statuses(api, 10) == [200] * 10


async def test_quota_of_zero_is_no_limit(api, vonage):
    """Zero switches the quota off."""
    vonage.options.change("quota", 0)
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
async def test_throttled_response_has_configured_form(api, vonage, changed, status, retry_after):
    """Some gateways count seconds, some say nothing, and some answer 200."""
    vonage.options.change(*changed)
    await _statuses(api, 10)
    response = await api.get(ONE)
    assert response.status_code == status
    assert response.headers.get("retry-after") == retry_after
    assert response.json()["fault"]["code"] == 900803


async def test_throttled_xml_has_throttling_namespace(api):
    """The namespace differs from that of the other XML errors."""
    await _statuses(api, 10)
    response = await api.get(ONE, headers={"Accept": "*/*"})
    assert "<amt:code>900803</amt:code>" in response.text
