"""The assertion that every message must pass, and what tests read out of a message."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from bot.cards import Message
from bot.cards.terminal import render_text
from tests.slack_limits import problems

HARMLESS = "\n\u200c\u200d"


def checked(message: Message) -> Message:
    """Return the message, if Slack accepts it and no terminal obeys anything in it."""
    assert problems(message.payload()) == []
    assert_harmless(render_text(message))
    return message


def assert_harmless(shown: str) -> None:
    """Assert that no character but newlines steers a terminal; joiners only join letters."""
    steering = {c for c in shown if unicodedata.category(c) in {"Cc", "Cf", "Cs"}} - set(HARMLESS)
    assert steering == set()


def mrkdwn_of(payload: Mapping[str, Any]) -> str:
    """Return the mrkdwn of all blocks of a payload, one text on a line."""
    texts = [
        text["text"]
        for block in payload["blocks"]
        for text in [block.get("text"), *block.get("fields", []), *block.get("elements", [])]
        if text and text["type"] == "mrkdwn"
    ]
    return "\n".join(texts)


def buttons_of(message: Message) -> list[dict[str, Any]]:
    """Return all buttons of a message, in their order."""
    return [
        button
        for block in message.blocks
        for button in [block.get("accessory"), *block.get("elements", [])]
        if button and button["type"] == "button"
    ]
