"""Calls of the fake Vonage API."""

from __future__ import annotations

from typing import Any

import httpx

from bot.sandbox.vonage.app import BASE_PATH
from bot.sandbox.vonage.credentials import CLIENT_ID, CLIENT_SECRET, PASSWORD, USERNAME

ACCOUNT = f"{BASE_PATH}/api/accounts/self"
EXTENSIONS = f"{ACCOUNT}/extensions"

LOGIN = {
    "grant_type": "password",
    "scope": "openid",
    "username": USERNAME,
    "password": PASSWORD,
    "client_id": CLIENT_ID,
    "client_secret": CLIENT_SECRET,
}


async def login(client: httpx.AsyncClient, **changes: str) -> httpx.Response:
    """Ask for a token, with the right form or a changed one."""
    return await client.post("/token", data={**LOGIN, **changes})


async def sign_in(client: httpx.AsyncClient) -> str:
    """Log this client in for all its calls; returns the access token."""
    token: str = (await login(client)).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    return token


async def get_json(client: httpx.AsyncClient, path: str = EXTENSIONS, **query: object) -> Any:
    """The JSON of a call that must succeed."""
    response = await client.get(path, params={k: str(v) for k, v in query.items()})
    assert response.status_code == 200, response.text
    return response.json()
