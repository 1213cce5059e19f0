"""Reads a response of the token endpoint: returns the token, or raises a `SourceError`. Pure.

The status says little, because the gateway in front of the identity server may change it, to 200
or 500 among others. If a refusal were not recognized, the login would be repeated until Vonage
locks the user. So the body is searched for the codes of a refusal first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import NotAuthorized, OverQuota, Unavailable, UnexpectedReply
from bot.limits import DEFAULT_TOKEN_LIFE_S, MAX_TOKEN_CHARS, MAX_TOKEN_LIFE_S
from bot.vonage import responses
from bot.vonage.envelope import to_int
from bot.vonage.strict_json import read_object
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
# The same codes in a body that is not JSON, although it looks like it.
_QUOTED_OAUTH_ERRORS = re.compile(rf'"({"|".join(_OAUTH_ERRORS)})"'.encode())
_IDENTITY_ERRORS = re.compile(rb"(?<!\w)1700[123](?!\w)")  # no such user, wrong password, locked


class TokenRefused(NotAuthorized):
    """The token endpoint refused; the text has OAuth's and the identity server's codes only."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A new token, the refresh token that came with it (or an empty text), and its life."""

    access_token: str
    refresh_token: str
    life_s: float


def read(response: HttpResponse, *, now: float) -> Grant:
    """Return the grant of a token response, or raise the error that the response stands for.

    `now` is in epoch seconds, for a `Retry-After` that is a date.
    """
    body = read_object(response.body) or {}
    token = body.get("access_token")
    if response.status == 200 and is_sendable(token):
        refresh_token = body.get("refresh_token")
        return Grant(
            access_token=str(token),
            refresh_token=str(refresh_token) if is_sendable(refresh_token) else "",
            life_s=_life_s(body.get("expires_in")),
        )
    if reason := _refusal(response, body):
        raise TokenRefused(reason)
    wait = responses.retry_after(response.headers, body, now=now)
    if response.status == 429:
        raise OverQuota(retry_after=wait)
    if response.status >= 500:
        raise Unavailable("The token endpoint failed.", retry_after=wait)
    if 300 <= response.status < 400:
        raise UnexpectedReply(responses.REDIRECTS.format(status=response.status))
    finding = "no token" if not token else "a token that can't be sent"
    raise UnexpectedReply(f"The token endpoint gave {finding} (status {response.status}).")


def is_sendable(token: Any) -> bool:
    """Whether a token is a text that an HTTP header can carry."""
    is_short_text = isinstance(token, str) and 0 < len(token) <= MAX_TOKEN_CHARS
    return is_short_text and token.isascii() and token.isprintable() and " " not in token


def _life_s(expires_in: Any) -> float:
    """Return the seconds that a token lasts: `expires_in`, or an hour if that is no life."""
    seconds = to_int(expires_in)
    if seconds is None or seconds < 0:
        return DEFAULT_TOKEN_LIFE_S
    return min(float(seconds), MAX_TOKEN_LIFE_S)


def _refusal(response: HttpResponse, body: Mapping[str, Any]) -> str:
    """Return why a login is refused, or an empty text if it is not.

    The reason consists of codes, because the endpoint's own text repeats the user's name.
    """
    codes = [code for code in _OAUTH_ERRORS if code == body.get("error")]
    if not body and (quoted := _QUOTED_OAUTH_ERRORS.search(response.body)):
        codes.append(quoted[1].decode())
    if identity_code := _IDENTITY_ERRORS.search(response.body):
        codes.append(identity_code[0].decode())
    if not codes and response.status in (400, 401, 403):
        return "no reason given"
    return " ".join(codes)
