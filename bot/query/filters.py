"""The filters of a list, and how their values are parsed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot import limits
from bot.fields import FILTERS, Filters, Kind
from bot.query import phone
from bot.query.problems import (
    NOT_A_PAGE,
    NOT_DIGITS,
    OPEN_QUOTE,
    TAKES_NO_VALUE,
    Problem,
    nearest_filter,
    needs_value,
    not_a_switch,
    unknown_filter,
)
from bot.query.text import Line

NAMES = tuple(FILTERS)
# The extension numbers that a page of a list begins after or ends before. The pager's buttons send
# them, so that the next page begins where this one ends even if people join or leave meanwhile.
BOUNDS = ("after", "before")

Value = str | int | bool

_SWITCH_VALUES = {
    **dict.fromkeys(("on", "yes", "true", "enabled", "1"), True),
    **dict.fromkeys(("off", "no", "false", "disabled", "0"), False),
}
_SUGGESTED = {name: row.name for row in FILTERS.values() for name in row.suggested_for}
_PAGE = re.compile(rf"0*[1-9][0-9]{{0,{limits.MAX_PAGE_DIGITS - 1}}}")
_DIALED = re.compile(r"[+(]*[0-9][0-9().\-/ ]*")
# A value that needs no quotes, because nothing at its edges looks like punctuation around it.
_PLAIN_VALUE = re.compile(r"\w(?:[\w.@+-]*\w)?")


@dataclass(frozen=True, slots=True)
class Argument:
    """One page or filter, and its position in the line."""

    name: str
    value: Value
    start: int
    end: int


def page_argument(line: Line, written: str, start: int, end: int) -> Argument:
    """Return the page with the number `written`, which ends at `end`.

    `start` is the position of the word *page*, or of the number. Raises QueryError if `written`
    isn't a page number.
    """
    if not _PAGE.fullmatch(written):
        raise line.error_at(NOT_A_PAGE, end - len(written) if written else start, end)
    return Argument("page", int(written), start, end)


def filter_argument(line: Line, name: str, start: int, value: tuple[int, int]) -> Argument:
    """Return the filter `name` that begins at `start` and has its value between two positions.

    Raises QueryError if there is no such filter, or the value does not suit it.
    """
    name = name.lower()
    first, last = value
    if name == "page":
        return page_argument(line, line.text[first:last], start, last)
    if name in BOUNDS and line.text[first:last].isdecimal():
        return Argument(name, line.text[first:last], start, last)
    if name not in FILTERS:
        raise line.error_at(_unknown(name), start, start + len(name))
    if FILTERS[name].kind is Kind.PHONE:
        last = _end_of_phone(line.text, first, last)
    text = unquote(line, first, last)
    if not text:
        raise line.error_at(needs_value(example_of(name)), start, last)
    parsed = _parse_value(name, text, line.region)
    if isinstance(parsed, Problem):
        raise line.error_at(parsed, first, last)
    return Argument(name, parsed, start, last)


def unquote(line: Line, start: int, end: int) -> str:
    """Return a value without its quotes. Raises QueryError if they are not closed."""
    value = line.typed(start, end)
    if value.startswith('"') and value.find('"', 1) < 0:
        raise line.error_at(OPEN_QUOTE, start, end)
    if value[:1] == value[-1:] == "'":
        value = value[1:-1]
    return " ".join(value.replace('"', " ").split())


def nearest_name(name: str, *, cutoff: float = 0.5) -> str:
    """Return the filter whose name is most similar to a wrong name, or an empty string.

    `cutoff` is the minimum similarity from 0 to 1, as `difflib` measures it.
    """
    close = difflib.get_close_matches(name, NAMES, n=1, cutoff=cutoff)
    return _SUGGESTED.get(name) or "".join(close)


def did_you_mean(name: str) -> Problem:
    """Return the problem with a misspelled filter that is probably `name`."""
    return nearest_filter(_with_colon(name), example_of(name))


def example_of(name: str) -> str:
    """Return a list with this filter, as one would type it: `list dnd:on`."""
    example = FILTERS[name].example
    return f"list {_with_colon(name)}{_quote(example) if example else ''}"


def filter_texts(filters: Filters) -> Iterator[str]:
    """Yield each filter as one would type it: `location:"Holmdel HQ"`, `dnd:on`."""
    for row, value in filters.given():
        if row.kind is Kind.SWITCH:
            yield f"{row.name}:{'on' if value else 'off'}"
        else:
            yield row.name if row.kind is Kind.FLAG else f"{row.name}:{_quote(value)}"


def _quote(value: str) -> str:
    return value if _PLAIN_VALUE.fullmatch(value) else f'"{value}"'


def _unknown(name: str) -> Problem:
    """Return the problem with a filter that does not exist."""
    nearest = nearest_name(name)
    return did_you_mean(nearest) if nearest else unknown_filter(map(_with_colon, NAMES))


def _with_colon(name: str) -> str:
    return name if FILTERS[name].kind is Kind.FLAG else f"{name}:"


def _end_of_phone(text: str, start: int, end: int) -> int:
    """Return where a number written with spaces ends: `phone:+1 (415) 555-0100`."""
    if len(phone.digits_of(text[start:end])) >= phone.MIN_DIGITS:
        return end
    dialed = _DIALED.match(text, start)
    return max(end, start + len(dialed[0].rstrip(" -/("))) if dialed else end


def _parse_value(name: str, written: str, region: str) -> Value | Problem:
    """Return what the text after a filter's colon means, or the problem with it."""
    match FILTERS[name].kind:
        case Kind.PHONE:
            return _parse_phone(written, region)
        case Kind.SWITCH:
            return _SWITCH_VALUES.get(written.lower(), not_a_switch(example_of(name)))
        case Kind.FLAG:
            return _SWITCH_VALUES.get(written.lower()) or TAKES_NO_VALUE
        case Kind.EMAIL:
            return written.lower()
        case Kind.TEXT:
            return written


def _parse_phone(written: str, region: str) -> str | Problem:
    """Return the E.164 digits of a number, or its digits alone if it is only part of one."""
    digits = phone.digits_of(written)
    if not digits or phone.is_too_long(written):
        return NOT_DIGITS
    return phone.candidates(written, region)[0] if phone.is_valid(written, region) else digits
