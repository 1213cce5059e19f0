"""The objects that every listener needs, and the start of work after the acknowledgement."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bot.cards.blocks import Message
from bot.limits import ANSWER_LIMIT_S
from bot.listeners.deduplication import Deduplicator
from bot.lookup.audit_trail import AuditTrail
from bot.lookup.error_messages import unexpected_notice
from bot.lookup.service import Lookup
from bot.metrics import Metrics
from bot.slack.channels import SlackChannels
from bot.slack.files import SlackFiles
from bot.slack.messages import SlackMessages
from bot.slack.response_urls import ResponseUrls
from bot.slack.users import SlackUsers
from bot.tasks import Tasks

# Matches every event type and action id. Bolt runs the first listener that matches, so it must be
# registered last.
ANY_ID = re.compile("")

Notify = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ListenerContext:
    """The lookup, the ways to deliver an answer, and the record of what was done before."""

    lookup: Lookup
    tasks: Tasks
    deduplicator: Deduplicator
    messages: SlackMessages
    response_urls: ResponseUrls
    users: SlackUsers
    channels: SlackChannels
    files: SlackFiles
    metrics: Metrics
    audit_trail: AuditTrail | None = None

    def start(
        self,
        work: Coroutine[Any, Any, None],
        notify: Notify,
        *,
        name: str,
        public: bool = False,
    ) -> None:
        """Start work that goes on after the acknowledgement; the log shows its `name`.

        If the work fails unexpectedly, `notify` sends the person a notice. `public` is whether
        other people read that notice, which then mentions no admins.
        """
        contact = self.lookup.contact(public=public)
        self.tasks.start(_notify_of_failure(work, notify, contact), name=name)


async def _notify_of_failure(work: Coroutine[Any, Any, None], notify: Notify, contact: str) -> None:
    try:
        await work
    except Exception as error:
        await notify(unexpected_notice(error, contact))


def answer_deadline() -> float:
    """Return when an answer must be ready that is asked for now, in the event loop's time."""
    return asyncio.get_running_loop().time() + ANSWER_LIMIT_S
