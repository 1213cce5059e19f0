"""What every listener works with."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from bot.channels import Channels
from bot.listeners.once import Once
from bot.listeners.posting import Posting
from bot.listeners.response_url import ResponseUrls
from bot.lookup import Lookup
from bot.metrics import Metrics
from bot.profiles import Profiles
from bot.tasks import Tasks
from bot.uploads import Uploads

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
