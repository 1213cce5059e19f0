"""The work that follows an answer: the file of an export, and answers that weren't ready yet."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass

from bot.cards.blocks import Message
from bot.listeners import exports
from bot.listeners.context import ListenerContext
from bot.lookup.export import ExportRows
from bot.lookup.request import Answer, Outcome, Request
from bot.models import DirectoryExport

Reply = Callable[[Answer], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Conversation:
    """The requests of one message or command, and the function that posts an answer to them.

    `delivery_id` is the same if Slack delivers the message or command again.
    """

    requests: Sequence[Request]
    reply: Reply
    delivery_id: Hashable

    async def notify(self, message: Message) -> None:
        """Post a notice where an answer would go."""
        await self.reply(Answer(message, Outcome.INFO))


def start(context: ListenerContext, answer: Answer, conversation: Conversation) -> None:
    """Start the export or the later answer that an answer announces, if any."""
    public = conversation.requests[0].options.public
    if answer.export:
        work = _send_export(context, answer.export, conversation)
        context.start(work, conversation.notify, name="export", public=public)
    if answer.awaits:
        work = _answer_when_ready(context, answer, conversation)
        context.start(work, conversation.notify, name="answer when ready", public=public)


async def _answer_when_ready(
    context: ListenerContext, answer: Answer, conversation: Conversation
) -> None:
    later = await context.lookup.answer_when_ready(answer, conversation.requests)
    await conversation.reply(later)
    start(context, later, conversation)


async def _send_export(
    context: ListenerContext, export: DirectoryExport, conversation: Conversation
) -> None:
    request = conversation.requests[0]

    def on_sent(count: int) -> None:
        if context.audit_trail:
            context.audit_trail.exported(request, count)

    await exports.send(
        ExportRows(export.matches, export.total, export.locations, read_at=export.read_at),
        request.asker,
        files=context.files,
        deduplicator=context.deduplicator,
        delivery_id=conversation.delivery_id,
        notify=conversation.notify,
        contact=context.lookup.contact(),
        on_sent=on_sent,
    )
