"""The composition root: settings in, running services out, and everything closed at the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial

import aiohttp
import httpx
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot import listeners
from bot.cache import TtlPolicy
from bot.directory.csv_file.source import CsvSource
from bot.directory.service import Directory
from bot.directory.source import DirectorySource
from bot.directory.store.files import SnapshotFiles
from bot.errors import SlackUnavailable
from bot.limits import CONNECT_TIMEOUT_S, CSV_PAGE_SIZE
from bot.listeners.context import ListenerContext
from bot.listeners.deduplication import Deduplicator
from bot.lookup.access import Access, Rules
from bot.lookup.service import Lookup
from bot.metrics import Metrics
from bot.settings import Settings
from bot.slack.channels import SlackChannels
from bot.slack.files import SlackFiles
from bot.slack.messages import SlackMessages
from bot.slack.response_urls import ResponseUrls
from bot.slack.users import SlackUsers
from bot.tasks import Tasks
from bot.vonage.auth import Credentials, Login, StaticToken
from bot.vonage.call_log import CallLog
from bot.vonage.client import VonageClient

DRAIN_LIMIT = 10.0  # seconds for what was begun, at the end
WARM_LIMIT = 30.0  # seconds for what is fetched ahead of the first question


@dataclass(frozen=True, slots=True)
class Services:
    """What runs: the lookup, and Bolt in front of it.

    `slack_refusal` gives Slack's name for why it refuses our token, or nothing.
    """

    lookup: Lookup
    tasks: Tasks
    bolt: AsyncApp
    directory: Directory
    slack_refusal: Callable[[], str] = lambda: ""


@asynccontextmanager
async def open_directory(
    settings: Settings, tasks: Tasks, metrics: Metrics | None = None
) -> AsyncIterator[Directory]:
    """Open the directory of the account, or of the CSV file, that the settings name."""
    folder = SnapshotFiles(settings.data_dir)
    async with _source(settings, tasks, metrics) as source:
        directory = Directory(
            source,
            folder,
            account=settings.account,
            ttl=TtlPolicy(found=settings.lookup_ttl, missing=settings.missing_ttl),
            refresh_every_s=settings.directory_ttl,
            page_size=CSV_PAGE_SIZE if settings.directory_csv else settings.vonage_page_size,
            hidden=settings.hidden_extensions,
            metrics=metrics,
        )
        try:
            yield directory
        finally:
            await directory.close()


@asynccontextmanager
async def _source(
    settings: Settings, tasks: Tasks, metrics: Metrics | None
) -> AsyncIterator[DirectorySource]:
    """Open where the directory comes from: the CSV file where one is set, else Vonage."""
    if settings.directory_csv:
        yield CsvSource(settings.directory_csv, region=settings.default_region)
        return
    async with httpx.AsyncClient(
        # Each exchange has its own deadline; httpx limits the connecting alone.
        timeout=httpx.Timeout(None, connect=CONNECT_TIMEOUT_S),
        follow_redirects=False,  # the next host would get the token
    ) as http:
        yield vonage_client(settings, http, tasks, metrics)


def vonage_client(
    settings: Settings, http: httpx.AsyncClient, tasks: Tasks, metrics: Metrics | None = None
) -> VonageClient:
    """Return the API client of the account, logged in as the settings say."""
    token = settings.vonage_access_token
    return VonageClient(
        http,
        base_url=settings.vonage_base_url,
        account_id=settings.vonage_account_id,
        auth=StaticToken(token) if token else vonage_login(settings, http, metrics),
        requests_per_minute=settings.vonage_requests_per_minute,
        call_log=CallLog(settings.data_dir / "calls"),
        tasks=tasks,
        metrics=metrics,
    )


def vonage_login(
    settings: Settings, http: httpx.AsyncClient, metrics: Metrics | None = None
) -> Login:
    """Return the login of the integration user."""
    credentials = Credentials(
        client_id=settings.vonage_client_id,
        client_secret=settings.vonage_client_secret,
        username=settings.vonage_username,
        password=settings.vonage_password,
    )
    return Login(
        http, token_url=settings.vonage_token_url, credentials=credentials, metrics=metrics
    )


@asynccontextmanager
async def run_services(
    settings: Settings, metrics: Metrics | None = None
) -> AsyncIterator[Services]:
    """Run everything that answers Slack; at the end, finish what was begun."""
    metrics = metrics or Metrics()
    async with AsyncExitStack() as stack:
        tasks = Tasks()
        session = await stack.enter_async_context(aiohttp.ClientSession())
        slack = slack_client(settings, session)
        directory = await stack.enter_async_context(open_directory(settings, tasks, metrics))
        metrics.watch(directory.status)
        profiles, channels = SlackUsers(slack, tasks, metrics), SlackChannels(slack)
        stack.push_async_callback(profiles.close)
        stack.push_async_callback(channels.close)
        stack.push_async_callback(partial(tasks.drain, DRAIN_LIMIT))
        stack.callback(directory.release)
        access = Access(profiles, _rules(settings))
        lookup = Lookup(
            directory,
            region=settings.default_region,
            profiles=profiles,
            access=access,
            channels=channels,
            metrics=metrics,
        )
        desk = ListenerContext(
            lookup,
            tasks,
            Deduplicator(),
            SlackMessages(slack, metrics),
            ResponseUrls(session, metrics),
            profiles,
            channels,
            SlackFiles(slack, session),
            metrics,
        )
        bolt = bolt_app(slack, desk)
        directory.start(tasks)
        tasks.start(_warm_up(profiles), name="auth.test", background=True)
        yield Services(lookup, tasks, bolt, directory, lambda: profiles.refusal)


async def _warm_up(profiles: SlackUsers) -> None:
    """Ask Slack who we are before the first question comes; it is asked again if need be."""
    deadline = asyncio.get_running_loop().time() + WARM_LIMIT
    with suppress(SlackUnavailable):
        await profiles.workspace(deadline=deadline)


def _rules(settings: Settings) -> Rules:
    return Rules(
        allow_guests=settings.allow_guests,
        admins=settings.admins,
        admin_only_fields=settings.admin_only_fields,
        lookups_per_minute=settings.lookups_per_minute,
    )


def slack_client(settings: Settings, session: aiohttp.ClientSession) -> AsyncWebClient:
    """Return the client of Slack's Web API, over a shared session."""
    return AsyncWebClient(
        token=settings.slack_bot_token.reveal(),
        base_url=settings.slack_api_url,
        session=session,
        retry_handlers=[AsyncConnectionErrorRetryHandler()],
    )


def bolt_app(slack: AsyncWebClient, desk: ListenerContext) -> AsyncApp:
    """Return Bolt with all listeners at the desk."""
    token = slack.token
    # Given the token, Bolt would call auth.test while the first person waits; and it would
    # read SLACK_CLIENT_ID from the environment and install itself by OAuth instead.
    slack.token = None

    framework = logging.getLogger("slack_bolt.AsyncApp")
    framework.setLevel(logging.ERROR)  # it warns of a token that it finds and must not use
    app = AsyncApp(
        client=slack,
        authorize=OneWorkspace(token),
        # The default looks for the acknowledgement every 10 ms.
        process_before_response=True,
        request_verification_enabled=False,  # guard.py has done it
        ssl_check_enabled=False,  # web.py answers these two
        url_verification_enabled=False,
        ignoring_self_events_enabled=False,  # events.py tells persons from bots
        attaching_function_token_enabled=False,  # there are no workflow steps
    )
    framework.setLevel(logging.WARNING)
    slack.token = token
    listeners.register(app, desk)
    return app


class OneWorkspace(AsyncAuthorize):
    """The one token that we have, without asking Slack about it at each request."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    async def __call__(
        self, *, enterprise_id: str | None, team_id: str | None, **_: object
    ) -> AuthorizeResult:
        """Return the token, for whichever workspace a request comes from."""
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=self._token)
