"""`doctor`: settings, Slack and Vonage checked one by one, each line with what to do.

It asks Slack once and Vonage once and changes nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import aiohttp
import httpx
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import log as log_lines
from bot.app import slack_client, vonage_client
from bot.cli.manifest import bot_scopes
from bot.errors import (
    BadParameters,
    Forbidden,
    LoginRefused,
    NotAuthorised,
    OverQuota,
    SettingsError,
    UnexpectedReply,
    VonageError,
)
from bot.settings import Settings, load
from bot.tasks import Tasks
from bot.webapi import refusal_of

LIMIT = 20.0  # seconds for Vonage, login included
CLOCK_LIMIT = 60.0  # seconds; Slack's signatures are refused beyond 300

ALL_WELL = "All well."
NOT_WELL = "{count} to put right."

_REMEDIES: Mapping[type[VonageError], str] = {
    LoginRefused: "Check VONAGE_CLIENT_ID, VONAGE_CLIENT_SECRET, VONAGE_USERNAME and "
    "VONAGE_PASSWORD, then wait 30 minutes: more tries lock the account.",
    NotAuthorised: "VONAGE_USERNAME must be a VBC Account Administrator (not the developer login) "
    "of the account in VONAGE_ACCOUNT_ID; a VONAGE_ACCESS_TOKEN may have expired.",
    Forbidden: "Subscribe the Vonage app to the Provisioning suite.",
    OverQuota: "Something else uses this Vonage app, or VONAGE_REQUESTS_PER_MINUTE is above what "
    "the app is allowed. Wait a minute and try again.",
    UnexpectedReply: "Check VONAGE_BASE_URL, VONAGE_TOKEN_URL and VONAGE_ACCOUNT_ID.",
    BadParameters: "Check VONAGE_ACCOUNT_ID and VONAGE_PAGE_SIZE.",
}
_UNREACHABLE = (
    "Check VONAGE_BASE_URL and VONAGE_TOKEN_URL and that this machine may reach them; "
    "if they are right, Vonage is down."
)


@dataclass(frozen=True, slots=True)
class Check:
    """One line: what was looked at, what was seen, and, where it is not well, what to do."""

    name: str
    seen: str
    remedy: str = ""

    def __str__(self) -> str:
        mark = "FIX " if self.remedy else "ok  "
        remedy = f"\n      -> {self.remedy}" if self.remedy else ""
        return f"{mark}  {self.name}: {self.seen}{remedy}"


def doctor() -> int:
    """Print all checks; return 0 where all is well, 1 where not."""
    log_lines.setup("CRITICAL")
    try:
        settings = load()
    except SettingsError as error:
        for problem in error.problems:
            print(Check("Settings", "a problem", problem))
        print(NOT_WELL.format(count=len(error.problems)))
        return 1
    return asyncio.run(_print(settings))


async def _print(settings: Settings) -> int:
    print(Check("Settings", "complete"))
    wrong = 0
    async for check in _checks(settings):
        print(check)
        wrong += bool(check.remedy)
    print(NOT_WELL.format(count=wrong) if wrong else ALL_WELL)
    return 1 if wrong else 0


async def _checks(settings: Settings) -> AsyncIterator[Check]:
    for check in await _slack(settings):
        yield check
    for check in await _vonage(settings):
        yield check


async def _slack(settings: Settings) -> list[Check]:
    """Check the token, its scopes and, by Slack's, our clock."""
    async with aiohttp.ClientSession() as session:
        try:
            answer = await slack_client(settings, session).auth_test()
        except SlackApiError as refusal:
            remedy = "Copy SLACK_BOT_TOKEN from your Slack app, OAuth & Permissions."
            return [Check("Slack token", f"Slack says {refusal_of(refusal)}", remedy)]
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError):
            remedy = "Check SLACK_API_URL and that this machine may reach it."
            return [Check("Slack token", "Slack does not answer", remedy)]
    headers = {name.lower(): value for name, value in answer.headers.items()}
    workspace = str(answer.get("team") or "a workspace")
    return [Check("Slack token", f"works in {workspace}"), _scopes(headers), _clock(headers)]


def _scopes(headers: Mapping[str, str]) -> Check:
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
    missing = [scope for scope in bot_scopes() if scope not in granted]
    if not missing:
        return Check("Slack scopes", "as in manifest.yml")
    remedy = "Give the Slack app the scopes of manifest.yml and install it again."
    return Check("Slack scopes", f"missing {', '.join(missing)}", remedy)


def _clock(headers: Mapping[str, str]) -> Check:
    try:
        theirs = parsedate_to_datetime(headers.get("date", "")).timestamp()
    except ValueError:
        return Check("Clock", "not compared: Slack sent no date")
    off = abs(time.time() - theirs)
    if off < CLOCK_LIMIT:
        return Check("Clock", "agrees with Slack's")
    return Check(
        "Clock", f"{off:.0f} s off", "Set this machine's clock: Slack's requests look forged."
    )


async def _vonage(settings: Settings) -> list[Check]:
    """Check login, subscription and reply by asking for one extension."""
    tasks = Tasks()
    async with httpx.AsyncClient(timeout=httpx.Timeout(None, connect=4.0)) as http:
        client = vonage_client(settings, http, tasks)
        deadline = asyncio.get_running_loop().time() + LIMIT
        try:
            page = await client.extensions(page=1, page_size=1, deadline=deadline)
        except VonageError as error:
            seen = " ".join(str(error).split())
            return [Check("Vonage", seen, _remedy(error))]
        finally:
            await tasks.drain(0)
    total = "" if page.total_items is None else f", {page.total_items} of them"
    if not page.items:
        remedy = "Check VONAGE_ACCOUNT_ID: this account lists no extension that can be read."
        return [Check("Vonage", "answers, with nothing", remedy)]
    quota = client.quota
    return [
        Check("Vonage login", "accepted"),
        Check("Vonage extensions", f"can be read{total}"),
        Check("Vonage quota", f"{quota.left} of {quota.limit} calls left this minute"),
    ]


def _remedy(error: VonageError) -> str:
    return next(
        (_REMEDIES[kind] for kind in type(error).__mro__ if kind in _REMEDIES), _UNREACHABLE
    )
