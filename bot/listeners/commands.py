"""`/ext`: the answer in the acknowledgement when it is ready in time, else by `response_url`.

Slack waits three seconds for an acknowledgement and shows what it carries at once.
https://docs.slack.dev/interactivity/implementing-slash-commands
"""

from __future__ import annotations

import asyncio
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.cards import notices
from bot.listeners.desk import Desk, deadline
from bot.models import Asker
from bot.telling import COMMAND, Answer, Outcome

ACK_BUDGET = 2.0  # seconds until "Looking up…" is said instead


async def ext(ack: AsyncAck, body: dict[str, Any], desk: Desk) -> None:
    """Answer `/ext ‹text›`."""
    text = str(body.get("text") or "")
    asker = Asker(
        user_id=str(body.get("user_id") or ""),
        team_id=str(body.get("team_id") or ""),
        channel_id=str(body.get("channel_id") or ""),
    )
    if known := desk.lookup.known(text, asker):
        await _acknowledge(ack, known, desk)
        return
    answer = desk.tasks.start(_answer(text, asker, body, desk), name="lookup")
    await asyncio.wait({answer}, timeout=ACK_BUDGET)
    if answer.done():
        await _acknowledge(ack, answer.result(), desk)
        return
    url = str(body.get("response_url") or "")
    desk.tasks.start(_follow_up(answer, url, desk), name="follow-up")
    await ack(**desk.lookup.looking_up(text).payload(), response_type="ephemeral")


async def _answer(text: str, asker: Asker, body: dict[str, Any], desk: Desk) -> Answer:
    """Look a line up. What is shared is shared once, also if the same request comes again."""
    answer = await desk.lookup.answer(text, asker, deadline=deadline())
    typed = body.get("trigger_id") or body.get("response_url")
    if answer.in_channel and typed and not desk.once.begin(("share", typed)):
        return Answer(notices.already_shared(), Outcome.REFUSED)
    return answer


async def _acknowledge(ack: AsyncAck, answer: Answer, desk: Desk) -> None:
    desk.metrics.answered("ack")
    await ack(**payload(answer))


async def _follow_up(answer: asyncio.Task[Answer], url: str, desk: Desk) -> None:
    await desk.response_urls.post(url, payload(await answer))


def payload(answer: Answer) -> dict[str, Any]:
    """Return an answer as Slack takes it, for the asker alone unless it is shared."""
    seen_by = "in_channel" if answer.in_channel else "ephemeral"
    return {**answer.message.payload(), "response_type": seen_by}


def register(app: AsyncApp, desk: Desk) -> None:
    """Tell Bolt what is answered here."""

    @app.command(COMMAND)
    async def command(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ext(ack, body, desk)
