"""What can be pressed: buttons that ask for a line of text, and links.

Messages are put together from these without block ids, which Slack then gives: the same button
may stand in several blocks of one message, but only once in each.
"""

from __future__ import annotations

import re
from typing import Any

from bot.cards import action_ids
from bot.cards.blocks import clean, literal_text
from bot.cards.message import Block

Button = dict[str, Any]

LINE_LIMIT = 400  # characters; what is cut here is still too long to be asked
LABEL_LIMIT = 75

_WEB = re.compile(r"https?://[\x21-\x7e]{1,500}")


def button(
    action_id: str, name: str, *, line: str, accessibility_label: str, style: str = ""
) -> Button:
    """Return a button that asks for a line of text.

    `says` is what a screen reader calls it, as untrusted text; `style` is `primary` or `danger`.
    """
    value = action_ids.button_value(clean(line)[:LINE_LIMIT])
    element = _button(action_id, name, accessibility_label) | {"value": value}
    return element | {"style": style} if style else element


def link_button(action_id: str, name: str, *, url: str, accessibility_label: str) -> Button | None:
    """Return a button that opens a web page; `None` where the address is not one's."""
    return (
        _button(action_id, name, accessibility_label) | {"url": url}
        if _WEB.fullmatch(url)
        else None
    )


def actions_block(*buttons: Button | None) -> Block:
    """Return a row of 1 to 25 buttons, without those that are `None`."""
    return {"type": "actions", "elements": [each for each in buttons if each]}


def _button(action_id: str, name: str, says: str) -> Button:
    return {
        "type": "button",
        "action_id": action_id,
        "text": {"type": "plain_text", "text": name},
        "accessibility_label": literal_text(says, LABEL_LIMIT),
    }
