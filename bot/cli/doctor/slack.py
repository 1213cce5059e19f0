"""Slack: the token, its scopes, the clock, and the people that the settings name."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import slack_client
from bot.cli.doctor.check import Check, fix, hint, ok
from bot.cli.doctor.reach import why_silent
from bot.cli.manifest import bot_scopes
from bot.errors import SlackUnavailable
from bot.settings import Settings
from bot.slack.api import SlackRefused, call, refusal_code

CLOCK_LIMIT = 60.0  # seconds; Slack's signatures are refused beyond 300
ADMINS = 10  # people that are looked up
INSTALL = "Slack app, OAuth & Permissions, Bot User OAuth Token (starts with xoxb-)"

_KINDS = {
    "xapp-": "an app-level token, which belongs into SLACK_APP_TOKEN",
    "xoxp-": "a user token",
    "xoxe": "a token of token rotation, which Ext does not do",
}
_REMEDIES = {
    "invalid_auth": f"Copy it again whole: {INSTALL}.",
    "not_authed": f"Copy it again whole: {INSTALL}.",
    "token_revoked": f"Install the app again, then copy the new token: {INSTALL}.",
    "account_inactive": f"The app was removed from the workspace: install it again. {INSTALL}.",
    "token_expired": "Turn token rotation off for this app (it needs a new app then), "
    f"and copy the token: {INSTALL}.",
    "not_allowed_token_type": f"It is another kind of token: copy this one: {INSTALL}.",
    "ratelimited": "Wait a minute and try again.",
}
_OTHER = f"Look the word up at https://docs.slack.dev/reference/methods/auth.test; {INSTALL}."
_UNREACHABLE = "Check SLACK_API_URL, which is best not set at all, and this machine's way out."
_SCOPES = "Add them under OAuth & Permissions (or paste manifest.yml) and install the app again."
_EXTRA = "Ext works without: remove them under OAuth & Permissions and install the app again."
_CLOCK = "Set this machine's clock (NTP): Slack's requests look forged to it."
_SOCKET_MODE = (
    "Make one under Basic Information, App-Level Tokens, with connections:write, and turn Socket "
    "Mode on. Without SLACK_APP_TOKEN Ext answers over HTTP."
)
_ADMIN = (
    "Correct ADMINS: a profile's menu in Slack has Copy member ID. If nobody is found, "
    "SLACK_BOT_TOKEN is of another workspace."
)


async def checks(settings: Settings) -> AsyncIterator[Check]:
    """Check everything of Slack's; a token that is refused ends it."""
    if kind := _wrong_kind(settings.slack_bot_token.reveal()):
        yield fix("token", f"SLACK_BOT_TOKEN is {kind}", f"Copy the right one: {INSTALL}.")
        return
    async with aiohttp.ClientSession() as session:
        client = slack_client(settings, session)
        try:
            answer = await client.auth_test()
        except SlackApiError as refusal:
            code = refusal_code(refusal)
            seen = f"SLACK_BOT_TOKEN is refused: Slack says {code}"
            yield fix("token", seen, _REMEDIES.get(code, _OTHER))
            return
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError):
            yield fix("token", await why_silent(settings.slack_api_url), _UNREACHABLE)
            return
        headers = {name.lower(): value for name, value in answer.headers.items()}
        for check in (_token(answer), *_scopes(headers.get("x-oauth-scopes", "")), _clock(headers)):
            yield check
        if settings.slack_app_token:
            yield await _app_token(client, settings)
        async for check in _admins(client, sorted(settings.admins)):
            yield check


def _wrong_kind(token: str) -> str:
    return next((kind for prefix, kind in _KINDS.items() if token.startswith(prefix)), "")


def _token(answer: Any) -> Check:
    host = urlsplit(str(answer.get("url") or "")).hostname or "a workspace"
    if not answer.get("bot_id"):
        return fix("token", f"{_KINDS['xoxp-']} of {host}", f"Copy the bot's: {INSTALL}.")
    return ok("token", f"accepted in {answer.get('team')} ({host}), as @{answer.get('user')}")


def _scopes(told: str) -> Iterable[Check]:
    granted = {scope.strip() for scope in told.split(",")} - {""}
    wanted = bot_scopes()
    if missing := [scope for scope in wanted if scope not in granted]:
        yield fix("scopes", f"missing: {', '.join(missing)}", _SCOPES)
    else:
        yield ok("scopes", "all of manifest.yml")
    if extra := sorted(granted - set(wanted)):
        yield hint("scopes", f"more than manifest.yml has: {', '.join(extra)}", _EXTRA)


def _clock(headers: Mapping[str, str]) -> Check:
    try:
        theirs = parsedate_to_datetime(headers.get("date", "")).timestamp()
    except ValueError:
        return ok("clock", "not compared: Slack sent no date")
    off = abs(time.time() - theirs)
    if off < CLOCK_LIMIT:
        return ok("clock", "agrees with Slack's")
    return fix("clock", f"{off:.0f} s off from Slack's", _CLOCK)


async def _app_token(client: AsyncWebClient, settings: Settings) -> Check:
    """Ask for a Socket Mode address, which is not used then."""
    token = settings.slack_app_token.reveal()
    if not token.startswith("xapp-"):
        return fix("app token", "SLACK_APP_TOKEN does not start with xapp-", _SOCKET_MODE)
    try:
        await client.apps_connections_open(app_token=token)
    except SlackApiError as refusal:
        seen = f"SLACK_APP_TOKEN is refused: Slack says {refusal_code(refusal)}"
        return fix("app token", seen, _SOCKET_MODE)
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError):
        return fix("app token", await why_silent(settings.slack_api_url), _UNREACHABLE)
    return ok("app token", "accepted: Socket Mode can be used")


async def _admins(client: AsyncWebClient, admins: list[str]) -> AsyncIterator[Check]:
    strangers = []
    for user_id in admins[:ADMINS]:
        try:
            told = await call(client, "users.info", user=user_id)
        except SlackRefused as refusal:
            if refusal.code not in ("user_not_found", "user_not_visible"):
                return  # of scopes and tokens was told above
            told = {}
        except SlackUnavailable:
            return
        user = told.get("user") or {}
        if not user or user.get("deleted") or user.get("is_bot") or user.get("is_restricted"):
            strangers.append(user_id)
    if strangers:
        seen = f"ADMINS names nobody, a guest, or somebody who left: {', '.join(strangers)}"
        yield hint("admins", seen, _ADMIN)
    elif admins:
        yield ok("admins", f"{len(admins)} named in ADMINS")
