"""A query without a command: one to ten targets, with or without a question around them.

A target is a person, an email, an extension, a phone number or a name. Commas, line breaks and
`and` separate targets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot import limits
from bot.query import arguments, names, numbers, smalltalk
from bot.query.model import Email, List, Me, Name, Number, Person, Phone, Several, SingleQuery
from bot.query.problems import (
    FILTER_WITH_NAME,
    NOBODY_NAMED,
    NOT_AN_EMAIL,
    NOTHING_TO_READ,
    TOO_MANY,
)
from bot.query.text import Line, ParsedItem, Word, split_words, trim, words_of

_PERSON = re.compile(r"<@([UW][A-Z0-9]+)>")
_EMAIL = re.compile(r"[^\s@()<>\[\],;:]+@[^\s@()<>\[\],;:.]+(?:\.[^\s@()<>\[\],;:.]+)+")
# A marker without a space before its digits: x789, ext.789, #789, tel:+14155550100,
# 415-555-0100x789.
_GLUED = re.compile(
    r"(?P<phone>[+(]*[0-9][0-9().\-/]{6,})?"
    r"(?P<marker>\#|x|ext(?:n|en|ension)?s?|num(?:ber)?|no|nr|tel)[.:#=-]*"
    r"(?P<digits>\+?\(?[0-9][0-9().\-/]*)",
    re.IGNORECASE,
)

# Markers are words before digits that say what the digits are. "x 12" may still belong
# to a name (Suite x 12), but "ext 12" can't.
_UNAMBIGUOUS_MARKERS = frozenset({"ext", "exts", "extn", "exten", "extension", "extensions"})
_EXTENSION_MARKERS = _UNAMBIGUOUS_MARKERS | {"x", "#"}
_NUMBER_MARKERS = frozenset({"no", "nr", "num", "number", "numbers"})
_PHONE_MARKERS = frozenset({"tel", "telephone", "phone", "mobile", "cell", "did", "dids", "fax"})
_MARKERS = _EXTENSION_MARKERS | _NUMBER_MARKERS | _PHONE_MARKERS
_CONJUNCTIONS = frozenset({"or", "also", "plus", "then"})


def parse_lookup(line: Line, start: int, end: int) -> SingleQuery | Several | List:
    """Return the query of `who is …`, `what's the extension of …`, or of a text without a question.

    Raises QueryError.
    """
    if smalltalk.is_unfinished(line.text, start, end):
        raise line.error_at(NOBODY_NAMED, start, end)
    target = smalltalk.after_question(line.text, start, end)
    if smalltalk.means_the_asker(line.text, target, end):
        return Me(line.typed(start, end))
    if arguments.begins_with_filter(line.text, target):
        return arguments.parse_list(line, target, target, end)
    if stray := arguments.stray_filter(line.text, target, end):
        raise line.error_at(FILTER_WITH_NAME, *stray)
    if misspelled := arguments.misspelled_filter(line.text, target, end):
        raise line.error_at(*misspelled)
    is_question = target > start
    return _paged_name(line, target, end, is_question=is_question) or _targets(
        line, target, end, is_question=is_question
    )


def _targets(line: Line, start: int, end: int, *, is_question: bool) -> SingleQuery | Several:
    end = smalltalk.before_field(line.text, start, end, is_question=is_question)
    return parse_targets(line, start, end)


def _paged_name(line: Line, start: int, end: int, *, is_question: bool) -> Name | None:
    """Return the name in `john smith page 2`, or `None`: only names have pages."""
    page = arguments.page_at_end(line, start, end)
    if not page.number or not line.typed(start, page.text_end):
        return None
    query = _targets(line, start, page.text_end, is_question=is_question)
    return replace(query, page=page.page) if isinstance(query, Name) else None


def parse_targets(line: Line, start: int, end: int) -> SingleQuery | Several:
    """Return the query for the targets between two positions. Raises QueryError."""
    words = words_of(line.text, start, end)
    items = _distinct([item for chunk in _chunks(words) for item in _parse_chunk(line, chunk)])
    if not items:
        raise line.error_at(NOTHING_TO_READ, start, end)
    if len(items) > limits.MAX_ITEMS_PER_QUERY:
        first_too_many = items[limits.MAX_ITEMS_PER_QUERY]
        raise line.error_at(TOO_MANY, first_too_many.start, first_too_many.end)
    if len(items) == 1:
        return items[0].query
    return Several(tuple(item.query for item in items), line.typed(start, end))


def _chunks(words: list[Word]) -> list[list[Word]]:
    """Return the words of each item, or of items with only spaces between them.

    `smith, john` is one name, but commas in a list with *and* (`john, mary and bob`) separate
    people.
    """
    groups = split_words(words, _is_separator)
    parts = [split_words(group, _is_comma) for group in groups]
    has_conjunction = len(groups) > 1 and any(map(_is_and, words))
    if not has_conjunction or all(map(names.is_last_first, parts)):
        parts = [names.first_name_first(group) for group in parts]
    return [chunk for group in parts for chunk in group]


def _is_separator(word: Word) -> bool:
    return word.text in ("\n", ";") or _is_and(word)


def _is_and(word: Word) -> bool:
    return word.text == "&" or word.lowered == "and"


def _is_comma(word: Word) -> bool:
    return word.text == ","


def _distinct(items: list[ParsedItem]) -> list[ParsedItem]:
    """Return items without the repeated ones."""
    distinct: dict[tuple[type, object], ParsedItem] = {}
    for item in items:
        distinct.setdefault(_identity(item.query), item)
    return list(distinct.values())


def _identity(query: SingleQuery) -> tuple[type, object]:
    """Return a key that is equal for items that mean the same but were typed differently."""
    match query:
        case Number(digits=key) | Email(address=key) | Person(user_id=key):
            return type(query), key
        case Phone(candidates=keys):
            return type(query), keys[0]
        case Name(text=text):
            return type(query), text.casefold()
        case Me():
            return type(query), None


def _parse_chunk(line: Line, chunk: list[Word]) -> list[ParsedItem]:
    """Return the items in one chunk.

    If a chunk has words that could be a name besides an email, a person or a whole phone number,
    the words are left out: `John Smith <john.smith@example.com>`.
    """
    if len(chunk) > 1 and all(word.text.startswith('"') for word in chunk):
        return [item for word in chunk for item in _parse_chunk(line, [word])]
    items, has_name_words = _recognized_items(line, chunk)
    if has_name_words or not items:
        return [item for item in items if item.unambiguous] or _as_name(line, chunk)
    return items


def _recognized_items(line: Line, chunk: list[Word]) -> tuple[list[ParsedItem], bool]:
    """Return the items in a chunk, and whether it has other words that can be a name."""
    items: list[ParsedItem] = []
    has_name_words = False
    for part in _scan(line, [piece for word in chunk for piece in _pieces(trim(word))]):
        if isinstance(part, ParsedItem):
            items.append(part)
        else:
            has_name_words = has_name_words or part.lowered not in _CONJUNCTIONS
    return items, has_name_words


def _as_name(line: Line, chunk: list[Word]) -> list[ParsedItem]:
    """Return a chunk as one name, or as the asker; an empty list if it is only punctuation."""
    if not any(char.isalnum() for word in chunk for char in word.text):
        return []
    if len(chunk) == 1 and trim(chunk[0]).lowered in ("me", "myself"):
        word = trim(chunk[0])
        return [ParsedItem(Me(word.text), word.start, word.end)]
    return [names.name_of(line, chunk)]


def _pieces(word: Word) -> Iterator[Word]:
    """Yield `x789` as `x` and `789`; yield nothing for punctuation."""
    glued = _GLUED.fullmatch(word.text)
    if glued:
        for group in ("phone", "marker", "digits"):
            if glued[group]:
                start, end = glued.span(group)
                yield Word(glued[group], word.start + start, word.start + end)
    elif any(char.isalnum() for char in word.text):
        yield word


def _scan(line: Line, words: list[Word]) -> Iterator[ParsedItem | Word]:
    """Yield the items among the words, in order; a word that is no item is yielded as it is."""
    index = 0
    while index < len(words):
        digits_index = _index_after_markers(words, index)
        digits, markers = words[digits_index], words[index:digits_index]
        if _has_extension_marker(markers) and numbers.is_short(digits):
            unambiguous = _marker(markers[0]) in _UNAMBIGUOUS_MARKERS
            yield numbers.extension(line, digits, start=markers[0].start, unambiguous=unambiguous)
            index = digits_index + 1
        elif numbers.is_dialed(digits):
            index = _end_of_dialed(words, digits_index)
            yield from numbers.parse_numbers(line, words[digits_index:index])
        else:
            yield _person_or_email(line, words[index])
            index += 1


def _index_after_markers(words: list[Word], index: int) -> int:
    """Return the index of the digits after markers such as `ext`, `no.` or `phone number`.

    Return `index` itself if there are no markers there, or no digits after them.
    """
    after = index
    while after < len(words) and _marker(words[after]) in _MARKERS:
        after += 1
    has_digits = after < len(words) and numbers.is_dialed(words[after])
    # "Phone 3" is the name of a phone.
    is_name = (
        has_digits and len(words[after].text) < 3 and _marker(words[after - 1]) in _PHONE_MARKERS
    )
    return after if has_digits and not is_name else index


def _marker(word: Word) -> str:
    return word.lowered.strip(".:=")


def _has_extension_marker(markers: list[Word]) -> bool:
    return any(_marker(word) in _EXTENSION_MARKERS for word in markers)


def _end_of_dialed(words: list[Word], index: int) -> int:
    while index < len(words) and numbers.is_dialed(words[index]):
        index += 1
    return index


def _person_or_email(line: Line, word: Word) -> ParsedItem | Word:
    """Return the word as a person or an email if it is one, else the word.

    Slack sends `@ann` as text if it knows no such person; then it is a name.
    """
    if person := _PERSON.fullmatch(word.text):
        return ParsedItem(Person(person[1], word.text), word.start, word.end, unambiguous=True)
    if "@" not in word.text:
        return word
    if word.text.startswith("@"):
        return names.name_of(line, [word])
    address = word.text.lower().strip("()").removeprefix("mailto:")
    if not _EMAIL.fullmatch(address):
        raise line.error_at(NOT_AN_EMAIL, word.start, word.end)
    return ParsedItem(Email(address, word.text), word.start, word.end, unambiguous=True)
