"""Keeps Vonage's latest response, for details that the API client drops.

The client's errors are as detailed as people in Slack need; an operator's remedy depends on more.
Responses may contain personal data, so the doctor prints only codes, names of keys and the status.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, cast

import httpx

from bot.vonage.responses import fault_code
from bot.vonage.strict_json import read_object

LOCKED_CODE = "17003"  # the identity server's code, which is part of `error_description`
MISSING_USER = "missing user data"


class ResponseRecorder:
    """The latest response that an HTTP client received; `status` is 0 before the first."""

    def __init__(self) -> None:
        self.status = 0
        self._headers: Mapping[str, str] = {}
        self._body = bytearray()

    async def record(self, response: httpx.Response) -> None:
        """Keep a response; this is a response hook of httpx.

        The body is kept as the client reads it, so the client's limits hold here too.
        """
        self.status, self._headers = response.status_code, response.headers
        self._body = bytearray()
        response.stream = _Recorded(cast("httpx.AsyncByteStream", response.stream), self._body)

    @property
    def content(self) -> dict[str, Any]:
        """The response's JSON object; empty if the response isn't one."""
        return read_object(bytes(self._body)) or {}

    @property
    def _text(self) -> str:
        return self._body.decode("utf-8", "replace")

    @property
    def is_page(self) -> bool:
        """Whether the response is an HTML page."""
        media_type = self._headers.get("content-type", "")
        start = self._text.lstrip()[:9].lower()
        return "html" in media_type or start.startswith(("<!doctype", "<html"))

    @property
    def code(self) -> str:
        """The gateway's fault code, or an empty text."""
        return fault_code(self.content)

    @property
    def oauth_error(self) -> str:
        """The token endpoint's `error`, `locked` for a locked user, or an empty text."""
        description = str(self.content.get("error_description") or "")
        return "locked" if LOCKED_CODE in description else str(self.content.get("error") or "")

    @property
    def misses_user(self) -> bool:
        """Whether the service says that the token's user doesn't belong to the account."""
        return MISSING_USER in self._text.lower()

    @property
    def envelope(self) -> tuple[str, ...]:
        """The sorted keys of `_embedded`."""
        embedded = self.content.get("_embedded")
        return tuple(sorted(embedded)) if isinstance(embedded, dict) else ()


class _Recorded(httpx.AsyncByteStream):
    """A body that is copied to `copy` while it is read."""

    def __init__(self, stream: httpx.AsyncByteStream, copy: bytearray) -> None:
        self._stream = stream
        self._copy = copy

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            self._copy += chunk
            yield chunk

    async def aclose(self) -> None:
        """Close the body."""
        await self._stream.aclose()
