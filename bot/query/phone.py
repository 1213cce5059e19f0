"""Turns phone numbers as people write them into the E.164 digits that Vonage stores."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

from bot import limits

# The most digits that E.164 allows, without a `00` or `011` before them.
MAX_DIGITS = 15
# Anything shorter is an extension.
MIN_DIGITS = 7
# Anything shorter, in groups, may be two extensions.
_MIN_NATIONAL_DIGITS = 9

_EXIT_CODE = re.compile(r"\A(?:00|011)")
_INTERNATIONAL_PREFIX = re.compile(rf"{_EXIT_CODE.pattern}(?=[0-9]{{7}})")
_NOT_DIGITS = re.compile(r"\D+")
_COUNTRY_CODES = frozenset(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE))


def digits_of(written: str) -> str:
    """Return only the digits of a number."""
    return _NOT_DIGITS.sub("", written)


def is_too_long(written: str) -> bool:
    """Return whether a number has more digits than E.164 allows.

    The `(0)` of `+44 (0)20` does not count.
    """
    digits = digits_of(written.replace("(0)", ""))
    return len(_without_exit_code(digits)) > MAX_DIGITS


def is_valid(written: str, region: str) -> bool:
    """Return whether a number is valid as dialed in `region`, or with its country code first.

    `44 20 7946 0958` is valid without a plus, as a space separates its country code.
    """
    digits = digits_of(written)
    if not MIN_DIGITS <= len(digits) <= MAX_DIGITS + len("011"):
        return False
    return _valid_number(written, region) is not None or (
        _has_country_code(written)
        and _valid_number("+" + _without_exit_code(digits), region) is not None
    )


def is_national(written: str, region: str) -> bool:
    """Return whether a number has the form of a national number in `region`, with its leading 0.

    `07700 900002` does, although `is_valid` refuses it: numbering plans don't list numbers that
    are reserved for fiction, nor the newest ranges.
    """
    trunk_prefix = phonenumbers.ndd_prefix_for_region(region, True) or ""
    digits = digits_of(written)
    has_trunk_zero = trunk_prefix.startswith("0") and digits.startswith(trunk_prefix)
    return (
        has_trunk_zero
        and len(digits) >= _MIN_NATIONAL_DIGITS
        and _possible_number(written, region) is not None
    )


def candidates(written: str, region: str) -> tuple[str, ...]:
    """Return the E.164 digits (no plus) that a number can mean, likeliest first.

    They are the number as dialed in `region`, then as an international number without its plus,
    then the digits as typed.
    """
    digits = digits_of(written)
    numbers = [_valid_number(written, region)]
    if not numbers[0]:
        numbers = [
            _valid_number("+" + _without_exit_code(digits), region),
            _possible_number(written, region),
        ]
    return tuple(dict.fromkeys([*(_e164(number) for number in numbers if number), digits]))


def _without_exit_code(digits: str) -> str:
    """Return digits without a prefix for international calls."""
    return _INTERNATIONAL_PREFIX.sub("", digits)


def _has_country_code(written: str) -> bool:
    first, space, _ = written.partition(" ")
    code = _EXIT_CODE.sub("", first)
    return bool(space) and (not code or code in _COUNTRY_CODES)


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164).removeprefix("+")


def _possible_number(written: str, region: str) -> PhoneNumber | None:
    """Return the number if its length is right for its region, assigned or not."""
    number = _parsed(written, region)
    reason = number and phonenumbers.is_possible_number_with_reason(number)
    return number if reason == ValidationResult.IS_POSSIBLE else None


@lru_cache(maxsize=limits.MAX_CACHED_PHONE_NUMBERS)
def _valid_number(written: str, region: str) -> PhoneNumber | None:
    number = _parsed(written, region)
    return number if number and phonenumbers.is_valid_number(number) else None


def _parsed(written: str, region: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(written, region)
    except NumberParseException:
        return None
