"""Decides which groups of digits are extensions, and which form one phone number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.query import phone
from bot.query.model import Number, Phone
from bot.query.problems import LONG_NUMBER
from bot.query.text import Line, ParsedItem, Word

_DIALED = re.compile(r"\(*\+?[0-9().\-/]*[0-9][().\-/]*")

# The most groups in which people write a phone number: 00 33 1 23 45 67 89 has seven.
_MAX_GROUPS = 7


def is_dialed(word: Word) -> bool:
    """Return whether a word consists of digits and the signs that people use in phone numbers."""
    return _DIALED.fullmatch(word.text) is not None


def is_short(word: Word) -> bool:
    """Return whether a word of digits is an extension rather than a phone number."""
    return "+" not in word.text and len(phone.digits_of(word.text)) < phone.MIN_DIGITS


def extension(
    line: Line, word: Word, *, start: int | None = None, unambiguous: bool = False
) -> ParsedItem:
    """Return the extension in a word; `start` is the start of a marker before it (`ext 789`)."""
    start = word.start if start is None else start
    query = Number(phone.digits_of(word.text), line.typed(start, word.end))
    return ParsedItem(query, start, word.end, unambiguous=unambiguous)


def parse_numbers(line: Line, words: list[Word]) -> Iterator[ParsedItem]:
    """Yield the extensions and phone numbers in consecutive dialed words.

    Raises QueryError if one has too many digits for either.
    """
    only_digits = all(word.text.isdigit() for word in words)
    for group in _digit_groups(line, words) if only_digits else _punctuated_groups(line, words):
        if len(group) > 1:
            yield _phone(line, group)
        else:
            yield from _from_word(line, group[0])


def _digit_groups(line: Line, words: list[Word]) -> list[list[Word]]:
    """Return the words grouped into phone numbers, or each word by itself.

    Words without punctuation are grouped only if that makes all of them phone numbers: otherwise
    `789 790 1001` could be taken for a phone number written in groups.
    """
    for size in range(min(len(words), _MAX_GROUPS), 1, -1):
        groups = [words[start : start + size] for start in range(0, len(words), size)]
        if len(words) % size == 0 and all(_is_number(line, group) for group in groups):
            return groups
    return [[word] for word in words]


def _punctuated_groups(line: Line, words: list[Word]) -> Iterator[list[Word]]:
    """Yield the longest phone numbers among words with a plus, parentheses or dashes."""
    while words:
        length = _length_of_first(line, words)
        yield words[:length]
        words = words[length:]


def _length_of_first(line: Line, words: list[Word]) -> int:
    """Return how many words the first number has."""
    longest = _max_length_of_first(words)
    for length in range(longest, 0, -1):
        if _is_number(line, words[:length]):
            return length
    is_opened = words[0].text.startswith(("+", "(")) and not _has_phone_length(words[:1])
    return longest if is_opened and _has_phone_length(words[:longest]) else 1


def _max_length_of_first(words: list[Word]) -> int:
    """Return how many words the first number can have: up to the next plus or parenthesis."""
    for count in range(1, len(words)):
        sign = words[count].text[0]
        is_too_long = phone.is_too_long(_join(words[: count + 1]).text)
        if sign == "+" or (sign == "(" and _has_phone_length(words[:count])) or is_too_long:
            return count
    return len(words)


def _has_phone_length(words: list[Word]) -> bool:
    return sum(len(phone.digits_of(word.text)) for word in words) >= phone.MIN_DIGITS


def _join(words: list[Word]) -> Word:
    return Word(" ".join(word.text for word in words), words[0].start, words[-1].end)


def _is_number(line: Line, words: list[Word]) -> bool:
    """Return whether words form one phone number.

    For words in several groups the form of a number is enough (see `phone.is_national`), even if
    no numbering plan lists it.
    """
    written = _join(words).text
    return phone.is_valid(written, line.region) or (
        len(words) > 1 and phone.is_national(written, line.region)
    )


def _phone(line: Line, words: list[Word]) -> ParsedItem:
    written = _join(words)
    if phone.is_too_long(written.text):
        raise line.error_at(LONG_NUMBER, written.start, written.end)
    groups = tuple(word.text for word in words)
    can_be_extensions = len(words) > 1 and all(
        group.isdigit() and len(group) < phone.MIN_DIGITS for group in groups
    )
    query = Phone(
        phone.digits_of(written.text),
        phone.candidates(written.text, line.region),
        line.typed(written.start, written.end),
        groups if can_be_extensions else (),
    )
    return ParsedItem(query, written.start, written.end, unambiguous=True)


def _from_word(line: Line, word: Word) -> list[ParsedItem]:
    """Return the items in one dialed word: `789/790` is two extensions."""
    if "/" in word.text and not phone.is_valid(word.text, line.region):
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
