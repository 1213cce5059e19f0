"""`manifest`: the Slack app manifest, filled in for the bot's address."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[2] / "manifest.yml"
PLACEHOLDER = "https://ext.example.com"
NOT_AN_ADDRESS = "--url is the bot's public address, as in https://ext.example.com and no more."
# Hosts, ports and paths that Slack takes, and with which the manifest stays YAML.
_ADDRESS = re.compile(
    r"https://(?P<host>[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?)(?:/|/slack/events/?)?",
    re.IGNORECASE,
)


def manifest(url: str) -> int:
    """Print manifest.yml with the bot's address in place of the example's."""
    address = _ADDRESS.fullmatch(url)
    if address is None:
        print(NOT_AN_ADDRESS, file=sys.stderr)
        return 2
    filled_in = f"https://{address['host'].lower()}"
    print(FILE.read_text(encoding="utf-8").replace(PLACEHOLDER, filled_in), end="")
    return 0


def bot_scopes() -> tuple[str, ...]:
    """Return the scopes that the manifest asks for."""
    return tuple(_content()["oauth_config"]["scopes"]["bot"])


def offered() -> dict[str, Any]:
    """Return what the manifest offers to people: commands, shortcuts, and whether a Home tab."""
    features = _content()["features"]
    told = ("command", "description", "usage_hint")
    return {
        "commands": [
            {name: each.get(name, "") for name in told} for each in features["slash_commands"]
        ],
        "shortcuts": features.get("shortcuts") or [],
        "home": bool(features.get("app_home", {}).get("home_tab_enabled")),
    }


def _content() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return content
