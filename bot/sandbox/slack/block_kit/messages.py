"""Checks whole messages and views: the number and size of blocks, the text, and the keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.slack.block_kit import text_rules
from bot.sandbox.slack.block_kit.rules import check_shape, duplicates, nested_objects, typed
from bot.sandbox.slack.block_kit.shapes import BLOCKS, VIEWS

MAX_TEXT_CHARS = 4_000
MAX_BLOCKS_CHARS = 12_000  # of JSON; Slack's exact limit is unpublished, but above this
MESSAGE_KEYS = frozenset(
    {
        *("text", "blocks", "response_type", "replace_original", "delete_original"),
        *("channel", "user", "ts", "thread_ts", "link_names", "mrkdwn", "parse"),
        *("unfurl_links", "unfurl_media", "metadata"),
    }
)


def problems(message: Mapping[str, Any], surface: str = "message") -> list[str]:
    """The problems of a message, or of a view (`surface` is `modal` or `home`)."""
    if surface == "message":
        return [*_message(message)]
    return [f"invalid_arguments: {problem}" for problem in _view(message, surface)]


def _message(message: Mapping[str, Any]) -> Iterator[str]:
    yield from _keys(message)
    if not message.get("delete_original"):
        yield from _text(message.get("text"))
    if "blocks" in message:
        blocks = message["blocks"]
        yield from (f"invalid_blocks: {problem}" for problem in _blocks(blocks, max_blocks=50))
        size = len(json.dumps(blocks, ensure_ascii=False))
        if size > MAX_BLOCKS_CHARS:
            yield f"msg_blocks_too_long: {size:,} characters"


def _keys(message: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"unknown key {key!r}" for key in sorted(message.keys() - MESSAGE_KEYS))
    if message.get("link_names"):
        yield "link_names turns @names in directory text into mentions"
    if message.get("response_type", "ephemeral") not in {"ephemeral", "in_channel"}:
        yield f"response_type {message['response_type']!r}"


def _text(text: Any) -> Iterator[str]:
    if not isinstance(text, str) or not text.strip():
        yield "no_text: text is what screen readers and notifications read"
        return
    if len(text) > MAX_TEXT_CHARS:
        yield f"msg_too_long: text has {len(text):,} characters"
    yield from (f"text: {problem}" for problem in text_rules.mrkdwn(text))
    yield from (f"text: {problem}" for problem in text_rules.hidden_characters(text))


def _view(view: Mapping[str, Any], surface: str) -> Iterator[str]:
    yield from check_shape(view, VIEWS[surface])
    yield from _blocks(view.get("blocks"), max_blocks=100)
    has_input = any(nested.get("type") == "input" for nested in nested_objects(view))
    if surface == "modal" and has_input and "submit" not in view:
        yield "a modal with an input needs submit"
    if sum(nested.get("focus_on_load") is True for nested in nested_objects(view)) > 1:
        yield "focus_on_load more than once"


def _blocks(blocks: Any, *, max_blocks: int) -> Iterator[str]:
    if not isinstance(blocks, list) or not 1 <= len(blocks) <= max_blocks:
        yield f"blocks: 1 to {max_blocks} are allowed"
        return
    for i, block in enumerate(blocks):
        yield from (f"blocks[{i}]{problem}" for problem in typed(BLOCKS)(block))
    yield from duplicates("block_id", [block for block in blocks if isinstance(block, Mapping)])
