"""Errors that escape a listener: a notice with a reference for the person, and a 200 for Slack.

Without this, Bolt answers 500, which Slack shows as "failed with the error dispatch_failed", and
logs the text of the exception, which can hold names and addresses.
"""

from __future__ import annotations

import json
import logging
import re
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError

from bot.cards.blocks import Message
from bot.listeners.context import ListenerContext
from bot.lookup.error_messages import unexpected_notice

log = logging.getLogger(__name__)

NO_LISTENER = "A request of a kind that no listener is for: %s"
_KIND = re.compile(r"[a-z_]{1,40}")


def register(app: AsyncApp, context: ListenerContext) -> None:
    """Register the handler of unexpected errors with Bolt."""

    @app.error
    async def unexpected(error: Exception, body: dict[str, Any]) -> BoltResponse | None:
        if isinstance(error, BoltUnhandledRequestError):
            log.warning(NO_LISTENER, _kind(body))
            return error.current_response
        notice = unexpected_notice(error, context.lookup.contact())
        if "command" in body:
            return _acknowledgement(notice)
        context.tasks.start(_notify(context, body, notice), name="notice of an error")
        return BoltResponse(status=200)


def _kind(body: dict[str, Any]) -> str:
    """Return the kind of a payload, and of its event, in Slack's words and nothing of its content.

    https://docs.slack.dev/reference/interaction-payloads
    """
    event = body.get("event")
    kinds = [body.get("type"), event.get("type") if isinstance(event, dict) else None]
    names = [kind for kind in kinds if isinstance(kind, str) and _KIND.fullmatch(kind)]
    return " ".join(names) or ("command" if "command" in body else "unknown")


def _acknowledgement(notice: Message) -> BoltResponse:
    """Return a notice as the acknowledgement of a slash command."""
    return BoltResponse(
        status=200,
        body=json.dumps({**notice.payload(), "response_type": "ephemeral"}, ensure_ascii=False),
        headers={"content-type": ["application/json;charset=utf-8"]},
    )


async def _notify(context: ListenerContext, body: dict[str, Any], notice: Message) -> None:
    """Send the notice to the person whose press, message or mention failed, if it names one."""
    if response_url := body.get("response_url"):
        payload = {"response_type": "ephemeral", "replace_original": False}
        await context.response_urls.post(str(response_url), payload | notice.payload())
        return
    event = body.get("event") or {}
    channel, user = str(event.get("channel") or ""), str(event.get("user") or "")
    if channel.startswith("D"):
        await context.messages.post(notice.payload(), channel=channel)
    elif channel and user:
        await context.messages.post_ephemeral(notice.payload(), channel=channel, user=user)
