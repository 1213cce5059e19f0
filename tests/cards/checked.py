"""The assertion that every message must pass."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from bot.cards import Message
from bot.cards.terminal import render_text
from tests.slack_limits import problems

HARMLESS = "\n\u200c\u200d"


def checked(message: Message) -> Message:
    """Return a message that Slack takes, and that does a terminal no harm either."""
    assert problems(message.payload()) == []
    assert_harmless(render_text(message))
    return message


def assert_harmless(shown: str) -> None:
    """No character but newlines may steer a terminal; joiners only join letters and emoji."""
    steering = {c for c in shown if unicodedata.category(c) in {"Cc", "Cf", "Cs"}} - set(HARMLESS)
    assert steering == set()


def mrkdwn_of(payload: Mapping[str, Any]) -> str:
    """Return all mrkdwn of all blocks of a payload, one text a line."""
    texts = [
        text["text"]
        for block in payload["blocks"]
        for text in [block.get("text"), *block.get("fields", []), *block.get("elements", [])]
        if text and text["type"] == "mrkdwn"
    ]
    return "\n".join(texts)


def buttons_of(message: Message) -> list[dict[str, Any]]:
    """Return all that can be pressed, in the order in which it stands."""
    return [
        button
        for block in message.blocks
        for button in [block.get("accessory"), *block.get("elements", [])]
        if button and button["type"] == "button"
    ]
