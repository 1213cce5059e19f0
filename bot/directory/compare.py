"""Whether an extension is what was asked for. Pure; used on rows that the API claims to match.

Its filters are undocumented and may be ignored, so nothing is believed unchecked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.models import Extension, Location
from bot.query.model import Phone

PLACEHOLDER_NAMES = frozenset(
    {
        *("dummy", "deleted", "n/a", "na", "none", "null", "tba", "tbd", "temp"),
        *("test", "tester", "unknown", "unused", "user", "vacant", "xxx"),
    }
)
_NO_DIGITS = re.compile("[^0-9]+")
MIN_ENDING_DIGITS = 3  # digits; fewer would match half the directory
MIN_PHONE_DIGITS = 7  # digits from which two endings mean one phone number


def digits(text: str) -> str:
    """Return the digits of a number in any writing."""
    return text if text.isascii() and text.isdigit() else _NO_DIGITS.sub("", text)


def same_phone(stored: str, asked: str) -> bool:
    """Whether two numbers are one, where either may lack its country or area code."""
    stored, asked = digits(stored), digits(asked)
    short, long = sorted((stored, asked), key=len)
    # A trunk zero stands only in the national writing.
    short = short.lstrip("0")
    return len(short) >= MIN_PHONE_DIGITS and long.endswith(short)


def has_phone(extension: Extension, phone: Phone) -> bool:
    """Whether one of the extension's direct numbers is the one asked for."""
    return any(
        same_phone(did.phone_number, candidate)
        for did in extension.dids
        for candidate in phone.candidates
    )


def ends_with(extension: Extension, ending: str) -> bool:
    """Whether one of the extension's direct numbers ends so."""
    return len(ending) >= MIN_ENDING_DIGITS and any(
        digits(did.phone_number).endswith(ending) for did in extension.dids
    )


def has_email(extension: Extension, address: str) -> bool:
    """Whether the extension belongs to this email address."""
    user = extension.user
    return user is not None and user.email.casefold() == address.casefold()


def has_login(extension: Extension, login: str) -> bool:
    """Whether the extension belongs to this login name."""
    user = extension.user
    return user is not None and user.login_name.casefold() == login.casefold()


def match_locations(known: Iterable[Location], wanted: str) -> list[Location]:
    """Return the locations that an id or a name can mean: a whole name before a part of one."""
    known, name = tuple(known), wanted.casefold()
    return (
        [each for each in known if each.id == wanted]
        or [each for each in known if each.name.casefold() == name]
        or [each for each in known if name in f"{each.name} {each.city}".casefold()]
    )


def has_odd_name(extension: Extension) -> bool:
    """Whether the name of a user is none: nothing, a stopgap, a number or an address."""
    user = extension.user
    if user is None:
        return False
    name = user.name
    words = [each.strip(".,;:-_()[]").casefold() for each in name.split()]
    return (
        not (name.isalpha() or any(map(str.isalpha, name)))
        or not PLACEHOLDER_NAMES.isdisjoint(words)
        or "@" in name
        or any(each[:1].isdigit() for each in words)
        or (bool(user.first_name) and user.first_name.casefold() == user.last_name.casefold())
    )


def sort_key(number: str) -> str:
    """Return a text by which numbers are put in order: shorter ones first, odd ones last."""
    return f"{not number.isdecimal():d}{len(number):03}{number}"


def in_number_order(extensions: Iterable[Extension]) -> list[Extension]:
    """Return extensions in number order, each number once."""
    once = {each.number: each for each in extensions}
    return sorted(once.values(), key=lambda each: sort_key(each.number))
