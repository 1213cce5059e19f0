"""Calling the stand-in for Slack as an app does."""

from __future__ import annotations

from typing import Any

import httpx

from bot.sandbox.slack.members import BOT_TOKEN

SIGNED = {"Authorization": f"Bearer {BOT_TOKEN}"}


async def called(web: httpx.AsyncClient, method: str, **args: Any) -> dict[str, Any]:
    """Call a method with a form, as the bot; return what it was told."""
    response = await web.post(f"/api/{method}", data=args, headers=SIGNED)
    assert response.status_code == 200
    told: dict[str, Any] = response.json()
    return told


async def posted(web: httpx.AsyncClient, method: str, **args: Any) -> dict[str, Any]:
    """The same with JSON."""
    response = await web.post(f"/api/{method}", json=args, headers=SIGNED)
    assert response.status_code == 200
    told: dict[str, Any] = response.json()
    return told
