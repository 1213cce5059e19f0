"""Checks of the settings alone: what is missing, incomplete, misspelled or malformed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from bot.cli.doctor.check import Check, Grade, fix, hint, ok
from bot.errors import SettingsError
from bot.settings import HTTP, SLACK, SOCKET, VONAGE, Settings, given, load

NAMES = frozenset(name.upper() for name in Settings.__dataclass_fields__)
MIN_SIMILARITY = 0.8  # from 0 to 1; a name at least this similar counts as a misspelled setting
OAUTH = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")

_SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")

COMPLETE = "complete"
NO_SETTING = "{name} is not a setting"
MISSPELLED = "Did you mean {similar}? Ext ignores it as it is."
UNKNOWN = "Ext ignores it: remove it if it was meant for Ext. .env.example lists all settings."
NO_OAUTH = "Ext is installed with its bot token and doesn't use it: remove it."
ODD_SIGNING_SECRET = (
    "SLACK_SIGNING_SECRET doesn't look like a signing secret, which is 32 hexadecimal digits"  # noqa: S105
)
COPY_AGAIN = (
    "If Ext refuses Slack's requests with 401, copy it again: Slack app, Basic Information, "
    "Signing Secret (not the client secret, not the verification token)."
)


@dataclass(frozen=True, slots=True)
class ExaminedSettings:
    """The checks, and the settings for each service; `None` if it can't be checked with them."""

    checks: list[Check]
    slack: Settings | None = None
    vonage: Settings | None = None
    public_url: str = ""


def examine() -> ExaminedSettings:
    """Check the settings of the environment and `.env`."""
    try:
        settings = load(needs=())
    except SettingsError as error:
        return ExaminedSettings([*_problems(_all_problems(error)), *_unknown_names(*given())])
    is_socket_mode = settings.slack_app_token and not settings.slack_signing_secret
    slack = _problems_for((SLACK, SOCKET if is_socket_mode else HTTP))
    vonage = _problems_for((VONAGE,))
    checks = [
        *_problems([*slack, *vonage]),
        *_unknown_names(*given()),
        *_signing_secret(settings),
    ]
    if not any(check.grade is Grade.FIX for check in checks):
        checks.insert(0, ok("", COMPLETE))
    return ExaminedSettings(
        checks,
        slack=settings if settings.slack_bot_token else None,
        vonage=None if vonage else settings,
        public_url=settings.public_url,
    )


def _all_problems(error: SettingsError) -> list[str]:
    """Return the problems of an error, and those of missing settings."""
    return list(dict.fromkeys([*error.problems, *_problems_for((SLACK, HTTP, VONAGE))]))


def _problems_for(needs: Collection[str]) -> list[str]:
    try:
        load(needs=needs)
    except SettingsError as error:
        return error.problems
    return []


def _problems(problems: list[str]) -> Iterator[Check]:
    for problem in problems:
        seen, _, remedy = problem.partition(": ")
        yield fix("", seen, remedy[:1].upper() + remedy[1:])


def _unknown_names(environment: Collection[str], env_file: Collection[str]) -> Iterator[Check]:
    """Check for names that aren't settings.

    The environment has names for other programs too, so only those that look like a setting are
    reported; `.env` is only for Ext, so all of its unknown names are.
    """
    names = {*environment, *env_file}
    for name in sorted(names - NAMES):
        similar = get_close_matches(name.upper(), NAMES, n=1, cutoff=MIN_SIMILARITY)
        seen = NO_SETTING.format(name=name)
        if name in OAUTH:
            yield hint("", f"{name} is set", NO_OAUTH)
        elif similar and similar[0] not in names:
            yield fix("", seen, MISSPELLED.format(similar=similar[0]))
        elif name in env_file or similar:
            yield hint("", seen, UNKNOWN)


def _signing_secret(settings: Settings) -> Iterator[Check]:
    secret = settings.slack_signing_secret.reveal()
    if secret and not _SIGNING_SECRET.fullmatch(secret):
        yield hint("", ODD_SIGNING_SECRET, COPY_AGAIN)
