"""Checks of the settings alone: what is missing, incomplete, misspelled or malformed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.cli.doctor.check import Check, Grade, fix, hint, ok
from bot.setting_rules.names import OAUTH
from bot.settings import HTTP, SLACK, SOCKET, VONAGE, Settings, inspect, is_set, misnamed

_SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")
# The starts of problems with which a service can't be checked.
_OF_SLACK = ("SLACK_BOT_TOKEN", "SLACK_API_URL")
_OF_SOURCE = ("VONAGE_", "Vonage", "DIRECTORY_CSV", ".env", "Line ")

COMPLETE = "complete"
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
    """The checks and the settings, and whether each service can be checked with them."""

    checks: list[Check]
    settings: Settings
    has_slack: bool
    has_source: bool


def examine() -> ExaminedSettings:
    """Check the settings of the environment and `.env`."""
    settings, _ = inspect(needs=())
    is_socket_mode = settings.slack_app_token and not settings.slack_signing_secret
    needs = (SLACK, SOCKET if is_socket_mode else HTTP, VONAGE)
    _, problems = inspect(needs=needs)
    checks = [*_problems(problems), *_names(), *_signing_secret(settings)]
    if not any(check.grade is Grade.FIX for check in checks):
        checks.insert(0, ok("", COMPLETE))
    return ExaminedSettings(
        checks,
        settings,
        has_slack=bool(settings.slack_bot_token) and not _has(problems, _OF_SLACK),
        has_source=not _has(problems, _OF_SOURCE),
    )


def _has(problems: list[str], starts: tuple[str, ...]) -> bool:
    return any(problem.startswith(starts) for problem in problems)


def _problems(problems: list[str]) -> Iterator[Check]:
    for problem in problems:
        seen, _, remedy = problem.partition(": ")
        yield fix("", seen, remedy[:1].upper() + remedy[1:])


def _names() -> Iterator[Check]:
    for name in OAUTH:
        if is_set(name):
            yield hint("", f"{name} is set", NO_OAUTH)
    for unknown in misnamed():
        grade = Grade.FIX if unknown.is_mistake else Grade.HINT
        yield Check("", unknown.seen, unknown.remedy, grade)


def _signing_secret(settings: Settings) -> Iterator[Check]:
    secret = settings.slack_signing_secret.reveal()
    if secret and not _SIGNING_SECRET.fullmatch(secret):
        yield hint("", ODD_SIGNING_SECRET, COPY_AGAIN)
