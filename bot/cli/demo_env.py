"""The environment of `demo`: the real bot between a fake Vonage API and a stand-in for Slack.

Everything runs on loopback with fixed settings: neither the machine's environment nor `.env` is
read. The bot's files are in a temporary folder.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from bot import limits
from bot.cli.manifest import features
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

ADMIN_USER_ID = "U0ADMIN"


@dataclass(slots=True)
class Bot:
    """The bot of the demo. After a restart it remembers nothing.

    `vonage_url` and `slack_url` are the addresses of the stand-ins; `transport` delivers Slack's
    requests to the bot. With a `csv` file, the bot reads that file instead of the fake Vonage API.
    """

    vonage_url: str
    slack_url: str
    transport: HttpTransport
    csv: Path | None = None
    _server: AsyncExitStack | None = None
    _status: Callable[[], Status | None] = lambda: None

    async def restart(self, size: CompanySize) -> None:
        """Start the bot with an empty temporary folder, after stopping it if it runs."""
        await self.stop()
        self._server = AsyncExitStack()
        folder = self._server.enter_context(tempfile.TemporaryDirectory(prefix="ext-demo-"))
        settings = _settings(self.vonage_url, self.slack_url, Path(folder), size)
        web = create_web(replace(settings, directory_csv=self.csv))
        url = await self._server.enter_async_context(serving(LoopbackOnly(web)))
        self.transport.url = url + PATH
        self._status = web.state.health.vonage

    async def stop(self) -> None:
        """Stop the bot and remove its folder."""
        if self._server:
            await self._server.aclose()
            self._server = None

    def directory_status(self) -> DirectoryStatus:
        """Return how much of the directory the bot has read."""
        status = self._status()
        if status is None:
            return DirectoryStatus()
        progress = status.sync_progress or SyncProgress()
        return DirectoryStatus(
            status.extensions, status.read_at, status.next_at, progress.page, progress.pages or 0
        )

    async def wait_for_snapshot(self) -> None:
        """Wait until the bot has read the directory, but at most `DEMO_SNAPSHOT_WAIT_S`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(limits.DEMO_SNAPSHOT_WAIT_S):
                while self.directory_status().extensions is None:  # noqa: ASYNC110 - it sends no event
                    await asyncio.sleep(limits.DEMO_SNAPSHOT_POLL_S)


@asynccontextmanager
async def open_demo_env(
    size: CompanySize | None = None, *, csv: Path | None = None
) -> AsyncIterator[DemoEnv]:
    """Start the fake Vonage API, the stand-in for Slack and the bot, all on loopback.

    With a `csv` file, the bot answers from that file.
    """
    size = size or CompanySize()
    workspace, change_signal = Workspace(), ChangeSignal()
    vonage_app = create_vonage(Options(people=size.people, quota=size.calls_per_minute))
    async with (
        serving(LoopbackOnly(ChangeSignalMiddleware(vonage_app, change_signal))) as vonage_url,
        serving(
            LoopbackOnly(ChangeSignalMiddleware(create_slack(workspace), change_signal))
        ) as slack_url,
        httpx.AsyncClient(timeout=limits.DEMO_REQUEST_S, trust_env=False) as http,
    ):
        transport = HttpTransport(http, "", keep_exchanges=True)
        bot = Bot(vonage_url, slack_url, transport, csv)
        delivery = Delivery(workspace, transport, slack_url)
        vonage = vonage_app.state.vonage
        try:
            await bot.restart(size)
            await bot.wait_for_snapshot()
            yield DemoEnv(
                workspace, vonage, delivery, transport, change_signal, bot, features(), size
            )
        finally:
            await bot.stop()


def _settings(vonage_url: str, slack_url: str, folder: Path, size: CompanySize) -> Settings:
    return Settings(
        slack_bot_token=Secret(members.BOT_TOKEN),
        slack_signing_secret=Secret(signing.SIGNING_SECRET),
        slack_api_url=f"{slack_url}/api/",
        vonage_base_url=vonage_url + BASE_PATH,
        vonage_token_url=vonage_url + TOKEN_PATH,
        vonage_client_id=Secret(credentials.CLIENT_ID),
        vonage_client_secret=Secret(credentials.CLIENT_SECRET),
        vonage_username=Secret(credentials.USERNAME),
        vonage_password=Secret(credentials.PASSWORD),
        vonage_requests_per_minute=size.calls_per_minute,
        directory_ttl=size.refresh_interval_s,
        admins=frozenset({ADMIN_USER_ID}),
        data_dir=folder,
        log_level="ERROR",
    )
