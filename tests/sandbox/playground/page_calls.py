"""Calls of the playground's API, as the page makes them."""

from __future__ import annotations

from typing import Any

import httpx

PLAYGROUND = "http://127.0.0.1:8790"
OWN_HEADERS = {"Origin": PLAYGROUND, "Sec-Fetch-Site": "same-origin"}


async def act(
    page: httpx.AsyncClient, action: str, user: str = "U0JOHN", **request: Any
) -> tuple[int, dict[str, Any]]:
    """Post an action; returns the status and the JSON."""
    response = await page.post(f"/api/{action}", json={"user": user, **request})
    return response.status_code, response.json()
