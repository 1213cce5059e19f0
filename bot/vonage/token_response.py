"""What a reply of the token endpoint means: a grant, or one of our errors. Pure.

The status says little: the gateway in front gives the identity server's refusals other ones,
200 and 500 among them. A refusal that is not seen as one is repeated until the user is locked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.errors import NotAuthorized, OverQuota, Unavailable, UnexpectedReply
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
    """The token endpoint said no; its text is made of OAuth's and the identity server's codes."""


def read(reply: HttpResponse, *, now: float) -> Mapping[str, Any]:
    """Return the fields of a grant; raise what another reply stands for.

    `now` is in epoch seconds, for a `Retry-After` that is a date.
    """
    body = _fields(reply.body)
    token = body.get("access_token")
    if reply.status == 200 and isinstance(token, str) and token.strip():
        return body
    if reason := _refusal(reply, body):
        raise TokenRefused(reason)
    wait = responses.retry_after(reply.headers, body, now=now)
    if reply.status == 429:
        raise OverQuota(retry_after=responses.DEFAULT_WAIT if wait is None else wait)
    if reply.status >= 500:
        raise Unavailable("The token endpoint has a fault.", retry_after=wait)
    raise UnexpectedReply(f"The token endpoint gave no token (status {reply.status}).")


def _refusal(reply: HttpResponse, body: Mapping[str, Any]) -> str:
    """Return why a login is refused, or nothing. The codes alone: the words repeat the user."""
    named = [each for each in _OAUTH_ERRORS if each == body.get("error")]
    if code := _IDENTITY_ERRORS.search(reply.body):
        named.append(code[0].decode())
    if not named and reply.status in (400, 401, 403):
        return "no reason"
    return " ".join(named)


def _fields(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
