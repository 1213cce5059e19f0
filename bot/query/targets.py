"""What is asked for: one thing, or up to ten, between commas, line breaks and `and`."""

from __future__ import annotations

from bot.query import items, names, tokens
from bot.query.found import Recognized
from bot.query.line import Line
from bot.query.model import Email, Me, Name, Number, Person, Phone, Several, SingleQuery
from bot.query.problems import NOTHING_TO_READ, TOO_MANY
from bot.query.tokens import Word

MOST = 10


def read(line: Line, start: int, end: int) -> SingleQuery | Several:
    """Return what the words between two positions ask for. Raises QueryError."""
    words = tokens.words(line.text, start, end)
    found = _distinct([one for chunk in _chunks(words) for one in items.read(line, chunk)])
    if not found:
        raise line.error_at(NOTHING_TO_READ, start, end)
    if len(found) > MOST:
        raise line.error_at(TOO_MANY, found[MOST].start, found[MOST].end)
    if len(found) == 1:
        return found[0].item
    return Several(tuple(one.item for one in found), line.words(start, end))


def _chunks(words: list[Word]) -> list[list[Word]]:
    """The words of each item, or of items with only spaces between them.

    `smith, john` is one name, but in prose (`john, mary and bob`) commas are between people.
    """
    groups = tokens.split(words, _separates)
    parts = [tokens.split(group, _is_comma) for group in groups]
    prose = len(groups) > 1 and any(map(_is_and, words))
    if not prose or all(map(names.is_last_first, parts)):
        parts = [names.in_order(group) for group in parts]
    return [chunk for group in parts for chunk in group]


def _separates(word: Word) -> bool:
    return word.text in ("\n", ";") or _is_and(word)


def _is_and(word: Word) -> bool:
    return word.text == "&" or word.low == "and"


def _is_comma(word: Word) -> bool:
    return word.text == ","


def _distinct(found: list[Recognized]) -> list[Recognized]:
    distinct: dict[tuple[type, object], Recognized] = {}
    for one in found:
        distinct.setdefault(_identity(one.item), one)
    return list(distinct.values())


def _identity(item: SingleQuery) -> tuple[type, object]:
    """What makes two items the same, however they were written."""
    match item:
        case Number(digits=key) | Email(address=key) | Person(user_id=key):
            return type(item), key
        case Phone(candidates=keys):
            return type(item), keys[0]
        case Name(text=text):
            return type(item), text.casefold()
        case Me():
            return type(item), None
