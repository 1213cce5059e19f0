"""The names of what can be pressed, and what a button carries.

A button's value is the line of text that it asks for, so that it works on yesterday's
messages, for whoever presses it, by the same way as a typed line. It has a version, because
messages outlive releases.
"""

from __future__ import annotations

import json

SHARE = "ext_share"  # shows the answer to the channel; asks first where outsiders are
SHARE_ANYWAY = "ext_share_anyway"  # the answer to that question
CANCEL = "ext_cancel"
REFRESH = "ext_refresh"
MESSAGE = "ext_message"  # a link to the person's Slack profile
SHOW = "ext_show"  # a row of a list
PREVIOUS = "ext_previous"
NEXT = "ext_next"

SHARED_BY = "ext_shared_by"  # the block that says who shared the message

ALL = (SHARE, SHARE_ANYWAY, CANCEL, REFRESH, MESSAGE, SHOW, PREVIOUS, NEXT)

SHARED_BY = "ext_shared_by"  # the block of a shared answer that names who shared it

VERSION = 1
LIMIT = 2_000  # characters of a value

_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def button_value(line: str) -> str:
    """Return the value of a button that asks for a line of text."""
    return _written({"v": VERSION, "q": line})


def line_from_value(value: str) -> str | None:
    """Return the line of text that a button asks for; `None` for one that is not understood."""
    try:
        content = json.loads(value[: LIMIT + 1])
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or content.get("v") != VERSION:
        return None
    line = content.get("q")
    return line if isinstance(line, str) else None
