"""Slack's rules for text: lengths, kinds of text object, and the markup of mrkdwn."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

PLAIN = frozenset({"plain_text"})
MRKDWN = frozenset({"mrkdwn"})
EITHER = PLAIN | MRKDWN

_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}

_ANGLE_BRACKETS = re.compile(r"<([^<>]*)>")
_ALLOWED_LINK = re.compile(
    r"""
      @[UW][A-Z0-9]+                           # a person
    | \#C[A-Z0-9]+ (\|[^|\n]*)?                # a channel
    | !date\^\d+\^[^|^\n]+ (\^https?://[^|\s]+)? \|[^|\n]+
    | (https?://|mailto:|tel:\+?)[^|\s]+ (\|[^|\n]+)?
    """,
    re.VERBOSE,
)
_BROADCAST = re.compile(r"!(channel|here|everyone|subteam)\b")
_UNESCAPED_AMPERSAND = re.compile(r"&(?!(amp|lt|gt);)")
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Joiners between letters of some scripts and in emoji are part of the word.
_WORD_JOINER = re.compile(r"(?<=[^\x00-\x7f])[\u200c\u200d](?=[^\x00-\x7f])")


def text_object(value: Any, *, max_chars: int, kinds: frozenset[str] = EITHER) -> Iterator[str]:
    """Yield the problems of a text object."""
    if not isinstance(value, Mapping):
        yield "must provide an object"
        return
    kind, text = value.get("type"), value.get("text")
    if kind not in kinds:
        yield f"type {kind!r} where {' or '.join(sorted(kinds))} is expected"
    for key in sorted(value.keys() - _KEYS.get(str(kind), value.keys())):
        yield f"unknown key {key!r} in {kind}"
    if kind == "mrkdwn" and value.get("verbatim") is not True:
        yield "mrkdwn without verbatim: Slack would turn bare @here, #names and URLs into links"
    yield from string(text, max_chars=max_chars)
    if kind == "mrkdwn" and isinstance(text, str):
        yield from mrkdwn(text)
        yield from unclosed_code_spans(text)


def string(value: Any, *, max_chars: int, min_chars: int = 1) -> Iterator[str]:
    """Yield the problems of a string of `min_chars` to `max_chars` characters."""
    if not isinstance(value, str):
        yield f"{type(value).__name__} where text is expected"
        return
    if len(value.strip()) < min_chars:
        yield "empty text"
    if len(value) > max_chars:
        yield f"{len(value):,} characters where {max_chars:,} are allowed"
    yield from hidden_characters(value)


def hidden_characters(text: str) -> Iterator[str]:
    """Yield the invisible characters that can reverse, hide or break text."""
    for char in sorted(set(_WORD_JOINER.sub("", text)) - {"\n"}):
        if unicodedata.category(char) in _HIDDEN_CATEGORIES:
            yield f"hidden character U+{ord(char):04X}"


def mrkdwn(text: str) -> Iterator[str]:
    """Yield the problems of mrkdwn: stray markup, broadcasts, links of an unknown form."""
    for token in _ANGLE_BRACKETS.findall(text):
        if _BROADCAST.match(token):
            yield f"broadcast <{token}>"
        elif not _ALLOWED_LINK.fullmatch(token):
            yield f"link of an unknown form <{token}>"
    rest = _ANGLE_BRACKETS.sub("", text)
    if "<" in rest or ">" in rest:
        yield "unescaped < or >"
    if _UNESCAPED_AMPERSAND.search(text):
        yield "unescaped &"


def unclosed_code_spans(text: str) -> Iterator[str]:
    """Yield a problem if a code span isn't closed: the text after it would be shown as code."""
    if text.replace("```", "").count("`") % 2 or text.count("```") % 2:
        yield "a code span is not closed"
