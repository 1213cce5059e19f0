"""A workspace of the stand-in for Slack, and a client of its Web API."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import slack_client
from bot.sandbox.server import serving
from bot.sandbox.slack.app import create_slack
from bot.sandbox.slack.workspace import Workspace
from bot.slack.session import open_session
from tests.running_bot import settings_for


@pytest.fixture
def workspace() -> Workspace:
    """The state of the stand-in for Slack."""
    return Workspace()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """The HTTP session that all calls share."""
    async with open_session() as session:
        yield session


@pytest.fixture
async def client(workspace, session) -> AsyncIterator[AsyncWebClient]:
    """The bot's client of the Web API, connected to the stand-in."""
    async with serving(create_slack(workspace)) as url:
        yield slack_client(settings_for("http://vonage.example", url), session)
