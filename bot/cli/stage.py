"""The stage of `demo`: the real bot between an invented Vonage and a stand-in for Slack.

All on loopback, with settings of its own: none of the machine's and no `.env` is read. What the
bot keeps on disk goes to a temporary folder.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.cli.manifest import offered
from bot.sandbox import credentials, members, signing
from bot.sandbox.bell import Bell, Ringing
from bot.sandbox.carriers import Http
from bot.sandbox.delivery import Delivery
from bot.sandbox.here_only import HereOnly
from bot.sandbox.options import Options
from bot.sandbox.people import people
from bot.sandbox.scene import Scene
from bot.sandbox.server import serving
from bot.sandbox.slack import create_slack
from bot.sandbox.vonage import BASE_PATH, TOKEN_PATH, create_vonage
from bot.sandbox.workspace import Workspace
from bot.settings import Secret, Settings
from bot.web import PATH, create_web

PEOPLE = 250
QUOTA = 60  # calls a minute, so that trying things out is not cut short as a new app would be
QUOTA_OF_MANY = 1_200  # for a directory that cannot be read in a minute otherwise
MANY = 20_000
ADMIN = "U0ADMIN"


@dataclass(slots=True)
class Bot:
    """The bot: it can be given a new start, with nothing remembered."""

    vonage: str
    slack: str
    url: str = ""
    _running: AsyncExitStack | None = None

    async def start(self, quota: int) -> None:
        """Start it, in a folder of its own."""
        self._running = AsyncExitStack()
        folder = self._running.enter_context(tempfile.TemporaryDirectory(prefix="ext-demo-"))
        settings = _settings(self.vonage, self.slack, Path(folder), quota)
        self.url = await self._running.enter_async_context(serving(HereOnly(create_web(settings))))

    async def stop(self) -> None:
        """End it, and remove its folder."""
        if self._running:
            await self._running.aclose()
            self._running = None


@asynccontextmanager
async def stage() -> AsyncIterator[Scene]:
    """Start the invented Vonage, the stand-in for Slack and the bot, all on loopback."""
    workspace, bell = Workspace(), Bell()
    vonage_app = create_vonage(Options(people=PEOPLE, quota=QUOTA))
    async with (
        serving(HereOnly(Ringing(vonage_app, bell))) as vonage,
        serving(HereOnly(Ringing(create_slack(workspace), bell))) as slack,
        httpx.AsyncClient(timeout=10, trust_env=False) as http,
    ):
        bot = Bot(vonage, slack)
        await bot.start(QUOTA)
        carrier = Http(http, bot.url + PATH, keep=True)

        async def restaff(count: int) -> None:
            quota = QUOTA if count < MANY else QUOTA_OF_MANY
            entries = await asyncio.to_thread(people, count)
            await bot.stop()
            sandbox.options.change("quota", quota)
            await asyncio.to_thread(sandbox.staff, entries)
            await bot.start(quota)
            carrier.url = bot.url + PATH

        sandbox = vonage_app.state.sandbox
        delivery = Delivery(workspace, carrier, slack)
        try:
            yield Scene(workspace, sandbox, delivery, carrier, bell, restaff, offered())
        finally:
            await bot.stop()


def _settings(vonage: str, slack: str, folder: Path, quota: int) -> Settings:
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
        vonage_requests_per_minute=quota,
        admins=frozenset({ADMIN}),
        data_dir=folder,
        log_level="ERROR",
    )
