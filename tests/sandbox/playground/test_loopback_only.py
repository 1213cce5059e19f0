"""Pages of other sites and rebound host names can't use the playground."""

from __future__ import annotations

import httpx
import pytest

from bot.sandbox.playground.app import create_playground
from tests.sandbox.playground.page_calls import PLAYGROUND


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8790", "Origin": "http://localhost:8790"}, 200),
        ({"Host": "rebound.example:8790", "Origin": "http://rebound.example:8790"}, 403),
        ({"Host": "127.0.0.1:9999", "Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
async def test_change_from_foreign_host_or_origin_is_refused(page, vonage, headers, status):
    """Only the page's own origin may change anything."""
    request = {"name": "down", "on": True}
    response = await page.post("/api/switch", json=request, headers=headers)
    assert response.status_code == status
    on = [fault["name"] for fault in vonage.faults.describe() if fault["on"]]
    assert on == (["down"] if status == 200 else [])


async def test_change_without_origin_is_refused(demo_env):
    """Browsers send an origin with every change, so other clients may only read."""
    transport = httpx.ASGITransport(create_playground(demo_env))
    async with httpx.AsyncClient(transport=transport, base_url=PLAYGROUND) as client:
        assert (await client.post("/api/expire", json={})).status_code == 403
        assert (await client.get("/")).status_code == 200
