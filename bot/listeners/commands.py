"""`/ext`: the answer in the acknowledgement when it is ready in time, else by `response_url`.

Slack waits three seconds for an acknowledgement and shows what it carries at once.
https://docs.slack.dev/interactivity/implementing-slash-commands
"""

from __future__ import annotations

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.listeners.response_url import ResponseUrls
from bot.lookup import COMMAND, Answer, Lookup
from bot.models import Asker
from bot.tasks import Tasks

ACK_BUDGET = 2.0  # seconds until "Looking up…" is said instead
ANSWER_LIMIT = 9.5  # seconds until an answer, or a notice, from the start


async def ext(
    ack: AsyncAck, body: dict[str, Any], lookup: Lookup, tasks: Tasks, response_urls: ResponseUrls
) -> None:
    """Answer `/ext ‹text›`."""
    text = str(body.get("text") or "")
    asker = Asker(
        user_id=str(body.get("user_id") or ""),
        team_id=str(body.get("team_id") or ""),
        channel_id=str(body.get("channel_id") or ""),
    )
    deadline = asyncio.get_running_loop().time() + ANSWER_LIMIT
    answer = tasks.start(lookup.answer(text, asker, deadline=deadline), name="lookup")
    await asyncio.wait({answer}, timeout=ACK_BUDGET)
    if answer.done():
        await ack(**payload(answer.result()))
        return
    tasks.start(
        _follow_up(answer, str(body.get("response_url") or ""), response_urls), name="follow-up"
    )
    await ack(**lookup.looking_up(text).payload(), response_type="ephemeral")


async def _follow_up(answer: asyncio.Task[Answer], url: str, response_urls: ResponseUrls) -> None:
    await response_urls.post(url, payload(await answer))


def payload(answer: Answer) -> dict[str, Any]:
    """Return an answer as Slack takes it, for the asker alone unless it is shared."""
    seen_by = "in_channel" if answer.in_channel else "ephemeral"
    return {**answer.message.payload(), "response_type": seen_by}


def register(app: AsyncApp) -> None:
    """Tell Bolt what is answered here."""
    app.command(COMMAND)(ext)
