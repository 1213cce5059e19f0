"""The composition root: settings in, running services out, and everything closed at the end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from functools import partial

import aiohttp
import httpx
from slack_bolt.async_app import AsyncApp
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot import listeners
from bot.audit_log import AuditLog
from bot.cache import TtlPolicy
from bot.directory.csv_file.source import CsvSource
from bot.directory.service import Directory
from bot.directory.source import DirectorySource
from bot.directory.store.files import SnapshotFiles
from bot.errors import SettingsError, SlackUnavailable
from bot.limits import CONNECT_LIMIT_S, CSV_PAGE_SIZE, DRAIN_LIMIT_S, WARM_UP_LIMIT_S
from bot.listeners.begun_keys import BegunKeys
from bot.listeners.context import ListenerContext
from bot.listeners.deduplication import Deduplicator
from bot.lookup.access import Access, Rules
from bot.lookup.audit_trail import AuditTrail
from bot.lookup.service import Lookup
from bot.metrics import Metrics
from bot.settings import Settings
from bot.slack.channels import SlackChannels
from bot.slack.files import SlackFiles
from bot.slack.messages import SlackMessages
from bot.slack.response_urls import ResponseUrls
from bot.slack.session import open_session
from bot.slack.users import SingleTokenAuthorize, SlackUsers
from bot.tasks import Tasks
from bot.vonage.auth import Login, StaticToken
from bot.vonage.call_log import CallLog
from bot.vonage.client import VonageClient
from bot.vonage.login_store import Credentials, SharedLoginStore


@dataclass(frozen=True, slots=True)
class Services:
    """The running services: the lookup, and Bolt in front of it.

    `slack_refusal` returns Slack's error code while Slack refuses our token, else an empty text.
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
    files = SnapshotFiles(settings.data_dir)
    async with _source(settings, tasks, metrics) as source:
        directory = Directory(
            source,
            files,
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
    """Open the directory's source: the CSV file if one is set, else Vonage."""
    if settings.directory_csv:
        yield CsvSource(settings.directory_csv, region=settings.default_region)
        return
    async with httpx.AsyncClient(
        # Each call has a deadline of its own, so httpx only limits the time to connect.
        timeout=httpx.Timeout(None, connect=CONNECT_LIMIT_S),
        follow_redirects=False,  # the next host would get the token
    ) as http:
        client = vonage_client(settings, http, tasks, metrics)
        tasks.start(client.recall_login(), name="vonage login", background=True)
        yield client


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
    """Return the login of the integration user, shared by all processes on DATA_DIR."""
    credentials = Credentials(
        client_id=settings.vonage_client_id,
        client_secret=settings.vonage_client_secret,
        username=settings.vonage_username,
        password=settings.vonage_password,
    )
    token_url = settings.vonage_token_url
    store = SharedLoginStore(
        settings.data_dir / "login", token_url=token_url, credentials=credentials
    )
    return Login(http, token_url=token_url, credentials=credentials, store=store, metrics=metrics)


@asynccontextmanager
async def run_services(
    settings: Settings, metrics: Metrics | None = None
) -> AsyncIterator[Services]:
    """Run everything that answers Slack. At the end, open work is finished before all is closed."""
    metrics = metrics or Metrics()
    async with AsyncExitStack() as stack:
        audit_trail = stack.enter_context(_open_audit_trail(settings))
        tasks = Tasks()
        session = await stack.enter_async_context(open_session())
        slack = slack_client(settings, session)
        directory = await stack.enter_async_context(open_directory(settings, tasks, metrics))
        users, channels = SlackUsers(slack, tasks, metrics), SlackChannels(slack)
        metrics.watch(directory.status, lambda: users.refusal, tasks.counts)
        stack.push_async_callback(users.close)
        stack.push_async_callback(channels.close)
        lookup = Lookup(
            directory,
            region=settings.default_region,
            users=users,
            access=Access(users, _rules(settings)),
            channels=channels,
            support_contact=settings.support_contact,
            metrics=metrics,
            audit_trail=audit_trail,
        )
        deduplicator = _deduplicator(settings)
        stack.push_async_callback(deduplicator.close)
        stack.push_async_callback(partial(tasks.drain, DRAIN_LIMIT_S))
        stack.callback(directory.release)
        context = ListenerContext(
            lookup=lookup,
            tasks=tasks,
            deduplicator=deduplicator,
            messages=SlackMessages(slack, metrics),
            response_urls=ResponseUrls(session, metrics),
            users=users,
            channels=channels,
            files=SlackFiles(slack, session),
            metrics=metrics,
            audit_trail=audit_trail,
        )
        bolt = bolt_app(slack, context)
        directory.start(tasks)
        tasks.start(_warm_up(users), name="auth.test", background=True)
        yield Services(lookup, tasks, bolt, directory, lambda: users.refusal)


def _deduplicator(settings: Settings) -> Deduplicator:
    return Deduplicator(BegunKeys(settings.data_dir), secret=settings.slack_bot_token.reveal())


@contextmanager
def _open_audit_trail(settings: Settings) -> Iterator[AuditTrail | None]:
    """Open the audit log if it is on. Raises `SettingsError` if its file can't be written."""
    if not settings.audit_log:
        yield None
        return
    try:
        audit_log = AuditLog(settings.audit_log)
    except OSError as error:
        problem = f"AUDIT_LOG can't be written ({error.strerror}): use another path, or stdout."
        raise SettingsError([problem]) from None
    try:
        yield AuditTrail(audit_log)
    finally:
        audit_log.close()


async def _warm_up(users: SlackUsers) -> None:
    """Call auth.test before the first question comes, so that the question need not wait for it.

    If the call fails, the first question repeats it.
    """
    deadline = asyncio.get_running_loop().time() + WARM_UP_LIMIT_S
    with suppress(SlackUnavailable):
        await users.workspace(deadline=deadline)


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


def bolt_app(slack: AsyncWebClient, context: ListenerContext) -> AsyncApp:
    """Return the Bolt app with every listener registered."""
    token = slack.token
    # With a token, Bolt would call auth.test while the first person waits; and it would read
    # SLACK_CLIENT_ID from the environment and switch to OAuth.
    slack.token = None

    # Bolt's warnings quote what people typed (`Unhandled request ({…})`) or are about settings
    # that Ext means so. Bolt resets the level of a logger of its own at every request, but gives
    # the level of this one to them all.
    bolt_log = logging.getLogger("slack_bolt.app")
    bolt_log.setLevel(logging.ERROR)
    app = AsyncApp(
        logger=bolt_log,
        client=slack,
        authorize=SingleTokenAuthorize(token),
        # The default polls for the acknowledgement every 10 ms.
        process_before_response=True,
        request_verification_enabled=False,  # web/guard.py verifies signatures
        # web/app.py answers ssl_check and url_verification.
        ssl_check_enabled=False,
        url_verification_enabled=False,
        ignoring_self_events_enabled=False,  # listeners/events.py ignores bots
        attaching_function_token_enabled=False,  # the app has no workflow steps
        raise_error_for_unhandled_request=True,  # listeners/errors.py notes it
    )
    slack.token = token
    listeners.register(app, context)
    return app
