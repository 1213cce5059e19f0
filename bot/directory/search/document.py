"""What the search index stores about an extension: the words of each of its columns."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from bot.directory.compare import digits
from bot.directory.search.normalize import Piece, normalize, pieces, romanize
from bot.fields import SEARCH_COLUMNS, getter
from bot.limits import MAX_CACHED_TEXTS
from bot.models import Extension, Location, User

_WORD = re.compile(r"[a-z0-9]{1,64}")
_APOSTROPHE = re.compile("['`]")

# The columns of the index, in its order.
COLUMNS = tuple(column.name for _, column in SEARCH_COLUMNS)
# `name_variants` are other spellings of the name.
NAMES = ("name", "name_variants")
# Direct numbers with their last digit first, so that a number's end is a word's beginning.
REVERSED_DIGITS = "reversed_digits"
# The field that each column belongs to, as ADMIN_ONLY_FIELDS and `MatchReason` name it.
FIELD = {column.name: field.name for field, column in SEARCH_COLUMNS}
# Typos are corrected to the words of these columns.
CORRECTABLE = tuple(column.name for _, column in SEARCH_COLUMNS if column.correctable)

# Columns that hold the words of one attribute; `row` builds the others.
_ATTRIBUTE_COLUMNS = tuple(
    (column.name, getter(column.path)) for _, column in SEARCH_COLUMNS if column.path
)


def row(extension: Extension, location: Location | None) -> tuple[str, ...]:
    """Return the text of each of `COLUMNS`: normalized words, separated by spaces."""
    user = extension.user or User()
    first, last = pieces(user.first_name), pieces(user.last_name)
    name = [piece.word for piece in (*first, *last)]
    variants = dict.fromkeys(_name_variants(first, last, user))
    numbers = [digits(did.phone_number) for did in extension.dids]
    local, _, domain = user.email.partition("@")
    address = f"{location.name} {location.city}" if location else ""
    lines = (f"{line.handset_name} {line.sip_id}" for line in extension.handsets)
    texts = {
        "name": " ".join(name),
        "name_variants": " ".join([word for word in variants if word not in name]),
        "tags": _repeated(" ".join(did.custom_tag for did in extension.dids)),
        REVERSED_DIGITS: " ".join(number[::-1] for number in numbers),
        "email": _words(f"{local} {domain}"),
        "login": _words(f"{user.login_name.partition('@')[0]} {_surname_in(user, name)}"),
        "location": _repeated(address),
        "caller_id": _words(extension.caller_id, without=name),
        "handsets": _words(" ".join(lines)),
    }
    for column, read in _ATTRIBUTE_COLUMNS:
        texts[column] = _words(read(extension, location))
    return tuple([texts[column] for column in COLUMNS])


def correctable(columns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield the words that typos can be corrected to, each with its field.

    `columns` are the texts of `COLUMNS`, in the same order.
    """
    texts = dict(zip(COLUMNS, columns, strict=True))
    has_latin_name = any(word.isascii() for word in texts["name"].split())
    for column in CORRECTABLE:
        # People type the spelling of an email address only for a name in another script.
        if has_latin_name and column in ("email", "caller_id"):
            continue
        for word in texts[column].split():
            if len(word) > 1 and word.isalpha() and word.isascii():
                yield word, FIELD[column]


def _name_variants(first: list[Piece], last: list[Piece], user: User) -> Iterator[str]:
    """Yield other spellings: mueller for müller, delacruz for de la cruz, 田 and 中 for 田中."""
    for piece in (*first, *last):
        yield from filter(None, (piece.respelled, *piece.parts))
        if piece.is_cjk:
            yield from piece.word
            yield romanize(piece.word)
    # A single letter is an initial: nobody types matthewe for Matthew E.
    yield from _joined([piece for piece in first if len(piece.word) > 1], user.first_name)
    yield from _joined(last, user.last_name)


def _joined(words: list[Piece], text: str) -> Iterator[str]:
    """Yield the words of a name joined into one: all of them, and each side of a hyphen."""
    if len(words) < 2:
        return
    yield "".join(piece.word for piece in words)
    yield "".join(piece.respelled or piece.word for piece in words)
    if "-" in text:
        for side in text.split("-"):
            if side != text and len(side.split()) > 1:
                yield normalize(side).replace(" ", "")


def _surname_in(user: User, name: list[str]) -> str:
    """Return the surname in a login such as `ytanaka`, for a name without Latin letters."""
    login = user.login_name.partition("@")[0]
    has_other_script = bool(name) and not any(word.isascii() for word in name)
    return login[1:] if has_other_script and len(login) > 3 else ""


def _words(text: str, without: Collection[str] = ()) -> str:
    """Return the words of a text and their variants, each once, except the words in `without`."""
    if text.isascii() and not _APOSTROPHE.search(text):  # the usual case, kept fast
        words = dict.fromkeys(_WORD.findall(text.lower()))
    else:
        words = {}
        for piece in pieces(text):
            words[piece.word] = None
            words.update(dict.fromkeys(filter(None, (piece.respelled, *piece.parts))))
            if piece.is_cjk:
                words.update(dict.fromkeys(piece.word))
    return " ".join([word for word in words if word not in without])


_repeated = lru_cache(maxsize=MAX_CACHED_TEXTS)(
    _words
)  # many extensions have the same tag or location
