"""The HTTP session for all calls to Slack: it keeps no cookie and reads no compressed or huge body.

slack_sdk reads whatever comes, whole and unpacked, so the limits are set in the session under it.
"""

from __future__ import annotations

import aiohttp
from aiohttp import hdrs

from bot.limits import MAX_BODY_BYTES


class _BoundedResponse(aiohttp.ClientResponse):
    """A response that is refused if it is compressed or larger than `MAX_BODY_BYTES`."""

    async def read(self) -> bytes:
        """Return the body. Raises `aiohttp.ClientPayloadError` if it is refused."""
        if self._body is None:
            encodings = self.headers.get(hdrs.CONTENT_ENCODING, "").split(",")
            if any(each.strip().lower() not in ("", "identity") for each in encodings):
                self.close()
                raise aiohttp.ClientPayloadError("The response is compressed.")
            body = bytearray()
            async for chunk in self.content.iter_any():
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    self.close()
                    raise aiohttp.ClientPayloadError("The response is too large.")
            self._body = bytes(body)
        return await super().read()


def open_session() -> aiohttp.ClientSession:
    """Return a session for calls to Slack, to be closed by the caller."""
    return aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        headers={hdrs.ACCEPT_ENCODING: "identity"},
        response_class=_BoundedResponse,
    )
