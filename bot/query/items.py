"""What the words between two commas are: people, emails, extensions, phone numbers, or a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.query import names, numbers
from bot.query.found import Recognized
from bot.query.line import Line
from bot.query.model import Email, Me, Person
from bot.query.problems import NOT_AN_EMAIL
from bot.query.tokens import Word, trimmed

_PERSON = re.compile(r"<@([UW][A-Z0-9]+)>")
_EMAIL = re.compile(r"[^\s@()<>\[\],;:]+@[^\s@()<>\[\],;:.]+(?:\.[^\s@()<>\[\],;:.]+)+")
# x789, ext.789, #789, tel:+14155550100, and 415-555-0100x789.
_GLUED = re.compile(
    r"(?P<phone>[+(]*[0-9][0-9().\-/]{6,})?"
    r"(?P<marker>\#|x|ext(?:n|en|ension)?s?|num(?:ber)?|no|nr|tel)[.:#=-]*"
    r"(?P<digits>\+?\(?[0-9][0-9().\-/]*)",
    re.IGNORECASE,
)

_SURE_EXTENSION = frozenset({"ext", "exts", "extn", "exten", "extension", "extensions"})
_EXTENSION = _SURE_EXTENSION | {"x", "#"}
_NUMBER = frozenset({"no", "nr", "num", "number", "numbers"})
_PHONE = frozenset({"tel", "telephone", "phone", "mobile", "cell", "did", "dids", "fax"})
_MARKERS = _EXTENSION | _NUMBER | _PHONE
_BETWEEN_ITEMS = frozenset({"or", "also", "plus", "then"})


def read(line: Line, chunk: list[Word]) -> list[Recognized]:
    """Return what the words of one chunk ask for.

    Where words that could be a name stand beside an email, a person or a whole phone number,
    the latter are meant: `John Smith <john.smith@example.com>`.
    """
    if len(chunk) > 1 and all(word.text.startswith('"') for word in chunk):
        return [found for word in chunk for found in read(line, [word])]
    found, free = _sorted(line, chunk)
    if free or not found:
        return [one for one in found if one.sure] or _named(line, chunk)
    return found


def _sorted(line: Line, chunk: list[Word]) -> tuple[list[Recognized], bool]:
    """What was recognised, and whether there are words beside it that a name can be made of."""
    found: list[Recognized] = []
    free = False
    for one in _scan(line, [piece for word in chunk for piece in _pieces(trimmed(word))]):
        if isinstance(one, Recognized):
            found.append(one)
        else:
            free = free or one.low not in _BETWEEN_ITEMS
    return found, free


def _named(line: Line, chunk: list[Word]) -> list[Recognized]:
    if not any(char.isalnum() for word in chunk for char in word.text):
        return []
    if len(chunk) == 1 and trimmed(chunk[0]).low in ("me", "myself"):
        word = trimmed(chunk[0])
        return [Recognized(Me(word.text), word.start, word.end)]
    return [names.name(line, chunk)]


def _pieces(word: Word) -> Iterator[Word]:
    """`x789` as `x` and `789`; bare signs as nothing."""
    glued = _GLUED.fullmatch(word.text)
    if glued:
        for part in ("phone", "marker", "digits"):
            if glued[part]:
                start, end = glued.span(part)
                yield Word(glued[part], word.start + start, word.start + end)
    elif any(char.isalnum() for char in word.text):
        yield word


def _scan(line: Line, words: list[Word]) -> Iterator[Recognized | Word]:
    """The things among the words, in order, and as it is each word that is none."""
    at = 0
    while at < len(words):
        past = _past_markers(words, at)
        if _names_extension(words[at:past]) and numbers.is_short(words[past]):
            sure = _marker(words[at]) in _SURE_EXTENSION
            yield numbers.extension(line, words[past], start=words[at].start, sure=sure)
            at = past + 1
        elif numbers.is_dialled(words[past]):
            stop = _end_of_run(words, past)
            yield from numbers.read(line, words[past:stop])
            at = stop
        else:
            yield _recognised(line, words[at])
            at += 1


def _past_markers(words: list[Word], at: int) -> int:
    """The place of the digits that `ext`, `no.`, `phone number` … announce; else `at`."""
    past = at
    while past < len(words) and _marker(words[past]) in _MARKERS:
        past += 1
    announced = past < len(words) and numbers.is_dialled(words[past])
    # Phone 3 is the name of a phone.
    named = announced and len(words[past].text) < 3 and _marker(words[past - 1]) in _PHONE
    return past if announced and not named else at


def _marker(word: Word) -> str:
    return word.low.strip(".:=")


def _names_extension(markers: list[Word]) -> bool:
    return any(_marker(word) in _EXTENSION for word in markers)


def _end_of_run(words: list[Word], at: int) -> int:
    while at < len(words) and numbers.is_dialled(words[at]):
        at += 1
    return at


def _recognised(line: Line, word: Word) -> Recognized | Word:
    """A person, an email, or `@ann` where Slack knew nobody of that name; else the word."""
    if person := _PERSON.fullmatch(word.text):
        return Recognized(Person(person[1], word.text), word.start, word.end, sure=True)
    if "@" not in word.text:
        return word
    if word.text.startswith("@"):
        return names.name(line, [word])
    address = word.text.lower().strip("()").removeprefix("mailto:")
    if not _EMAIL.fullmatch(address):
        raise line.error_at(NOT_AN_EMAIL, word.start, word.end)
    return Recognized(Email(address, word.text), word.start, word.end, sure=True)
