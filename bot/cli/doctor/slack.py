"""Checks of Slack: the token, its scopes, the clock, and the people in `ADMINS`."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import limits
from bot.app import slack_client
from bot.cli.doctor.check import Check, fix, hint, ok, skipped
from bot.cli.doctor.reach import explain_unreachable
from bot.cli.manifest import bot_scopes
from bot.errors import SlackUnavailable
from bot.settings import Settings
from bot.slack.api import NO_ANSWER, SlackRefused, call, refusal_code
from bot.slack.session import open_session

WHERE = "Slack app, OAuth & Permissions, Bot User OAuth Token (starts with xoxb-)"

# https://docs.slack.dev/reference/methods/auth.test lists the codes.
_TOKEN_REMEDIES = {
    "invalid_auth": f"Copy the whole token again: {WHERE}.",
    "not_authed": f"Copy the whole token again: {WHERE}.",
    "token_revoked": f"Install the app again, then copy the new token: {WHERE}.",
    "account_inactive": f"The app was removed from the workspace. Install it again: {WHERE}.",
    "token_expired": "Turn token rotation off for this app (that takes a new app), "
    f"and copy the token: {WHERE}.",
    "not_allowed_token_type": f"That's another kind of token. Copy this one: {WHERE}.",
    "ratelimited": "Wait a minute and try again.",
}
_OTHER_REMEDY = f"Look it up at https://docs.slack.dev/reference/methods/auth.test; {WHERE}."
_UNREACHABLE_REMEDY = "Check SLACK_API_URL, which is best left unset, and outbound network access."
_MISSING_SCOPES_REMEDY = (
    "Add them under OAuth & Permissions (or paste manifest.yml) and install the app again."
)
NO_SCOPES = "not compared: Slack named none (no X-OAuth-Scopes header)"
_EXTRA_SCOPES_REMEDY = (
    "Ext doesn't need them: remove them under OAuth & Permissions and install the app again."
)
_CLOCK_REMEDY = "Set this machine's clock (NTP): with a wrong time, Slack's requests look forged."
_SOCKET_MODE_REMEDY = (
    "Create one under Basic Information, App-Level Tokens, with connections:write, and turn on "
    "Socket Mode. Without SLACK_APP_TOKEN Ext answers over HTTP."
)
_ADMINS_REMEDY = (
    "Correct ADMINS: a profile's menu in Slack has Copy member ID. If nobody is found, "
    "SLACK_BOT_TOKEN belongs to another workspace."
)


async def checks(settings: Settings) -> AsyncIterator[Check]:
    """Make all checks of Slack; stop after a refused token, with which the others would fail."""
    async with open_session() as session:
        client = slack_client(settings, session)
        try:
            auth = await client.auth_test()
        except SlackApiError as refusal:
            code = refusal_code(refusal)
            seen = f"Slack refuses SLACK_BOT_TOKEN: {code}"
            yield fix("token", seen, _TOKEN_REMEDIES.get(code, _OTHER_REMEDY))
            return
        except NO_ANSWER:
            yield fix(
                "token", await explain_unreachable(settings.slack_api_url), _UNREACHABLE_REMEDY
            )
            return
        headers = {name.lower(): value for name, value in auth.headers.items()}
        for check in (_token(auth), *_scopes(headers.get("x-oauth-scopes", "")), _clock(headers)):
            yield check
        if settings.slack_app_token.reveal().startswith("xapp-"):
            yield await _app_token(client, settings)
        async for check in _admins(client, sorted(settings.admins)):
            yield check


def _token(auth: Any) -> Check:
    host = urlsplit(str(auth.get("url") or "")).hostname or "a workspace"
    if not auth.get("bot_id"):
        seen = f"SLACK_BOT_TOKEN is a user token of {host}"
        return fix("token", seen, f"Copy the bot's token: {WHERE}.")
    return ok("token", f"accepted in {auth.get('team')} ({host}), as @{auth.get('user')}")


def _scopes(granted_list: str) -> Iterable[Check]:
    """Compare the scopes in Slack's X-OAuth-Scopes header, which proxies may remove."""
    granted = set(re.split(r"[,\s]+", granted_list)) - {""}
    if not granted:
        yield skipped(NO_SCOPES, "scopes")
        return
    wanted = bot_scopes()
    if missing := [scope for scope in wanted if scope not in granted]:
        yield fix("scopes", f"missing: {', '.join(missing)}", _MISSING_SCOPES_REMEDY)
    else:
        yield ok("scopes", "all those in manifest.yml")
    if extra := sorted(granted - set(wanted)):
        yield hint("scopes", f"more than in manifest.yml: {', '.join(extra)}", _EXTRA_SCOPES_REMEDY)


def _clock(headers: Mapping[str, str]) -> Check:
    try:
        slack_time = parsedate_to_datetime(headers.get("date", "")).timestamp()
    except ValueError:
        return ok("clock", "not compared: Slack sent no date")
    skew = abs(time.time() - slack_time)
    if skew < limits.DOCTOR_MAX_CLOCK_SKEW_S:
        return ok("clock", "agrees with Slack's")
    return fix("clock", f"{skew:.0f} s off from Slack's", _CLOCK_REMEDY)


async def _app_token(client: AsyncWebClient, settings: Settings) -> Check:
    """Check the app token by asking Slack for a Socket Mode address, which isn't used."""
    try:
        await client.apps_connections_open(app_token=settings.slack_app_token.reveal())
    except SlackApiError as refusal:
        seen = f"Slack refuses SLACK_APP_TOKEN: {refusal_code(refusal)}"
        return fix("app token", seen, _SOCKET_MODE_REMEDY)
    except NO_ANSWER:
        return fix(
            "app token", await explain_unreachable(settings.slack_api_url), _UNREACHABLE_REMEDY
        )
    return ok("app token", "accepted: Socket Mode can be used")


async def _admins(client: AsyncWebClient, admins: list[str]) -> AsyncIterator[Check]:
    unknown = []
    for user_id in admins[: limits.DOCTOR_MAX_ADMINS]:
        try:
            response = await call(client, "users.info", user=user_id)
        except SlackRefused as refusal:
            if refusal.code not in ("user_not_found", "user_not_visible"):
                return  # a missing scope or a bad token is reported by the checks above
            response = {}
        except SlackUnavailable:
            return
        user = response.get("user") or {}
        if not user or user.get("deleted") or user.get("is_bot") or user.get("is_restricted"):
            unknown.append(user_id)
    if unknown:
        seen = f"ADMINS names people who left, guests, bots or nobody: {', '.join(unknown)}"
        yield hint("admins", seen, _ADMINS_REMEDY)
    elif admins:
        yield ok("admins", f"{len(admins)} in ADMINS")
