"""`manifest`: the Slack app manifest, filled in for the bot's address."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

FILE = Path(__file__).parents[2] / "manifest.yml"
PLACEHOLDER = "https://ext.example.com"
NOT_AN_ADDRESS = "--url is the bot's public address, with https:// and nothing after the host."


def manifest(url: str) -> int:
    """Print manifest.yml with the bot's address in place of the example's."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        print(NOT_AN_ADDRESS, file=sys.stderr)
        return 2
    address = url.rstrip("/").removesuffix("/slack/events")
    print(FILE.read_text(encoding="utf-8").replace(PLACEHOLDER, address), end="")
    return 0


def bot_scopes() -> tuple[str, ...]:
    """Return the scopes that the manifest asks for."""
    content: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(content["oauth_config"]["scopes"]["bot"])
