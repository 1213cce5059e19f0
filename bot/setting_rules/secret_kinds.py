"""Recognizes a secret that was pasted into another secret's setting. Nothing repeats a secret."""

from __future__ import annotations

import re

# What each kind of secret starts with or looks like, what it is, and the setting it belongs in.
# https://docs.slack.dev/authentication/tokens
_KINDS = (
    (re.compile(r"xapp-.*"), "an app-level token", "SLACK_APP_TOKEN"),
    (re.compile(r"xoxb-.*"), "a bot token", "SLACK_BOT_TOKEN"),
    (re.compile(r"xoxp-.*"), "a user token", ""),
    (re.compile(r"xoxe[.-].*"), "a rotating token, and Ext doesn't rotate tokens", ""),
    (re.compile(r"(?:xox[a-z]|xwfp)-.*"), "a Slack token of another kind", ""),
    (re.compile(r"https?://.*"), "an address", ""),
)
# Such texts are also good passwords, so they are only wrong where a token must be.
_SIGNING_SECRET = re.compile(r"[0-9a-f]{32}")
_CLIENT_ID = re.compile(r"\d{6,}\.\d{6,}")
_TOKENS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
_VISIBLE_ASCII = re.compile(r"[!-~]+")
# A person chooses these, so they may have any characters.
_CHOSEN = ("VONAGE_USERNAME", "VONAGE_PASSWORD")

BELONGS_IN = "{name} is {kind}, which belongs in {place}"
IS_ANOTHER = "{name} is {kind}"
BAD_CHARACTERS = "{name} has spaces or characters that no such value has"


def what_is_wrong(name: str, value: str) -> str:
    """Say why a value can't be the secret of that name, or return an empty text."""
    kind, place = next(((k, p) for pattern, k, p in _KINDS if pattern.fullmatch(value)), ("", ""))
    if kind and place != name:
        return _say(name, kind, place)
    if name in _TOKENS and _SIGNING_SECRET.fullmatch(value):
        return _say(name, "a signing secret", "SLACK_SIGNING_SECRET")
    if name.startswith("SLACK_") and _CLIENT_ID.fullmatch(value):
        return _say(name, "the app's client ID, which Ext doesn't use", "")
    if name == "SLACK_APP_TOKEN" and not kind:
        return f"{name} doesn't start with xapp-"
    if name not in _CHOSEN and not _VISIBLE_ASCII.fullmatch(value):
        return BAD_CHARACTERS.format(name=name)
    return ""


def _say(name: str, kind: str, place: str) -> str:
    return (BELONGS_IN if place else IS_ANOTHER).format(name=name, kind=kind, place=place)
