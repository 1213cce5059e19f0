"""Slack's rules for text: lengths, kinds of text object, and what may stand in mrkdwn."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

PLAIN = frozenset({"plain_text"})
MRKDWN = frozenset({"mrkdwn"})
EITHER = PLAIN | MRKDWN

_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}

_TOKEN = re.compile(r"<([^<>]*)>")
_ALLOWED = re.compile(
    r"""
      @[UW][A-Z0-9]+                           # a person
    | \#C[A-Z0-9]+ (\|[^|\n]*)?                # a channel
    | !date\^\d+\^[^|^\n]+ (\^https?://[^|\s]+)? \|[^|\n]+
    | (https?://|mailto:|tel:\+?)[^|\s]+ (\|[^|\n]+)?
    """,
    re.VERBOSE,
)
_BROADCAST = re.compile(r"!(channel|here|everyone|subteam)\b")
_ENTITY = re.compile(r"&(?!(amp|lt|gt);)")
_HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
# Between letters of some scripts, and in emoji, these are a part of the word.
_JOINED = re.compile(r"(?<=[^\x00-\x7f])[\u200c\u200d](?=[^\x00-\x7f])")


def text_object(value: Any, *, limit: int, kinds: frozenset[str] = EITHER) -> Iterator[str]:
    """Yield what is wrong with a text object."""
    if not isinstance(value, Mapping):
        yield "must provide an object"
        return
    kind, text = value.get("type"), value.get("text")
    if kind not in kinds:
        yield f"type {kind!r} where {' or '.join(sorted(kinds))} is meant"
    for key in sorted(value.keys() - _KEYS.get(str(kind), value.keys())):
        yield f"unknown key {key!r} in {kind}"
    if kind == "mrkdwn" and value.get("verbatim") is not True:
        yield "mrkdwn without verbatim: Slack would turn bare @here, #names and URLs into links"
    yield from string(text, limit=limit)
    if kind == "mrkdwn" and isinstance(text, str):
        yield from mrkdwn(text)
        yield from code_spans(text)


def string(value: Any, *, limit: int, least: int = 1) -> Iterator[str]:
    """Yield what is wrong with a string that Slack takes `least` to `limit` characters of."""
    if not isinstance(value, str):
        yield f"{type(value).__name__} where text is meant"
        return
    if len(value.strip()) < least:
        yield "empty text"
    if len(value) > limit:
        yield f"{len(value):,} characters where {limit:,} are allowed"
    yield from hidden(value)


def hidden(text: str) -> Iterator[str]:
    """Yield the characters that nobody sees, but that turn, hide or break text."""
    for char in sorted(set(_JOINED.sub("", text)) - {"\n"}):
        if unicodedata.category(char) in _HIDDEN:
            yield f"hidden character U+{ord(char):04X}"


def mrkdwn(text: str) -> Iterator[str]:
    """Yield what is wrong with mrkdwn: stray markup, broadcasts, links of an unknown form."""
    for token in _TOKEN.findall(text):
        if _BROADCAST.match(token):
            yield f"broadcast <{token}>"
        elif not _ALLOWED.fullmatch(token):
            yield f"link of an unknown form <{token}>"
    rest = _TOKEN.sub("", text)
    if "<" in rest or ">" in rest:
        yield "unescaped < or >"
    if _ENTITY.search(text):
        yield "unescaped &"


def code_spans(text: str) -> Iterator[str]:
    """Yield whether a code span has no end: what follows it would be shown as code."""
    if text.replace("```", "").count("`") % 2 or text.count("```") % 2:
        yield "a code span without its end"
