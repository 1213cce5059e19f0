"""Vonage: one login, one page of the list, and a few numbers that the settings name.

The login is tried once whatever it brings, because refused ones add up to a lock.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx

from bot.app import vonage_client, vonage_login
from bot.cli.doctor import account, diagnosis
from bot.cli.doctor.check import Check, fix, hint, ok
from bot.cli.doctor.reach import why_silent
from bot.cli.doctor.response_recorder import ResponseRecorder
from bot.errors import NotAuthorized, NotFound, OverQuota, SourceError, Unavailable
from bot.models import Extension, Page
from bot.settings import Secret, Settings
from bot.tasks import Tasks
from bot.vonage.client import VonageClient

LIMIT = 20.0  # seconds for each step
HIDDEN = 3  # numbers that are asked for one by one

STATIC = "VONAGE_ACCESS_TOKEN is used as it is"
STATIC_ENDS = "It lasts a day at most and cannot be renewed; the four settings of a login can."
NOTHING = "the account lists no extension that can be read"
UNKNOWN = "HIDDEN_EXTENSIONS names {numbers}, which Vonage does not have"
CORRECT = "Correct or remove them: a typing error here shows what was meant to be hidden."
OTHER_ACCOUNT = "the user is not of the account in VONAGE_ACCOUNT_ID, but its own can be read"
QUOTA = "Ext makes {limit} calls a minute at most (VONAGE_REQUESTS_PER_MINUTE)"


async def checks(settings: Settings) -> AsyncIterator[Check]:
    """Check everything of Vonage's; the first thing that fails ends it."""
    heard = ResponseRecorder()
    async with httpx.AsyncClient(
        timeout=httpx.Timeout(None, connect=4.0), event_hooks={"response": [heard.listen]}
    ) as http:
        token, check = await _login(settings, http, heard)
        yield check
        if not token:
            return
        logged_in = replace(settings, vonage_access_token=token)
        async with _asking(logged_in, http) as client:
            try:
                page = await _page(client, settings.vonage_page_size)
            except SourceError as error:
                if await _is_of_another_account(error, logged_in, http):
                    yield fix("account", OTHER_ACCOUNT, diagnosis.ACCOUNT)
                else:
                    yield await _failed(error, heard, settings)
                return
            for check in _told(page, heard, settings):
                yield check
            if page.items and (check_hidden := await _hidden(client, page, settings)):
                yield check_hidden


async def _login(
    settings: Settings, http: httpx.AsyncClient, heard: ResponseRecorder
) -> tuple[Secret | None, Check]:
    if settings.vonage_access_token:
        return settings.vonage_access_token, hint("login", STATIC, STATIC_ENDS)
    try:
        login = vonage_login(settings, http)
        token = await login.token(asyncio.get_running_loop().time() + LIMIT)
    except Unavailable:
        return None, await _silent("login", heard, "VONAGE_TOKEN_URL", settings.vonage_token_url)
    except OverQuota:
        return None, fix("login", "too many logins for now (429)", "Wait some minutes, then retry.")
    except SourceError:
        return None, fix("login", *diagnosis.of_login(heard))
    return Secret(token), ok("login", "accepted")


@asynccontextmanager
async def _asking(settings: Settings, http: httpx.AsyncClient) -> AsyncIterator[VonageClient]:
    tasks = Tasks()
    try:
        yield vonage_client(settings, http, tasks)
    finally:
        await tasks.drain(0)


async def _page(client: VonageClient, size: int) -> Page[Extension]:
    deadline = asyncio.get_running_loop().time() + LIMIT
    return await client.extensions(page=1, page_size=size, deadline=deadline)


async def _failed(error: SourceError, heard: ResponseRecorder, settings: Settings) -> Check:
    if isinstance(error, Unavailable):
        return await _silent("api", heard, "VONAGE_BASE_URL", settings.vonage_base_url)
    return fix("api", *diagnosis.of_call(error, heard, settings))


async def _is_of_another_account(
    error: SourceError, settings: Settings, http: httpx.AsyncClient
) -> bool:
    """Whether a refusal is about the account alone: the user's own can be read."""
    if not isinstance(error, NotAuthorized) or settings.vonage_account_id == "self":
        return False
    async with _asking(replace(settings, vonage_account_id="self"), http) as client:
        try:
            await _page(client, 1)
        except SourceError:
            return False
    return True


async def _silent(label: str, heard: ResponseRecorder, name: str, url: str) -> Check:
    if heard.status >= 500:
        seen = f"Vonage answers with a fault (status {heard.status})"
        return fix(label, seen, diagnosis.DOWN.format(name=name))
    return fix(label, await why_silent(url), diagnosis.REACH.format(name=name))


def _told(page: Page[Extension], heard: ResponseRecorder, settings: Settings) -> list[Check]:
    if not page.items:
        return [fix("extensions", NOTHING, diagnosis.ACCOUNT)]
    limit = settings.vonage_requests_per_minute
    return [*account.checks(page, heard, settings), ok("quota", QUOTA.format(limit=limit))]


async def _hidden(client: VonageClient, page: Page[Extension], settings: Settings) -> Check | None:
    """Look for the hidden numbers: on the page, and some of the others one by one."""
    missing = sorted(settings.hidden_extensions - {each.number for each in page.items})
    if (page.total_items or 0) > len(page.items) + page.skipped:
        missing = [each for each in missing[:HIDDEN] if not await _exists(client, each)]
    if missing:
        return hint("hidden", UNKNOWN.format(numbers=", ".join(missing)), CORRECT)
    count = len(settings.hidden_extensions)
    return ok("hidden", f"{count} named in HIDDEN_EXTENSIONS") if count else None


async def _exists(client: VonageClient, number: str) -> bool:
    """Whether Vonage has a number, or does not say."""
    try:
        await client.extension(number, deadline=asyncio.get_running_loop().time() + LIMIT)
    except NotFound:
        return False
    except SourceError:
        return True
    return True
