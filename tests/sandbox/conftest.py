"""A fake Vonage API and a Slack stand-in in this process, with a clock that tests control."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from bot.sandbox.company.entries import Entry
from bot.sandbox.company.people import build_company
from bot.sandbox.slack.app import create_slack
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.vonage.app import create_vonage
from bot.sandbox.vonage.state import FakeVonage
from tests.clock import Clock
from tests.sandbox.vonage.calling import sign_in

PEOPLE = build_company(250)


@pytest.fixture
def clock() -> Clock:
    """The clock of both stand-ins."""
    return Clock()


@pytest.fixture
def entries() -> list[Entry]:
    """The entries of the invented company."""
    return PEOPLE


@pytest.fixture
def app(clock, entries) -> Starlette:
    """The fake API of a company of 250."""
    return create_vonage(entries=entries, clock=clock)


@pytest.fixture
def vonage(app) -> FakeVonage:
    """The state of the fake API."""
    inside: FakeVonage = app.state.vonage
    return inside


@pytest.fixture
async def client(app) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the fake API that hasn't logged in."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://sandbox",
        headers={"Accept": "application/json"},
    ) as client:
        yield client


@pytest.fixture
async def api(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client of the fake API that has logged in."""
    await sign_in(client)
    return client


@pytest.fixture
def slack(clock) -> Workspace:
    """A Slack workspace."""
    return Workspace(clock=clock)


@pytest.fixture
async def web(slack) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the workspace's Web API."""
    transport = httpx.ASGITransport(create_slack(slack))
    async with httpx.AsyncClient(transport=transport, base_url="http://slack") as client:
        yield client
