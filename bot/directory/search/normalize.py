"""How words are written the same: without case, accents and signs, in plain letters.

`Wałęsa` is `walesa`, and `O'Brien` is `obrien`. Chinese, Japanese and Korean writing stays as it
is, since the letters for it depend on who reads it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

_APOSTROPHES = "'’‘ʼʻ`´＇"
# Scripts that are written without spaces, or whose letters stand for syllables.
_EAST = (
    r"\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af"
    r"\uf900-\ufaff\U00020000-\U0003ffff"
)
_PIECE = re.compile(rf"[{_EAST}]+|(?:(?![{_EAST}])[^\W_]|[{_APOSTROPHES}\u0300-\u036f])+")
_IN_EAST = re.compile(rf"[{_EAST}]")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_MARKS = frozenset({"Mn", "Mc"})
# What people write who lack the key.
_RESPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ő": "oe"})
_LONGEST = 64  # letters of a word that are looked at


@dataclass(frozen=True, slots=True)
class Piece:
    """A word: in plain letters, respelt where it has another spelling, and between apostrophes."""

    word: str
    respelled: str = ""
    parts: tuple[str, ...] = ()
    is_cjk: bool = False


def normalize(text: str) -> str:
    """Return the words of a text in plain letters, with one space between them."""
    return " ".join(piece.word for piece in pieces(text))


def pieces(text: str) -> list[Piece]:
    """Return the words of a text."""
    text = text.lower() if text.isascii() else _composed(text)
    return [piece for found in _PIECE.findall(text) if (piece := _piece(found)).word]


def is_cjk(word: str) -> bool:
    """Whether a folded word is in a script that is kept as it is."""
    return not word.isascii() and _IN_EAST.match(word) is not None


def romanize(eastern: str) -> str:
    """Return a word of such a script in plain letters, as one of its readers may say it."""
    return _plain(eastern)


def _composed(text: str) -> str:
    """Marks join their letter; where they have none that they can join, they go."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c if c.isalnum() or c in _APOSTROPHES else _instead(c) for c in text)


def _instead(sign: str) -> str:
    """Letters of some scripts have their vowels as marks, which do not end the word."""
    if unicodedata.category(sign) not in _MARKS:
        return " "
    return _plain(sign)


@lru_cache(maxsize=8192)
def _piece(found: str) -> Piece:
    if _IN_EAST.match(found):
        return Piece(found[:_LONGEST], is_cjk=True)
    word = _plain(found)[:_LONGEST]
    respelt = "" if found.isascii() else _plain(found.translate(_RESPELT))[:_LONGEST]
    parts: tuple[str, ...] = ()
    if any(sign in found for sign in _APOSTROPHES):
        split = re.split(rf"[{_APOSTROPHES}]+", found)
        parts = tuple(filter(None, (_plain(part)[:_LONGEST] for part in split)))
    return Piece(
        word, respelt if respelt != word else "", parts if len(parts) > 1 else (), is_cjk=False
    )


def _plain(text: str) -> str:
    plain = text if text.isascii() else anyascii(text)
    return _NOT_PLAIN.sub("", plain.lower())
