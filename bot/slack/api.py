"""Asking Slack's Web API: an answer, nothing where there is nobody, or one of our errors."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import SlackUnavailable

log = logging.getLogger(__name__)

ASK_LIMIT = 3.0  # seconds for a question
SAY_LIMIT = 6.0  # seconds for a message

_FAULTS = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)


# Refusals that are over by themselves; answers that are not Slack's own have a status.
TRANSIENT = frozenset(
    {
        *("ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"),
        *(f"status {status}" for status in (200, 429, 500, 502, 503, 504)),
    }
)


class SlackRefused(SlackUnavailable):
    """Slack refused a call; `code` is its name for why."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Slack refused: {code}")
        self.code = code


async def call(
    client: AsyncWebClient,
    method: str,
    *,
    nothing: Collection[str] = (),
    form: Mapping[str, str] | None = None,
    message: Mapping[str, Any] | None = None,
    **query: str,
) -> dict[str, Any]:
    """Call a method, named as Slack does (`users.info`), and return its answer.

    Arguments go into the address (`query`), or, where they are personal, into the body: a
    `form`, or a `message` as JSON. Refusals named in `nothing` are an empty answer. Raises
    `SlackRefused` or `SlackUnavailable`.
    """
    verb = "GET" if query else "POST"
    try:
        # Over a shared session the client sets no limit of time by itself.
        async with asyncio.timeout(SAY_LIMIT if message else ASK_LIMIT):
            answer = await client.api_call(
                method,
                http_verb=verb,
                params=query or None,
                data=dict(form) if form else None,
                json=dict(message) if message else None,
            )
    except SlackApiError as error:
        if (code := refusal_of(error)) in nothing:
            return {}
        log.warning("Slack refused %s: %s", method, code)
        raise SlackRefused(code) from None
    # The client trips over bodies that are not JSON: a proxy's page, with status 200.
    except (*_FAULTS, AttributeError, ValueError) as fault:
        log.warning("Slack did not answer %s: %s", method, type(fault).__name__)
        raise SlackUnavailable from None
    return answer.data if isinstance(answer.data, dict) else {}


def refusal_of(error: SlackApiError) -> str:
    """Return Slack's name for a refusal, or the status of an answer that is not Slack's own.

    The client calls every answer a refusal that is not a good one, a proxy's page too.
    """
    body = getattr(error.response, "data", error.response)
    name = body.get("error") if isinstance(body, dict) else None
    if isinstance(name, str) and name.isidentifier():
        return name
    return f"status {getattr(error.response, 'status_code', '?')}"
