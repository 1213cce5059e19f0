"""Checks of Vonage: one login, one page of the list, and a few of the hidden numbers.

The doctor never tries a refused login again, because after several refused logins Vonage locks the
user for 30 minutes. It logs in even if there is a token in DATA_DIR, to see whether Vonage accepts
the login now, and leaves the new token to the bot.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import httpx

from bot import limits
from bot.app import vonage_client, vonage_login
from bot.cli.doctor import account, diagnosis
from bot.cli.doctor.check import Check, fix, hint, ok
from bot.cli.doctor.reach import explain_unreachable
from bot.cli.doctor.response_recorder import ResponseRecorder
from bot.directory.sync.counts import with_possible_counts
from bot.directory.sync.sample import ListSample, read_sample
from bot.errors import (
    CertificateRefused,
    LoginRefused,
    NotAuthorized,
    NotFound,
    OverQuota,
    SourceError,
    Unavailable,
)
from bot.models import Extension, Page
from bot.settings import Secret, Settings
from bot.tasks import Tasks
from bot.vonage.client import VonageClient

NO_LOGIN = "VONAGE_ACCESS_TOKEN is used instead of a login"
USE_A_LOGIN = (
    "A token lasts a day at most and Ext can't renew it. Set the four login settings instead: "
    "VONAGE_CLIENT_ID, VONAGE_CLIENT_SECRET, VONAGE_USERNAME and VONAGE_PASSWORD."
)
REFUSED_BEFORE = "refused at {refused}, so not tried again until {again}"
CORRECT_LOGIN = (
    "Every try before then makes Vonage lock the user for longer. Correct VONAGE_CLIENT_ID, "
    "VONAGE_CLIENT_SECRET, VONAGE_USERNAME or VONAGE_PASSWORD, and the new login is tried at once."
)
TOO_MANY_LOGINS = "too many logins for now (429)"
WAIT = "Wait a few minutes, then try again."
NO_EXTENSIONS = "the account has no extension that Ext can read"
UNKNOWN_HIDDEN = "HIDDEN_EXTENSIONS names {numbers}, which Vonage doesn't have"
CORRECT_HIDDEN = "Correct or remove them: a typo here shows an extension you meant to hide."
OTHER_ACCOUNT = "the user can read their own account, but not the one in VONAGE_ACCOUNT_ID"
QUOTA = "Ext makes at most {limit} calls a minute (VONAGE_REQUESTS_PER_MINUTE)"


async def checks(settings: Settings) -> AsyncIterator[Check]:
    """Make all checks of Vonage; the first failure ends them."""
    recorder = ResponseRecorder()
    async with httpx.AsyncClient(
        timeout=httpx.Timeout(None, connect=limits.DOCTOR_CONNECT_S),
        event_hooks={"response": [recorder.record]},
    ) as http:
        token, check = await _login(settings, http, recorder)
        yield check
        if not token:
            return
        logged_in = replace(settings, vonage_access_token=token)
        async with _client(logged_in, http) as client:
            try:
                first = await _fetch_page(client, settings.vonage_page_size)
            except SourceError as error:
                if await _is_other_account(error, logged_in, http):
                    yield fix("account", OTHER_ACCOUNT, diagnosis.ACCOUNT)
                else:
                    yield await _failed_call(error, recorder, settings)
                return
            page = with_possible_counts(first)
            for check in _first_page(page, recorder, settings):
                yield check
            try:
                sample = await _list_sample(client, first, settings)
            except SourceError as error:
                yield await _failed_call(error, recorder, settings)
                return
            for check in account.list_checks(sample):
                yield check
            if page.items and (check_hidden := await _hidden(client, page, settings)):
                yield check_hidden


async def _login(
    settings: Settings, http: httpx.AsyncClient, recorder: ResponseRecorder
) -> tuple[Secret | None, Check]:
    if settings.vonage_access_token:
        return settings.vonage_access_token, hint("login", NO_LOGIN, USE_A_LOGIN)
    try:
        login = vonage_login(settings, http)
        token = await login.force_login(_deadline())
    except LoginRefused as refusal:
        if not recorder.status:
            return None, _refused_before(refusal)
        return None, fix("login", *diagnosis.explain_login(recorder))
    except Unavailable as error:
        setting, url = "VONAGE_TOKEN_URL", settings.vonage_token_url
        return None, await _unavailable("login", error, recorder, setting, url)
    except OverQuota:
        return None, fix("login", TOO_MANY_LOGINS, WAIT)
    except SourceError:
        return None, fix("login", *diagnosis.explain_login(recorder))
    return Secret(token), ok("login", "accepted")


def _refused_before(refusal: LoginRefused) -> Check:
    """Report a login that Vonage has refused before, so that it was not tried now."""
    wait_s = refusal.retry_after or 0.0
    refused_at, again_at = time.time() + wait_s - limits.LOCK_OUT_S, time.time() + wait_s
    seen = REFUSED_BEFORE.format(refused=_clock_time(refused_at), again=_clock_time(again_at))
    return fix("login", seen, CORRECT_LOGIN)


def _clock_time(moment: float) -> str:
    return time.strftime("%H:%M", time.localtime(moment))


def _deadline() -> float:
    return asyncio.get_running_loop().time() + limits.DOCTOR_VONAGE_S


@asynccontextmanager
async def _client(settings: Settings, http: httpx.AsyncClient) -> AsyncIterator[VonageClient]:
    tasks = Tasks()
    try:
        yield vonage_client(settings, http, tasks)
    finally:
        await tasks.drain(0)


async def _fetch_page(client: VonageClient, size: int) -> Page[Extension]:
    return await client.extensions(page=1, page_size=size, deadline=_deadline())


async def _list_sample(
    client: VonageClient, first: Page[Extension], settings: Settings
) -> ListSample:
    """Read one page more, if there is one: a list may have the same rows on every page."""
    size = settings.vonage_page_size

    async def fetch(number: int) -> Page[Extension]:
        return await client.extensions(page=number, page_size=size, deadline=_deadline())

    return await read_sample(first, fetch, page_size=size, max_pages=limits.DOCTOR_MAX_LIST_PAGES)


async def _failed_call(error: SourceError, recorder: ResponseRecorder, settings: Settings) -> Check:
    if isinstance(error, Unavailable):
        setting, url = "VONAGE_BASE_URL", settings.vonage_base_url
        return await _unavailable("api", error, recorder, setting, url)
    return fix("api", *diagnosis.explain_call(error, recorder, settings))


async def _is_other_account(
    error: SourceError, settings: Settings, http: httpx.AsyncClient
) -> bool:
    """Whether Vonage only refuses the account in `VONAGE_ACCOUNT_ID`, but not the user's own."""
    if not isinstance(error, NotAuthorized) or settings.vonage_account_id == "self":
        return False
    async with _client(replace(settings, vonage_account_id="self"), http) as client:
        try:
            await _fetch_page(client, 1)
        except SourceError:
            return False
    return True


async def _unavailable(
    label: str, error: Unavailable, recorder: ResponseRecorder, setting: str, url: str
) -> Check:
    if isinstance(error, CertificateRefused):
        seen = diagnosis.CERTIFICATE.format(host=urlsplit(url).hostname, reason=error.reason)
        return fix(label, seen, diagnosis.CERTIFICATE_FIX.format(setting=setting))
    if recorder.status >= 500:
        seen = f"Vonage answers with an error (status {recorder.status})"
        return fix(label, seen, diagnosis.DOWN.format(setting=setting))
    remedy = diagnosis.UNREACHABLE.format(setting=setting)
    return fix(label, await explain_unreachable(url), remedy)


def _first_page(
    page: Page[Extension], recorder: ResponseRecorder, settings: Settings
) -> list[Check]:
    if not page.items:
        return [fix("extensions", NO_EXTENSIONS, diagnosis.ACCOUNT)]
    limit = settings.vonage_requests_per_minute
    return [*account.checks(page, recorder, settings), ok("quota", QUOTA.format(limit=limit))]


async def _hidden(client: VonageClient, page: Page[Extension], settings: Settings) -> Check | None:
    """Check that Vonage has the hidden numbers: those not on the page with a call each."""
    on_page = {extension.number for extension in page.items}
    missing = sorted(settings.hidden_extensions - on_page)
    if (page.total_items or 0) > len(page.items) + page.skipped:
        candidates = missing[: limits.DOCTOR_MAX_HIDDEN_CALLS]
        missing = [number for number in candidates if not await _exists(client, number)]
    if missing:
        return hint("hidden", UNKNOWN_HIDDEN.format(numbers=", ".join(missing)), CORRECT_HIDDEN)
    count = len(settings.hidden_extensions)
    return ok("hidden", f"{count} in HIDDEN_EXTENSIONS") if count else None


async def _exists(client: VonageClient, number: str) -> bool:
    """Whether Vonage has a number; true if Vonage doesn't answer."""
    try:
        await client.extension(number, deadline=_deadline())
    except NotFound:
        return False
    except SourceError:
        return True
    return True
