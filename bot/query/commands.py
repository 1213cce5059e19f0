"""The table of commands: one row for each kind of query that people can type.

A row says which words ask for the query, how they are parsed, who may ask, whether the answer
has pages, and what help shows. The parser, the suggestions for misspelled words, help, and the
text of a page are derived from this table, so a new command is one row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, TypeGuard

from bot.query import arguments, audits, names
from bot.query.filters import BOUNDS
from bot.query.lookups import parse_lookup
from bot.query.model import (
    Audit,
    Changes,
    Email,
    Export,
    Filters,
    Help,
    List,
    Locations,
    Me,
    Name,
    Number,
    PagedQuery,
    Person,
    Phone,
    Query,
    Refresh,
    Several,
    Share,
    SingleQuery,
    Status,
)
from bot.query.problems import (
    NO_PAGES,
    NOT_SHARED,
    ONE_REFRESH,
    REFRESH_WHAT,
    SHARE_WHAT,
    WHICH_LOCATION,
)
from bot.query.text import CommandText

_WITH_EVERYONE = re.compile(
    r"\s+(?:here|(?:in|to|with)\s+(?:the\s+|this\s+)?(?:all|channel|everybody|everyone|team))\Z",
    re.IGNORECASE,
)
_NOW = re.compile(r"\s+(?:again|now)\Z", re.IGNORECASE)
_SINCE = re.compile(r"(?:since|today|yesterday|this|last)\b", re.IGNORECASE)
_PAGE = re.compile(r"page\s*:?\s*\S", re.IGNORECASE)
_ALL_OR_PAGE = re.compile(r"(?:all|page\s*[0-9]+)(?!\S)", re.IGNORECASE)
_OF_SOMEBODY = re.compile(r"(?:of|for)\s", re.IGNORECASE)
_LOGIN_NAME = re.compile(r"[\w.@+-]+\Z")


class Takes(Enum):
    """What follows a command word. Misspelled words are only recognized before such text."""

    NOTHING = "nothing"
    FILTERS = "pages and filters"
    LOCATION = "a location"
    LOOKUP = "what to look up"


@dataclass(frozen=True, slots=True)
class CommandWord:
    """A word that can begin a command, and the parser for the line that it begins.

    `parse` returns `None` if the line is not the command but a name that begins with the word
    (*Help Desk*). It raises QueryError if the line is the command, but has a mistake. `aliases`
    are other words for the same command, which are understood but never suggested.
    """

    text: str
    parse: Callable[[CommandText], Query | None]
    takes: Takes = Takes.NOTHING
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Command:
    """One kind of query.

    `words` ask for it; queries without words are recognized by their form. `admins_only` queries
    are for Ext's admins. If the answer has pages, `page_texts` takes the query and a page number,
    and returns the ways to type that page, the shortest first. `examples` are shown by help: a
    query as typed after `/ext`, and its meaning in a few words.
    """

    query_type: type[Query]
    words: tuple[CommandWord, ...] = ()
    admins_only: bool = False
    page_texts: Callable[[Any, int], Iterable[str]] | None = None
    examples: tuple[tuple[str, str], ...] = ()

    @property
    def pageable(self) -> bool:
        """Whether the answer has pages."""
        return self.page_texts is not None


@dataclass(frozen=True, slots=True)
class Example:
    """A query as typed after `/ext`, its meaning, and whether only admins may ask it."""

    text: str
    meaning: str
    admins: bool = False


def command_of(query: Query) -> Command:
    """Return the row of the table for a query."""
    return _BY_QUERY_TYPE[type(query)]


def has_pages(query: Query) -> TypeGuard[PagedQuery]:
    """Return whether the answer of a query has pages, which `unparse` writes as text."""
    return command_of(query).pageable


def words_that_take(*kinds: Takes) -> tuple[str, ...]:
    """Return the command words that are followed by one of these kinds of text."""
    return tuple(word.text for command in COMMANDS for word in command.words if word.takes in kinds)


def _list(command: CommandText) -> List:
    return arguments.parse_list(command.line, command.start, command.rest, command.end)


def _export(command: CommandText) -> Export:
    given = arguments.parse_arguments(command.line, command.rest, command.end, command="export")
    for name in ("page", *BOUNDS):
        if argument := given.get(name):
            raise command.line.error_at(NO_PAGES, argument.start, argument.end)
    return Export(arguments.filters_of(given), command.typed)


def _location(command: CommandText) -> List | None:
    """Return the list of a location, or `None` for *location of …*, which asks about a person."""
    if command.is_followed_by(_OF_SOMEBODY):
        return None
    line, start = command.line, command.rest
    end = arguments.with_missing_value(line.text, start, command.end)
    location, arguments_start = arguments.leading_location(line, start, end)
    if not location:
        raise replace(command, end=end).error_at_rest(WHICH_LOCATION)
    given = arguments.parse_arguments(line, arguments_start, end, location=location)
    return arguments.as_list(given, line, command.start, end)


def _locations(command: CommandText) -> Query | None:
    is_whole = command.is_alone or command.is_followed_by(_ALL_OR_PAGE)
    return Locations() if is_whole else _location(command)


def _login(command: CommandText) -> List | None:
    """Return the list with the filter *login*, typed without its colon.

    Several words after *login* are a name.
    """
    if not command.is_followed_by(_LOGIN_NAME):
        return None
    login = command.line.typed(command.rest, command.end)
    return List(filters=Filters(login=login), typed=command.typed)


def _share(command: CommandText) -> Share:
    if command.is_alone:
        raise command.error_at_rest(SHARE_WHAT)
    end = command.end_before(_WITH_EVERYONE)
    query = command.parse_query(command.line, command.rest, end)
    if not isinstance(query, SingleQuery | Several | List):
        raise command.error_at_rest(NOT_SHARED)
    return Share(query)


def _refresh(command: CommandText) -> Refresh:
    if command.is_alone:
        raise command.error_at_rest(REFRESH_WHAT)
    query = parse_lookup(command.line, command.rest, command.end_before(_NOW))
    if isinstance(query, Number | Phone | Email):
        return Refresh(query)
    raise command.error_at_rest(ONE_REFRESH if isinstance(query, Several) else REFRESH_WHAT)


def _changes(command: CommandText) -> Changes | None:
    """Return a page of the changes. *since …* is accepted, but makes no difference."""
    page = arguments.page_at_end(command.line, command.rest, command.end)
    if not command.line.typed(command.rest, page.text_end) or command.is_followed_by(_SINCE):
        return Changes(page.page)
    if command.is_followed_by(_PAGE):  # raises the same error as `list page two`
        arguments.parse_arguments(command.line, command.rest, command.end)
    return None


def _audit(command: CommandText) -> Audit | None:
    if command.is_alone:
        return Audit()
    return audits.parse_audit(command.line, command.rest, command.end)


def _without_arguments(query: Query, *followers: str) -> Callable[[CommandText], Query | None]:
    """Return the parser of a command that takes nothing.

    `followers` are words that may follow and add nothing. Before any other word, the command word
    is part of a name.
    """
    pattern = re.compile(rf"(?:{'|'.join(followers)})\b", re.IGNORECASE)

    def parse(command: CommandText) -> Query | None:
        return query if command.is_alone or command.is_followed_by(pattern) else None

    return parse


def _help(command: CommandText) -> Help | None:
    """Return the help, for *help list* and *help with filters* too, but not for *Help Desk*."""
    return Help() if command.is_alone or command.is_followed_by(_HELP_TOPIC) else None


def _list_texts(query: List, page: int) -> Iterable[str]:
    return [arguments.list_text(query, page)]


def _changes_texts(_: Changes, page: int) -> Iterable[str]:
    return [f"changes page {page}"]


def _audit_texts(query: Audit, page: int) -> Iterable[str]:
    """Return the text for a page of one check; the audit of all checks has a single page."""
    return [f"audit {query.check} page {page}" if query.check else "audit"]


# Help shows the examples in this order, with those for admins last.
COMMANDS: tuple[Command, ...] = (
    Command(Number, examples=(("789", "one extension"),)),
    Command(
        Name,
        page_texts=names.page_texts,
        examples=(
            ("john smith", "by name"),
            ("jhon smith", "typos and missing accents are fine"),
            ("who jsmith", "by login name"),
        ),
    ),
    Command(Phone, examples=(("who +1 (415) 555-0100", "whose number that is"),)),
    Command(Email, examples=(("who john.smith@example.com", "by email"),)),
    Command(Person),
    Command(Several, examples=(("789 790 1001", "several, up to ten"),)),
    Command(Me, examples=(("me", "your own extension"),)),
    Command(
        List,
        words=(
            CommandWord("list", _list, Takes.FILTERS),
            CommandWord("location", _location, Takes.LOCATION),
            CommandWord("login", _login),
        ),
        page_texts=_list_texts,
        examples=(
            ("list page 2", "the directory, page by page"),
            ('list location:"Holmdel HQ"', "the directory, filtered"),
            ("location 145214", "who is at a location"),
        ),
    ),
    Command(
        Locations,
        words=(CommandWord("locations", _locations),),
        examples=(("locations", "all locations"),),
    ),
    Command(
        Share,
        words=(CommandWord("share", _share, Takes.LOOKUP),),
        examples=(("share 789", "the answer for the whole channel"),),
    ),
    Command(
        Refresh,
        words=(CommandWord("refresh", _refresh, Takes.LOOKUP, aliases=("update",)),),
        examples=(("refresh 789", "check for changes now"),),
    ),
    Command(
        Status,
        words=(
            CommandWord(
                "status",
                _without_arguments(Status(), "report", "check", "now", "page", "update"),
            ),
        ),
        examples=(("status", "how fresh my copy is, and what works"),),
    ),
    Command(Help, words=(CommandWord("help", _help),), examples=(("help", "this overview"),)),
    Command(
        Export,
        words=(CommandWord("export", _export, Takes.FILTERS),),
        admins_only=True,
        examples=(("export", "the directory as a CSV file"),),
    ),
    Command(
        Changes,
        words=(CommandWord("changes", _changes),),
        admins_only=True,
        page_texts=_changes_texts,
        examples=(("changes", "who joined, left or moved"),),
    ),
    Command(
        Audit,
        words=(CommandWord("audit", _audit),),
        admins_only=True,
        page_texts=_audit_texts,
        examples=(("audit", "what looks wrong"),),
    ),
)

WORDS = {
    text: word
    for command in COMMANDS
    for word in command.words
    for text in (word.text, *word.aliases)
}

EXAMPLES = tuple(
    Example(text, f"for admins: {meaning}" if command.admins_only else meaning, command.admins_only)
    for command in COMMANDS
    for text, meaning in command.examples
)

_BY_QUERY_TYPE = {command.query_type: command for command in COMMANDS}
_HELP_TOPIC = re.compile(
    rf"(?:{'|'.join([*WORDS, 'who', 'me', 'with', 'on', 'about', 'filters'])})\b", re.IGNORECASE
)
