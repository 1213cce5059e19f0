"""The messages of a workspace, their authors, readers and edits.

An ephemeral message is kept like any other, so that its buttons can be pressed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.sandbox.json_types import JsonObject
from bot.sandbox.slack.members import BOT_USER_ID

Content = Mapping[str, Any]


@dataclass(slots=True, eq=False)
class Message:
    """A message; `ts` is its id in Slack. `visible_to` is its only reader, or empty for everyone.

    `origin` is the way it came: `person`, `ack`, `response_url`, or the method. `previous_payloads`
    are the payloads before each edit. `is_deleted` is also set for a message that Slack never
    shows.
    """

    channel: str
    ts: str
    text: str
    blocks: list[JsonObject] = field(default_factory=list)
    thread_ts: str = ""
    visible_to: str = ""
    author: str = BOT_USER_ID
    origin: str = ""
    is_deleted: bool = False
    previous_payloads: list[JsonObject] = field(default_factory=list)
    files: list[JsonObject] = field(default_factory=list)

    @property
    def is_ephemeral(self) -> bool:
        """Whether only one person sees it."""
        return bool(self.visible_to)

    @property
    def payload(self) -> JsonObject:
        """The current text, blocks and files."""
        parts = {"blocks": self.blocks, "files": self.files}
        return {"text": self.text, **{name: part for name, part in parts.items() if part}}

    @property
    def root_ts(self) -> str:
        """The `ts` of its thread, or its own where it is in none."""
        return self.thread_ts or self.ts


class Messages:
    """All messages, oldest first."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.all: list[Message] = []
        self._clock = clock
        self._count = count(1)
        self._changed = asyncio.Event()

    def __iter__(self) -> Iterator[Message]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def new_ts(self) -> str:
        """A new `ts`, later than all before."""
        return f"{int(self._clock())}.{next(self._count):06d}"

    def add(
        self,
        channel: str,
        content: Content,
        *,
        ts: str = "",
        thread_ts: str = "",
        visible_to: str = "",
        author: str = BOT_USER_ID,
        origin: str = "",
    ) -> Message:
        """Add a message; without a `ts` it is posted now."""
        message = Message(
            channel, ts or self.new_ts(), "",
            thread_ts=thread_ts, visible_to=visible_to, author=author, origin=origin,
        )  # fmt: skip
        _set_content(message, content)
        self.all.append(message)
        self._changed.set()
        return message

    def edit(self, message: Message, content: Content) -> None:
        """Replace the content of a message."""
        message.previous_payloads.append(message.payload)
        _set_content(message, content)
        self._changed.set()

    async def wait_until(self, condition: Callable[[], bool], timeout_s: float) -> None:
        """Wait until a condition holds. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    def get(self, channel: str, ts: str) -> Message | None:
        """The message with this `ts` in a channel, unless it is deleted."""
        for message in self.all:
            if (message.channel, message.ts) == (channel, ts) and not message.is_deleted:
                return message
        return None

    def has_replies(self, channel: str, thread_ts: str) -> bool:
        """Whether a thread has a reply that everyone sees."""
        return any(
            (message.channel, message.thread_ts) == (channel, thread_ts)
            and not (message.is_ephemeral or message.is_deleted)
            for message in self.all
        )


def _set_content(message: Message, content: Content) -> None:
    """Set text, files and blocks. Slack names every block that has no id, anew at each edit."""
    message.text = str(content.get("text") or "")
    message.files = deepcopy(list(content.get("files") or message.files))
    message.blocks = deepcopy(list(content.get("blocks") or []))
    edition = len(message.previous_payloads)
    for number, block in enumerate(message.blocks):
        block.setdefault("block_id", f"b{edition}-{number}")
