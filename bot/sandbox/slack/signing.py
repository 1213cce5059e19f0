"""Slack's signature of a request body, and the form of a slash command."""

from __future__ import annotations

import hashlib
import hmac
import time
from itertools import count
from urllib.parse import urlencode

SIGNING_SECRET = "sandbox-signing-secret"  # noqa: S105 - invented
VERIFICATION_TOKEN = "sandbox-verification-token"  # noqa: S105 - invented
TEAM_ID = "T0LANTERN"
TEAM_DOMAIN = "bluelantern"
APP_ID = "A0EXT"

_TRIGGER_NUMBERS = count(1)


def sign(
    body: bytes | str, secret: str = SIGNING_SECRET, timestamp: int | None = None
) -> dict[str, str]:
    """The headers that prove a body to be Slack's. `timestamp` is in epoch seconds; default now."""
    at = str(int(time.time()) if timestamp is None else timestamp)
    raw = body if isinstance(body, bytes) else body.encode()
    digest = hmac.new(secret.encode(), f"v0:{at}:".encode() + raw, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={digest}"}


def form_headers(body: bytes, secret: str = SIGNING_SECRET) -> dict[str, str]:
    """All headers of a signed form, such as a slash command's."""
    return {"Content-Type": "application/x-www-form-urlencoded", **sign(body, secret)}


def slash_command(text: str = "", **fields: str) -> bytes:
    """The body of a slash command; `fields` are those of `slash_fields`."""
    return urlencode(slash_fields(text, **fields)).encode()


def slash_fields(
    text: str = "",
    *,
    command: str = "/ext",
    user_id: str = "U0JOHN",
    user_name: str = "john.smith",
    channel_id: str = "C0GENERAL",
    channel_name: str = "general",
    response_url: str = "",
    team_id: str = TEAM_ID,
    team_domain: str = TEAM_DOMAIN,
    enterprise_id: str = "",
    trigger_id: str = "",
) -> dict[str, str]:
    """Every field of a slash command, in Slack's order."""
    enterprise = {"enterprise_id": enterprise_id, "enterprise_name": "Lantern"}
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team_id,
        "team_domain": team_domain,
        **(enterprise if enterprise_id else {}),
        "channel_id": channel_id,
        "channel_name": channel_name,
        "user_id": user_id,
        "user_name": user_name,
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id or f"{next(_TRIGGER_NUMBERS)}.1876.sandbox",
    }
