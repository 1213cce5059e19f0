"""The action ids of buttons, and what a button's value carries.

A value carries the query that the button asks. So a button works in yesterday's message, for
anyone who presses it, and takes the same path as a typed query. The value has a version, because
messages outlive releases.
"""

from __future__ import annotations

import json

from bot import limits

SHARE = "ext_share"  # posts the answer to the channel; asks first if outsiders are in it
SHARE_ANYWAY = "ext_share_anyway"  # says yes to that question
CANCEL = "ext_cancel"
REFRESH = "ext_refresh"
MESSAGE = "ext_message"  # links to the person's Slack profile
SHOW = "ext_show"  # opens the card of a row
PREVIOUS = "ext_previous"
NEXT = "ext_next"

ALL = (SHARE, SHARE_ANYWAY, CANCEL, REFRESH, MESSAGE, SHOW, PREVIOUS, NEXT)

SHARED_BY = "ext_shared_by"  # the block id of the line that names who shared an answer

VERSION = 1

_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


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
