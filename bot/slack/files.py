"""Sending somebody a file, in the direct message between them and us.

https://docs.slack.dev/reference/methods/conversations.open
https://docs.slack.dev/reference/methods/files.getUploadURLExternal
https://docs.slack.dev/reference/methods/files.completeUploadExternal
"""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator
from typing import IO

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import SlackUnavailable
from bot.slack.api import SlackRefused, call

log = logging.getLogger(__name__)

SEND_LIMIT = 120.0  # seconds for the bytes of a file
PIECE = 65_536  # bytes that are sent at a time


class SlackFiles:
    """Slack's files, over the client and the session that everything else uses."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self._client = client
        self._session = session

    async def open_direct_message(self, user_id: str) -> str:
        """Return the direct message with somebody. Raises `SlackUnavailable`.

        A file is sent to a channel's id: to a user's it is not, unlike a message.
        """
        told = await call(self._client, "conversations.open", form={"users": user_id})
        channel = told.get("channel")
        if not isinstance(channel, dict) or not isinstance(channel.get("id"), str):
            raise SlackUnavailable
        return str(channel["id"])

    async def send(self, file: IO[bytes], *, name: str, channel: str, comment: str) -> None:
        """Send the whole of a file to a channel, with words beside it.

        Raises `SlackUnavailable`, or `SlackRefused` with Slack's name for why.
        """
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        form = {"filename": name, "length": str(size)}
        place = await call(self._client, "files.getUploadURLExternal", form=form)
        url, file_id = place.get("upload_url"), place.get("file_id")
        if not isinstance(url, str) or not isinstance(file_id, str):
            raise SlackUnavailable
        await self._post(url, file, size)
        message = {
            "files": [{"id": file_id, "title": name}],
            "channel_id": channel,
            "initial_comment": comment,
        }
        await call(self._client, "files.completeUploadExternal", message=message)

    async def _post(self, url: str, file: IO[bytes], size: int) -> None:
        """Post the bytes. The address is good for this file once, and is a secret until then."""
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
        try:
            async with (
                asyncio.timeout(SEND_LIMIT),
                self._session.post(
                    url, data=_pieces(file), headers=headers, allow_redirects=False
                ) as reply,
            ):
                status = reply.status
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as fault:
            log.warning("Slack did not take a file: %s", type(fault).__name__)
            raise SlackUnavailable from None
        if status != 200:
            log.warning("Slack refused a file: status %s", status)
            raise SlackRefused(f"status {status}")


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    while piece := await asyncio.to_thread(file.read, PIECE):
        yield piece
