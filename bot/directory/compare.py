"""Whether an extension matches a query, and the order of extension numbers. Pure functions.

The API's filters are undocumented and some accounts ignore them, so every row that the API
returns for a filter is checked here before it is believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.models import Extension, Location
from bot.query.model import Email, Number, Phone

# Queries that identify extensions without a search. Live lookups also accept a `Name` with a login.
LookupKey = Number | Phone | Email

# Words that administrators enter because the API demands a name and there is none.
PLACEHOLDER_NAMES = frozenset(
    {
        *("dummy", "deleted", "n/a", "na", "none", "null", "tba", "tbd", "temp"),
        *("test", "tester", "unknown", "unused", "user", "vacant", "xxx"),
    }
)
MIN_ENDING_DIGITS = 3  # a shorter ending would match half the directory
MIN_PHONE_DIGITS = 7  # a local number: two phone numbers that share this ending are the same

_NON_DIGITS = re.compile("[^0-9]+")


def digits(text: str) -> str:
    """Return the ASCII digits of a phone number, without any punctuation."""
    return text if text.isascii() and text.isdigit() else _NON_DIGITS.sub("", text)


def same_phone(stored: str, wanted: str) -> bool:
    """Whether two phone numbers are the same; either may lack its country or area code."""
    stored, wanted = digits(stored), digits(wanted)
    short, long = sorted((stored, wanted), key=len)
    # The trunk prefix 0 exists only in the national format, so it must not be compared.
    short = short.lstrip("0")
    return len(short) >= MIN_PHONE_DIGITS and long.endswith(short)


def has_phone(extension: Extension, phone: Phone) -> bool:
    """Whether one of the extension's direct numbers is one that the query can mean."""
    return any(
        same_phone(did.phone_number, candidate)
        for did in extension.dids
        for candidate in phone.candidates
    )


def ends_with(extension: Extension, ending: str) -> bool:
    """Whether one of the extension's direct numbers ends with these digits."""
    return len(ending) >= MIN_ENDING_DIGITS and any(
        digits(did.phone_number).endswith(ending) for did in extension.dids
    )


def has_email(extension: Extension, address: str) -> bool:
    """Whether the extension's user has this email address, in any case."""
    user = extension.user
    return user is not None and user.email.casefold() == address.casefold()


def has_ending(extension: Extension, ending: str) -> bool:
    """Whether a direct number of the extension ends in these digits."""
    return any(digits(did.phone_number).endswith(ending) for did in extension.dids)


def has_login(extension: Extension, login: str) -> bool:
    """Whether the extension's user has this login name, in any case."""
    user = extension.user
    return user is not None and user.login_name.casefold() == login.casefold()


def lost_parts(card: Extension, answer: Extension | None) -> frozenset[str]:
    """Return what an answer takes away from a card: what people find it by.

    The parts are `extension` (`answer` is `None`: there is none), `user`, `name`, `email`,
    `login_name` and `dids` (all of them). A part that is only different is not lost.
    """
    if answer is None:
        return frozenset({"extension"})
    lost = {"dids"} if card.dids and not answer.dids else set()
    if card.user and not answer.user:
        lost.add("user")
    elif card.user and answer.user:
        parts = ("name", "email", "login_name")
        lost |= {part for part in parts if getattr(card.user, part)} - {
            part for part in parts if getattr(answer.user, part)
        }
    return frozenset(lost)


def match_locations(locations: Iterable[Location], text: str) -> list[Location]:
    """Return the locations that a text can mean: by id, else by full name, else by part of it.

    The order matters: "Reading" must mean the office of that name, even if another office is
    called "Reading Annex".
    """
    locations, name = tuple(locations), text.casefold()
    return (
        [location for location in locations if location.id == text]
        or [location for location in locations if location.name.casefold() == name]
        or [
            location
            for location in locations
            if name in f"{location.name} {location.city}".casefold()
        ]
    )


def has_odd_name(extension: Extension) -> bool:
    """Whether a user's name is not a real name: empty, a placeholder, a number or an address."""
    user = extension.user
    if user is None:
        return False
    name = user.name
    words = [word.strip(".,;:-_()[]").casefold() for word in name.split()]
    return (
        not any(map(str.isalpha, name))
        or not PLACEHOLDER_NAMES.isdisjoint(words)
        or "@" in name
        or any(word[:1].isdigit() for word in words)
        or (bool(user.first_name) and user.first_name.casefold() == user.last_name.casefold())
    )


def sort_key(number: str) -> str:
    """Return a text whose alphabetical order is number order: 9, 10, 007, 100, then "abc".

    SQLite sorts and pages by this text, so it must not depend on the locale or on Python.
    """
    return f"{not number.isdecimal():d}{len(number):03}{number}"


def in_number_order(extensions: Iterable[Extension]) -> list[Extension]:
    """Return the extensions in number order; of two with the same number, only the last one."""
    by_number = {extension.number: extension for extension in extensions}
    return sorted(by_number.values(), key=lambda extension: sort_key(extension.number))
