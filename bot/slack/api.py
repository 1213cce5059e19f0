"""Calls of Slack's Web API, with a time-out and with Ext's own errors."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import SlackUnavailable
from bot.limits import CALL_LIMIT_S, POST_LIMIT_S

log = logging.getLogger(__name__)

# No answer, or none of Slack's own: on a proxy's page, broken JSON or a `Retry-After` that is no
# number, the client raises whatever its code runs into.
NO_ANSWER = (
    *(SlackClientError, aiohttp.ClientError, TimeoutError, OSError),
    *(AttributeError, ValueError, LookupError, ArithmeticError, RecursionError),
)

# Refusals that pass without anybody changing a setting. A response that is not Slack's own (a
# proxy's page) has no error code, so its HTTP status stands for one, as in `refusal_code`.
TRANSIENT = frozenset(
    {
        *("ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"),
        *(f"status {status}" for status in (200, 429, 500, 502, 503, 504)),
    }
)


class SlackRefused(SlackUnavailable):
    """Slack refused a call; `code` is the error code, such as `missing_scope`."""

    def __init__(self, code: str) -> None:
        super().__init__(f"Slack refused: {code}")
        self.code = code


def is_permanent(error: SlackUnavailable) -> bool:
    """Whether a retry would be refused again, because the token or one of its scopes is wrong."""
    return isinstance(error, SlackRefused) and error.code not in TRANSIENT


async def call(
    client: AsyncWebClient,
    method: str,
    *,
    empty_on: Collection[str] = (),
    form: Mapping[str, str] | None = None,
    message: Mapping[str, Any] | None = None,
    **query: str,
) -> dict[str, Any]:
    """Call a method, named as Slack does (`users.info`), and return its response.

    Arguments go into the URL (`query`) or, if they are personal, into the body, as a `form` or as
    a JSON `message`: proxies log URLs. A refusal whose code is in `empty_on` returns an empty
    response. Raises `SlackRefused` or `SlackUnavailable`.
    """
    http_verb = "GET" if query else "POST"
    try:
        # The client's own time-out has no effect on a shared session.
        async with asyncio.timeout(POST_LIMIT_S if message else CALL_LIMIT_S):
            response = await client.api_call(
                method,
                http_verb=http_verb,
                params=query or None,
                data=dict(form) if form else None,
                json=dict(message) if message else None,
            )
    except SlackApiError as error:
        if (code := refusal_code(error)) in empty_on:
            return {}
        log.warning("Slack refused %s: %s", method, code)
        raise SlackRefused(code) from None
    except NO_ANSWER as error:
        log.warning("Slack did not answer %s: %s", method, type(error).__name__)
        raise SlackUnavailable(f"Slack did not answer {method}") from None
    return response.data if isinstance(response.data, dict) else {}


def refusal_code(error: SlackApiError) -> str:
    """Return the error code of a refusal, or the status of a response that is not Slack's own.

    The client raises SlackApiError for every response that is not a success, a proxy's page too.
    """
    body = getattr(error.response, "data", error.response)
    code = body.get("error") if isinstance(body, dict) else None
    if isinstance(code, str) and code.isidentifier():
        return code
    return f"status {getattr(error.response, 'status_code', '?')}"
