"""Sends files to people, in their direct message with the bot.

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
from bot.limits import UPLOAD_CHUNK_BYTES, UPLOAD_LIMIT_S
from bot.slack.api import SlackRefused, call

log = logging.getLogger(__name__)


class SlackFiles:
    """Uploads files to Slack."""

    def __init__(self, client: AsyncWebClient, session: aiohttp.ClientSession) -> None:
        self._client = client
        self._session = session

    async def open_direct_message(self, user_id: str) -> str:
        """Return the channel id of the direct message with a user. Raises `SlackUnavailable`.

        Unlike a message, a file can't be sent to a user id: Slack wants the id of a channel.
        """
        response = await call(self._client, "conversations.open", form={"users": user_id})
        channel = response.get("channel")
        if not isinstance(channel, dict) or not isinstance(channel.get("id"), str):
            raise SlackUnavailable
        return str(channel["id"])

    async def send(self, file: IO[bytes], *, name: str, channel: str, comment: str) -> None:
        """Send a file to a channel from its first byte, as a message with a comment.

        Raises `SlackUnavailable`, or `SlackRefused` with Slack's error code.
        """
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        form = {"filename": name, "length": str(size)}
        upload = await call(self._client, "files.getUploadURLExternal", form=form)
        url, file_id = upload.get("upload_url"), upload.get("file_id")
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
        """Post the bytes. The URL needs no token, so it is never logged."""
        headers = {"Content-Type": "application/octet-stream", "Content-Length": str(size)}
        try:
            async with (
                asyncio.timeout(UPLOAD_LIMIT_S),
                self._session.post(
                    url, data=_chunks(file), headers=headers, allow_redirects=False
                ) as response,
            ):
                status = response.status
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.warning("Slack did not take a file: %s", type(error).__name__)
            raise SlackUnavailable from None
        if status != 200:
            log.warning("Slack refused a file: status %s", status)
            raise SlackRefused(f"status {status}")


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    while chunk := await asyncio.to_thread(file.read, UPLOAD_CHUNK_BYTES):
        yield chunk
