"""Parsers of the cells of the CSV file. Pure.

The functions parse what `bot.lookup.export` writes, and also what people type by hand.
"""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from bot.csv_format import escape_formula, unescape_formula
from bot.limits import (
    MAX_CSV_CELL_CHARS,
    MAX_DIDS_PER_EXTENSION,
    MAX_HANDSETS_PER_EXTENSION,
    MAX_RECORD_TEXT_CHARS,
)
from bot.models import Did, Handset
from bot.query import phone as phone_numbers

_EXPORTED_PHONE = re.compile(r"\((\+[0-9]{1,3})\) ([0-9][0-9 -]*)")
_PHONE_CHARS = re.compile(r"[0-9 ().+/-]+")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_LIST_SEPARATOR = re.compile(r"[;,\n]\s*")
_NUMBER_START = re.compile(r"[ (+]*[0-9]")
_LEFT_OUT = re.compile(r"and [0-9]+ more")
_SWITCHES = {
    "": None,
    **dict.fromkeys(("on", "yes", "true", "1"), True),
    **dict.fromkeys(("off", "no", "false", "0"), False),
}
_PHONE_DIGITS = range(7, 16)  # E.164 allows 15; a number with fewer than 7 is an extension
_MIN_CUT_CELL_CHARS = MAX_CSV_CELL_CHARS // 2  # no handset has a name so long that less is left
_MIN_DIGITS_BEFORE_TAG = 3  # so that the (0) of +44 (0)20 7946 0000 is not taken for a tag


class BadCell(ValueError):
    """A cell can't be read. The message says what to write instead and never quotes the cell."""


def plain(text: str) -> str:
    """Return a cell's text without outer spaces and without escaped formulas."""
    text = text.strip()
    return unescape_formula(text).strip() if "'" in text else text


def text(cell: str) -> str:
    """Return the text of a cell. Raises `BadCell` if it is too long."""
    value = plain(cell)
    if len(value) > MAX_RECORD_TEXT_CHARS:
        raise BadCell(f"write at most {MAX_RECORD_TEXT_CHARS:,} characters")
    return value


def switch(text: str) -> bool | None:
    """Read `on` or `off`; an empty cell is `None`. Raises `BadCell`."""
    try:
        return _SWITCHES[text.strip().casefold()]
    except KeyError:
        raise BadCell("write on or off, or leave it empty") from None


def phone(text: str, region: str) -> str:
    """Return the E.164 digits of a phone number in any form; any other text is returned as it is.

    A number without a country code belongs to `region`.
    """
    text = text.strip()
    if _EXPORTED_PHONE.fullmatch(text):
        # `export` uses this form only for possible numbers, so they aren't checked again: that
        # takes 0.1 ms each, or ten seconds for a file of 100,000 extensions.
        digits = "".join(filter(str.isdigit, text))
        return digits if len(digits) in _PHONE_DIGITS else plain(text)
    text = plain(text)
    if not _PHONE_CHARS.fullmatch(text):
        return text
    if text.startswith("+"):
        return _digits(text) or text
    is_valid = phone_numbers.is_valid(text, region)
    return phone_numbers.candidates(text, region)[0] if is_valid else text


def dids(text: str, region: str) -> tuple[Did, ...]:
    """Read `(+1) 415-555-0100 (Sales); (+1) 415-555-0101`. Raises `BadCell`."""
    parts = _parts(text)
    if len(parts) > MAX_DIDS_PER_EXTENSION:
        raise BadCell(f"write at most {MAX_DIDS_PER_EXTENSION:,} direct numbers")
    return tuple(_did(part, region) for part in map(_complete, parts))


def handsets(text: str) -> tuple[Handset, ...]:
    """Read `line1-VH6370927 (VH16370927); Reception`: names of handsets, some with a SIP id.

    Raises `BadCell`.
    """
    parts = text.strip().split("; ")
    if not all(parts):
        return (Handset(plain(text)),) if text.strip() else ()
    if len(text) > _MIN_CUT_CELL_CHARS:  # in a short cell, "and 3 more" is the name of a handset
        _complete(parts[-1])
    if len(parts) > MAX_HANDSETS_PER_EXTENSION:
        raise BadCell(f"write at most {MAX_HANDSETS_PER_EXTENSION:,} handsets")
    return tuple(map(_handset, parts))


def _digits(international: str) -> str:
    """Return the E.164 digits of a number with a plus, or an empty text if it is impossible."""
    try:
        number = phonenumbers.parse(international)
    except NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164).removeprefix("+")


def _complete(part: str) -> str:
    """Return a part of a list. Raises `BadCell` for the "and 3 more" that `export` ends it with."""
    if _LEFT_OUT.fullmatch(part):
        raise BadCell("the list was too long for a spreadsheet's cell: write the missing parts")
    return part


def _did(text: str, region: str) -> Did:
    if _SCIENTIFIC.fullmatch(text):
        raise BadCell("a spreadsheet shortened the phone number: format the column as text")
    number, tag = _tagged(text)
    if not any(char.isdecimal() for char in number):
        raise BadCell("write phone numbers such as +1 415-555-0100, or leave it empty")
    return Did(phone(number, region), plain(tag))


def _tagged(text: str) -> tuple[str, str]:
    """Split `number (tag)`. Parentheses before the third digit are part of the number."""
    if not text.endswith(")"):
        return text, ""
    for found in re.finditer(r"\s\(", text):
        number = text[: found.start()]
        if sum(map(str.isdecimal, number)) >= _MIN_DIGITS_BEFORE_TAG:
            return number, text[found.end() : -1]
    return text, ""


def _handset(text: str) -> Handset:
    """Read `name (SIP id)`; the last parentheses contain the SIP id."""
    name, opening, sip_id = text.rpartition("(")
    sip_id = sip_id.removesuffix(")")
    is_pair = sip_id and opening and text.endswith(")") and (not name or name.endswith(" "))
    if not is_pair or escape_formula(plain(sip_id)) != sip_id:
        return Handset(plain(text))
    return Handset(plain(name), plain(sip_id))


def _parts(text: str) -> list[str]:
    """Split a list of phone numbers, but not inside the parentheses of a tag."""
    parts, start = [], 0
    for found in _LIST_SEPARATOR.finditer(text):
        is_outside = _depth(text[start : found.start()]) == 0 and not _is_in_tag(text, found.end())
        if is_outside or _EXPORTED_PHONE.match(text, found.end()):
            parts.append(text[start : found.start()])
            start = found.end()
    return [part for part in (part.strip() for part in (*parts, text[start:])) if part]


def _is_in_tag(text: str, position: int) -> bool:
    """Whether the tag goes on here, although it has a `)` of its own, as in `789 (Hi :), Bob)`.

    It does if more parentheses are closed after this position than opened. Where a number can
    begin, a tag does not go on: a `)` too many at the end of a list must not join its numbers.
    """
    closes_more = text.count(")", position) > text.count("(", position)
    return closes_more and not _NUMBER_START.match(text, position)


def _depth(text: str) -> int:
    """Return how many parentheses are open at the end of a text."""
    depth = 0
    for char in text:
        depth = max(depth + (char == "(") - (char == ")"), 0)
    return depth
