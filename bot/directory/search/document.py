"""What of an extension is looked through: its words, field by field, as the index keeps them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from bot.directory.compare import digits
from bot.directory.search.normalize import Piece, normalize, pieces, romanize
from bot.models import Extension, Location, User

_WORD = re.compile(r"[a-z0-9]{1,64}")
_APOSTROPHE = re.compile("['`]")

# In this order they stand in the index. `also` are other writings of the name; `ends` are the
# direct numbers from their last digit to the first, so that an ending is a beginning.
COLUMNS = (
    "number",
    "name",
    "also",
    "tags",
    "ends",
    "email",
    "login",
    "location",
    "caller_id",
    "handsets",
)
NAMES = ("name", "also")
# What each column tells of: `name`, `number`, or one of the fields that can be kept for admins.
FIELD = {
    "number": "number",
    "name": "name",
    "also": "name",
    "tags": "dids",
    "ends": "dids",
    "email": "email",
    "login": "login",
    "location": "location",
    "caller_id": "caller_id",
    "handsets": "handsets",
}
# In the words of these a slip of the pen is corrected.
CORRECTABLE = ("name", "also", "tags", "email", "location", "caller_id")


def open_columns(without: Collection[str]) -> tuple[str, ...]:
    """Return the columns that may be searched by somebody from whom some fields are kept."""
    return tuple(column for column in COLUMNS if FIELD[column] not in without)


def row(extension: Extension, location: Location | None) -> tuple[str, ...]:
    """Return the text of each column."""
    user = extension.user or User()
    first, last = pieces(user.first_name), pieces(user.last_name)
    name = [piece.word for piece in (*first, *last)]
    also = [word for word in dict.fromkeys(_also(first, last, user)) if word not in name]
    numbers = [digits(did.phone_number) for did in extension.dids]
    local, _, domain = user.email.partition("@")
    office = f"{location.name} {location.city}" if location else ""
    lines = (f"{each.handset_name} {each.sip_id}" for each in extension.handsets)
    return (
        _words(extension.number),
        " ".join(name),
        " ".join(also),
        _repeated(" ".join(did.custom_tag for did in extension.dids)),
        " ".join(number[::-1] for number in numbers),
        _words(f"{local} {domain}"),
        _words(f"{user.login_name.partition('@')[0]} {_surname_in(user, name)}"),
        _repeated(office),
        _words(extension.caller_id, but=name),
        _words(" ".join(lines)),
    )


def correctable(columns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Give the words, with their fields, that others are corrected to."""
    texts = dict(zip(COLUMNS, columns, strict=True))
    in_plain_letters = any(word.isascii() for word in texts["name"].split())
    for column in CORRECTABLE:
        # Who has a name in plain letters is not looked for by the writing in the address.
        if in_plain_letters and column in ("email", "caller_id"):
            continue
        for word in texts[column].split():
            if len(word) > 1 and word.isalpha() and word.isascii():
                yield word, FIELD[column]


def _also(first: list[Piece], last: list[Piece], user: User) -> Iterator[str]:
    """Other writings of a name: müller as mueller, de la cruz as delacruz, 田中 by its signs."""
    for piece in (*first, *last):
        yield from filter(None, (piece.respelled, *piece.parts))
        if piece.is_cjk:
            yield from piece.word
            yield romanize(piece.word)
    # Matthew E. is not called matthewe.
    yield from _joined([piece for piece in first if len(piece.word) > 1], user.first_name)
    yield from _joined(last, user.last_name)


def _joined(found: list[Piece], text: str) -> Iterator[str]:
    """Several words as one: the whole, and each side of a hyphen."""
    if len(found) < 2:
        return
    yield "".join(piece.word for piece in found)
    yield "".join(piece.respelled or piece.word for piece in found)
    if "-" in text:
        for side in text.split("-"):
            if side != text and len(side.split()) > 1:
                yield normalize(side).replace(" ", "")


def _surname_in(user: User, name: list[str]) -> str:
    """`ytanaka` tells how 田中 is said, if nothing else does."""
    login = user.login_name.partition("@")[0]
    foreign = bool(name) and not any(word.isascii() for word in name)
    return login[1:] if foreign and len(login) > 3 else ""


def _words(text: str, but: Collection[str] = ()) -> str:
    """The words of a text with their other writings, each once."""
    if text.isascii() and not _APOSTROPHE.search(text):
        return " ".join(w for w in dict.fromkeys(_WORD.findall(text.lower())) if w not in but)
    words: dict[str, None] = {}
    for piece in pieces(text):
        words[piece.word] = None
        words.update(dict.fromkeys(filter(None, (piece.respelled, *piece.parts))))
        if piece.is_cjk:
            words.update(dict.fromkeys(piece.word))
    return " ".join(word for word in words if word not in but)


_repeated = lru_cache(maxsize=512)(_words)  # tags and offices are the same for many
