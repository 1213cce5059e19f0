"""`manifest`: the Slack app manifest with the bot's own address."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[2] / "manifest.yml"
PLACEHOLDER = "https://ext.example.com"
BAD_URL = "--url must be Ext's public address, with no path: https://ext.example.com"
# Only hosts, ports and paths that Slack accepts and that can't break the manifest's YAML.
_URL = re.compile(
    r"https://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?)(?:/|/slack/events/?)?",
    re.IGNORECASE,
)


def manifest(url: str) -> int:
    """Print manifest.yml with the bot's address; return 0, or 2 if `url` isn't one for Slack."""
    match = _URL.fullmatch(url)
    if match is None:
        print(BAD_URL, file=sys.stderr)
        return 2
    address = f"https://{match['host'].lower()}"
    print(FILE.read_text(encoding="utf-8").replace(PLACEHOLDER, address), end="")
    return 0


def bot_scopes() -> tuple[str, ...]:
    """Return the OAuth scopes that the manifest requests for the bot token."""
    return tuple(_content()["oauth_config"]["scopes"]["bot"])


def features() -> dict[str, Any]:
    """Return the commands, shortcuts and home tab in the manifest, for the demo's page.

    The shape is `{"commands": [{command, description, usage_hint}], "shortcuts": […],
    "home": bool}`.
    """
    declared = _content()["features"]
    keys = ("command", "description", "usage_hint")
    return {
        "commands": [
            {key: command.get(key, "") for key in keys} for command in declared["slash_commands"]
        ],
        "shortcuts": declared.get("shortcuts") or [],
        "home": bool(declared.get("app_home", {}).get("home_tab_enabled")),
    }


def _content() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return content
