"""What Vonage really said: its latest reply, kept beside what the client makes of it.

The client tells failures apart as far as people need; to name a remedy takes more. Nothing
of a reply is printed but what is known not to be personal: codes, names of keys, a status.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx

from bot.vonage.responses import fault_code

LOCKED = "17003"  # the identity server's code, inside its description
WRONG_USER = "missing user data"


class ResponseRecorder:
    """The latest reply that a client was given."""

    def __init__(self) -> None:
        self.status = 0
        self._headers: Mapping[str, str] = {}
        self._text = ""

    async def listen(self, response: httpx.Response) -> None:
        """Keep a reply; this is a response hook of httpx."""
        self.status, self._headers, self._text = response.status_code, response.headers, ""
        self._text = (await response.aread()).decode("utf-8", "replace")

    @property
    def content(self) -> dict[str, Any]:
        """The JSON object of the reply, or an empty one."""
        try:
            found = json.loads(self._text)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def is_page(self) -> bool:
        """Whether it is a web page, meant for people."""
        kind = self._headers.get("content-type", "")
        return "html" in kind or self._text.lstrip()[:9].lower().startswith(("<!doctype", "<html"))

    @property
    def code(self) -> str:
        """The gateway's code, or nothing."""
        return fault_code(self.content)

    @property
    def oauth_error(self) -> str:
        """The token endpoint's word for a refusal, `locked` for a locked user, or nothing."""
        description = str(self.content.get("error_description") or "")
        return "locked" if LOCKED in description else str(self.content.get("error") or "")

    @property
    def misses_user(self) -> bool:
        """Whether the service says that the token's user is none of the account's."""
        return WRONG_USER in self._text.lower()

    @property
    def envelope(self) -> tuple[str, ...]:
        """The names of what `_embedded` holds."""
        embedded = self.content.get("_embedded")
        return tuple(sorted(embedded)) if isinstance(embedded, dict) else ()
