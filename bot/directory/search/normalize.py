"""Normalizes words for comparison: lower case, no accents or punctuation, plain letters a to z.

*Wałęsa* becomes *walesa*, *O'Brien* becomes *obrien*. Chinese, Japanese and Korean characters
(CJK) stay as they are, because how they are romanized depends on the reader.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from bot.limits import MAX_CACHED_WORDS, MAX_WORD_CHARS

_APOSTROPHES = "'’‘ʼʻ`´＇"
# Scripts that are written without spaces, or whose characters stand for syllables.
_CJK = (
    r"\u1100-\u11ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af"
    r"\uf900-\ufaff\U00020000-\U0003ffff"
)
_PIECE = re.compile(rf"[{_CJK}]+|(?:(?![{_CJK}])[^\W_]|[{_APOSTROPHES}\u0300-\u036f])+")
_IS_CJK = re.compile(rf"[{_CJK}]")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_COMBINING_MARKS = frozenset({"Mn", "Mc"})  # Unicode categories
# How people write these letters if their keyboard lacks them.
_RESPELLINGS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ő": "oe"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A normalized word.

    `respelled` is its other usual spelling, if any (*mueller* for *müller*), and `parts` are
    the words between its apostrophes, if it has some (*d* and *souza* for *D'Souza*).
    """

    word: str
    respelled: str = ""
    parts: tuple[str, ...] = ()
    is_cjk: bool = False


def normalize(text: str) -> str:
    """Return the normalized words of a text with one space between them."""
    return " ".join(piece.word for piece in pieces(text))


def pieces(text: str) -> list[Piece]:
    """Return the words of a text."""
    text = text.lower() if text.isascii() else _composed(text)
    return [piece for match in _PIECE.findall(text) if (piece := _piece(match)).word]


def is_cjk(word: str) -> bool:
    """Whether a normalized word is in CJK characters."""
    return not word.isascii() and _IS_CJK.match(word) is not None


def romanize(cjk_word: str) -> str:
    """Return a CJK word in plain letters, in one of its possible readings."""
    return _plain(cjk_word)


def _composed(text: str) -> str:
    """Return a text in lower case, with each accent joined to its letter if Unicode can do that.

    Characters that belong to no word become spaces.
    """
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(c if c.isalnum() or c in _APOSTROPHES else _without_mark(c) for c in text)


def _without_mark(character: str) -> str:
    """Return a combining mark in plain letters, and a space for anything else.

    Scripts such as Devanagari write vowels as marks; a space would cut their words in two.
    """
    if unicodedata.category(character) not in _COMBINING_MARKS:
        return " "
    return _plain(character)


@lru_cache(maxsize=MAX_CACHED_WORDS)
def _piece(text: str) -> Piece:
    if _IS_CJK.match(text):
        return Piece(text[:MAX_WORD_CHARS], is_cjk=True)
    word = _plain(text)[:MAX_WORD_CHARS]
    respelled = "" if text.isascii() else _plain(text.translate(_RESPELLINGS))[:MAX_WORD_CHARS]
    parts: tuple[str, ...] = ()
    if any(apostrophe in text for apostrophe in _APOSTROPHES):
        split = re.split(rf"[{_APOSTROPHES}]+", text)
        parts = tuple(filter(None, (_plain(part)[:MAX_WORD_CHARS] for part in split)))
    return Piece(
        word, respelled if respelled != word else "", parts if len(parts) > 1 else (), is_cjk=False
    )


def _plain(text: str) -> str:
    plain = text if text.isascii() else anyascii(text)
    return _NOT_PLAIN.sub("", plain.lower())
