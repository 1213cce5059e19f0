"""Reads a JSON object from a response's body, and accepts nothing that JSON doesn't define. Pure.

Python's own reader also takes NaN, numbers too large for a float, a key that occurs twice, and
millions of objects in a few megabytes. It holds the interpreter until it is done, so such a body
would stop the event loop for a second. The work is known before it begins: each value has a sign
of its own.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from bot.limits import MAX_JSON_MARKS

_SIGNS = (b"[", b"{", b":", b",")
_PART_BYTES = 64 * 1024
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_object(body: bytes) -> dict[str, Any] | None:
    """Return the JSON object that a body in UTF-8 consists of, or `None` if it is anything else."""
    if is_too_complex(body):
        return None
    try:
        text = body.decode("utf-8-sig")
        content = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse,
            parse_float=_finite,
            parse_int=_integer,
        )
        if _SURROGATE.search(text):
            # An emoji is a pair of escapes. Half a pair can't be written anywhere: it becomes "?".
            content = json.loads(json.dumps(content, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def is_too_complex(body: bytes) -> bool:
    """Whether a body has more values than any page of a directory.

    The signs are counted part by part: the count of a body that is far too large ends early.
    """
    count = 0
    for start in range(0, len(body), _PART_BYTES):
        count += sum(body.count(sign, start, start + _PART_BYTES) for sign in _SIGNS)
        if count > MAX_JSON_MARKS:
            return True
    return False


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("A key occurs twice.")
    return content


def _refuse(_constant: str) -> Any:
    raise ValueError("NaN and Infinity are not JSON.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("The number is too large.")
    return number


def _integer(text: str) -> int:
    _finite(text)
    return int(text)
