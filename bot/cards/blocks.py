"""The parts of every message: safe text, blocks, links, and the message itself.

Text from the directory is untrusted: it may contain markup or control characters, or be empty. It
gets into a message only through `plain_text`, `label`, `code` and `literal_text`, or through the
links, which use them.

Slack's mrkdwn can escape only `&`, `<` and `>`. There is no escape for `*`, `_`, `~` and the
backtick (https://docs.slack.dev/messaging/formatting-message-text), and an invisible character
beside them would end up in what people copy. So `label` replaces them with look-alikes; an
underscore inside a word, as in `line_1`, formats nothing and stays. Text that people copy (logins,
SIP ids, odd emails) is in code spans, where only the backtick has a meaning.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any
from urllib.parse import quote

import phonenumbers

from bot import limits

# Unicode calls these blank characters letters or symbols, so `isspace` doesn't find them.
_BLANKS = dict.fromkeys(map(ord, "\u115f\u1160\u2800\u3164\uffa0"), " ")
_JOINERS = "\u200c\u200d"
SAFE_BACKTICK = "\u02cb"  # looks like a backtick, but ends no code span
_LOOK_ALIKES = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": SAFE_BACKTICK}
_FORMATTING = re.compile(r"[*~`]|(?<![^\W_])_|_(?![^\W_])")
_USER_ID = re.compile(r"[UW][A-Z0-9]{2,30}")
_PHONE_SEPARATORS = re.compile(r"[\s().+/-]")
_EMAIL_ADDRESS = re.compile(
    r"[\w.!#$%&'*+/=?^{}~-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)+",
    re.ASCII | re.IGNORECASE,
)

TOO_MUCH = "That's more than fits in one message. Ask for fewer at once."

Block = dict[str, Any]


# Safe text


def clean(text: str) -> str:
    """Return one line of visible text: no control, direction or zero-width characters."""
    if len(text) > limits.MAX_VALUE_CHARS:
        text = text[: limits.MAX_VALUE_CHARS] + "…"
    return " ".join(visible(text).split())


def visible(text: str) -> str:
    """Return text without its control, direction and zero-width characters.

    Blank characters become spaces. A joiner that connects or separates letters or emoji stays,
    because it changes how they look.
    """
    if text.isascii() and text.isprintable():
        return text
    text = text.translate(_BLANKS)
    if text.isprintable():
        return text
    return "".join(_visible_char(text, index) for index in range(len(text)))


def _visible_char(text: str, index: int) -> str:
    char = text[index]
    if char.isprintable() or (char in _JOINERS and _is_effective_joiner(text, index)):
        return char
    return " " if char.isspace() else ""


def _is_effective_joiner(text: str, index: int) -> bool:
    """Whether the joiner is between two characters whose look it can change; ASCII never is."""
    neighbors = text[index - 1 : index] + text[index + 1 : index + 2]
    categories = [unicodedata.category(char) for char in neighbors if not char.isascii()]
    return len(categories) == 2 and all(
        category[0] in "LM" or category in ("So", "Sk") for category in categories
    )


def escape(text: str) -> str:
    """Return text with Slack's three control characters as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clip(text: str, limit: int) -> str:
    """Shorten escaped text to `limit` characters, without cutting an entity or a link in two."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    for opening, closing in ("&;", "<>"):
        last = cut.rfind(opening)
        if last >= 0 and closing not in cut[last:]:
            cut = cut[:last]
    return cut.rstrip().rstrip(_JOINERS) + "…"


def plain_text(text: str, limit: int) -> str:
    """Return untrusted text for a message's `text`, which may keep formatting characters."""
    return clip(escape(clean(text)), limit)


def label(text: str, limit: int) -> str:
    """Return untrusted text for a block, without formatting; empty if it has nothing visible."""
    return clip(escape(without_formatting(clean(text))), limit)


def without_formatting(text: str) -> str:
    """Replace the characters that would format a text with look-alikes."""
    text = _FORMATTING.sub(lambda match: _LOOK_ALIKES[match[0]], text)
    return "›" + text[1:] if text.startswith(">") else text  # Slack quotes a line after `&gt;`


def literal_text(text: str, limit: int) -> str:
    """Return untrusted text for fields that Slack shows as they are, such as button labels."""
    text = clean(text)
    return text if len(text) <= limit else text[: limit - 1].rstrip(" " + _JOINERS) + "…"


def code(text: str, limit: int) -> str:
    """Return untrusted text as a code span, exact except for backticks; empty for no text."""
    inner = clip(escape(clean(text).replace("`", SAFE_BACKTICK)), limit)
    return f"`{inner}`" if inner else ""


def link(target: str, text: str) -> str:
    """Return a link; `target` is a URL without spaces, `text` is unescaped."""
    text = without_formatting(clean(text)).replace("|", "¦")
    return f"<{escape(target)}|{escape(text)}>"


def mention(user_id: str) -> str:
    """Return `<@U…>` for a Slack user id, and an empty text for anything else."""
    return f"<@{user_id}>" if _USER_ID.fullmatch(user_id) else ""


def capitalized(text: str) -> str:
    """Return a text with its first letter in upper case and the rest unchanged."""
    return text[:1].upper() + text[1:]


def join_sentences(sentences: Iterable[str]) -> str:
    """Join sentences without the empty ones, and add a missing period to all but the last."""
    *others, last = list(filter(None, sentences)) or [""]
    return " ".join([*(s if s.endswith((".", "?", "!")) else f"{s}." for s in others), last])


def join_within(parts: Sequence[str], *, limit: int, separator: str = ", ") -> str:
    """Join as many whole parts as fit into `limit` characters: `a, b, and 3 more`."""
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
    """Join the first `count` parts, and say how many are left out: `a, b, and 3 more`."""
    more = [f"and {len(parts) - count} more"] if count < len(parts) else []
    return separator.join([*parts[:count], *more])


# Blocks


def mrkdwn(text: str) -> dict[str, Any]:
    """Return a mrkdwn text object; `verbatim` keeps Slack from linking URLs and names in it."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def section(text: str, accessory: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a section of 1 to 3,000 characters of mrkdwn; `accessory` is a button beside it."""
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


# Phone numbers and email addresses


@lru_cache(maxsize=limits.MAX_CACHED_PHONE_FORMATS)
def _phone_formats(number: str) -> tuple[str, str] | None:
    """Return a number in international format and in E.164; `None` if it is no phone number.

    `number` has E.164 digits, with or without a plus and punctuation. The results are cached,
    because parsing is slow.
    """
    digits = _PHONE_SEPARATORS.sub("", number)
    if not (digits.isascii() and digits.isdigit()):
        return None
    try:
        parsed = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return (
        phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL),
        phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164),
    )


def international(number: str) -> str:
    """Return `+1 415-555-0100` for `14155550100`; a text that is no phone number is unchanged."""
    formats = _phone_formats(number)
    return formats[0] if formats else number


def phone_link(number: str) -> str:
    """Return a phone number as mrkdwn: a link that dials it, or a label if it can't be dialed."""
    formats = _phone_formats(number)
    if formats is None:
        return label(number, 60)
    readable, e164 = formats
    return link(f"tel:{e164}", readable)


def email_link(address: str) -> str:
    """Return an email address as mrkdwn: a link, or a code span if the text is no address.

    An address that Slack would format (`_a_@example.com`) is a code span too, so that people
    copy the right characters.
    """
    address = clean(address)
    if not _is_email_address(address) or without_formatting(address) != address:
        return code(address, limits.MAX_EMAIL_CHARS)
    return link("mailto:" + quote(address, safe="@!$'*+=^{}~"), address)


def _is_email_address(text: str) -> bool:
    return len(text) <= limits.MAX_EMAIL_CHARS and _EMAIL_ADDRESS.fullmatch(text) is not None


# Messages


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old an answer is: `block` is the message's last block, `plain` is the end of its `text`.

    `read_at` is when the source gave the answer (epoch seconds).
    """

    block: Block
    plain: str
    read_at: float


@dataclass(frozen=True, slots=True)
class Message:
    """A message: `blocks` to look at, and `text` with the same words for screen readers.

    Slack reads `text` as mrkdwn too, so it is escaped like the blocks. `freshness` is set if both
    end with it: a message of several answers then removes it from each, and shows it once.
    """

    text: str
    blocks: list[Block]
    freshness: Freshness | None = None

    def payload(self) -> dict[str, Any]:
        """Return the arguments of `chat.postMessage` that hold the message."""
        return {"text": self.text, "blocks": self.blocks}


def within_limits(blocks: Sequence[Block], *, foot: Sequence[Block] = ()) -> list[Block]:
    """Return the blocks that fit into one message; if some don't fit, a note says so.

    `foot` are small blocks at the end of the message, which always fit.
    """
    included: list[Block] = []
    size = len(TOO_MUCH) + 100 + sum(map(_json_chars, foot))  # 100 for the JSON around the note
    for block in blocks:
        size += _json_chars(block)
        is_full = len(included) == limits.MAX_MESSAGE_BLOCKS - 1 - len(foot)
        if size > limits.MAX_BLOCKS_JSON_CHARS or is_full:
            return [*included, context(TOO_MUCH), *foot]
        included.append(block)
    return [*included, *foot]


def _json_chars(block: Block) -> int:
    return len(json.dumps(block, ensure_ascii=False)) + 2


def join_texts(texts: Sequence[str]) -> str:
    """Join texts by line breaks; if they are too long for one message, each is shortened."""
    joined = "\n".join(texts)
    if len(joined) <= limits.MAX_MESSAGE_TEXT_CHARS:
        return joined
    return "\n".join(clip(text, limits.MAX_MESSAGE_TEXT_CHARS // len(texts) - 1) for text in texts)
