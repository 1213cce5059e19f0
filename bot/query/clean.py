"""Turns text as Slack sends it into the plain text that the person meant to type.

Slack wraps numbers, addresses and people in `<…>` and writes `&`, `<` and `>` as entities;
phones and word processors add curly quotes, odd spaces, invisible marks and digits of other
scripts. Letters stay as they are: accents belong to names.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from bot.limits import MAX_QUERY_CHARS, MAX_RAW_QUERY_CHARS
from bot.query.problems import NOTHING_TO_READ, TOO_LONG
from bot.query.text import Line

_MARKUP = re.compile(r"<([^<>]*)>")
_PERSON = re.compile(r"@([UW][A-Z0-9]+)")
_EMOJI = re.compile(r"(?<!\S)(?::[\w+'-]+:)+(?!\S)")
# The signs of Slack's formatting (bold, italic, strike, code) around a word. The underscore in
# j_smith isn't around a word, so it stays.
_FORMATTING = re.compile(r"""(?<![^\s("',;])[*_~`]+|[*_~`]+(?![^\s)"',;:.!?])""")
_PUNCTUATION_AT_END = ".,;:!? \n"

_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛‹›′´ʼ", "'"),
        **dict.fromkeys("“”„‟«»″〝〞〟", '"'),
        **dict.fromkeys("−⁃", "-"),
        **dict.fromkeys("،、", ","),
        **dict.fromkeys("\r\v\f\x85", "\n"),
        "\t": " ",
        "؛": ";",
        "؟": "?",
        "。": ".",
    }
)
# Fillers and variation selectors, which are invisible although Unicode counts them as letters or
# marks.
_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u20e3" + "".join(map(chr, range(0xFE00, 0xFE10)))
)
_BY_CATEGORY = {
    "Cc": "",
    "Cf": "",
    "Cs": "",
    "Pd": "-",
    "Zl": "\n",
    "Zp": "\n",
    "Zs": " ",
}
_SKIN_TONES = range(0x1F3FB, 0x1F400)


def clean(text: str) -> str:
    """Return `text` as plain text, in which people are still `<@U012AB3CD>` and line breaks stay.

    A text of question marks stays, because it asks for help. A colon at the end stays, because the
    text may end with a filter without its value. Raises QueryError if only decoration is left, or
    if the text is longer than `MAX_QUERY_CHARS`.
    """
    plain = _single_spaced(_plain_characters(_without_markup(text[:MAX_RAW_QUERY_CHARS])))
    if len(plain) > MAX_QUERY_CHARS or len(text) > MAX_RAW_QUERY_CHARS:
        shortened = plain[: MAX_QUERY_CHARS - 1] + "…"
        raise Line(shortened).error_at(TOO_LONG, len(shortened) - 1, len(shortened))
    bare = _without_decoration(plain)
    if not bare and plain.strip("?"):
        raise Line(plain).error_at(NOTHING_TO_READ, 0, len(plain))
    return bare or plain


def _without_markup(text: str) -> str:
    if "<" in text:
        text = _MARKUP.sub(lambda markup: _shown_text(markup[1]), text)
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return text


def _shown_text(markup: str) -> str:
    """Return the label that people saw for `<markup>`, else what the markup points to."""
    target, _, label = markup.partition("|")
    if person := _PERSON.fullmatch(target):
        return f"<@{person[1]}>"
    scheme, _, address = target.partition(":")
    if scheme in ("tel", "mailto"):
        return _number_or_email(scheme, unquote(address), label)
    if target.startswith("#"):
        return "#" + (label or target[1:])
    if target.startswith("!"):
        return label or "@" + target[1:]
    return label or target


def _number_or_email(scheme: str, address: str, label: str) -> str:
    """Return the label of a link if it is a number or an email itself, else the link's address.

    A label may be any text, such as "call me", because people can edit it.
    """
    sign = r"\d" if scheme == "tel" else "@"
    return label if re.search(sign, label) else address.partition("?")[0]


def _plain_characters(text: str) -> str:
    """Replace signs and digits by those of a plain keyboard; letters of every script stay."""
    if text.isascii() and text.isprintable():
        return text
    # The table is applied twice: before NFKC, which would turn ´ into a space and an accent, and
    # after it, because NFKC turns ⁻ into −.
    text = unicodedata.normalize("NFKC", text.translate(_TYPOGRAPHY)).translate(_TYPOGRAPHY)
    return unicodedata.normalize("NFC", "".join(map(_plain_character, text)))


def _plain_character(char: str) -> str:
    if char == "\n" or (char.isascii() and char.isprintable()):
        return char
    if char in _INVISIBLE or ord(char) in _SKIN_TONES:
        return ""
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    return _BY_CATEGORY.get(category, char)


def _single_spaced(text: str) -> str:
    if "\n" not in text:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(filter(None, lines))


def _without_decoration(text: str) -> str:
    """Return `text` without emoji and formatting, and without quotes and punctuation around it."""
    if not text.isascii():
        text = "".join(" " if unicodedata.category(char) == "So" else char for char in text)
    text = _single_spaced(_FORMATTING.sub("", _EMOJI.sub(" ", text)))
    while True:
        bare = text.rstrip(_PUNCTUATION_AT_END)
        unquoted = _without_quotes(bare)
        if unquoted == bare:
            return bare + _leading_colon(text[len(bare) :]) if bare else ""
        text = unquoted


def _leading_colon(punctuation: str) -> str:
    """Return the colon at the beginning of punctuation, and the space before it; else nothing."""
    before, colon, _ = punctuation.partition(":")
    return before + colon if colon and not before.strip() else ""


def _without_quotes(text: str) -> str:
    is_quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1].strip() if is_quoted and text[0] not in text[1:-1] else text
