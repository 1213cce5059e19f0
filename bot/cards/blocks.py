"""Text made safe for Slack, and the few blocks that every message is built of.

Directory text is untrusted: it may hold markup, control characters, or nothing at all.
`spoken`, `label`, `code` and `bare` are the only ways from it into a message.

Slack's mrkdwn escapes `&`, `<` and `>` and nothing else: `*`, `_`, `~` and the backtick always
format. Hidden characters beside them would travel along whenever somebody copies a name, and
Slack does not say that they help. So `label` puts look-alikes in their place, in names and
tags only (and an underscore within a word stays: `line_1`). What people copy (logins, SIP ids,
odd emails) stands in code spans, where nothing but the backtick means anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

LONGEST = 1_000  # of one value, in characters; what is beyond it is never shown

_INVISIBLE = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")  # printable blanks
_JOINERS = "\u200c\u200d"
SAFE_BACKTICK = "\u02cb"  # looks like one, and ends no code span
_LOOK_ALIKES = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": SAFE_BACKTICK}
_FORMATTING = re.compile(r"[*~`]|(?<![^\W_])_|_(?![^\W_])")
_USER_ID = re.compile(r"[UW][A-Z0-9]{2,30}")


def clean(text: str) -> str:
    """Return one line of visible text: no control, direction or zero-width characters."""
    if len(text) > LONGEST:
        text = text[:LONGEST] + "…"
    return " ".join(visible(text).split())


def visible(text: str) -> str:
    """Return text without its control, direction and zero-width characters; blanks are spaces.

    What joins letters or emoji into others, or keeps them apart, belongs to them and stays.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.translate(_INVISIBLE)
    if text.isprintable():
        return text
    return "".join(_seen(text, at) for at in range(len(text)))


def _seen(text: str, at: int) -> str:
    char = text[at]
    if char.isprintable() or (char in _JOINERS and _joins(text, at)):
        return char
    return " " if char.isspace() else ""


def _joins(text: str, at: int) -> bool:
    """Whether a joiner stands between two signs that it can change: in no Latin word."""
    around = text[at - 1 : at] + text[at + 1 : at + 2]
    kinds = [unicodedata.category(char) for char in around if not char.isascii()]
    return len(kinds) == 2 and all(kind[0] in "LM" or kind in ("So", "Sk") for kind in kinds)


def escape(text: str) -> str:
    """Return text with Slack's three control characters as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, limit: int) -> str:
    """Return escaped text of at most `limit` characters, cut inside no entity and no link."""
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
    """Return untrusted text for a block: nothing in it formats. Empty where nothing is visible."""
    return clip(escape(without_formatting(clean(text))), limit)


def without_formatting(text: str) -> str:
    """Return text with look-alikes for the characters that would format it."""
    text = _FORMATTING.sub(lambda found: _LOOK_ALIKES[found[0]], text)
    return "›" + text[1:] if text.startswith(">") else text  # Slack quotes a line from `&gt;` on


def literal_text(text: str, limit: int) -> str:
    """Return untrusted text for where nothing is markup: what a screen reader says of a button."""
    text = clean(text)
    return text if len(text) <= limit else text[: limit - 1].rstrip(" " + _JOINERS) + "…"


def code(text: str, limit: int) -> str:
    """Return untrusted text as a code span, exact but for backticks. Empty where it is empty."""
    inner = clip(escape(clean(text).replace("`", SAFE_BACKTICK)), limit)
    return f"`{inner}`" if inner else ""


def link(target: str, shown: str) -> str:
    """Return a link; `target` is a URL without blanks, `shown` plain text."""
    shown = without_formatting(clean(shown)).replace("|", "¦")
    return f"<{escape(target)}|{escape(shown)}>"


def mention(user_id: str) -> str:
    """Return `<@U…>` for a Slack user id, and nothing for anything else."""
    return f"<@{user_id}>" if _USER_ID.fullmatch(user_id) else ""


def join_within(parts: Sequence[str], *, limit: int, separator: str = ", ") -> str:
    """Join as many whole parts as `limit` characters hold, and say how many are left out."""
    return join_first(
        parts, count_fitting(parts, limit=limit, separator=separator), separator=separator
    )


def count_fitting(parts: Sequence[str], *, limit: int, separator: str = ", ") -> int:
    """Return how many whole parts `limit` characters hold, with how many are left out."""
    lengths = [len(part) + len(separator) for part in parts]
    if sum(lengths) - len(separator) <= limit:
        return len(parts)
    room = limit - len(separator) - len("and 999999 more")
    return sum(1 for length in accumulate(lengths) if length <= room)


def join_first(parts: Sequence[str], count: int, *, separator: str = ", ") -> str:
    """Join the first parts, and say how many are left out."""
    more = [f"and {len(parts) - count} more"] if count < len(parts) else []
    return separator.join([*parts[:count], *more])


def mrkdwn(text: str) -> dict[str, Any]:
    """Return a text object that Slack formats, but in which it looks for no links or names."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def section(text: str, accessory: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a section: 1 to 3,000 characters of mrkdwn, and what can be pressed beside them."""
    block = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def fields(texts: Sequence[str]) -> dict[str, Any]:
    """Return a section of 1 to 10 fields of at most 2,000 characters, in two columns."""
    return {"type": "section", "fields": [mrkdwn(text) for text in texts]}


def context(text: str) -> dict[str, Any]:
    """Return small grey text: 1 to 3,000 characters of mrkdwn."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def divider() -> dict[str, Any]:
    """Return a line between two parts of a message."""
    return {"type": "divider"}
