"""How wide text stands in a monospace face: pointing under a spot, lining up columns."""

from __future__ import annotations

import unicodedata

from bot.cards.blocks import visible

# A wide letter takes the room of two narrow ones, but in few faces exactly; signs of the same
# width as the letters above keep their place in all of them.
_BLANK = {0: "", 1: " ", 2: "\u3000"}
_CARET = {0: "", 1: "^", 2: "\uff3e"}


def char_width(char: str) -> int:
    """Return how many columns a character takes: none for a combining accent, two for 電."""
    if char.isascii():
        return int(char.isprintable())
    if unicodedata.category(char) in {"Mn", "Me", "Cf", "Cc"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def line_width(text: str) -> int:
    """Return how many columns a line takes."""
    return len(text) if text.isascii() and text.isprintable() else sum(map(char_width, text))


def underline(text: str, start: int, end: int, *, room: int) -> tuple[str, str]:
    """Return a line of text and the line that points at `text[start:end]` in it.

    Of a text wider than `room` columns only what is around the spot is returned.
    """
    start = min(max(start, 0), len(text))
    end = min(max(end, start), len(text))
    spot = _cut(_line(text[start:end]), room // 2)
    before = _cut(_line(text[:start])[::-1], room // 3)[::-1]
    after = _cut(_line(text[end:]), max(0, room - line_width(before) - line_width(spot)))
    carets = "".join(_CARET[char_width(char)] for char in spot) or "^"
    blanks = "".join(_BLANK[char_width(char)] for char in before)
    return f"{before}{spot}{after}".rstrip(), blanks + carets


def _line(text: str) -> str:
    return visible(text).replace("\n", " ")


def _cut(text: str, room: int) -> str:
    """The beginning of a text that fits into so many columns, and `…` where that is not all."""
    if line_width(text) <= room:
        return text
    kept = ""
    for char in text:
        if line_width(kept) + char_width(char) >= room:
            break
        kept += char
    return kept + "…"
