"""Pages and filters: what comes after `list` and `export`, in any order.

list page 2 location:"Holmdel HQ" dnd:on unassigned
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.query import filters
from bot.query.filters import ENDS, NAMES, Argument
from bot.query.line import Line
from bot.query.model import Filters
from bot.query.problems import (
    FILTER_TWICE,
    NEEDS_QUOTES,
    Problem,
    nearest_filter,
    needs_value,
    not_an_argument,
)

_FILLERS = {"all", "directory", "everybody", "everyone", "extensions", "people", "the"}
_NAME = "|".join(NAMES)
_OTHER = rf"(?:{_NAME}):|page\s+[0-9]"
# Where a value without quotes ends, if not at a blank.
_NEXT = rf"[,;]+(?:\s|\Z|(?:{_NAME}|page)\b)"
_ARGUMENT = re.compile(
    rf"""[\s,;]*
    (?: (?P<name>[^\W\d_]+) \s* : \s*
        (?P<value> "[^"]*"? | '[^']*'(?![^\s,;]) | (?!{_OTHER}) (?: (?!{_NEXT}) \S )* | )
      | (?P<page>page) (?!\w*[^\W\d]) \s* (?P<number>[^\s,;]*)
      | (?P<bare>"[^"]*"? | [^\s,;]+) )""",
    re.VERBOSE | re.IGNORECASE,
)
_FILTER = re.compile(rf"(?:{_NAME})\s*:(?!//)|unassigned(?!\S)", re.IGNORECASE)
_BEGINNING = re.compile(rf"{_FILTER.pattern}|page\s*:?\s*[0-9]+(?!\S)", re.IGNORECASE)
_WITHIN = re.compile(
    rf"(?<!\S)(?:(?:{_NAME})\s*:(?!//)|page\s*:?\s*[+-]?[0-9]+(?!\S)|unassigned\Z)", re.IGNORECASE
)
_STRAY = re.compile(rf"(?<!\S)(?:{_NAME}):(?!//)\S+", re.IGNORECASE)
# A name right before its colon, but none of the prefixes that say which kind of thing follows.
_LIKE_FILTER = re.compile(
    r"(?!(?:mailto|https?|ext|extn|extension|tel|no|number|name):)(?P<name>[a-z]+)(?=:\w)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'"[^"]*"?')
_WHOLE = re.compile(r"[+-]?[0-9]+")


def begins(text: str, start: int, end: int) -> bool:
    """Whether a list is asked for without the word: `dnd:on`, `page 2`."""
    return _BEGINNING.match(text, start, end) is not None


def begins_with_filter(text: str, start: int, end: int) -> bool:
    """Whether a filter comes first: `who is unassigned`."""
    return _FILTER.match(text, start, end) is not None


def arguments(
    line: Line, start: int, end: int, *, command: str = "list", location: str = ""
) -> dict[str, Argument]:
    """Return the pages and filters between two positions, by name; each can be there once.

    Raises QueryError. `location` is one that the command was given already.
    """
    given: dict[str, Argument] = {}
    if location:
        given["location"] = Argument("location", location, start, start)
    for argument in _each(line, start, end, command):
        if argument.name in given:
            raise line.error_at(FILTER_TWICE, argument.start, argument.end)
        given[argument.name] = argument
    return given


def page_of(given: dict[str, Argument]) -> int:
    """Return the page among the arguments, or the first."""
    return int(given["page"].value) if "page" in given else 1


def filters_of(given: dict[str, Argument]) -> Filters:
    """Return the filters among the arguments."""
    values: dict[str, Any] = {name: given[name].value for name in NAMES if name in given}
    return replace(Filters(), **values)


def ends_of(given: dict[str, Argument]) -> dict[str, str]:
    """Return the numbers among the arguments that a page of a list begins or ends at."""
    return {name: str(given[name].value) for name in ENDS if name in given}


def leading_location(line: Line, start: int, end: int) -> tuple[str, int]:
    """Return the location that comes first, quoted or not, and where the arguments begin."""
    quoted = _QUOTED.match(line.text, start, end)
    following = _WITHIN.search(line.text, start, end)
    stop = quoted.end() if quoted else following.start() if following else end
    return filters.unquoted(line, start, stop), stop


def stray_filter(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the place of a filter beside something else: `john location:145214`."""
    stray = _STRAY.search(text, start, end)
    return stray.span() if stray else None


def misspelt_filter(text: str, start: int, end: int) -> tuple[Problem, int, int] | None:
    """Return what to say to `mail:…`, which is nearly a filter, and the place of its name."""
    found = _LIKE_FILTER.match(text, start, end)
    near = filters.nearest(found["name"].lower()) if found else ""
    return (nearest_filter(near), *found.span()) if found and near else None


def _each(line: Line, start: int, end: int, command: str) -> Iterator[Argument]:
    before: Argument | None = None
    while found := _ARGUMENT.match(line.text, start, end):
        start = found.end()
        if found["bare"] and found["bare"].lower() in _FILLERS:
            continue
        before = _argument(line, found) or _bare(line, found, before, command)
        start = before.end
        yield before


def _argument(line: Line, found: re.Match[str]) -> Argument | None:
    if found["name"]:
        return filters.argument(line, found["name"], found.start("name"), found.span("value"))
    if found["page"]:
        return filters.page(line, found["number"], found.start("page"), found.end())
    return None


def _bare(line: Line, found: re.Match[str], before: Argument | None, command: str) -> Argument:
    """A page without the word *page*, a filter without a value; anything else is refused."""
    word = found["bare"].lower()
    start, end = found.span("bare")
    cut_short = _is_cut_short(line, before)
    if word == "unassigned":
        return Argument("unassigned", value=True, start=start, end=end)
    if _WHOLE.fullmatch(word) and not cut_short:
        return filters.page(line, word, start, end)
    problem = NEEDS_QUOTES if cut_short else not_an_argument(command)
    if near := filters.nearest(word, likeness=0.8):
        problem = needs_value(word) if near == word else nearest_filter(near)
    raise line.error_at(problem, start, end)


def _is_cut_short(line: Line, before: Argument | None) -> bool:
    """Whether the value before may go on here, for want of quotes: `location:Holmdel HQ`."""
    return (
        before is not None
        and isinstance(before.value, str)
        and not before.value.isdigit()
        and line.text[before.end - 1] not in "\"'"
    )
