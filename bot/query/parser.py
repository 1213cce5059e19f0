"""The grammar: one line of text -> what it asks for.

    789 790 1001 · +1 (415) 555-0100 · john.smith@example.com · @ann · jsmith · smith, john
    who ‹anything› · me · list [page N] [filters] · location ‹id or name› · locations
    login ‹name› · share ‹query› · refresh ‹number› · export [filters] · changes [page N]
    audit · audit ‹check› [page N] · status · help

A command is one only as the first word, so that `who` finds the people who are called so.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.errors import QueryError
from bot.query import audits, listing, paging, smalltalk, targets
from bot.query.clean import clean
from bot.query.filters import ENDS, Argument
from bot.query.line import Line
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
    Phone,
    Query,
    Refresh,
    Several,
    Share,
    SingleQuery,
    Status,
)
from bot.query.problems import (
    FILTER_WITH_NAME,
    NO_PAGES,
    NOBODY_NAMED,
    NOT_SHARED,
    ONE_REFRESH,
    REFRESH_WHAT,
    SHARE_WHAT,
    WHICH_LOCATION,
    Problem,
    command_first,
    nearest_command,
)

_FIRST = re.compile(r"([^\W\d_]+)[.:,;!?]*(?:\s+|\Z)")
_TO_EVERYBODY = re.compile(
    r"\s+(?:here|(?:in|to|with)\s+(?:the\s+|this\s+)?(?:all|channel|everybody|everyone|team))\Z",
    re.IGNORECASE,
)
_NOW = re.compile(r"\s+(?:again|now)\Z", re.IGNORECASE)
_SINCE = re.compile(r"(?:since|today|yesterday|this|last)\b", re.IGNORECASE)
_A_PAGE = re.compile(r"page\s*:?\s*\S", re.IGNORECASE)
_ONE_PAGE = re.compile(r"(?:all|page\s*[0-9]+)(?!\S)", re.IGNORECASE)
_SOMEBODYS = re.compile(r"(?:of|for)\s", re.IGNORECASE)
_NUMBER_OR_PERSON = re.compile(r"[+(#]*[0-9]|<@|\S+@\S+\.")
_COMMAND_LAST = re.compile(rf"((?:{_NUMBER_OR_PERSON.pattern}).*)\s(share|refresh)", re.IGNORECASE)
_LOGIN_NAME = re.compile(r"[\w.@+-]+\Z")


def parse(text: str, *, region: str = "US") -> Query:
    """Return what a line of text asks for, as Slack or a terminal sends it.

    `region` is the ISO code of the country for phone numbers without a country code. Raises
    QueryError, which points into the text, and nothing else.
    """
    if len(text) < 7 and text.isascii() and text.isdigit():
        return Number(text, text)
    line = Line(clean(text), region)
    start, end = smalltalk.between_greetings(line.text)
    if smalltalk.asks_for_help(line.text, start, end):
        return Help()
    return _query(line, start, end)


def _query(line: Line, start: int, end: int) -> Query:
    if listing.begins(line.text, start, end):
        return _listed(line, start, start, end)
    if first := _FIRST.match(line.text, start, end):
        order = _Command(line, start, first.end(), end)
        answer = _COMMANDS.get(first[1].lower(), _no_command)(order)
        if answer is not None:
            return answer
    _check_order(line, start, end)
    return _lookup(line, start, end)


def _check_order(line: Line, start: int, end: int) -> None:
    """Raise QueryError for `789 share`."""
    if found := _COMMAND_LAST.fullmatch(line.text, start, end):
        command = found[2].lower()
        corrected = f"{command} {line.words(*found.span(1))}"
        if _makes_sense(corrected, line.region):
            raise line.error_at(command_first(command, corrected), *found.span(2))


def _lookup(line: Line, start: int, end: int) -> SingleQuery | Several | List:
    """Who or what is asked for, with or without *who is*, *what's the extension of* …"""
    if smalltalk.is_unfinished(line.text, start, end):
        raise line.error_at(NOBODY_NAMED, start, end)
    begin = smalltalk.after_question(line.text, start, end)
    if smalltalk.is_the_asker(line.text, begin, end):
        return Me(line.words(start, end))
    if listing.begins_with_filter(line.text, begin, end):
        return _listed(line, begin, begin, end)
    if stray := listing.stray_filter(line.text, begin, end):
        raise line.error_at(FILTER_WITH_NAME, *stray)
    if misspelt := listing.misspelt_filter(line.text, begin, end):
        raise line.error_at(*misspelt)
    asked = begin > start
    return _named_page(line, begin, end, asked=asked) or _subject(line, begin, end, asked=asked)


def _subject(line: Line, start: int, end: int, *, asked: bool) -> SingleQuery | Several:
    end = smalltalk.before_field(line.text, start, end, asked=asked)
    return targets.read(line, start, end)


def _named_page(line: Line, start: int, end: int, *, asked: bool) -> Name | None:
    """Return the name in `john smith page 2`; what is no name has no pages of its own."""
    paged = paging.split(line, start, end)
    if not paged.number or not line.words(start, paged.end):
        return None
    found = _subject(line, start, paged.end, asked=asked)
    return replace(found, page=paged.page) if isinstance(found, Name) else None


def _listed(line: Line, start: int, arguments: int, end: int) -> List:
    given = listing.arguments(line, arguments, end)
    return _as_list(given, line.words(start, end))


def _as_list(given: dict[str, Argument], words: str) -> List:
    page, filters = listing.page_of(given), listing.filters_of(given)
    return List(page, filters, words, **listing.ends_of(given))


@dataclass(frozen=True, slots=True)
class _Command:
    """A first word that can be a command, and where the rest of its line begins and ends."""

    line: Line
    start: int
    rest: int
    end: int

    @property
    def is_alone(self) -> bool:
        return self.rest >= self.end

    @property
    def word(self) -> str:
        return self.line.text[self.start : self.rest].strip(" \n.:,;!?").lower()

    def follows(self, pattern: re.Pattern[str]) -> bool:
        return pattern.match(self.line.text, self.rest, self.end) is not None

    def without(self, ending: re.Pattern[str]) -> int:
        """Where the rest ends, less words that only say how it is meant."""
        found = ending.search(self.line.text, self.rest, self.end)
        return found.start() if found else self.end

    def refuse(self, problem: Problem) -> QueryError:
        return self.line.error_at(problem, self.start if self.is_alone else self.rest, self.end)


def _list(order: _Command) -> List:
    return _listed(order.line, order.start, order.rest, order.end)


def _export(order: _Command) -> Export:
    given = listing.arguments(order.line, order.rest, order.end, command="export")
    for name in ("page", *ENDS):
        if page := given.get(name):
            raise order.line.error_at(NO_PAGES, page.start, page.end)
    return Export(listing.filters_of(given), order.line.words(order.start, order.end))


def _location(order: _Command) -> List | None:
    if order.follows(_SOMEBODYS):
        return None
    location, after = listing.leading_location(order.line, order.rest, order.end)
    if not location:
        raise order.refuse(WHICH_LOCATION)
    given = listing.arguments(order.line, after, order.end, location=location)
    return _as_list(given, order.line.words(order.start, order.end))


def _locations(order: _Command) -> Query | None:
    return Locations() if order.is_alone or order.follows(_ONE_PAGE) else _location(order)


def _login(order: _Command) -> List | None:
    """The filter without its colon; before several words it is part of a name."""
    if not order.follows(_LOGIN_NAME):
        return None
    filters = Filters(login=order.line.words(order.rest, order.end))
    return List(filters=filters, words=order.line.words(order.start, order.end))


def _share(order: _Command) -> Share:
    if order.is_alone:
        raise order.refuse(SHARE_WHAT)
    query = _query(order.line, order.rest, order.without(_TO_EVERYBODY))
    if not isinstance(query, SingleQuery | Several | List):
        raise order.refuse(NOT_SHARED)
    return Share(query)


def _refresh(order: _Command) -> Refresh:
    if order.is_alone:
        raise order.refuse(REFRESH_WHAT)
    query = _lookup(order.line, order.rest, order.without(_NOW))
    if isinstance(query, Number | Phone | Email):
        return Refresh(query)
    raise order.refuse(ONE_REFRESH if isinstance(query, Several) else REFRESH_WHAT)


def _changes(order: _Command) -> Changes | None:
    """Return which page of the changes is asked for; since when makes no difference."""
    paged = paging.split(order.line, order.rest, order.end)
    if not order.line.words(order.rest, paged.end) or order.follows(_SINCE):
        return Changes(paged.page)
    if order.follows(_A_PAGE):  # of `list page two` the same is said
        listing.arguments(order.line, order.rest, order.end)
    return None


def _audit(order: _Command) -> Audit | None:
    return Audit() if order.is_alone else audits.read(order.line, order.rest, order.end)


def _alone(query: Query, *followers: str) -> Callable[[_Command], Query | None]:
    """A command without arguments; before other words than `followers` it is part of a name."""
    following = re.compile(rf"(?:{'|'.join(followers)})\b", re.IGNORECASE)
    return lambda order: query if order.is_alone or order.follows(following) else None


def _no_command(order: _Command) -> None:
    """Raise QueryError where a command has a mistake in it and nothing else makes sense."""
    if listing.begins(order.line.text, order.rest, order.end):
        near = difflib.get_close_matches(order.word, ("list", "export"), 1)
    elif order.follows(_NUMBER_OR_PERSON):
        near = difflib.get_close_matches(order.word, ("share", "refresh", "location"), 1, 0.8)
        near = [word for word in near if _is_slip(order.word, word)]
    else:
        return
    for command in near:
        corrected = f"{command} {order.line.words(order.rest, order.end)}"
        if _makes_sense(corrected, order.line.region):
            spot = order.start, order.start + len(order.word)
            raise order.line.error_at(nearest_command(command, corrected), *spot)


def _is_slip(written: str, meant: str) -> bool:
    """Whether letters were swapped, lost or doubled; Shane is a name and no slip of `share`."""
    return len(written) != len(meant) or sorted(written) == sorted(meant)


def _makes_sense(text: str, region: str) -> bool:
    try:
        query = parse(text, region=region)
    except QueryError:
        return False
    return not (isinstance(query, Share) and isinstance(query.query, Name))


_COMMANDS: dict[str, Callable[[_Command], Query | None]] = {
    "list": _list,
    "location": _location,
    "locations": _locations,
    "login": _login,
    "share": _share,
    "refresh": _refresh,
    "update": _refresh,
    "export": _export,
    "changes": _changes,
    "audit": _audit,
    "status": _alone(Status(), "report", "check", "now", "page", "update"),
}
_COMMANDS["help"] = _alone(Help(), *_COMMANDS, "who", "me", "with", "on", "about", "filters")
