"""Parses the JSON of a response within bounds. Pure.

The JSON parser of Python holds the interpreter until it is done, so a body of 8 MB made of empty
brackets stops the event loop for a second. The work is known before it begins: it grows with the
number of values, and each value has a mark of its own.
"""

from __future__ import annotations

import json
from typing import Any

from bot.limits import MAX_INTEGER_DIGITS, MAX_JSON_MARKS

_MARKS = (b"[", b"{", b":", b",")
_PART_BYTES = 64 * 1024


def parse(body: bytes) -> Any:
    """Return the JSON value of a body, or `None` if it is no JSON or above the bounds."""
    if is_too_complex(body):
        return None
    try:
        return json.loads(body, parse_int=_integer)
    except (ValueError, RecursionError):
        return None


def is_too_complex(body: bytes) -> bool:
    """Whether a body has more values than any page of a directory.

    The marks are counted part by part: the count of a body that is far too large ends early.
    """
    marks = 0
    for start in range(0, len(body), _PART_BYTES):
        marks += sum(body.count(mark, start, start + _PART_BYTES) for mark in _MARKS)
        if marks > MAX_JSON_MARKS:
            return True
    return False


def _integer(digits: str) -> int:
    if len(digits) > MAX_INTEGER_DIGITS:
        raise ValueError("an integer that no field can hold")
    return int(digits)
