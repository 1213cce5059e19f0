"""Waits until the directory can answer what it couldn't, and then asks again, once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.directory.service import Directory
from bot.limits import FOLLOW_UP_LIMIT_S
from bot.lookup.request import Answer, AwaitedQuery, Request
from bot.models import NotReady


async def answer_when_ready(
    answer: Answer,
    requests: Sequence[Request],
    directory: Directory,
    ask_again: Callable[[Sequence[Request]], Awaitable[Answer]],
) -> Answer:
    """Wait for the queries that an answer awaits, then return the next answer to its requests.

    The wait ends after `FOLLOW_UP_LIMIT_S`, while Slack still accepts an answer. Until then the
    asker gets no second notice that says to wait. Raises a `SourceError` if waiting won't help.
    """
    follow_ups = [replace(request, is_follow_up=True) for request in requests]
    try:
        async with asyncio.timeout(FOLLOW_UP_LIMIT_S):
            while await _become_ready(answer.awaits, directory):
                answer = await ask_again(follow_ups)
                if not answer.awaits:
                    return answer
    except TimeoutError:
        options = replace(requests[0].options, can_follow_up=False)
        follow_ups = [replace(request, options=options) for request in follow_ups]
    return await ask_again(follow_ups)


async def _become_ready(awaited: Sequence[AwaitedQuery], directory: Directory) -> bool:
    """Wait for queries, and return whether the directory can answer them all."""
    findings = [
        await directory.find_when_ready(each.query, excluded_fields=each.excluded_fields)
        for each in awaited
    ]
    return not any(isinstance(finding, NotReady) for finding in findings)
