"""Makes what Slack sends plain: the words as the person meant to type them.

Slack wraps numbers, addresses and people in `<…>` and writes `&`, `<` and `>` as entities;
phones and word processors add curly quotes, odd spaces, invisible marks and digits of other
scripts. Letters are left as they are: accents belong to names.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote

from bot.query.line import Line
from bot.query.problems import NOTHING_TO_READ, TOO_LONG

# Ten numbers or names fit in well. Nothing longer meets the grammar's patterns.
LIMIT = 300
# Markup can make a short query long; what is longer than this was never a query.
_RAW_LIMIT = 2_000

_MARKUP = re.compile(r"<([^<>]*)>")
_PERSON = re.compile(r"@([UW][A-Z0-9]+)")
_EMOJI = re.compile(r"(?<!\S)(?::[\w+'-]+:)+(?!\S)")
# Slack's bold, italic, strike and code, where they wrap a word: j_smith keeps its own.
_WRAPPED = re.compile(r"""(?<![^\s("',;])[*_~`]+|[*_~`]+(?![^\s)"',;:.!?])""")

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
_UNSEEN = frozenset(
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
    """Return the plain words of `text`; people stay as `<@U012AB3CD>`, line breaks as they are.

    Question marks alone stay too. Raises QueryError where there is nothing but decoration, or
    more than `LIMIT` characters.
    """
    plain = _single_spaced(_typed(_unmarked(text[:_RAW_LIMIT])))
    if len(plain) > LIMIT or len(text) > _RAW_LIMIT:
        shown = plain[: LIMIT - 1] + "…"
        raise Line(shown).error_at(TOO_LONG, len(shown) - 1, len(shown))
    bare = _undressed(plain)
    if not bare and plain.strip("?"):
        raise Line(plain).error_at(NOTHING_TO_READ, 0, len(plain))
    return bare or plain


def _unmarked(text: str) -> str:
    if "<" in text:
        text = _MARKUP.sub(lambda markup: _meant(markup[1]), text)
    if "&" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return text


def _meant(markup: str) -> str:
    """What stands for `<markup>`: the label that people saw, else what it points to."""
    target, _, label = markup.partition("|")
    if person := _PERSON.fullmatch(target):
        return f"<@{person[1]}>"
    scheme, _, address = target.partition(":")
    if scheme in ("tel", "mailto"):
        return _address(scheme, unquote(address), label)
    if target.startswith("#"):
        return "#" + (label or target[1:])
    if target.startswith("!"):
        return label or "@" + target[1:]
    return label or target


def _address(scheme: str, address: str, label: str) -> str:
    """A number or email: the label only where it is one, as people may label links freely."""
    sign = r"\d" if scheme == "tel" else "@"
    return label if re.search(sign, label) else address.partition("?")[0]


def _typed(text: str) -> str:
    """The characters that a plain keyboard would have given, letters of every script kept."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFKC", text.translate(_TYPOGRAPHY))
    return unicodedata.normalize("NFC", "".join(map(_character, text)))


def _character(char: str) -> str:
    if char == "\n" or (char.isascii() and char.isprintable()):
        return char
    if char in _UNSEEN or ord(char) in _SKIN_TONES:
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


def _undressed(text: str) -> str:
    """`text` without emoji, formatting marks, and the quotes and punctuation around it."""
    if not text.isascii():
        text = "".join(" " if unicodedata.category(char) == "So" else char for char in text)
    text = _single_spaced(_WRAPPED.sub("", _EMOJI.sub(" ", text)))
    while (bare := _unquoted(text.rstrip(".,;:!? \n"))) != text:
        text = bare
    return text


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1].strip() if quoted and text[0] not in text[1:-1] else text
