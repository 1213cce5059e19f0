"""The messages of a workspace: what was said, to whom, and what became of it.

A message that one person alone sees is kept like any other, so that its buttons can be pressed.
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
    """A message. `visible_to` is the one who sees it, or empty for all; `ts` is its name in Slack.

    `by` is who said it, `how` the way that it came: `person`, `ack`, `response_url`, or the
    method. `earlier` are the contents before each edit. What is `gone` nobody sees: it was
    deleted, or never shown.
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
        """Whether one person alone sees it."""
        return bool(self.visible_to)

    @property
    def payload(self) -> JsonObject:
        """Text, blocks and files as they are now."""
        parts = {"blocks": self.blocks, "files": self.files}
        return {"text": self.text, **{name: part for name, part in parts.items() if part}}

    @property
    def root_ts(self) -> str:
        """The thread that it is in, or would begin."""
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
        """A new `ts`: later than all before."""
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
        """Keep a message; without a `ts` it was said now."""
        message = Message(
            channel, ts or self.new_ts(), "",
            thread_ts=thread_ts, visible_to=visible_to, author=author, origin=origin,
        )  # fmt: skip
        _set_content(message, content)
        self.all.append(message)
        self._changed.set()
        return message

    def edit(self, message: Message, content: Content) -> None:
        """Put another content in place of what a message says."""
        message.previous_payloads.append(message.payload)
        _set_content(message, content)
        self._changed.set()

    async def wait_until(self, condition: Callable[[], bool], timeout_s: float) -> None:
        """Wait until something is to be seen. Raises TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    def get(self, channel: str, ts: str) -> Message | None:
        """The message of this name in a channel, unless it is gone."""
        for message in self.all:
            if (message.channel, message.ts) == (channel, ts) and not message.is_deleted:
                return message
        return None

    def has_replies(self, channel: str, thread_ts: str) -> bool:
        """Whether a thread is there for all to see, and not only the message that it hangs on."""
        return any(
            (each.channel, each.thread_ts) == (channel, thread_ts)
            and not (each.is_ephemeral or each.is_deleted)
            for each in self.all
        )


def _set_content(message: Message, content: Content) -> None:
    """Slack gives a name to every block that comes without one, and a new one at each edit."""
    message.text = str(content.get("text") or "")
    message.files = deepcopy(list(content.get("files") or message.files))
    message.blocks = deepcopy(list(content.get("blocks") or []))
    edition = len(message.previous_payloads)
    for number, block in enumerate(message.blocks):
        block.setdefault("block_id", f"b{edition}-{number}")
