"""The whole bot over HTTP on loopback, between the invented Vonage and the stand-in for Slack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx

from bot.cards import text as terminal
from bot.sandbox import credentials, members, signing
from bot.sandbox.options import Options
from bot.sandbox.server import serving
from bot.sandbox.slack import create_slack
from bot.sandbox.state import Sandbox
from bot.sandbox.vonage import BASE_PATH, TOKEN_PATH, create_vonage
from bot.sandbox.workspace import Workspace
from bot.settings import Secret, Settings
from bot.web import PATH, create_web


@dataclass
class Rig:
    """What a test holds: the bot's address, and both its neighbours."""

    http: httpx.AsyncClient
    bot: str
    slack_url: str
    slack: Workspace
    vonage: Sandbox
    _ids: Any = field(default_factory=lambda: count(1))

    async def post(self, body: bytes, **headers: str) -> httpx.Response:
        """Send a signed form to the bot; `headers` replace those that a test spoils."""
        signed = signing.form_headers(body) | {n.replace("_", "-"): v for n, v in headers.items()}
        return await self.http.post(self.bot + PATH, content=body, headers=signed)

    async def ext(self, text: str, **fields: str) -> Ack:
        """Type `/ext ‹text›` as John Smith, or as somebody else."""
        url_id = f"test-{next(self._ids)}"
        url = self.slack_url + self.slack.open(url_id)
        begun = asyncio.get_running_loop().time()
        reply = await self.post(signing.slash_command(text, response_url=url, **fields))
        took = asyncio.get_running_loop().time() - begun
        assert reply.status_code == 200, reply.text
        return Ack(self, url_id, reply.json(), took)

    def calls(self, *, since: int = 0) -> list[str]:
        """The paths below the account that Vonage was asked for, oldest first."""
        paths = [each.path.partition("/accounts/self/")[2] for each in self.vonage.calls.latest]
        return [each for each in paths if each][since:]

    def asked(self) -> int:
        """How many extensions or pages of them Vonage was asked for."""
        return sum(each.startswith("extensions") for each in self.calls())


@dataclass
class Ack:
    """What came back at once, and the way to what comes later."""

    rig: Rig
    url_id: str
    payload: dict[str, Any]
    seconds: float

    @property
    def text(self) -> str:
        """What a screen reader says."""
        return str(self.payload["text"])

    @property
    def shown(self) -> str:
        """What is read, as plain text."""
        return terminal.plain(self.payload)

    @property
    def is_public(self) -> bool:
        """Whether everybody in the channel sees it."""
        return str(self.payload["response_type"]) == "in_channel"

    async def later(self, within: float = 13.0) -> Ack:
        """What came by `response_url`."""
        payload = await self.rig.slack.response(self.url_id, within)
        return Ack(self.rig, self.url_id, payload, self.seconds)


def settings_for(vonage: str, slack: str, **changes: Any) -> Settings:
    """Settings of a bot between the two."""
    return Settings(
        **{
            "slack_bot_token": Secret(members.BOT_TOKEN),
            "slack_signing_secret": Secret(signing.SIGNING_SECRET),
            "slack_api_url": f"{slack}/api/",
            "vonage_base_url": vonage + BASE_PATH,
            "vonage_token_url": vonage + TOKEN_PATH,
            "vonage_client_id": Secret(credentials.CLIENT_ID),
            "vonage_client_secret": Secret(credentials.CLIENT_SECRET),
            "vonage_username": Secret(credentials.USERNAME),
            "vonage_password": Secret(credentials.PASSWORD),
            "vonage_requests_per_minute": 1000,
            "lookups_per_minute": 1000,
            **changes,
        }
    )


@asynccontextmanager
async def rigged(
    *,
    faults: dict[str, float | None] | None = None,
    quota: int = 0,
    warm: bool = True,
    **changes: Any,
) -> AsyncIterator[Rig]:
    """Run everything; with `warm` the bot has logged in and knows the offices already.

    `faults` are switched on from the start, `quota` is Vonage's (0: none), `changes` are
    settings of the bot.
    """
    vonage_app = create_vonage(Options(quota=quota), faults=faults or {})
    workspace = Workspace()
    async with (
        serving(vonage_app) as vonage,
        serving(create_slack(workspace)) as slack,
        serving(create_web(settings_for(vonage, slack, **changes))) as bot,
        httpx.AsyncClient(timeout=20, trust_env=False) as http,
    ):
        rig = Rig(http, bot, slack, workspace, vonage_app.state.sandbox)
        if warm:
            async with asyncio.timeout(5):
                while "locations" not in rig.calls():  # noqa: ASYNC110 - seen over HTTP only
                    await asyncio.sleep(0.005)
                await asyncio.sleep(0.02)
        yield rig
