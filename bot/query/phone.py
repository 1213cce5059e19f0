"""What a phone number can mean: how people write it -> the E.164 digits that Vonage stores."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

# E.164 allows no more; `00` and `011` before a number do not count.
MOST_DIGITS = 15
# Fewer digits are an extension.
LEAST_DIGITS = 7

_ABROAD = re.compile(r"(?:00|011)(?=\d{7})")
_NOT_DIGITS = re.compile(r"\D+")


def digits_of(written: str) -> str:
    """Return the digits alone."""
    return _NOT_DIGITS.sub("", written)


def is_too_long(written: str) -> bool:
    """Whether no phone number has so many digits. The `(0)` of `+44 (0)20` is none of them."""
    digits = digits_of(written.replace("(0)", ""))
    return len(_ABROAD.sub("", digits, count=1)) > MOST_DIGITS


def is_number(written: str, region: str) -> bool:
    """Whether this is a valid number as dialled in `region`, or with its country code first.

    `44 20 7946 0958` counts, where a space sets the country code apart, although it has no plus.
    """
    digits = digits_of(written)
    if not LEAST_DIGITS <= len(digits) <= MOST_DIGITS + len("011"):
        return False
    if _valid(written, region):
        return True
    abroad = None if written.startswith("+") else _valid("+" + digits, region)
    return abroad is not None and written.split(" ", maxsplit=1)[0] == str(abroad.country_code)


def meanings(written: str, region: str) -> tuple[str, ...]:
    """Return the E.164 digits (no plus) that a number can mean, likeliest first.

    That is the number as dialled in `region`, then as an international one whose plus was left
    out, then the digits as typed.
    """
    digits = digits_of(written)
    local = _parsed(written, region)
    if local and phonenumbers.is_valid_number(local):
        found = [local]
    else:
        abroad = _valid("+" + _ABROAD.sub("", digits, count=1), region)
        found = [number for number in (abroad, local) if number and _is_whole(number)]
    return tuple(dict.fromkeys([*map(_e164, found), digits]))


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164).removeprefix("+")


def _is_whole(number: PhoneNumber) -> bool:
    """Whether the number has an area code where it needs one."""
    return phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE


def _valid(written: str, region: str) -> PhoneNumber | None:
    number = _parsed(written, region)
    return number if number and phonenumbers.is_valid_number(number) else None


def _parsed(written: str, region: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(written, region)
    except NumberParseException:
        return None
