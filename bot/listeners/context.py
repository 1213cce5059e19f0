"""What every listener works with."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from bot.listeners.deduplication import Once
from bot.lookup.service import Lookup
from bot.metrics import Metrics
from bot.slack.channels import Channels
from bot.slack.files import Uploads
from bot.slack.messages import Posting
from bot.slack.response_urls import ResponseUrls
from bot.slack.users import Profiles
from bot.tasks import Tasks

ANYTHING = re.compile("")  # for Bolt: whatever no other listener is registered for
ANSWER_LIMIT = 9.5  # seconds until an answer, or a notice, from the start


@dataclass(frozen=True, slots=True)
class Desk:
    """The lookup, the ways to answer, and what was done before."""

    lookup: Lookup
    tasks: Tasks
    once: Once
    posting: Posting
    response_urls: ResponseUrls
    profiles: Profiles
    channels: Channels
    uploads: Uploads
    metrics: Metrics


def deadline() -> float:
    """Return when an answer to what came just now must be there, in the event loop's time."""
    return asyncio.get_running_loop().time() + ANSWER_LIMIT
