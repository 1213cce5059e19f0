"""`/ext`: the answer is in the acknowledgement if it is ready in time, else at the response_url.

Slack waits three seconds for an acknowledgement, and shows the message in it at once.
https://docs.slack.dev/interactivity/implementing-slash-commands
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from cachetools import LRUCache
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp

from bot.cards import notices
from bot.cards.blocks import Message
from bot.limits import ACK_BUDGET_S, MAX_CACHED_ACK_BODIES
from bot.listeners import follow_ups
from bot.listeners.context import ListenerContext, answer_deadline
from bot.listeners.follow_ups import Conversation
from bot.lookup.request import COMMAND, Answer, Outcome, Request, query_text
from bot.slack.people import Asker

_JSON: dict[str, str | Sequence[str]] = {"content-type": ["application/json;charset=utf-8"]}


async def answer_command(
    body: dict[str, Any], context: ListenerContext, ack_bodies: AckBodyCache
) -> BoltResponse:
    """Answer `/ext ‹text›`."""
    request = context.lookup.parse(str(body.get("text") or ""), _asker(body))
    conversation = _conversation(request, body, context)
    if answer := context.lookup.answer_now(request):
        answer = await _share_once(answer, conversation, context)
        return _acknowledge(answer, conversation, context, ack_bodies)
    lookup = context.tasks.start(_answer(request, conversation, context), name="lookup")
    await asyncio.wait({lookup}, timeout=ACK_BUDGET_S)
    if lookup.done():
        return _acknowledge(lookup.result(), conversation, context, ack_bodies)
    work = _reply_later(lookup, conversation, context)
    context.start(work, conversation.notify, name="late answer")
    return ack_bodies.response(Answer(pending_message(request), Outcome.INFO))


def pending_message(request: Request) -> Message:
    """Return the message to show until the answer is ready."""
    return notices.looking_up(query_text(request.query) if request.query else "")


def _acknowledge(
    answer: Answer,
    conversation: Conversation,
    context: ListenerContext,
    ack_bodies: AckBodyCache,
) -> BoltResponse:
    """Return the acknowledgement that contains an answer, and start the answer's follow-ups."""
    context.metrics.answered("ack")
    if answer.export or answer.awaits:
        follow_ups.start(context, answer, conversation)
    return ack_bodies.response(answer)


async def _answer(request: Request, conversation: Conversation, context: ListenerContext) -> Answer:
    answer = await context.lookup.answer_after_wait(request, deadline=answer_deadline())
    return await _share_once(answer, conversation, context)


async def _share_once(
    answer: Answer, conversation: Conversation, context: ListenerContext
) -> Answer:
    """Return the answer, or a notice if Slack delivered this command before and it was shared."""
    if not answer.in_channel:
        return answer
    key = ("share", conversation.delivery_id)
    if conversation.delivery_id and not await context.deduplicator.begin(key):
        return Answer(notices.already_shared(), Outcome.REFUSED)
    if context.audit_trail:
        context.audit_trail.shared(conversation.requests[0], answer)
    return answer


async def _reply_later(
    lookup: asyncio.Task[Answer], conversation: Conversation, context: ListenerContext
) -> None:
    answer = await lookup
    await conversation.reply(answer)
    follow_ups.start(context, answer, conversation)


def _conversation(request: Request, body: dict[str, Any], context: ListenerContext) -> Conversation:
    response_url = str(body.get("response_url") or "")

    async def reply(answer: Answer) -> None:
        await context.response_urls.post(response_url, payload(answer))

    return Conversation([request], reply, str(body.get("trigger_id") or response_url))


def _asker(body: dict[str, Any]) -> Asker:
    return Asker(
        user_id=str(body.get("user_id") or ""),
        team_id=str(body.get("team_id") or ""),
        channel_id=str(body.get("channel_id") or ""),
    )


def payload(answer: Answer) -> dict[str, Any]:
    """Return an answer as the JSON for a response_url, for the asker alone unless it is shared."""
    response_type = "in_channel" if answer.in_channel else "ephemeral"
    return {**answer.message.payload(), "response_type": response_type}


class AckBodyCache:
    """Acknowledgements as JSON, so that a card from the renderer's cache is encoded only once."""

    def __init__(self) -> None:
        # The key has the `id()` of the message. Python reuses an id once its object is gone, so
        # each entry keeps its message alive.
        self._bodies: LRUCache[tuple[int, bool], tuple[Message, str]] = LRUCache(
            MAX_CACHED_ACK_BODIES
        )

    def response(self, answer: Answer) -> BoltResponse:
        """Return the acknowledgement that contains an answer."""
        key = (id(answer.message), answer.in_channel)
        entry = self._bodies.get(key)
        if entry is None:
            entry = (answer.message, json.dumps(payload(answer), ensure_ascii=False))
            self._bodies[key] = entry
        return BoltResponse(status=200, body=entry[1], headers=_JSON)


def register(app: AsyncApp, context: ListenerContext) -> None:
    """Register the listeners of this module with Bolt."""
    ack_bodies = AckBodyCache()

    @app.command(COMMAND)
    async def command(body: dict[str, Any]) -> BoltResponse:
        return await answer_command(body, context, ack_bodies)
