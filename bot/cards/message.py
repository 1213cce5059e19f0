"""One message to Slack, and how several fit into one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot import limits
from bot.cards.blocks import clip, context

Block = dict[str, Any]

TOO_MUCH = "That's more than fits in one message. Ask for fewer at once."


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old an answer is: `block` is the answer's last block, `plain` ends its `text`.

    `read_at` is when the source gave the answer, in epoch seconds.
    """

    block: Block
    plain: str
    read_at: float


@dataclass(frozen=True, slots=True)
class Message:
    """A message: `blocks` to look at, `text` with the same words for screen readers.

    `text` is mrkdwn too, so it is escaped like the blocks. `freshness` is set where it ends both,
    so that a message of several answers can say it once.
    """

    text: str
    blocks: list[Block]
    freshness: Freshness | None = None

    def payload(self) -> dict[str, Any]:
        """Return the arguments of `chat.postMessage` that hold the message."""
        return {"text": self.text, "blocks": self.blocks}


def within_limits(blocks: Sequence[Block], *, foot: Sequence[Block] = ()) -> list[Block]:
    """Return the blocks that fit into one message; if some don't fit, a note says so.

    `foot` are small blocks that end the message in either case.
    """
    fitting: list[Block] = []
    size = len(TOO_MUCH) + 100 + sum(map(_json_chars, foot))
    for block in blocks:
        size += _json_chars(block)
        is_full = len(fitting) == limits.MAX_MESSAGE_BLOCKS - 1 - len(foot)
        if size > limits.MAX_BLOCKS_JSON_CHARS or is_full:
            return [*fitting, context(TOO_MUCH), *foot]
        fitting.append(block)
    return [*fitting, *foot]


def _json_chars(block: Block) -> int:
    return len(json.dumps(block, ensure_ascii=False)) + 2


def join_texts(texts: Sequence[str]) -> str:
    """Join texts by line breaks; if they are too long for one message, each is shortened."""
    joined = "\n".join(texts)
    if len(joined) <= limits.MAX_MESSAGE_TEXT_CHARS:
        return joined
    return "\n".join(clip(text, limits.MAX_MESSAGE_TEXT_CHARS // len(texts) - 1) for text in texts)
