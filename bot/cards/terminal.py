"""A message as plain text, for the terminal: what a person would read in Slack.

Works on what goes over the wire, so it needs nothing but the payload. Nothing can be pressed in
a terminal: buttons show that they are there, and those that turn pages what to type. Directory
text can hold sequences that a terminal obeys: every control character is removed, and the only
ones in the result are newlines and, where `colour` is asked for, bold and dim of our own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise, zip_longest
from typing import Any

from bot.cards import action_ids, text_width
from bot.cards.blocks import clean, visible
from bot.cards.message import Block, Message
from bot.cards.notices import COMMAND

GAP = "    "  # between two columns of fields
INDENT = "    "  # before the lines of a code block
NARROW = 50  # in less than so many columns, fields stand under one another

# Signs that stand for styles until the end: `visible` removes them from all that comes in.
_BOLD, _BOLD_ENDS, _DIM, _DIM_ENDS = "\x01", "\x02", "\x03", "\x04"
_ANSI = {
    ord(_BOLD): "\x1b[1m",
    ord(_BOLD_ENDS): "\x1b[22m",
    ord(_DIM): "\x1b[2m",
    ord(_DIM_ENDS): "\x1b[22m",
}
_NO_STYLE = dict.fromkeys(_ANSI)

_KEPT = re.compile(
    r"```(?P<block>.+?)```|`(?P<code>[^`\n]+)`|<(?P<link>[^<>\n]+)>", flags=re.DOTALL
)
_STYLED = re.compile(r"(?<![^\W_])([*_~])(?=\S)([^\n]+?)(?<=\S)\1(?![^\W_])")
_FIRST_PLACE = 0xF0000  # private characters stand for what `_KEPT` found: `visible` removes others
_PLACE = re.compile("[\U000f0000-\U000ffffd]")


def render_text(
    message: Mapping[str, Any] | Message,
    *,
    width: int = 80,
    color: bool = False,
    command: str = COMMAND,
) -> str:
    """Return a message (or its payload) as text, in lines of at most `width` columns.

    `command` is what one types before a query.
    """
    payload = message.payload() if isinstance(message, Message) else message
    blocks = payload.get("blocks") or [_as_section(payload.get("text") or "")]
    lines = _block(blocks[0], width, command)
    for above, block in pairwise(blocks):
        small = above.get("type") == block.get("type") == "context"
        lines += [*([] if small else [""]), *_block(block, width, command)]
    text = "\n".join(line.rstrip() for line in lines)
    return text.translate(_ANSI if color else _NO_STYLE)


def _as_section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _block(block: Block, width: int, command: str) -> list[str]:
    match block.get("type"):
        case "section":
            return _section(block, width)
        case "header":
            return [_bold(line) for line in _element(block["text"], width)]
        case "context":
            lines = [line for each in block["elements"] for line in _element(each, width)]
            return [_dimmed(line) for line in lines]
        case "actions":
            return _buttons([_button(each, command) for each in block["elements"]], width)
        case "divider":
            return ["─" * width]
        case other:
            return _wrapped(f"[unknown block: {clean(str(other))}]", width)


def _section(block: Block, width: int) -> list[str]:
    lines = _element(block["text"], width) if "text" in block else []
    lines += _columns(block["fields"], width) if "fields" in block else []
    return _beside(lines, _button(block["accessory"]), width) if "accessory" in block else lines


def _beside(lines: list[str], button: str, width: int) -> list[str]:
    """Lines with a button at the end of the first, or below where there is no room."""
    if lines and text_width.line_width(lines[0]) + 2 + text_width.line_width(button) <= width:
        return [f"{lines[0]}  {_dimmed(button)}", *lines[1:]]
    return [*lines, *_buttons([button], width)]


def _buttons(buttons: Sequence[str], width: int) -> list[str]:
    """Buttons in one line, or under one another where there is no room."""
    line = " ".join(buttons)
    if text_width.line_width(line) <= width:
        return [_dimmed(line)]
    return [_dimmed(part) for button in buttons for part in _wrapped(button, width)]


def _button(element: Mapping[str, Any], command: str = "") -> str:
    """`[Share]`, and for what turns a page what to type: `[Next page: /ext list page 2]`."""
    if element.get("type") != "button" or "text" not in element:
        return _unknown(element)
    name = clean(element["text"]["text"])
    turns = element.get("action_id") in {action_ids.PREVIOUS, action_ids.NEXT}
    if turns and (line := action_ids.line_from_value(str(element.get("value")))):
        return f"[{name}: {clean(f'{command} {line}')}]"
    return f"[{name}]"


def _element(element: Mapping[str, Any], width: int) -> list[str]:
    match element.get("type"):
        case "mrkdwn":
            text = _mrkdwn(element["text"])
        case "plain_text":
            text = _visible(element["text"])
        case _:
            text = _unknown(element)
    return [part for line in text.split("\n") for part in _wrapped(line, width)]


def _unknown(element: Mapping[str, Any]) -> str:
    return f"[unknown element: {clean(str(element.get('type')))}]"


def _columns(texts: Sequence[Mapping[str, Any]], width: int) -> list[str]:
    """Fields as Slack shows them: two in a row, one where there is little room."""
    if width < NARROW:
        return [line for text in texts for line in ("", *_element(text, width))][1:]
    column = (width - len(GAP)) // 2
    shown = [_element(text, column) for text in texts]
    left = max(text_width.line_width(line) for field in shown[::2] for line in field)
    lines: list[str] = []
    for i in range(0, len(shown), 2):
        right = shown[i + 1] if i + 1 < len(shown) else []
        pairs = zip_longest(shown[i], right, fillvalue="")
        lines += ["", *(a + " " * (left - text_width.line_width(a)) + GAP + b for a, b in pairs)]
    return lines[1:]


def _mrkdwn(text: str) -> str:
    """Text without its markup, bold words between the signs for bold."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(_kept(found))
        return chr(_FIRST_PLACE + len(kept) - 1)

    text = _STYLED.sub(_styled, _KEPT.sub(keep, _visible(text)))
    return _PLACE.sub(lambda place: kept[ord(place[0]) - _FIRST_PLACE], _unescaped(text))


def _kept(found: re.Match[str]) -> str:
    """What is shown for a code block, a code span or a link: nothing in it is styled."""
    if block := found["block"]:
        lines = _unescaped(block).strip("\n").split("\n")
        return "\n".join(INDENT + line for line in lines)
    return _unescaped(found["code"] or _link(found["link"]))


def _link(link: str) -> str:
    """`<tel:+1…|+1 415…>` is its label, `<@U012>` is `@U012`, `<!here>` is `@here`."""
    target, _, shown = link.partition("|")
    if target[0] in "@#!":
        sign = "@" if target[0] == "!" else target[0]
        return shown if target[0] == "!" and shown else sign + (shown or target[1:])
    return shown or target


def _styled(found: re.Match[str]) -> str:
    """Bold word by word, so that no line break falls between a sign and its end."""
    inner = _STYLED.sub(_styled, found[2])
    if found[1] != "*":
        return inner
    return _bold(inner)


def _bold(text: str) -> str:
    return " ".join(f"{_BOLD}{word}{_BOLD_ENDS}" for word in text.split(" "))


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _visible(text: str) -> str:
    return "\n".join(visible(line) for line in text.split("\n"))


def _dimmed(line: str) -> str:
    return _DIM + line.replace(_BOLD_ENDS, _BOLD_ENDS + _DIM) + _DIM_ENDS


def _wrapped(line: str, width: int) -> list[str]:
    """A line in as many as it needs; one that fits keeps its blanks."""
    if text_width.line_width(line) <= width:
        return [line]
    lines = [""]
    for word in line.split():
        for part in _split(word, width):
            if (
                lines[-1]
                and text_width.line_width(lines[-1]) + 1 + text_width.line_width(part) <= width
            ):
                lines[-1] += " " + part
            else:
                lines.append(part)
    return lines[1:] or [""]


def _split(word: str, width: int) -> list[str]:
    """A word in pieces that fit into a line."""
    pieces = [""]
    for char in word:
        if text_width.line_width(pieces[-1]) + text_width.char_width(char) > width:
            pieces.append("")
        pieces[-1] += char
    return pieces
