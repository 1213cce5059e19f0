"""The stage of `demo`: the real bot between an invented Vonage and a stand-in for Slack.

All on loopback, with settings of its own: none of the machine's and no `.env` is read. What the
bot keeps on disk goes to a temporary folder.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.cli.manifest import offered
from bot.models import Status, SyncProgress
from bot.sandbox.change_signal import ChangeSignal, ChangeSignalMiddleware
from bot.sandbox.company.sizes import CompanySize
from bot.sandbox.playground.demo_env import DemoEnv, DirectoryStatus
from bot.sandbox.playground.loopback_only import LoopbackOnly
from bot.sandbox.server import serving
from bot.sandbox.slack import members, signing
from bot.sandbox.slack.app import create_slack
from bot.sandbox.slack.delivery import Delivery
from bot.sandbox.slack.transports import HttpTransport
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.vonage import credentials
from bot.sandbox.vonage.app import BASE_PATH, TOKEN_PATH, create_vonage
from bot.sandbox.vonage.options import Options
from bot.settings import Secret, Settings
from bot.web.app import PATH, create_web

ADMIN = "U0ADMIN"
COPY_LIMIT = 2.0  # seconds that the first question waits for the copy, which takes a fraction
LOOK_AGAIN = 0.01  # seconds


@dataclass(slots=True)
class Bot:
    """The bot: it can be given a new start, with nothing remembered."""

    vonage: str
    slack: str
    transport: HttpTransport
    _running: AsyncExitStack | None = None
    _status: Callable[[], Status | None] = lambda: None

    async def restart(self, size: CompanySize) -> None:
        """Start it, in a folder of its own; end it before, where it runs."""
        await self.stop()
        self._running = AsyncExitStack()
        folder = self._running.enter_context(tempfile.TemporaryDirectory(prefix="ext-demo-"))
        web = create_web(_settings(self.vonage, self.slack, Path(folder), size))
        url = await self._running.enter_async_context(serving(LoopbackOnly(web)))
        self.transport.url = url + PATH
        self._status = web.state.health.vonage

    async def stop(self) -> None:
        """End it, and remove its folder."""
        if self._running:
            await self._running.aclose()
            self._running = None

    def directory_status(self) -> DirectoryStatus:
        """What it knows of the company."""
        status = self._status()
        if status is None:
            return DirectoryStatus()
        reading = status.sync_progress or SyncProgress()
        return DirectoryStatus(
            status.extensions, status.read_at, status.next_at, reading.page, reading.pages or 0
        )

    async def has_copy(self) -> None:
        """Wait until it knows everybody, for a moment at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(COPY_LIMIT):
                while self.directory_status().extensions is None:  # noqa: ASYNC110 - it tells nobody
                    await asyncio.sleep(LOOK_AGAIN)


@asynccontextmanager
async def open_demo_env(size: CompanySize | None = None) -> AsyncIterator[DemoEnv]:
    """Start the invented Vonage, the stand-in for Slack and the bot, all on loopback."""
    size = size or CompanySize()
    workspace, bell = Workspace(), ChangeSignal()
    vonage_app = create_vonage(Options(people=size.people, quota=size.calls_per_minute))
    async with (
        serving(LoopbackOnly(ChangeSignalMiddleware(vonage_app, bell))) as vonage,
        serving(LoopbackOnly(ChangeSignalMiddleware(create_slack(workspace), bell))) as slack,
        httpx.AsyncClient(timeout=10, trust_env=False) as http,
    ):
        carrier = HttpTransport(http, "", keep_exchanges=True)
        bot, delivery = Bot(vonage, slack, carrier), Delivery(workspace, carrier, slack)
        sandbox = vonage_app.state.vonage
        try:
            await bot.restart(size)
            await bot.has_copy()
            yield DemoEnv(workspace, sandbox, delivery, carrier, bell, bot, offered(), size)
        finally:
            await bot.stop()


def _settings(vonage: str, slack: str, folder: Path, size: CompanySize) -> Settings:
    return Settings(
        slack_bot_token=Secret(members.BOT_TOKEN),
        slack_signing_secret=Secret(signing.SIGNING_SECRET),
        slack_api_url=f"{slack}/api/",
        vonage_base_url=vonage + BASE_PATH,
        vonage_token_url=vonage + TOKEN_PATH,
        vonage_client_id=Secret(credentials.CLIENT_ID),
        vonage_client_secret=Secret(credentials.CLIENT_SECRET),
        vonage_username=Secret(credentials.USERNAME),
        vonage_password=Secret(credentials.PASSWORD),
        vonage_requests_per_minute=size.calls_per_minute,
        directory_ttl=size.refresh_interval_s,
        admins=frozenset({ADMIN}),
        data_dir=folder,
        log_level="ERROR",
    )
