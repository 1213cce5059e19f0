"""The whole bot over HTTP on loopback, between the invented Vonage and the stand-in for Slack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import yaml

from bot.cards import terminal
from bot.sandbox.server import serving
from bot.sandbox.slack import members, signing
from bot.sandbox.slack.app import create_slack
from bot.sandbox.slack.delivery import Delivery, DeliveryResult
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.transports import HttpTransport
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.vonage import credentials
from bot.sandbox.vonage.app import BASE_PATH, TOKEN_PATH, create_vonage
from bot.sandbox.vonage.options import Options
from bot.sandbox.vonage.state import FakeVonage
from bot.settings import Secret, Settings
from bot.web.app import PATH, create_web
from bot.web.endpoints import Health

MANIFEST = Path(__file__).parents[1] / "manifest.yml"


@dataclass
class RunningBot:
    """What a test holds: the bot's address, and both its neighbours.

    `deliver` sends what people do in Slack: `slash`, `mention`, `direct`, `event`, `press`.
    """

    http: httpx.AsyncClient
    bot: str
    slack_url: str
    slack: Workspace
    vonage: FakeVonage
    deliver: Delivery
    before: int = 0  # calls that were made until everything was warm

    async def post(self, body: bytes, **headers: str) -> httpx.Response:
        """Send a signed form to the bot; `headers` replace those that a test spoils."""
        signed = signing.form_headers(body) | {n.replace("_", "-"): v for n, v in headers.items()}
        return await self.http.post(self.bot + PATH, content=body, headers=signed)

    async def ext(
        self, text: str, *, user_id: str = "U0JOHN", channel_id: str = "C0GENERAL", **fields: str
    ) -> Ack:
        """Type `/ext ‹text›` as John Smith, or as somebody else."""
        sent = await self.deliver.slash_command(text, user_id, channel_id, **fields)
        return self._acknowledged(sent)

    async def slash(self, text: str, user: str = "U0JOHN", channel: str = "C0GENERAL") -> Ack:
        """Type `/ext ‹text›`."""
        return self._acknowledged(await self.deliver.slash_command(text, user, channel))

    async def mention(
        self,
        text: str,
        user: str = "U0JOHN",
        channel: str = "C0GENERAL",
        *,
        thread_ts: str = "",
        again: int = 0,
    ) -> DeliveryResult:
        """Write `@Ext ‹text›`; `replies` gives what is said to it."""
        return await self.deliver.mention(
            text, user, channel, thread_ts=thread_ts, redeliveries=again
        )

    async def direct(
        self, text: str, user: str = "U0JOHN", *, thread_ts: str = "", again: int = 0
    ) -> DeliveryResult:
        """Write to Ext directly; `replies` gives what is said to it."""
        return await self.deliver.direct_message(
            text, user, thread_ts=thread_ts, redeliveries=again
        )

    async def press(
        self, target: Ack | Message, action_id: str, user: str = "U0JOHN", index: int = 0
    ) -> Ack:
        """Press a button of a message, or of what an acknowledgement showed."""
        message = target.message if isinstance(target, Ack) else target
        return self._acknowledged(await self.deliver.press(message, action_id, user, index))

    def seen(self, user: str, channel: str, thread_ts: str | None = None) -> list[Message]:
        """What somebody sees in a channel, oldest first."""
        return self.slack.visible_messages(user, channel, thread_ts)

    async def replies(
        self, sent: DeliveryResult, count: int = 1, within: float = 13.0
    ) -> list[Message]:
        """What the bot said to a mention or a direct message, once so many are there."""

        def found() -> list[Message]:
            said = [
                each
                for each in self.slack.app_messages(since=sent.messages_before)
                if not each.is_deleted
            ]
            return [each for each in said if _replies(each, sent)]

        try:
            await self.slack.messages.wait_until(lambda: len(found()) >= count, within)
        except TimeoutError:
            self.slack.check()
            raise
        return found()

    def _acknowledged(self, sent: DeliveryResult) -> Ack:
        answer = sent.response
        assert answer.is_ok, f"{answer.failure}, status {answer.status}: {answer.payload}"
        return Ack(self, sent.url_id, answer.payload, answer.seconds, sent.message)

    def calls(self) -> list[str]:
        """The paths below the account that Vonage was asked for, oldest first."""
        paths = [each.path.partition("/accounts/self/")[2] for each in self.vonage.calls.latest]
        return [each for each in paths if each]

    def asked(self) -> int:
        """How many extensions or pages Vonage was asked for since the directory was read."""
        return sum(each.startswith("extensions") for each in self.calls()[self.before :])


@dataclass
class Ack:
    """What came back at once, and the way to what comes later.

    `visible` is what Slack shows of it: nothing for an empty answer, or one that it refuses.
    """

    rig: RunningBot = field(repr=False)
    url_id: str
    payload: dict[str, Any]
    seconds: float
    visible: Message | None = None

    @property
    def message(self) -> Message:
        """What Slack shows of it, where it must show something."""
        assert self.visible, f"Slack shows nothing of {self.payload}."
        return self.visible

    @property
    def text(self) -> str:
        """What a screen reader says."""
        return str(self.payload["text"])

    @property
    def shown(self) -> str:
        """What is read, as plain text."""
        return terminal.render_text(self.payload)

    @property
    def is_public(self) -> bool:
        """Whether everybody in the channel sees it."""
        return self.visible is not None and not self.visible.is_ephemeral

    async def later(self, within: float = 13.0) -> Ack:
        """What came by `response_url`."""
        came = await self.rig.slack.response_urls.next_message(self.url_id, within)
        return Ack(self.rig, self.url_id, came.body, self.seconds, came.message)


def shown(message: Message) -> str:
    """A message as it is read, as plain text."""
    return terminal.render_text(message.payload)


def _replies(message: Message, sent: DeliveryResult) -> bool:
    here = message.channel == sent.channel
    meant = message.root_ts == sent.thread_ts or message.visible_to == sent.user
    return here and (meant or sent.channel.startswith("D"))


@cache
def scopes() -> tuple[str, ...]:
    """What the manifest asks for: the bot is given that and no more."""
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return tuple(manifest["oauth_config"]["scopes"]["bot"])


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
async def running_bot(
    *,
    faults: dict[str, float | None] | None = None,
    quota: int = 0,
    warm: bool = True,
    slack_is: Workspace | None = None,
    lawful: bool = True,
    **changes: Any,
) -> AsyncIterator[RunningBot]:
    """Run everything; with `warm` the bot has read the directory already.

    `faults` are switched on from the start, `quota` is Vonage's (0: none), `changes` are
    settings of the bot. At the end, when the bot has finished what it began, it must have kept
    all of Slack's rules, unless `lawful` is off.
    """
    vonage_app = create_vonage(Options(quota=quota), faults=faults or {})
    workspace = slack_is or Workspace(scopes=scopes())
    try:
        async with (
            serving(vonage_app) as vonage,
            serving(create_slack(workspace)) as slack,
            serving(web := create_web(settings_for(vonage, slack, **changes))) as bot,
            httpx.AsyncClient(timeout=20, trust_env=False) as http,
        ):
            deliver = Delivery(workspace, HttpTransport(http, bot + PATH), slack)
            rig = RunningBot(http, bot, slack, workspace, vonage_app.state.vonage, deliver)
            if warm:
                await _warm(web.state.health)
                rig.before = len(rig.calls())
            yield rig
    except BaseException as error:
        for broken in workspace.violations:
            error.add_note(f"Slack's rules were broken, too: {broken}")
        raise
    if lawful:
        workspace.check()


async def _warm(health: Health) -> None:
    async with asyncio.timeout(20):
        while not health.vonage or health.vonage().extensions is None:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
