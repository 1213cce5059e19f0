"""One message to Slack, and how several are put into one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.cards.blocks import clip, context

Block = dict[str, Any]

TEXT_LIMIT = 4_000  # above it Slack may split a text into several messages
BLOCK_LIMIT = 50
SIZE_LIMIT = 11_000  # of the blocks' JSON; Slack refuses somewhere above 12,000 characters

TOO_MUCH = "There is more than one message can hold. Ask for fewer at once."


@dataclass(frozen=True, slots=True)
class Message:
    """What is said: `blocks` for the eyes, `text` the whole of it for a screen reader.

    `text` is mrkdwn too, so it is escaped as the blocks are.
    """

    text: str
    blocks: list[Block]

    def payload(self) -> dict[str, Any]:
        """Return the message as Slack takes it."""
        return {"text": self.text, "blocks": self.blocks}


def within_limits(blocks: Sequence[Block], *, foot: Sequence[Block] = ()) -> list[Block]:
    """Return the blocks that one message can hold, and say so where some are left out.

    `foot` are small blocks that end the message whatever is left out.
    """
    kept: list[Block] = []
    size = len(TOO_MUCH) + 100 + sum(map(_size, foot))
    for block in blocks:
        size += _size(block)
        if size > SIZE_LIMIT or len(kept) == BLOCK_LIMIT - 1 - len(foot):
            return [*kept, context(TOO_MUCH), *foot]
        kept.append(block)
    return [*kept, *foot]


def _size(block: Block) -> int:
    return len(json.dumps(block, ensure_ascii=False)) + 2


def join_texts(texts: Sequence[str]) -> str:
    """Return texts as one of at most `TEXT_LIMIT`; where that is too little, all are shortened."""
    whole = "\n".join(texts)
    if len(whole) <= TEXT_LIMIT:
        return whole
    return "\n".join(clip(text, TEXT_LIMIT // len(texts) - 1) for text in texts)
