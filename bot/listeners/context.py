"""What every listener works with."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from bot.listeners.deduplication import Deduplicator
from bot.lookup.service import Lookup
from bot.metrics import Metrics
from bot.slack.channels import SlackChannels
from bot.slack.files import SlackFiles
from bot.slack.messages import SlackMessages
from bot.slack.response_urls import ResponseUrls
from bot.slack.users import SlackUsers
from bot.tasks import Tasks

ANY_ID = re.compile("")  # for Bolt: whatever no other listener is registered for
ANSWER_LIMIT_S = 9.5  # seconds until an answer, or a notice, from the start


@dataclass(frozen=True, slots=True)
class ListenerContext:
    """The lookup, the ways to answer, and what was done before."""

    lookup: Lookup
    tasks: Tasks
    deduplicator: Deduplicator
    messages: SlackMessages
    response_urls: ResponseUrls
    users: SlackUsers
    channels: SlackChannels
    files: SlackFiles
    metrics: Metrics


def deadline() -> float:
    """Return when an answer to what came just now must be there, in the event loop's time."""
    return asyncio.get_running_loop().time() + ANSWER_LIMIT_S
