"""Safe text for Slack, and the few blocks that every message consists of.

Directory text is untrusted: it may hold markup, control characters, or nothing at all.
`plain_text`, `label`, `code` and `literal_text` are the only ways from it into a message.

Slack's mrkdwn escapes `&`, `<` and `>` and nothing else: `*`, `_`, `~` and the backtick always
format (https://docs.slack.dev/messaging/formatting-message-text). A hidden character next to
them would be copied along with a name, and Slack doesn't document that it helps. So `label`
replaces them with look-alikes, in names and tags only; an underscore inside a word stays, as in
`line_1`. What people copy (logins, SIP ids, odd emails) is in code spans, where only the
backtick means anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

from bot import limits

# Unicode calls these blank characters letters or symbols, so `isspace` doesn't find them.
_BLANKS = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
_JOINERS = "\u200c\u200d"
SAFE_BACKTICK = "\u02cb"  # looks like a backtick, but ends no code span
_LOOK_ALIKES = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": SAFE_BACKTICK}
_FORMATTING = re.compile(r"[*~`]|(?<![^\W_])_|_(?![^\W_])")
_USER_ID = re.compile(r"[UW][A-Z0-9]{2,30}")


def clean(text: str) -> str:
    """Return one line of visible text: no control, direction or zero-width characters."""
    if len(text) > limits.MAX_VALUE_CHARS:
        text = text[: limits.MAX_VALUE_CHARS] + "…"
    return " ".join(visible(text).split())


def visible(text: str) -> str:
    """Return text without its control, direction and zero-width characters; blanks are spaces.

    A joiner that connects or separates letters or emoji stays, because it changes how they look.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.translate(_BLANKS)
    if text.isprintable():
        return text
    return "".join(_visible_char(text, at) for at in range(len(text)))


def _visible_char(text: str, at: int) -> str:
    char = text[at]
    if char.isprintable() or (char in _JOINERS and _is_effective_joiner(text, at)):
        return char
    return " " if char.isspace() else ""


def _is_effective_joiner(text: str, at: int) -> bool:
    """Whether the joiner is between two characters that it can change; no ASCII letter is one."""
    neighbors = text[at - 1 : at] + text[at + 1 : at + 2]
    categories = [unicodedata.category(char) for char in neighbors if not char.isascii()]
    return len(categories) == 2 and all(
        category[0] in "LM" or category in ("So", "Sk") for category in categories
    )


def escape(text: str) -> str:
    """Return text with Slack's three control characters as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, limit: int) -> str:
    """Return escaped text of at most `limit` characters; no entity or link is cut in two."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    for opening, closing in ("&;", "<>"):
        last = cut.rfind(opening)
        if last >= 0 and closing not in cut[last:]:
            cut = cut[:last]
    return cut.rstrip().rstrip(_JOINERS) + "…"


def plain_text(text: str, limit: int) -> str:
    """Return untrusted text for a message's `text`, where formatting does no harm."""
    return clip(escape(clean(text)), limit)


def label(text: str, limit: int) -> str:
    """Return untrusted text for a block, without formatting; empty if nothing is visible."""
    return clip(escape(without_formatting(clean(text))), limit)


def without_formatting(text: str) -> str:
    """Return text with look-alikes for the characters that would format it."""
    text = _FORMATTING.sub(lambda match: _LOOK_ALIKES[match[0]], text)
    return "›" + text[1:] if text.startswith(">") else text  # Slack quotes a line after `&gt;`


def literal_text(text: str, limit: int) -> str:
    """Return untrusted text for a place without markup, such as an accessibility label."""
    text = clean(text)
    return text if len(text) <= limit else text[: limit - 1].rstrip(" " + _JOINERS) + "…"


def code(text: str, limit: int) -> str:
    """Return untrusted text as a code span, exact except for backticks; empty for no text."""
    inner = clip(escape(clean(text).replace("`", SAFE_BACKTICK)), limit)
    return f"`{inner}`" if inner else ""


def link(target: str, text: str) -> str:
    """Return a link; `target` is a URL without blanks, `text` is plain text."""
    text = without_formatting(clean(text)).replace("|", "¦")
    return f"<{escape(target)}|{escape(text)}>"


def mention(user_id: str) -> str:
    """Return `<@U…>` for a Slack user id, and an empty text for anything else."""
    return f"<@{user_id}>" if _USER_ID.fullmatch(user_id) else ""


def capitalized(text: str) -> str:
    """Return a text with its first letter in upper case and the rest unchanged."""
    return text[:1].upper() + text[1:]


def join_sentences(sentences: Iterable[str]) -> str:
    """Join sentences, each with its final period or without; empty ones are left out."""
    *others, last = list(filter(None, sentences)) or [""]
    return " ".join([*(s if s.endswith((".", "?", "!")) else f"{s}." for s in others), last])


def join_within(parts: Sequence[str], *, limit: int, separator: str = ", ") -> str:
    """Join as many whole parts as fit into `limit` characters, and count those left out."""
    return join_first(
        parts, count_fitting(parts, limit=limit, separator=separator), separator=separator
    )


def count_fitting(parts: Sequence[str], *, limit: int, separator: str = ", ") -> int:
    """Return how many whole parts fit into `limit` characters together with `and 12 more`."""
    lengths = [len(part) + len(separator) for part in parts]
    if sum(lengths) - len(separator) <= limit:
        return len(parts)
    available = limit - len(separator) - len("and 999999 more")
    return sum(1 for length in accumulate(lengths) if length <= available)


def join_first(parts: Sequence[str], count: int, *, separator: str = ", ") -> str:
    """Join the first `count` parts, and count those left out: `a, b, and 3 more`."""
    more = [f"and {len(parts) - count} more"] if count < len(parts) else []
    return separator.join([*parts[:count], *more])


def mrkdwn(text: str) -> dict[str, Any]:
    """Return a text object that Slack formats, but in which it looks for no links or names."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def section(text: str, accessory: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a section of 1 to 3,000 characters of mrkdwn, with a button or nothing beside it."""
    block = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def fields(texts: Sequence[str]) -> dict[str, Any]:
    """Return a section of 1 to 10 fields of at most 2,000 characters, in two columns."""
    return {"type": "section", "fields": [mrkdwn(text) for text in texts]}


def context(text: str) -> dict[str, Any]:
    """Return small gray text: 1 to 3,000 characters of mrkdwn."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def divider() -> dict[str, Any]:
    """Return a line between two parts of a message."""
    return {"type": "divider"}
