"""Buttons: some ask a query, others open a web page.

The value of a button contains the query that it asks. So a button still works in an old message,
for anyone who presses it, and its query takes the same path as a typed one. The value has a
version, because a message may be older than the release that reads its buttons.

Blocks of buttons get no block id here, so Slack assigns them: the same button may be in several
blocks of one message, but only once in each.
"""

from __future__ import annotations

import json
import re
from typing import Any

from bot import limits
from bot.cards.blocks import Block, clean, literal_text

Button = dict[str, Any]

VERSION = 1

_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_WEB_URL = re.compile(r"https?://[\x21-\x7e]{1,500}")


def button(
    action_id: str, name: str, *, line: str, accessibility_label: str, style: str = ""
) -> Button:
    """Return a button that asks the query `line`.

    `accessibility_label` is untrusted text for screen readers; `style` is `primary`, `danger` or
    empty. If the query is cut here, it is still too long for the grammar, which says so.
    """
    value = button_value(clean(line)[: limits.MAX_BUTTON_LINE_CHARS])
    element = _element(action_id, name, accessibility_label) | {"value": value}
    return element | {"style": style} if style else element


def link_button(action_id: str, name: str, *, url: str, accessibility_label: str) -> Button | None:
    """Return a button that opens a web page; `None` if `url` isn't the address of one."""
    if not _WEB_URL.fullmatch(url):
        return None
    return _element(action_id, name, accessibility_label) | {"url": url}


def actions_block(*buttons: Button | None) -> Block:
    """Return a row of 1 to 25 buttons, without those that are `None`."""
    return {"type": "actions", "elements": [element for element in buttons if element]}


def _element(action_id: str, name: str, accessibility_label: str) -> Button:
    return {
        "type": "button",
        "action_id": action_id,
        "text": {"type": "plain_text", "text": name},
        "accessibility_label": literal_text(
            accessibility_label, limits.MAX_ACCESSIBILITY_LABEL_CHARS
        ),
    }


def button_value(line: str) -> str:
    """Return the value of a button that asks the query `line`."""
    return _to_json({"v": VERSION, "q": line})


def line_from_value(value: str) -> str | None:
    """Return the query of a button's value; `None` if this version can't read the value."""
    try:
        content = json.loads(value[: limits.MAX_BUTTON_VALUE_CHARS + 1])
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or content.get("v") != VERSION:
        return None
    line = content.get("q")
    return line if isinstance(line, str) else None
