"""A playground in this process, in front of a small app that records what it receives."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.sandbox.change_signal import ChangeSignal
from bot.sandbox.company.sizes import CompanySize
from bot.sandbox.playground.app import create_playground
from bot.sandbox.playground.demo_env import DemoEnv, DirectoryStatus
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.transports import HttpTransport
from tests.sandbox.playground.page_calls import OWN_HEADERS, PLAYGROUND
from tests.sandbox.slack.slack_app import RecordingApp

COMMAND = {"command": "/ext", "description": "Who?", "usage_hint": "789"}


class RecordingBotControl:
    """Records the restarts of the bot."""

    def __init__(self) -> None:
        self.restarts: list[CompanySize] = []

    async def restart(self, size: CompanySize) -> None:
        """Record a restart."""
        self.restarts.append(size)

    def directory_status(self) -> DirectoryStatus:
        """The status of a bot without a copy."""
        return DirectoryStatus()


@pytest.fixture
def slack_app() -> RecordingApp:
    """An app that acknowledges."""
    return RecordingApp()


@pytest.fixture
def bot_control() -> RecordingBotControl:
    """The control of the bot."""
    return RecordingBotControl()


@pytest.fixture
def demo_env(slack_app, slack, vonage, bot_control) -> DemoEnv:
    """The parts of a demo, with that app."""
    http = httpx.AsyncClient(transport=httpx.ASGITransport(slack_app.asgi), base_url="http://app")
    transport = HttpTransport(http, "/slack/events", ack_timeout_s=0.3, keep_exchanges=True)
    delivery = Delivery(slack, transport, "http://slack")
    features = {"commands": [COMMAND], "shortcuts": [], "home": False}
    return DemoEnv(slack, vonage, delivery, transport, ChangeSignal(), bot_control, features)


@pytest.fixture
async def page(demo_env) -> AsyncIterator[httpx.AsyncClient]:
    """A client that sends the headers of the page."""
    transport = httpx.ASGITransport(create_playground(demo_env))
    async with httpx.AsyncClient(
        transport=transport, base_url=PLAYGROUND, headers=OWN_HEADERS
    ) as client:
        yield client
