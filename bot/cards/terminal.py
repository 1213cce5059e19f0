"""Renders a message as plain text for the terminal: what a person would read in Slack.

The input is the JSON payload that Slack would get. Buttons can't be pressed in a terminal, so they
are shown in brackets, and the pager's buttons with the query to type. Directory text may contain
escape sequences that a terminal would run, so all control characters are removed. The result only
has newlines and, with `color`, our own sequences for bold and dim.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise, zip_longest
from typing import Any

from bot.cards import action_ids
from bot.cards.blocks import Block, Message, clean, visible
from bot.cards.buttons import line_from_value
from bot.cards.notices import COMMAND
from bot.cards.pager import typed_query
from bot.cards.text_width import char_width, line_width

COLUMN_GAP = "    "  # between two columns of fields
CODE_INDENT = "    "  # before the lines of a code block
ONE_COLUMN_BELOW = 50  # columns; fields in a narrower terminal are below each other

# While the text is laid out, control characters of no width mark styles; the last step replaces
# them by ANSI sequences. Incoming text can't contain them, because `visible` removes them.
_BOLD, _BOLD_ENDS, _DIM, _DIM_ENDS = "\x01", "\x02", "\x03", "\x04"
_ANSI = {
    ord(_BOLD): "\x1b[1m",
    ord(_BOLD_ENDS): "\x1b[22m",
    ord(_DIM): "\x1b[2m",
    ord(_DIM_ENDS): "\x1b[22m",
}
_NO_STYLE = dict.fromkeys(_ANSI)

# Code blocks, code spans and links: nothing in them is styled.
_LITERAL = re.compile(
    r"```(?P<block>.+?)```|`(?P<code>[^`\n]+)`|<(?P<link>[^<>\n]+)>", flags=re.DOTALL
)
_STYLED = re.compile(r"(?<![^\W_])([*_~])(?=\S)([^\n]+?)(?<=\S)\1(?![^\W_])")
# While the rest is styled, a private-use character replaces each literal. Incoming text can't
# contain one, because `visible` removes them.
_FIRST_PLACEHOLDER = 0xF0000
_PLACEHOLDER = re.compile("[\U000f0000-\U000ffffd]")


def render_text(
    message: Mapping[str, Any] | Message,
    *,
    width: int = 80,
    color: bool = False,
    command: str = COMMAND,
) -> str:
    """Return a message (or its payload) as text, in lines of at most `width` columns.

    `command` is what people type before a query.
    """
    payload = message.payload() if isinstance(message, Message) else message
    blocks = payload.get("blocks") or [_as_section(payload.get("text") or "")]
    lines = _block_lines(blocks[0], width, command)
    for above, block in pairwise(blocks):
        both_small = above.get("type") == block.get("type") == "context"
        lines += [*([] if both_small else [""]), *_block_lines(block, width, command)]
    text = "\n".join(line.rstrip() for line in lines)
    return text.translate(_ANSI if color else _NO_STYLE)


def _as_section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _block_lines(block: Block, width: int, command: str) -> list[str]:
    match block.get("type"):
        case "section":
            return _section_lines(block, width)
        case "header":
            return [_bold(line) for line in _element_lines(block["text"], width)]
        case "context":
            return [
                _dimmed(line)
                for element in block["elements"]
                for line in _element_lines(element, width)
            ]
        case "actions":
            buttons = [_button(element, command) for element in block["elements"]]
            return _button_lines(buttons, width)
        case "divider":
            return ["─" * width]
        case unknown:
            return _wrapped(f"[unknown block: {clean(str(unknown))}]", width)


def _section_lines(block: Block, width: int) -> list[str]:
    lines = _element_lines(block["text"], width) if "text" in block else []
    lines += _columns(block["fields"], width) if "fields" in block else []
    if "accessory" not in block:
        return lines
    return _with_button(lines, _button(block["accessory"]), width)


def _with_button(lines: list[str], button: str, width: int) -> list[str]:
    """Return lines with a button at the end of the first, or below them if it is too wide."""
    if lines and line_width(lines[0]) + 2 + line_width(button) <= width:
        return [f"{lines[0]}  {_dimmed(button)}", *lines[1:]]
    return [*lines, *_button_lines([button], width)]


def _button_lines(buttons: Sequence[str], width: int) -> list[str]:
    """Return buttons in one line, or below each other if they are too wide."""
    line = " ".join(buttons)
    if line_width(line) <= width:
        return [_dimmed(line)]
    return [_dimmed(part) for button in buttons for part in _wrapped(button, width)]


def _button(element: Mapping[str, Any], command: str = "") -> str:
    """Return `[Share]`, or a button of the pager: `[Next page: /ext list page 2]`."""
    if element.get("type") != "button" or "text" not in element:
        return _unknown_element(element)
    name = clean(element["text"]["text"])
    is_pager = element.get("action_id") in {action_ids.PREVIOUS, action_ids.NEXT}
    if is_pager and (line := line_from_value(str(element.get("value")))):
        return f"[{name}: {clean(f'{command} {typed_query(line)}')}]"
    return f"[{name}]"


def _element_lines(element: Mapping[str, Any], width: int) -> list[str]:
    match element.get("type"):
        case "mrkdwn":
            text = _from_mrkdwn(element["text"])
        case "plain_text":
            text = _visible_lines(element["text"])
        case _:
            text = _unknown_element(element)
    return [part for line in text.split("\n") for part in _wrapped(line, width)]


def _unknown_element(element: Mapping[str, Any]) -> str:
    return f"[unknown element: {clean(str(element.get('type')))}]"


def _columns(texts: Sequence[Mapping[str, Any]], width: int) -> list[str]:
    """Return fields as Slack shows them: two in a row, or one if the terminal is narrow."""
    if width < ONE_COLUMN_BELOW:
        return [line for text in texts for line in ("", *_element_lines(text, width))][1:]
    column_width = (width - len(COLUMN_GAP)) // 2
    cells = [_element_lines(text, column_width) for text in texts]
    left_width = max(line_width(line) for cell in cells[::2] for line in cell)
    lines: list[str] = []
    for i in range(0, len(cells), 2):
        right_cell = cells[i + 1] if i + 1 < len(cells) else []
        lines.append("")
        for left, right in zip_longest(cells[i], right_cell, fillvalue=""):
            padding = " " * (left_width - line_width(left))
            lines.append(left + padding + COLUMN_GAP + right)
    return lines[1:]


def _from_mrkdwn(text: str) -> str:
    """Return text without its markup, with style marks around bold words."""
    literals: list[str] = []

    def replace_literal(match: re.Match[str]) -> str:
        literals.append(_literal(match))
        return chr(_FIRST_PLACEHOLDER + len(literals) - 1)

    text = _STYLED.sub(_styled, _LITERAL.sub(replace_literal, _visible_lines(text)))
    return _PLACEHOLDER.sub(
        lambda match: literals[ord(match[0]) - _FIRST_PLACEHOLDER], _unescaped(text)
    )


def _literal(match: re.Match[str]) -> str:
    """Return what Slack shows for a code block, a code span or a link."""
    if block := match["block"]:
        lines = _unescaped(block).strip("\n").split("\n")
        return "\n".join(CODE_INDENT + line for line in lines)
    return _unescaped(match["code"] or _link_text(match["link"]))


def _link_text(link: str) -> str:
    """Return the label of `<tel:+1…|+1 415…>`, `@U012` for `<@U012>`, `@here` for `<!here>`."""
    target, _, text = link.partition("|")
    if target[0] not in "@#!":
        return text or target
    if target[0] == "!" and text:
        return text
    sign = "#" if target[0] == "#" else "@"
    return sign + (text or target[1:])


def _styled(match: re.Match[str]) -> str:
    """Return text without its style marks; of the styles, only bold is shown."""
    inner = _STYLED.sub(_styled, match[2])
    return _bold(inner) if match[1] == "*" else inner


def _bold(text: str) -> str:
    """Return text with each word bold, so that no line break separates a mark from its end."""
    return " ".join(f"{_BOLD}{word}{_BOLD_ENDS}" for word in text.split(" "))


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _visible_lines(text: str) -> str:
    return "\n".join(visible(line) for line in text.split("\n"))


def _dimmed(line: str) -> str:
    # The sequence that ends bold also ends dim (both are SGR 22), so dim is started again after it.
    return _DIM + line.replace(_BOLD_ENDS, _BOLD_ENDS + _DIM) + _DIM_ENDS


def _wrapped(line: str, width: int) -> list[str]:
    """Break a line at spaces into lines of at most `width` columns.

    A line that fits keeps all of its spaces.
    """
    if line_width(line) <= width:
        return [line]
    lines = [""]
    for word in line.split():
        for part in _split(word, width):
            if lines[-1] and line_width(lines[-1]) + 1 + line_width(part) <= width:
                lines[-1] += " " + part
            else:
                lines.append(part)
    return lines[1:] or [""]


def _split(word: str, width: int) -> list[str]:
    """Break a word into pieces of at most `width` columns."""
    pieces = [""]
    for char in word:
        if line_width(pieces[-1]) + char_width(char) > width:
            pieces.append("")
        pieces[-1] += char
    return pieces
