"""The whole bot over HTTP on loopback, between the fake Vonage API and the stand-in for Slack."""

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
from bot.sandbox.company.entries import Entry
from bot.sandbox.company.people import build_company
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
    """The bot that runs, and the fakes on both sides of it.

    `url` is the bot's address. `deliver` sends what people do in Slack, also what has no method
    here. `calls_until_sync` is the number of API calls until the first sync was complete.
    """

    http: httpx.AsyncClient
    url: str
    slack_url: str
    slack: Workspace
    vonage: FakeVonage
    deliver: Delivery
    calls_until_sync: int = 0

    async def post(self, body: bytes, **headers: str) -> httpx.Response:
        """Send a signed form to the bot; `headers` replace or add headers of the request."""
        signed = signing.form_headers(body) | {
            name.replace("_", "-").title(): value for name, value in headers.items()
        }
        return await self.http.post(self.url + PATH, content=body, headers=signed)

    async def ext(
        self, text: str, *, user_id: str = "U0JOHN", channel_id: str = "C0GENERAL", **fields: str
    ) -> Ack:
        """Type `/ext ‹text›`, as John Smith in #general unless told otherwise."""
        sent = await self.deliver.slash_command(text, user_id, channel_id, **fields)
        return self._acknowledged(sent)

    async def mention(
        self,
        text: str,
        user: str = "U0JOHN",
        channel: str = "C0GENERAL",
        *,
        thread_ts: str = "",
        again: int = 0,
    ) -> DeliveryResult:
        """Write `@Ext ‹text›`; `replies` gives the answers."""
        return await self.deliver.mention(
            text, user, channel, thread_ts=thread_ts, redeliveries=again
        )

    async def direct(
        self, text: str, user: str = "U0JOHN", *, thread_ts: str = "", again: int = 0
    ) -> DeliveryResult:
        """Write a direct message to Ext; `replies` gives the answers."""
        return await self.deliver.direct_message(
            text, user, thread_ts=thread_ts, redeliveries=again
        )

    async def press(
        self, target: Ack | Message, action_id: str, user: str = "U0JOHN", index: int = 0
    ) -> Ack:
        """Press a button of a message, or of the message that an acknowledgement showed."""
        message = target.message if isinstance(target, Ack) else target
        return self._acknowledged(await self.deliver.press(message, action_id, user, index))

    def seen(self, user: str, channel: str, thread_ts: str | None = None) -> list[Message]:
        """Return the messages that somebody sees in a channel, oldest first."""
        return self.slack.visible_messages(user, channel, thread_ts)

    async def replies(
        self, sent: DeliveryResult, count: int = 1, within: float = 13.0
    ) -> list[Message]:
        """Return the answers to a mention or a direct message, as soon as there are `count`.

        Raises TimeoutError after `within` seconds, or SlackRulesViolated for a refused message.
        """

        def found() -> list[Message]:
            messages = self.slack.app_messages(since=sent.messages_before)
            return [each for each in messages if not each.is_deleted and _is_reply(each, sent)]

        try:
            await self.slack.messages.wait_until(lambda: len(found()) >= count, within)
        except TimeoutError:
            self.slack.check()
            raise
        return found()

    def _acknowledged(self, sent: DeliveryResult) -> Ack:
        reply = sent.response
        assert reply.is_ok, f"{reply.failure}, status {reply.status}: {reply.payload}"
        return Ack(self, sent.url_id, reply.payload, reply.seconds, sent.message)

    def calls(self) -> list[str]:
        """Return the paths of all API calls, below the account's, oldest first."""
        paths = [call.path.partition("/accounts/self/")[2] for call in self.vonage.calls.latest]
        return [path for path in paths if path]

    def calls_since_sync(self) -> int:
        """Count the API calls for an extension or a page since the first sync was complete."""
        new_calls = self.calls()[self.calls_until_sync :]
        return sum(path.startswith("extensions") for path in new_calls)


@dataclass
class Ack:
    """The acknowledgement of a command or a press, and the way to what follows.

    `payload` is the JSON body, `seconds` the time until it came, in simulated time. `visible` is
    what Slack shows of it: None for an empty body, or for one that Slack refuses.
    """

    bot: RunningBot = field(repr=False)
    url_id: str
    payload: dict[str, Any]
    seconds: float
    visible: Message | None = None

    @property
    def message(self) -> Message:
        """Return what Slack shows; fails where it shows nothing."""
        assert self.visible, f"Slack shows nothing of {self.payload}."
        return self.visible

    @property
    def text(self) -> str:
        """Return the text that a screen reader says."""
        return str(self.payload["text"])

    @property
    def shown(self) -> str:
        """Return the text that a person reads, without markup."""
        return terminal.render_text(self.payload)

    @property
    def is_public(self) -> bool:
        """Whether everybody in the channel sees the answer."""
        return self.visible is not None and not self.visible.is_ephemeral

    async def later(self, within: float = 13.0) -> Ack:
        """Return the next message that comes by `response_url`; TimeoutError if none does."""
        post = await self.bot.slack.response_urls.next_message(self.url_id, within)
        return Ack(self.bot, self.url_id, post.body, self.seconds, post.message)


def shown(message: Message) -> str:
    """Return the text of a message as a person reads it, without markup."""
    return terminal.render_text(message.payload)


def _is_reply(message: Message, sent: DeliveryResult) -> bool:
    """Whether a message answers `sent`: in its thread, for its sender alone, or in the same DM."""
    is_for_sender = message.root_ts == sent.thread_ts or message.visible_to == sent.user
    is_direct = sent.channel.startswith("D")
    return message.channel == sent.channel and (is_for_sender or is_direct)


@cache
def manifest_scopes() -> tuple[str, ...]:
    """Return the scopes of the manifest: the bot gets these and no others."""
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return tuple(manifest["oauth_config"]["scopes"]["bot"])


def settings_for(vonage: str, slack: str, **changes: Any) -> Settings:
    """Return the settings of a bot between the two fakes; `changes` replace some."""
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


@cache
def invented_company() -> list[Entry]:
    """Return the invented company, which is the same each time and takes a while to make."""
    return build_company()


@asynccontextmanager
async def running_bot(
    *,
    faults: dict[str, float | None] | None = None,
    quota: int = 0,
    warm: bool = True,
    workspace: Workspace | None = None,
    check_rules: bool = True,
    **changes: Any,
) -> AsyncIterator[RunningBot]:
    """Run the bot and both fakes; with `warm` up to the end of the first sync.

    `faults` of the fake Vonage API are on from the start, `quota` is its calls per minute (0: no
    limit), `workspace` replaces the usual one, and `changes` are settings of the bot. At the end,
    when the bot has finished its work, it must have kept all of Slack's rules; a test that breaks
    them on purpose switches that off with `check_rules`.
    """
    vonage_app = create_vonage(
        Options(quota=quota), entries=invented_company(), faults=faults or {}
    )
    workspace = workspace or Workspace(scopes=manifest_scopes())
    try:
        async with (
            serving(vonage_app) as vonage,
            serving(create_slack(workspace)) as slack,
            serving(web := create_web(settings_for(vonage, slack, **changes))) as url,
            # No https here; to load the certificates would take a tenth of the start.
            httpx.AsyncClient(timeout=20, trust_env=False, verify=False) as http,
        ):
            deliver = Delivery(workspace, HttpTransport(http, url + PATH), slack)
            bot = RunningBot(http, url, slack, workspace, vonage_app.state.vonage, deliver)
            if warm:
                await _wait_for_sync(web.state.health)
                bot.calls_until_sync = len(bot.calls())
            yield bot
    except BaseException as error:
        for broken in workspace.violations:
            error.add_note(f"Slack's rules were broken, too: {broken}")
        raise
    if check_rules:
        workspace.check()


async def _wait_for_sync(health: Health) -> None:
    async with asyncio.timeout(20):
        while not health.directory_status or health.directory_status().extensions is None:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
