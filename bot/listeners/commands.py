"""`/ext`: the answer in the acknowledgement when it is ready in time, else by `response_url`.

Slack waits three seconds for an acknowledgement and shows what it carries at once.
https://docs.slack.dev/interactivity/implementing-slash-commands
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from cachetools import LRUCache
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.cards import notices
from bot.cards.message import Message
from bot.listeners import follow_ups
from bot.listeners.context import ListenerContext, deadline
from bot.listeners.follow_ups import Question
from bot.lookup.request import COMMAND, Answer, Outcome
from bot.slack.people import Asker

MAX_CACHED_BODIES = 1_000  # answers
ACK_BUDGET_S = 2.0  # seconds until "Looking up…" is said instead

_JSON: dict[str, str | Sequence[str]] = {"content-type": ["application/json;charset=utf-8"]}


async def ext(
    ack: AsyncAck, body: dict[str, Any], desk: ListenerContext, encoded: AckBodyCache
) -> BoltResponse | None:
    """Answer `/ext ‹text›`."""
    text = str(body.get("text") or "")
    asker = Asker(
        user_id=str(body.get("user_id") or ""),
        team_id=str(body.get("team_id") or ""),
        channel_id=str(body.get("channel_id") or ""),
    )
    if known := desk.lookup.answer_now(text, asker):
        desk.metrics.answered("ack")
        return encoded(known)
    answer = desk.tasks.start(_answer(text, asker, body, desk), name="lookup")
    await asyncio.wait({answer}, timeout=ACK_BUDGET_S)
    if answer.done():
        desk.metrics.answered("ack")
        await ack(**payload(answer.result()))
        _begin_rest(answer.result(), text, asker, body, desk)
        return None
    desk.tasks.start(_follow_up(answer, text, asker, body, desk), name="follow-up")
    await ack(**desk.lookup.pending_message(text).payload(), response_type="ephemeral")
    return None


async def _answer(text: str, asker: Asker, body: dict[str, Any], desk: ListenerContext) -> Answer:
    """Look a line up. What is shared is shared once, also if the same request comes again."""
    answer = await desk.lookup.answer(text, asker, deadline=deadline())
    typed = _typed(body)
    if answer.in_channel and typed and not desk.deduplicator.begin(("share", typed)):
        return Answer(notices.already_shared(), Outcome.REFUSED)
    return answer


async def _follow_up(
    answer: asyncio.Task[Answer],
    text: str,
    asker: Asker,
    body: dict[str, Any],
    desk: ListenerContext,
) -> None:
    await _post(await answer, body, desk)
    _begin_rest(answer.result(), text, asker, body, desk)


def _begin_rest(
    answer: Answer, text: str, asker: Asker, body: dict[str, Any], desk: ListenerContext
) -> None:
    """Begin what an answer promises: it comes by the same `response_url`."""

    async def tell(more: Answer) -> None:
        await _post(more, body, desk)

    follow_ups.begin(desk, answer, Question([text], asker, tell, _typed(body)))


async def _post(answer: Answer, body: dict[str, Any], desk: ListenerContext) -> None:
    await desk.response_urls.post(str(body.get("response_url") or ""), payload(answer))


def _typed(body: dict[str, Any]) -> str:
    """Return what makes a command itself when it comes again."""
    return str(body.get("trigger_id") or body.get("response_url") or "")


def payload(answer: Answer) -> dict[str, Any]:
    """Return an answer as Slack takes it, for the asker alone unless it is shared."""
    seen_by = "in_channel" if answer.in_channel else "ephemeral"
    return {**answer.message.payload(), "response_type": seen_by}


class AckBodyCache:
    """Answers as the JSON that Slack gets. A card that is given again was encoded already."""

    def __init__(self) -> None:
        # By identity, so the message is kept beside its JSON: ids are used again.
        self._bodies: LRUCache[int, tuple[Message, str]] = LRUCache(MAX_CACHED_BODIES)

    def __call__(self, answer: Answer) -> BoltResponse:
        """Return an acknowledgement that is the answer, for the asker alone."""
        message = answer.message
        held = self._bodies.get(id(message))
        if held is None or held[0] is not message:
            held = (message, json.dumps(payload(answer), ensure_ascii=False))
            self._bodies[id(message)] = held
        return BoltResponse(status=200, body=held[1], headers=_JSON)


def register(app: AsyncApp, desk: ListenerContext) -> None:
    """Tell Bolt what is answered here."""
    encoded = AckBodyCache()

    @app.command(COMMAND)
    async def command(ack: AsyncAck, body: dict[str, Any]) -> BoltResponse | None:
        return await ext(ack, body, desk, encoded)
