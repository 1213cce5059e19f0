"""What comes after an answer: the file of an export, and what was not known when it was given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.cards.message import Message
from bot.listeners import exports
from bot.listeners.context import ListenerContext
from bot.lookup.export import ExportRows
from bot.lookup.request import Answer, Outcome
from bot.models import DirectoryExport
from bot.slack.people import Asker

Reply = Callable[[Answer], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, and the way to answer it; `tell` says something in the answer's place.

    `request` is what makes the question itself when it comes again; `how` is as for
    `Lookup.answer`.
    """

    lines: Sequence[str]
    asker: Asker
    tell: Reply
    request: Hashable
    how: Mapping[str, Any] = field(default_factory=dict)


def begin(desk: ListenerContext, answer: Answer, question: Question) -> None:
    """Begin what an answer promises."""
    if answer.export:
        desk.tasks.start(_send(desk, answer.export, question), name="export")
    if answer.awaits:
        desk.tasks.start(_answer_later(desk, answer, question), name="answer that follows")


async def _answer_later(desk: ListenerContext, answer: Answer, question: Question) -> None:
    later = await desk.lookup.answer_when_ready(
        answer, question.lines, question.asker, **question.how
    )
    await question.tell(later)
    begin(desk, later, question)


async def _send(desk: ListenerContext, found: DirectoryExport, question: Question) -> None:
    async def tell(message: Message) -> None:
        await question.tell(Answer(message, Outcome.INFO))

    await exports.send(
        ExportRows(found.matches, found.total, found.locations, read_at=found.read_at),
        question.asker,
        uploads=desk.files,
        once=desk.deduplicator,
        request=question.request,
        tell=tell,
    )
