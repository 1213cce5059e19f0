"""Logging in to the fake Vonage API, refreshing, and being locked."""

from __future__ import annotations

import base64

import httpx
import pytest

from bot.sandbox.vonage.app import TOKEN_PATH, WSO2_TOKEN_PATH
from bot.sandbox.vonage.credentials import CLIENT_ID, CLIENT_SECRET, PORTAL_USERNAME, USERNAME
from tests.sandbox.vonage.calling import EXTENSIONS, LOGIN, login

ONE = f"{EXTENSIONS}/789"


async def _status_with(client, token):
    return (await client.get(ONE, headers={"Authorization": f"Bearer {token}"})).status_code


async def _renew(client, refresh_token):
    form = {**LOGIN, "grant_type": "refresh_token", "refresh_token": refresh_token}
    return await client.post("/token", data=form)


async def test_login_gets_tokens_and_expiry(client):
    """OAuth's fields; the token lasts a day, and the response must not be cached."""
    response = await login(client)
    granted = response.json()
    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    assert granted["access_token"].count(".") == granted["id_token"].count(".") == 2
    rest = {
        k: granted[k] for k in granted if k not in {"access_token", "id_token", "refresh_token"}
    }
    assert rest == {"scope": "openid", "token_type": "Bearer", "expires_in": 86_400}
    assert await _status_with(client, granted["access_token"]) == 200


async def test_login_without_openid_has_default_scope(client):
    """The response has the default scope and no id token."""
    granted = (await login(client, scope="")).json()
    assert granted["scope"] == "default"
    assert "id_token" not in granted


@pytest.mark.parametrize(
    ("changes", "status", "error", "words"),
    [
        ({"password": "wrong"}, 400, "invalid_grant", "17002"),
        ({"username": "ext.integration"}, 400, "invalid_grant", "17001"),
        ({"username": "nobody@vbc.prod"}, 400, "invalid_grant", "17001"),
        ({"client_id": "wrong"}, 401, "invalid_client", "client_id: wrong"),
        ({"client_secret": "wrong"}, 401, "invalid_client", "Client Authentication failed"),
        ({"grant_type": ""}, 400, "invalid_request", "grant_type"),
        ({"grant_type": "magic"}, 400, "unsupported_grant_type", "grant_type"),
        ({"grant_type": "authorization_code"}, 400, "unauthorized_client", "grant type"),
        ({"password": ""}, 400, "invalid_request", "password"),
        ({"grant_type": "refresh_token"}, 400, "invalid_grant", "Persisted access token"),
    ],
    ids=lambda value: str(value) if not isinstance(value, dict) else "-".join(value),
)
async def test_invalid_login_is_refused(client, changes, status, error, words):
    """Errors have OAuth's form and the identity server's text."""
    response = await login(client, **changes)
    assert response.status_code == status
    assert response.json()["error"] == error
    assert words in response.json()["error_description"]


@pytest.mark.parametrize("form", ["json", "raw"])
async def test_login_body_must_be_encoded_form(client, form):
    """JSON isn't read, and an unencoded password is another password."""
    if form == "json":
        response = await client.post("/token", json=LOGIN)
        assert response.json()["error"] == "invalid_request"
        return
    raw = "&".join(f"{name}={value}" for name, value in LOGIN.items())
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    response = await client.post("/token", content=raw, headers=headers)
    assert "17002" in response.json()["error_description"]


@pytest.mark.parametrize(("path", "status"), [(TOKEN_PATH, 401), (WSO2_TOKEN_PATH, 200)])
async def test_basic_authorization_works_on_inner_address_only(client, path, status):
    """The public address wants the client in the form."""
    basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
    form = {name: value for name, value in LOGIN.items() if not name.startswith("client_")}
    response = await client.post(path, data=form, headers={"Authorization": f"Basic {basic}"})
    assert response.status_code == status


async def test_token_endpoint_refuses_get(client):
    """A login must never be in an address."""
    assert (await client.get("/token", params=LOGIN)).status_code == 405


async def test_refresh_rotates_both_tokens(client):
    """A refresh token works once; the older access token stays valid."""
    first = (await login(client)).json()
    second = (await _renew(client, first["refresh_token"])).json()
    assert second["access_token"] != first["access_token"]
    assert second["refresh_token"] != first["refresh_token"]
    assert await _status_with(client, second["access_token"]) == 200
    assert await _status_with(client, first["access_token"]) == 200
    again = await _renew(client, first["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert again.json()["error_description"] == "Persisted access token data not found"


async def test_refresh_token_after_a_week_is_refused(client, clock):
    """After a week the client has to log in again."""
    fresh, old = (await login(client)).json(), (await login(client)).json()
    clock.advance(7 * 86_400 - 1)
    assert (await _renew(client, fresh["refresh_token"])).status_code == 200
    clock.advance(1)
    assert (await _renew(client, old["refresh_token"])).status_code == 400


async def test_expires_in_option_sets_the_lifetime(client, vonage, clock):
    """`expires_in` is the real lifetime."""
    vonage.options.change("expires_in", 120)
    granted = (await login(client)).json()
    assert granted["expires_in"] == 120
    clock.advance(120)
    assert await _status_with(client, granted["access_token"]) == 401


async def test_login_with_reuse_gets_the_live_token(client, vonage, clock):
    """`expires_in` of a reused token is the time that is left."""
    vonage.options.change("reuse_token", True)
    first = (await login(client)).json()
    clock.advance(3_834)
    second = (await login(client)).json()
    assert second["access_token"] == first["access_token"]
    assert second["expires_in"] == 82_566
    assert (await login(client, scope="")).json()["access_token"] != first["access_token"]
    clock.advance(86_400)
    assert (await login(client)).json()["access_token"] != first["access_token"]


async def _locked(client: httpx.AsyncClient) -> bool:
    response = await login(client)
    return response.status_code == 400 and "17003" in response.json()["error_description"]


async def _fail(client, times):
    for _ in range(times):
        await login(client, password="wrong")


async def test_five_wrong_passwords_lock_the_user(client, clock):
    """The right password is then refused for half an hour."""
    await _fail(client, 5)
    assert await _locked(client)
    clock.advance(1_801)
    assert not await _locked(client)


async def test_login_while_locked_prolongs_the_lock(client, clock):
    """The half hour counts from the last try, so a retry loop never gets in."""
    await _fail(client, 5)
    for _ in range(10):
        clock.advance(300)
        assert await _locked(client)
    clock.advance(1_800)
    assert not await _locked(client)


async def test_login_resets_wrong_passwords(client):
    """Only wrong passwords in a row lock a user."""
    await _fail(client, 4)
    assert (await login(client)).status_code == 200
    await _fail(client, 4)
    assert not await _locked(client)


async def test_lock_affects_one_user(client):
    """Another user can log in."""
    await _fail(client, 5)
    assert (await login(client, username=PORTAL_USERNAME)).status_code == 200
    assert USERNAME != PORTAL_USERNAME
    assert await _locked(client)


async def test_expired_tokens_can_be_refreshed(client, vonage):
    """Expiring leaves refresh tokens valid."""
    granted = (await login(client)).json()
    vonage.tokens.expire()
    assert await _status_with(client, granted["access_token"]) == 401
    renewed = (await _renew(client, granted["refresh_token"])).json()
    assert await _status_with(client, renewed["access_token"]) == 200
