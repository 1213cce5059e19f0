"""Reads a response of the token endpoint: returns the token, or raises a `SourceError`. Pure.

The status says little, because the gateway in front of the identity server may change it, to 200
or 500 among others. If a refusal were not recognized, the login would be repeated until Vonage
locks the user. So the body is searched for the codes of a refusal first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.errors import NotAuthorized, OverQuota, Unavailable, UnexpectedReply
from bot.limits import DEFAULT_RETRY_AFTER_S
from bot.vonage import responses
from bot.vonage.transport import HttpResponse

_OAUTH_ERRORS = (
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "access_denied",
)
_IDENTITY_ERRORS = re.compile(rb"(?<!\w)1700[123](?!\w)")  # no such user, wrong password, locked


class TokenRefused(NotAuthorized):
    """The token endpoint refused; the text has OAuth's and the identity server's codes only."""


def read(response: HttpResponse, *, now: float) -> Mapping[str, Any]:
    """Return the fields of a token response, or raise the error that the response stands for.

    `now` is in epoch seconds, for a `Retry-After` that is a date.
    """
    body = _fields(response.body)
    token = body.get("access_token")
    if response.status == 200 and isinstance(token, str) and token.strip():
        return body
    if reason := _refusal(response, body):
        raise TokenRefused(reason)
    wait = responses.retry_after(response.headers, body, now=now)
    if response.status == 429:
        raise OverQuota(retry_after=DEFAULT_RETRY_AFTER_S if wait is None else wait)
    if response.status >= 500:
        raise Unavailable("The token endpoint failed.", retry_after=wait)
    raise UnexpectedReply(f"The token endpoint gave no token (status {response.status}).")


def _refusal(response: HttpResponse, body: Mapping[str, Any]) -> str:
    """Return why a login is refused, or an empty text if it is not.

    The reason consists of codes, because the endpoint's own text repeats the user's name.
    """
    codes = [code for code in _OAUTH_ERRORS if code == body.get("error")]
    if identity_code := _IDENTITY_ERRORS.search(response.body):
        codes.append(identity_code[0].decode())
    if not codes and response.status in (400, 401, 403):
        return "no reason given"
    return " ".join(codes)


def _fields(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}
