"""One filter or page of a list, and what its value means."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, fields

from bot.query import phone
from bot.query.line import Line
from bot.query.model import Filters
from bot.query.problems import (
    NOT_A_FILTER,
    NOT_A_PAGE,
    NOT_DIGITS,
    OPEN_QUOTE,
    STANDS_ALONE,
    Problem,
    nearest_filter,
    needs_value,
    not_a_switch,
)

NAMES = tuple(field.name for field in fields(Filters))
ENDS = ("after", "before")  # of a page of a list: the numbers beside it

Value = str | int | bool

_SWITCH = {
    **dict.fromkeys(("on", "yes", "true", "enabled", "1"), True),
    **dict.fromkeys(("off", "no", "false", "disabled", "0"), False),
}
# What people call the filters elsewhere.
_OTHER_NAMES = {
    "did": "phone",
    "label": "tag",
    "number": "phone",
    "office": "location",
    "site": "location",
    "tel": "phone",
    "user": "login",
    "username": "login",
    "vm": "voicemail",
}
# Six digits of pages are more than the largest directory has.
_PAGE = re.compile(r"0*[1-9][0-9]{0,5}")
_DIALLED = re.compile(r"[+(]*[0-9][0-9().\-/ ]*")


@dataclass(frozen=True, slots=True)
class Argument:
    """One page or filter, and its place in the line."""

    name: str
    value: Value
    start: int
    end: int


def page(line: Line, written: str, start: int, end: int) -> Argument:
    """Return the page with this number; `start` is where the word *page* is, or the number."""
    if not _PAGE.fullmatch(written):
        raise line.error_at(NOT_A_PAGE, end - len(written) if written else start, end)
    return Argument("page", int(written), start, end)


def argument(line: Line, name: str, start: int, value: tuple[int, int]) -> Argument:
    """Return the filter `name` that begins at `start` and has its value between two positions.

    Raises QueryError where there is no such filter, or the value does not suit it.
    """
    name = name.lower()
    first, last = value
    if name == "page":
        return page(line, line.text[first:last], start, last)
    if name in ENDS and line.text[first:last].isdecimal():
        return Argument(name, line.text[first:last], start, last)
    if name not in NAMES:
        raise line.error_at(_unknown(name), start, start + len(name))
    if name == "phone":
        last = _end_of_phone(line.text, first, last)
    text = unquoted(line, first, last)
    if not text:
        raise line.error_at(needs_value(name), start, last)
    meant = _value(name, text, line.region)
    if isinstance(meant, Problem):
        raise line.error_at(meant, first, last)
    return Argument(name, meant, start, last)


def unquoted(line: Line, start: int, end: int) -> str:
    """Return a value without quotes. Raises QueryError where they are not closed."""
    value = line.words(start, end)
    if value.startswith('"') and value.find('"', 1) < 0:
        raise line.error_at(OPEN_QUOTE, start, end)
    if value[:1] == value[-1:] == "'":
        value = value[1:-1]
    return " ".join(value.replace('"', " ").split())


def nearest(name: str, *, likeness: float = 0.5) -> str:
    """Return the filter that a wrong name is nearly, or nothing."""
    close = difflib.get_close_matches(name, NAMES, n=1, cutoff=likeness)
    return _OTHER_NAMES.get(name) or "".join(close)


def _unknown(name: str) -> Problem:
    near = nearest(name)
    return nearest_filter(near) if near else NOT_A_FILTER


def _end_of_phone(text: str, start: int, end: int) -> int:
    """Where a number written with spaces ends: `phone:+1 (415) 555-0100`."""
    if len(phone.digits_of(text[start:end])) >= phone.LEAST_DIGITS:
        return end
    dialled = _DIALLED.match(text, start)
    return max(end, start + len(dialled[0].rstrip(" -/("))) if dialled else end


def _value(name: str, written: str, region: str) -> Value | Problem:
    """What is written after a filter's colon means, or why it means nothing."""
    match name:
        case "phone":
            return _phone(written, region)
        case "dnd" | "voicemail":
            return _SWITCH.get(written.lower(), not_a_switch(name))
        case "unassigned":
            return _SWITCH.get(written.lower()) or STANDS_ALONE
        case "email":
            return written.lower()
        case _:
            return written


def _phone(written: str, region: str) -> str | Problem:
    digits = phone.digits_of(written)
    if not digits or phone.is_too_long(written):
        return NOT_DIGITS
    return phone.meanings(written, region)[0] if phone.is_number(written, region) else digits
