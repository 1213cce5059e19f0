"""Calls of the Slack stand-in, as an app makes them."""

from __future__ import annotations

from typing import Any

import httpx

from bot.sandbox.slack.members import BOT_TOKEN

SIGNED = {"Authorization": f"Bearer {BOT_TOKEN}"}


async def call(web: httpx.AsyncClient, method: str, **args: Any) -> dict[str, Any]:
    """Call a method with a form as the bot, and return the JSON."""
    response = await web.post(f"/api/{method}", data=args, headers=SIGNED)
    assert response.status_code == 200
    body: dict[str, Any] = response.json()
    return body


async def call_with_json(web: httpx.AsyncClient, method: str, **args: Any) -> dict[str, Any]:
    """Call a method with JSON as the bot, and return the JSON."""
    response = await web.post(f"/api/{method}", json=args, headers=SIGNED)
    assert response.status_code == 200
    body: dict[str, Any] = response.json()
    return body
