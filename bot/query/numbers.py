"""Digits between spaces: which of them are extensions, and which make up one phone number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.query import phone
from bot.query.found import Recognized
from bot.query.line import Line
from bot.query.model import Number, Phone
from bot.query.problems import LONG_NUMBER
from bot.query.tokens import Word

_DIALLED = re.compile(r"\(*\+?[0-9().\-/]*[0-9][().\-/]*")

# 00 33 1 23 45 67 89
_MOST_GROUPS = 7


def is_dialled(word: Word) -> bool:
    """Whether a word is digits, with the signs that people write within phone numbers."""
    return _DIALLED.fullmatch(word.text) is not None


def is_short(word: Word) -> bool:
    """Whether a word of digits is an extension rather than a phone number."""
    return "+" not in word.text and len(phone.digits_of(word.text)) < phone.LEAST_DIGITS


def extension(
    line: Line, word: Word, *, start: int | None = None, sure: bool = False
) -> Recognized:
    """Return the extension in a word; `start` is where the word before it begins (`ext 789`)."""
    start = word.start if start is None else start
    digits = phone.digits_of(word.text)
    return Recognized(Number(digits, line.words(start, word.end)), start, word.end, sure=sure)


def read(line: Line, run: list[Word]) -> Iterator[Recognized]:
    """Yield the extensions and phone numbers that a run of dialled words holds.

    Raises QueryError where one has too many digits for either.
    """
    plain = all(word.text.isdigit() for word in run)
    for part in _plain_parts(line, run) if plain else _marked_parts(line, run):
        if len(part) > 1:
            yield _phone(line, part)
        else:
            yield from _from_word(line, part[0])


def _plain_parts(line: Line, run: list[Word]) -> list[list[Word]]:
    """Groups of digits only: phone numbers where all are, as `789 790 1001` looks just so."""
    for size in range(min(len(run), _MOST_GROUPS), 1, -1):
        parts = [run[at : at + size] for at in range(0, len(run), size)]
        if len(run) % size == 0 and all(_is_number(line, part) for part in parts):
            return parts
    return [[word] for word in run]


def _marked_parts(line: Line, run: list[Word]) -> Iterator[list[Word]]:
    """Digits with a plus, brackets or dashes among them: the longest numbers, then the rest."""
    while run:
        length = _length_of_first(line, run)
        yield run[:length]
        run = run[length:]


def _length_of_first(line: Line, run: list[Word]) -> int:
    reach = _reach(run)
    for length in range(reach, 0, -1):
        if _is_number(line, run[:length]):
            return length
    opened = run[0].text.startswith(("+", "(")) and not _is_complete(run[:1])
    return reach if opened and _is_complete(run[:reach]) else 1


def _reach(run: list[Word]) -> int:
    """How many words one number can have at most: up to the next plus or bracket."""
    for count in range(1, len(run)):
        sign = run[count].text[0]
        too_long = phone.is_too_long(_joined(run[: count + 1]).text)
        if sign == "+" or (sign == "(" and _is_complete(run[:count])) or too_long:
            return count
    return len(run)


def _is_complete(part: list[Word]) -> bool:
    return sum(len(phone.digits_of(word.text)) for word in part) >= phone.LEAST_DIGITS


def _joined(part: list[Word]) -> Word:
    return Word(" ".join(word.text for word in part), part[0].start, part[-1].end)


def _is_number(line: Line, part: list[Word]) -> bool:
    """Whether these words make up one number; several in groups need not be known to exist."""
    written = _joined(part).text
    return phone.is_number(written, line.region) or (
        len(part) > 1 and phone.is_national(written, line.region)
    )


def _phone(line: Line, part: list[Word]) -> Recognized:
    written = _joined(part)
    if phone.is_too_long(written.text):
        raise line.error_at(LONG_NUMBER, written.start, written.end)
    groups = tuple(word.text for word in part)
    can_be_extensions = len(part) > 1 and all(
        group.isdigit() and len(group) < phone.LEAST_DIGITS for group in groups
    )
    item = Phone(
        phone.digits_of(written.text),
        phone.meanings(written.text, line.region),
        line.words(written.start, written.end),
        groups if can_be_extensions else (),
    )
    return Recognized(item, written.start, written.end, sure=True)


def _from_word(line: Line, word: Word) -> list[Recognized]:
    if "/" in word.text and not phone.is_number(word.text, line.region):
        parts = _between_slashes(word)
        if all(is_short(part) for part in parts):
            return [extension(line, part) for part in parts]
    if is_short(word):
        return [extension(line, word)]
    return [_phone(line, [word])]


def _between_slashes(word: Word) -> list[Word]:
    return [
        Word(part[0], word.start + part.start(), word.start + part.end())
        for part in re.finditer(r"[^/]*[0-9][^/]*", word.text)
    ]
