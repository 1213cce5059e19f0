"""What every listener works with."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bot.cards.blocks import Message
from bot.limits import ANSWER_LIMIT_S
from bot.listeners.deduplication import Deduplicator
from bot.lookup.error_messages import unexpected_notice
from bot.lookup.service import Lookup
from bot.metrics import Metrics
from bot.slack.channels import SlackChannels
from bot.slack.files import SlackFiles
from bot.slack.messages import SlackMessages
from bot.slack.response_urls import ResponseUrls
from bot.slack.users import SlackUsers
from bot.tasks import Tasks

ANY_ID = re.compile("")  # matches every id that no other listener is registered for

Notify = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ListenerContext:
    """The lookup, the ways to deliver an answer, and what was done before."""

    lookup: Lookup
    tasks: Tasks
    deduplicator: Deduplicator
    messages: SlackMessages
    response_urls: ResponseUrls
    users: SlackUsers
    channels: SlackChannels
    files: SlackFiles
    metrics: Metrics

    def start(
        self,
        work: Coroutine[Any, Any, None],
        notify: Notify,
        *,
        name: str,
        public: bool = False,
    ) -> None:
        """Do work after the acknowledgement; `name` says what it is, for the log.

        Where the work fails unexpectedly, `notify` tells the person so. `public` says that
        others read that notice, so that it mentions no admins.
        """
        contact = self.lookup.contact(public=public)
        self.tasks.start(_notify_of_failure(work, notify, contact), name=name)


async def _notify_of_failure(work: Coroutine[Any, Any, None], notify: Notify, contact: str) -> None:
    try:
        await work
    except Exception as error:
        await notify(unexpected_notice(error, contact))


def answer_deadline() -> float:
    """Return when the answer to what came just now is due, in the event loop's time."""
    return asyncio.get_running_loop().time() + ANSWER_LIMIT_S
