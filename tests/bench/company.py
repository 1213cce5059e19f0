"""Thousands of invented people with as many different words as a real directory, and typos.

The sandbox has few surnames, so half of the people get an invented one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from bot.directory.search import index
from bot.models import Extension, User
from bot.sandbox.company.people import build_company
from tests.directory.companies import LOCATIONS, extension

SEED = 1876
_STARTS = ("b", "br", "c", "ch", "d", "dr", "f", "g", "gr", "h", "j", "k", "kr", "l", "m", "n", "p")
_MORE_STARTS = ("r", "s", "sch", "st", "t", "tr", "v", "w", "z")
_MIDDLES = ("a", "e", "i", "o", "u", "ai", "ei", "ou", "au", "ie")
_ENDS = ("ll", "nd", "r", "rg", "st", "ck", "nn", "mb", "ss", "tz", "k", "l", "m", "n", "s", "t")
_LASTS = ("er", "man", "son", "ski", "berg", "feld", "owa", "ez", "ini", "u", "a", "o", "stein")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def invent_extensions(count: int) -> Iterator[Extension]:
    """Give `count` extensions, the same ones each time."""
    random = Random(SEED)
    for entry in build_company(count):
        row = extension(entry)
        if row.user and random.random() < 0.5:
            row = replace(row, user=_with_surname(row.user, _invent_surname(random)))
        yield row


def build_index(
    extensions: Sequence[Extension], path: Path
) -> tuple[sqlite3.Connection, Callable[[Sequence[int]], Sequence[Extension]]]:
    """Write a database with the search index; return it and a function that reads rows by id."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode = off")
    index.create(db)
    for row_id, row in enumerate(extensions, start=1):
        index.put(db, row_id, row, LOCATIONS.get(row.location_id))
    db.commit()
    return db, lambda row_ids: [extensions[row_id - 1] for row_id in row_ids]


def add_typo(text: str, random: Random) -> str:
    """Return a text with one typo in a word of four letters or more.

    A letter is left out, added, replaced by another one, or swapped with the next one.
    """
    positions = [
        at
        for at in range(len(text))
        if text[at : at + 2].isalpha()
        and len(text[at : at + 2]) == 2
        and len(_word_at(text, at)) > 3
    ]
    if not positions:
        return text
    at = random.choice(positions)
    before, letter, after = text[:at], text[at], text[at + 1 :]
    match random.randrange(4):
        case 0:
            return before + after
        case 1:
            return before + letter + random.choice(_LETTERS) + after
        case 2:
            return before + random.choice(_LETTERS.replace(letter.lower(), "")) + after
        case _ if letter.lower() != after[0].lower():
            return before + after[0] + letter + after[1:]
        case _:
            return before + after


def _word_at(text: str, at: int) -> str:
    start = text.rfind(" ", 0, at) + 1
    end = text.find(" ", at)
    return text[start : end if end > 0 else None]


def _invent_surname(random: Random) -> str:
    syllables = 1 + (random.random() < 0.55)
    parts = [
        random.choice(_STARTS + _MORE_STARTS) + random.choice(_MIDDLES) + random.choice(_ENDS)
        for _ in range(syllables)
    ]
    return ("".join(parts) + random.choice(_LASTS)).capitalize()


def _with_surname(user: User, surname: str) -> User:
    email = f"{user.email.partition('.')[0]}.{surname.lower()}@example.com" if user.email else ""
    return replace(user, last_name=surname, email=email, login_name=user.login_name[:1] + surname)
