"""The settings by themselves: what is missing, half, misspelt, or of the wrong kind."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from bot.cli.doctor.check import Check, Grade, fix, hint, ok
from bot.errors import SettingsError
from bot.settings import HTTP, SLACK, SOCKET, VONAGE, Settings, given, load

NAMES = frozenset(name.upper() for name in Settings.__dataclass_fields__)
NEAR = 0.8  # of 1, from which a name is taken for another one misspelt
OAUTH = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")

_SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")

COMPLETE = "complete"
MISSPELT = "Is {near} meant? Rename it so: until then Ext does not see it."
STRANGER = "Ext does not read it: remove it, if it was meant for Ext. .env.example lists all."
NO_OAUTH = "Ext is installed by its bot token and has no use for it: remove it."
ODD_SIGNING = "does not look like a signing secret, which is 32 hexadecimal digits"
COPY_AGAIN = (
    "If Slack's requests are refused with 401, copy it again: Slack app, Basic Information, "
    "Signing Secret (not the client secret, not the verification token)."
)


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found, and the settings of what can be asked: `None` where they do not allow it."""

    checks: list[Check]
    slack: Settings | None = None
    vonage: Settings | None = None
    public_url: str = ""


def examine() -> Examined:
    """Check the settings of the environment and `.env`."""
    try:
        values = load(needs=())
    except SettingsError as error:
        return Examined([*_problems(_of_everything(error)), *_names(*given())])
    way = (SOCKET,) if values.slack_app_token and not values.slack_signing_secret else (HTTP,)
    slack, vonage = _lacking((SLACK, *way)), _lacking((VONAGE,))
    found = [*_problems([*slack, *vonage]), *_names(*given()), *_kinds(values)]
    if not any(check.grade is Grade.FIX for check in found):
        found.insert(0, ok("", COMPLETE))
    return Examined(
        found,
        slack=values if values.slack_bot_token else None,
        vonage=None if vonage else values,
        public_url=values.public_url,
    )


def _of_everything(error: SettingsError) -> list[str]:
    """Return every problem: of values that cannot be used, and of what is missing besides."""
    return list(dict.fromkeys([*error.problems, *_lacking((SLACK, HTTP, VONAGE))]))


def _lacking(needs: Collection[str]) -> list[str]:
    try:
        load(needs=needs)
    except SettingsError as error:
        return error.problems
    return []


def _problems(problems: list[str]) -> Iterator[Check]:
    for problem in problems:
        seen, _, remedy = problem.partition(": ")
        yield fix("", seen, remedy[:1].upper() + remedy[1:])


def _names(environment: Collection[str], file: Collection[str]) -> Iterator[Check]:
    """Check the names that are no settings; in an environment only those that look like ours."""
    for name in sorted({*environment, *file} - NAMES):
        near = get_close_matches(name.upper(), NAMES, n=1, cutoff=NEAR)
        if name in OAUTH:
            yield hint("", f"{name} is set", NO_OAUTH)
        elif near and near[0] not in {*environment, *file}:
            yield fix("", f"{name} is no setting", MISSPELT.format(near=near[0]))
        elif name in file or near:
            yield hint("", f"{name} is no setting", STRANGER)


def _kinds(values: Settings) -> Iterator[Check]:
    secret = values.slack_signing_secret.reveal()
    if secret and not _SIGNING_SECRET.fullmatch(secret):
        yield hint("", f"SLACK_SIGNING_SECRET {ODD_SIGNING}", COPY_AGAIN)
