"""The parser: turns one line of text into a query. The grammar:

    789 790 1001 · +1 (415) 555-0100 · john.smith@example.com · @ann · jsmith · smith, john
    who ‹anything› · me · list [page N] [filters] · location ‹id or name› · locations
    login ‹name› · share ‹query› · refresh ‹number› · export [filters] · changes [page N]
    audit · audit ‹check› [page N] · status · help

A command only counts as the first word, so `who status` finds the person of that name. The
commands are in `commands`; `lookups` reads everything else.
"""

from __future__ import annotations

import difflib
import re

from bot.errors import QueryError
from bot.query import arguments, smalltalk
from bot.query.clean import clean
from bot.query.commands import WORDS, Takes, words_that_take
from bot.query.lookups import parse_lookup
from bot.query.model import Help, Name, Number, Query, Share
from bot.query.problems import command_first, nearest_command
from bot.query.text import CommandText, Line

_FIRST_WORD = re.compile(r"([^\W\d_]+)[.:,;!?]*(?:\s+|\Z)")
_NUMBER_OR_PERSON = re.compile(r"[+(#]*[0-9]|<@|\S+@\S+\.")
_COMMAND_AT_END = re.compile(
    rf"((?:{_NUMBER_OR_PERSON.pattern}).*)\s({'|'.join(words_that_take(Takes.LOOKUP))})",
    re.IGNORECASE,
)


def parse(text: str, *, region: str = "US") -> Query:
    """Return the query that a line of text asks for; the text is as Slack or a terminal sends it.

    `region` is the ISO code of the country for phone numbers without a country code. Raises only
    QueryError, which points at the unclear part of the text.
    """
    # Most lines are an extension number, which needs none of the work below.
    if len(text) < 7 and text.isascii() and text.isdigit():
        return Number(text, text)
    line = Line(clean(text), region)
    start, end = smalltalk.between_greetings(line.text)
    if smalltalk.asks_for_help(line.text, start, end):
        return Help()
    return _parse_query(line, start, end)


def _parse_query(line: Line, start: int, end: int) -> Query:
    """Return the query between two positions, a command or a lookup."""
    if arguments.begins_list(line.text, start):
        return arguments.parse_list(line, start, start, end)
    if first_word := _FIRST_WORD.match(line.text, start, end):
        command = CommandText(line, start, first_word.end(), end, _parse_query)
        if query := _parse_command(first_word[1].lower(), command):
            return query
    _check_order(line, start, end)
    return parse_lookup(line, start, end)


def _parse_command(first_word: str, command: CommandText) -> Query | None:
    """Return the query of a command, or `None` if the line isn't a command. Raises QueryError."""
    if word := WORDS.get(first_word):
        return word.parse(command)
    _check_spelling(first_word, command)
    return None


def _check_spelling(first_word: str, command: CommandText) -> None:
    """Raise QueryError if the first word is probably a misspelled command.

    The corrected line has to make sense, so that people's names aren't corrected.
    """
    if arguments.begins_list(command.line.text, command.rest):
        nearest = difflib.get_close_matches(first_word, words_that_take(Takes.FILTERS), 1)
    elif command.is_followed_by(_NUMBER_OR_PERSON):
        nearest = _nearest_lookup_word(first_word)
    else:
        return
    for word in nearest:
        corrected = f"{word} {command.line.typed(command.rest, command.end)}"
        if _makes_sense(corrected, command.line.region):
            word_end = command.start + len(first_word)
            problem = nearest_command(word, corrected)
            raise command.line.error_at(problem, command.start, word_end)


def _nearest_lookup_word(first_word: str) -> list[str]:
    """Return the command of which a word before a number or person is a misspelling, if any."""
    words = words_that_take(Takes.LOOKUP, Takes.LOCATION)
    nearest = difflib.get_close_matches(first_word, words, 1, 0.8)
    return [word for word in nearest if _is_typo(first_word, word)]


def _is_typo(typed: str, correct: str) -> bool:
    """Return whether letters were swapped, lost or added.

    A different letter doesn't count as a typo: Shane is a name, not a misspelled *share*.
    """
    return len(typed) != len(correct) or sorted(typed) == sorted(correct)


def _check_order(line: Line, start: int, end: int) -> None:
    """Raise QueryError for a command at the end: `789 share`."""
    if match := _COMMAND_AT_END.fullmatch(line.text, start, end):
        word = match[2].lower()
        corrected = f"{word} {line.typed(*match.span(1))}"
        if _makes_sense(corrected, line.region):
            raise line.error_at(command_first(word, corrected), *match.span(2))


def _makes_sense(text: str, region: str) -> bool:
    """Return whether a corrected line can be parsed, as something other than sharing a name.

    Any words could be a name, so `share ‹name›` doesn't show that the correction is right.
    """
    try:
        query = parse(text, region=region)
    except QueryError:
        return False
    return not (isinstance(query, Share) and isinstance(query.query, Name))
