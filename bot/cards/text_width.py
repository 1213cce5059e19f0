"""How many columns text takes in a monospace font, for underlining a spot and aligning columns."""

from __future__ import annotations

import unicodedata

from bot.cards.blocks import visible

# In few fonts a wide character is exactly as wide as two narrow ones. Wide blanks and wide carets
# below wide characters are aligned in every font.
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
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(char_width, text))


def underline(text: str, start: int, end: int, *, columns: int) -> tuple[str, str]:
    """Return a line of text, and a line of carets below `text[start:end]`.

    If the text is wider than `columns`, only the part around the spot is returned.
    """
    start = min(max(start, 0), len(text))
    end = min(max(end, start), len(text))
    spot = _cut(_one_line(text[start:end]), columns // 2)
    before = _cut(_one_line(text[:start])[::-1], columns // 3)[::-1]
    behind = _cut(_one_line(text[end:]), max(0, columns - line_width(before) - line_width(spot)))
    carets = "".join(_CARET[char_width(char)] for char in spot) or "^"
    blanks = "".join(_BLANK[char_width(char)] for char in before)
    return f"{before}{spot}{behind}".rstrip(), blanks + carets


def _one_line(text: str) -> str:
    return visible(text).replace("\n", " ")


def _cut(text: str, columns: int) -> str:
    """Cut a text to at most `columns` columns, with `…` at the end if it was cut."""
    if line_width(text) <= columns:
        return text
    start = ""
    for char in text:
        if line_width(start) + char_width(char) >= columns:
            break
        start += char
    return start + "…"
