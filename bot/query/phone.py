"""What a phone number can mean: how people write it -> the E.164 digits that Vonage stores."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, ValidationResult

# E.164 allows no more; `00` and `011` before a number do not count.
MOST_DIGITS = 15
# Fewer digits are an extension.
LEAST_DIGITS = 7
# Fewer in groups can be two extensions.
_LEAST_NATIONAL = 9

_EXIT_CODE = re.compile(r"\A(?:00|011)")
_ABROAD = re.compile(rf"{_EXIT_CODE.pattern}(?=[0-9]{{7}})")
_NOT_DIGITS = re.compile(r"\D+")
_COUNTRY_CODES = frozenset(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE))


def digits_of(written: str) -> str:
    """Return the digits alone."""
    return _NOT_DIGITS.sub("", written)


def is_too_long(written: str) -> bool:
    """Whether no phone number has so many digits. The `(0)` of `+44 (0)20` is none of them."""
    return len(_international(digits_of(written.replace("(0)", "")))) > MOST_DIGITS


def is_number(written: str, region: str) -> bool:
    """Whether this is a valid number as dialled in `region`, or with its country code first.

    `44 20 7946 0958` counts, where a space sets the country code apart, although it has no plus.
    """
    digits = digits_of(written)
    if not LEAST_DIGITS <= len(digits) <= MOST_DIGITS + len("011"):
        return False
    return _valid(written, region) is not None or (
        _has_country_code(written) and _valid("+" + _international(digits), region) is not None
    )


def is_national(written: str, region: str) -> bool:
    """Whether this looks like a number of `region` with the 0 that is dialled before it there.

    `07700 900002` counts: numbering plans do not know numbers for fiction, nor the newest.
    """
    trunk = phonenumbers.ndd_prefix_for_region(region, True) or ""
    digits = digits_of(written)
    dialled = trunk.startswith("0") and digits.startswith(trunk)
    return dialled and len(digits) >= _LEAST_NATIONAL and _whole(written, region) is not None


def meanings(written: str, region: str) -> tuple[str, ...]:
    """Return the E.164 digits (no plus) that a number can mean, likeliest first.

    That is the number as dialled in `region`, then as an international one whose plus was left
    out, then the digits as typed.
    """
    digits = digits_of(written)
    found = [_valid(written, region)]
    if not found[0]:
        found = [_valid("+" + _international(digits), region), _whole(written, region)]
    return tuple(dict.fromkeys([*(_e164(number) for number in found if number), digits]))


def _international(digits: str) -> str:
    """The digits without the code that dials out of a country."""
    return _ABROAD.sub("", digits)


def _has_country_code(written: str) -> bool:
    first, space, _ = written.partition(" ")
    code = _EXIT_CODE.sub("", first)
    return bool(space) and (not code or code in _COUNTRY_CODES)


def _e164(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164).removeprefix("+")


def _whole(written: str, region: str) -> PhoneNumber | None:
    """The number, if it has an area code where it needs one, assigned or not."""
    number = _parsed(written, region)
    reason = number and phonenumbers.is_possible_number_with_reason(number)
    return number if reason == ValidationResult.IS_POSSIBLE else None


# One line asks for the same number several times over.
@lru_cache(maxsize=32)
def _valid(written: str, region: str) -> PhoneNumber | None:
    number = _parsed(written, region)
    return number if number and phonenumbers.is_valid_number(number) else None


def _parsed(written: str, region: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(written, region)
    except NumberParseException:
        return None
