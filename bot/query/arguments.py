"""Pages and filters after a command, and the page after a name.

`list` and `export` take them in any order: `list page 2 location:"Holmdel HQ" dnd:on`. Queries
without filters have the page at the end: `john smith page 2`, `changes page 2`, `audit dnd page 2`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from bot.fields import FILTERS, Filters, Kind
from bot.query import filters
from bot.query.filters import BOUNDS, NAMES, Argument
from bot.query.model import List
from bot.query.problems import (
    FILTER_TWICE,
    NEEDS_QUOTES,
    PAGE_TWICE,
    Problem,
    needs_value,
    not_an_argument,
)
from bot.query.text import Line

_FILLERS = {"all", "directory", "everybody", "everyone", "extensions", "people", "the"}
_NAME = "|".join(NAMES)
_FLAG = "|".join(name for name, row in FILTERS.items() if row.kind is Kind.FLAG)
_WITH_VALUE = "|".join(name for name, row in FILTERS.items() if row.kind is not Kind.FLAG)
_OTHER_ARGUMENT = rf"(?:{_NAME}):|page\s+[0-9]"
# A value without quotes ends here or at a space.
_END_OF_VALUE = rf"[,;]+(?:\s|\Z|(?:{_NAME}|page)\b)"
_ARGUMENT = re.compile(
    rf"""[\s,;]*
    (?: (?P<name>[^\W\d_]+) \s* : \s*
        (?P<value> "[^"]*"? | '[^']*'(?![^\s,;])
            | (?!{_OTHER_ARGUMENT}) (?: (?!{_END_OF_VALUE}) \S )* | )
      | (?P<page>page) (?!\w*[^\W\d]) \s* (?P<number>[^\s,;]*)
      | (?P<bare>"[^"]*"? | [^\s,;]+) )""",
    re.VERBOSE | re.IGNORECASE,
)
_FILTER = re.compile(rf"(?:{_NAME})\s*:(?!//)|(?:{_FLAG})(?!\S)", re.IGNORECASE)
_FILTER_OR_PAGE = re.compile(rf"{_FILTER.pattern}|page\s*:?\s*[0-9]+(?!\S)", re.IGNORECASE)
_LATER_ARGUMENT = re.compile(
    rf"(?<!\S)(?:(?:{_NAME})\s*:(?!//)|page\s*:?\s*[+-]?[0-9]+(?!\S)|(?:{_FLAG})\Z)",
    re.IGNORECASE,
)
# Quoted text is matched first, so that nothing within quotes is taken for a filter.
_QUOTED_OR_STRAY = re.compile(rf'"[^"]*"|(?P<stray>(?<!\S)(?:{_NAME}):(?!//)\S+)', re.IGNORECASE)
_VALUE_MISSING = re.compile(rf"(?<!\S)(?:{_WITH_VALUE})\Z", re.IGNORECASE)
_COLON = re.compile(r"\s*:")
# A word directly before a colon, except for the prefixes that say what kind of item follows.
_LIKE_FILTER = re.compile(
    r"(?!(?:mailto|https?|ext|extn|extension|tel|no|number|name):)(?P<name>[a-z]+)(?=:\w)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'"[^"]*"?')
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")
_PAGE_AT_END = re.compile(
    r"[\s,;:.?!]*(?P<all>\bpage(?!\w*[^\W\d])\s*[:#]?\s*(?P<number>[+-]?[0-9]+))\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PageAtEnd:
    """The page at the end of other text; `text_end` is where that text ends.

    `number` is the page as typed, or empty if there is none. `start` and `end` are the position
    of the page in the line.
    """

    line: Line
    text_end: int
    number: str = ""
    start: int = 0
    end: int = 0

    @property
    def page(self) -> int:
        """The page number; 1 if none is typed. Raises QueryError if it isn't a page number."""
        if not self.number:
            return 1
        return int(filters.page_argument(self.line, self.number, self.start, self.end).value)


def page_at_end(line: Line, start: int, end: int) -> PageAtEnd:
    """Return the page at the end of the text between two positions."""
    match = _PAGE_AT_END.search(line.text, start, end)
    if not match:
        return PageAtEnd(line, end)
    return PageAtEnd(line, match.start(), match["number"], *match.span("all"))


def begins_list(text: str, start: int) -> bool:
    """Return whether text asks for a list without the word *list*: `dnd:on`, `page 2`."""
    return _FILTER_OR_PAGE.match(text, start) is not None


def begins_with_filter(text: str, start: int) -> bool:
    """Return whether text begins with a filter, as `unassigned` in `who is unassigned`."""
    return _FILTER.match(text, start) is not None


def parse_list(line: Line, start: int, arguments: int, end: int) -> List:
    """Return the list that begins at `start` and has its arguments from `arguments` to `end`.

    Raises QueryError.
    """
    return as_list(parse_arguments(line, arguments, end), line, start, end)


def as_list(arguments: dict[str, Argument], line: Line, start: int, end: int) -> List:
    """Return a list with these arguments, which was typed between two positions."""
    page = int(arguments["page"].value) if "page" in arguments else 1
    bounds = {name: arguments[name] for name in BOUNDS if name in arguments}
    typed = _typed_without(bounds.values(), line, start, end)
    values = {name: str(argument.value) for name, argument in bounds.items()}
    return List(page, filters_of(arguments), typed, **values)


def filters_of(arguments: dict[str, Argument]) -> Filters:
    """Return the filters among the arguments."""
    values: dict[str, Any] = {name: arguments[name].value for name in NAMES if name in arguments}
    return replace(Filters(), **values)


def parse_arguments(
    line: Line, start: int, end: int, *, command: str = "list", location: str = ""
) -> dict[str, Argument]:
    """Return the pages and filters between two positions, by name.

    Raises QueryError, also if the same one is used twice. `location` is the location that the
    command has already parsed, or empty.
    """
    arguments: dict[str, Argument] = {}
    if location:
        arguments["location"] = Argument("location", location, start, start)
    for argument in _each_argument(line, start, with_missing_value(line.text, start, end), command):
        if argument.name in arguments:
            problem = PAGE_TWICE if argument.name == "page" else FILTER_TWICE
            raise line.error_at(problem, argument.start, argument.end)
        arguments[argument.name] = argument
    return arguments


def with_missing_value(text: str, start: int, end: int) -> int:
    """Return `end`, moved past a colon if the text ends with a filter without its value.

    With the colon, the error points at the incomplete filter. At the end of any other text, a
    colon is punctuation and not part of the query.
    """
    colon = _COLON.match(text, end)
    return colon.end() if colon and _VALUE_MISSING.search(text, start, end) else end


def leading_location(line: Line, start: int, end: int) -> tuple[str, int]:
    """Return the location at the beginning, quoted or not, and where the arguments begin."""
    quoted = _QUOTED.match(line.text, start, end)
    argument = _LATER_ARGUMENT.search(line.text, start, end)
    stop = quoted.end() if quoted else argument.start() if argument else end
    return filters.unquote(line, start, stop), stop


def stray_filter(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the position of a filter beside something else: `john location:145214`."""
    matches = _QUOTED_OR_STRAY.finditer(text, start, end)
    return next((match.span() for match in matches if match["stray"]), None)


def misspelled_filter(text: str, start: int, end: int) -> tuple[Problem, int, int] | None:
    """Return the problem with `mail:…`, which is nearly a filter, and the position of its name."""
    match = _LIKE_FILTER.match(text, start, end)
    nearest = filters.nearest_name(match["name"].lower()) if match else ""
    return (filters.did_you_mean(nearest), *match.span()) if match and nearest else None


def list_text(query: List, page: int) -> str:
    """Return a page of a list as one would type it: `list page 3 location:145214`."""
    bounds = [f"{name}:{number}" for name in BOUNDS if (number := getattr(query, name))]
    return " ".join([f"list page {page}", *filters.filter_texts(query.filters), *bounds])


def _typed_without(arguments: Iterable[Argument], line: Line, start: int, end: int) -> str:
    """Return the text between two positions without some arguments.

    Answers repeat that text, and only buttons send the bounds of a page.
    """
    text = line.text[:end]
    for argument in sorted(arguments, key=lambda argument: argument.start, reverse=True):
        text = text[: argument.start] + text[argument.end :]
    return " ".join(text[start:].split())


def _each_argument(line: Line, start: int, end: int, command: str) -> Iterator[Argument]:
    previous: Argument | None = None
    while match := _ARGUMENT.match(line.text, start, end):
        start = match.end()
        if match["bare"] and match["bare"].lower() in _FILLERS:
            continue
        previous = _named_argument(line, match) or _bare_argument(line, match, previous, command)
        start = previous.end
        yield previous


def _named_argument(line: Line, match: re.Match[str]) -> Argument | None:
    """Return a filter with a colon, or a page with the word *page*."""
    if match["name"]:
        span = match.span("value")
        return filters.filter_argument(line, match["name"], match.start("name"), span)
    if match["page"]:
        return filters.page_argument(line, match["number"], match.start("page"), match.end())
    return None


def _bare_argument(
    line: Line, match: re.Match[str], previous: Argument | None, command: str
) -> Argument:
    """Return a page without the word *page*, or a filter that takes no value.

    Raises QueryError for any other word.
    """
    word = match["bare"].lower()
    start, end = match.span("bare")
    if word in FILTERS and FILTERS[word].kind is Kind.FLAG:
        return Argument(word, value=True, start=start, end=end)
    continues = _may_continue(line, previous)
    if _WHOLE_NUMBER.fullmatch(word) and not continues:
        return filters.page_argument(line, word, start, end)
    problem = NEEDS_QUOTES if continues else not_an_argument(command)
    if nearest := filters.nearest_name(word, cutoff=0.8):
        is_filter = nearest == word
        problem = (
            needs_value(filters.example_of(word)) if is_filter else filters.did_you_mean(nearest)
        )
    raise line.error_at(problem, start, end)


def _may_continue(line: Line, previous: Argument | None) -> bool:
    """Return whether the next word may belong to the value before it: `location:Holmdel HQ`."""
    return (
        previous is not None
        and isinstance(previous.value, str)
        and not previous.value.isdigit()
        and line.text[previous.end - 1] not in "\"'"
    )
