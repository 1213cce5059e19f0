"""One filter or page of a list, and what its value means."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass, fields

from bot.query import phone
from bot.query.line import Line
from bot.query.model import Filters
from bot.query.problems import (
    NEEDS_VALUE,
    NOT_A_FILTER,
    NOT_A_PAGE,
    NOT_A_SWITCH,
    NOT_DIGITS,
    OPEN_QUOTE,
    STANDS_ALONE,
    Problem,
    nearest_filter,
)

NAMES = tuple(field.name for field in fields(Filters))

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
        raise line.refuse(NOT_A_PAGE, end - len(written) if written else start, end)
    return Argument("page", int(written), start, end)


def argument(line: Line, name: str, start: int, value: tuple[int, int]) -> Argument:
    """Return the filter `name` that begins at `start` and has its value between two positions.

    Raises QueryError where there is no such filter, or the value does not suit it.
    """
    name = name.lower()
    first, last = value
    if name == "page":
        return page(line, line.text[first:last], start, last)
    if name not in NAMES:
        raise line.refuse(_unknown(name), start, start + len(name))
    if name == "phone":
        last = _end_of_phone(line.text, first, last)
    text = unquoted(line, first, last)
    if not text:
        raise line.refuse(NEEDS_VALUE, start, last)
    return Argument(name, _READERS[name](line, text, first, last), start, last)


def unquoted(line: Line, start: int, end: int) -> str:
    """Return a value without its quotes. Raises QueryError where they are not closed."""
    value = line.words(start, end)
    if not value.startswith('"'):
        return value
    if value == '"' or not value.endswith('"'):
        raise line.refuse(OPEN_QUOTE, start, end)
    return value[1:-1].strip()


def nearest(name: str) -> str:
    """Return the filter that a wrong name is nearly, or nothing."""
    close = difflib.get_close_matches(name, NAMES, n=1, cutoff=0.5)
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


def _text(_line: Line, value: str, _start: int, _end: int) -> str:
    return value


def _email(_line: Line, value: str, _start: int, _end: int) -> str:
    return value.lower()


def _phone(line: Line, value: str, start: int, end: int) -> str:
    digits = phone.digits_of(value)
    if not digits or phone.is_too_long(value):
        raise line.refuse(NOT_DIGITS, start, end)
    return phone.meanings(value, line.region)[0] if phone.is_number(value, line.region) else digits


def _switch(line: Line, value: str, start: int, end: int) -> bool:
    if value.lower() not in _SWITCH:
        raise line.refuse(NOT_A_SWITCH, start, end)
    return _SWITCH[value.lower()]


def _flag(line: Line, value: str, start: int, end: int) -> bool:
    if not _SWITCH.get(value.lower()):
        raise line.refuse(STANDS_ALONE, start, end)
    return True


_READERS: dict[str, Callable[[Line, str, int, int], Value]] = {
    "location": _text,
    "email": _email,
    "login": _text,
    "phone": _phone,
    "tag": _text,
    "dnd": _switch,
    "voicemail": _switch,
    "unassigned": _flag,
}
