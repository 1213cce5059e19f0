"""Whether an extension is what was asked for. Pure; used on rows that the API claims to match.

Its filters are undocumented and may be ignored, so nothing is believed unchecked.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.models import Extension, Location
from bot.query.model import Filters, Phone

SHORTEST_ENDING = 3  # digits; fewer would match half the directory
SHORTEST_NUMBER = 7  # digits from which two endings mean one phone number


def digits(text: str) -> str:
    """Return the digits of a number in any writing."""
    return "".join(each for each in text if each.isascii() and each.isdigit())


def same_phone(stored: str, asked: str) -> bool:
    """Whether two numbers are one, where either may lack its country or area code."""
    stored, asked = digits(stored), digits(asked)
    short, long = sorted((stored, asked), key=len)
    # A trunk zero stands only in the national writing.
    short = short.lstrip("0")
    return len(short) >= SHORTEST_NUMBER and long.endswith(short)


def has_phone(extension: Extension, phone: Phone) -> bool:
    """Whether one of the extension's direct numbers is the one asked for."""
    return any(
        same_phone(did.phone_number, candidate)
        for did in extension.dids
        for candidate in phone.candidates
    )


def ends_with(extension: Extension, ending: str) -> bool:
    """Whether one of the extension's direct numbers ends so."""
    return len(ending) >= SHORTEST_ENDING and any(
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


def passes(extension: Extension, filters: Filters) -> bool:
    """Whether an extension is in a list narrowed so. `filters.location` is an id here."""
    user = extension.user
    checks: tuple[tuple[object, bool], ...] = (
        (filters.location, extension.location_id == filters.location),
        (filters.email, has_email(extension, filters.email)),
        (filters.login, has_login(extension, filters.login)),
        (filters.phone, any(same_phone(d.phone_number, filters.phone) for d in extension.dids)),
        (filters.tag, _has_tag(extension, filters.tag)),
        (filters.dnd is not None, extension.dnd_enabled is filters.dnd),
        (filters.voicemail is not None, extension.vtt_enabled is filters.voicemail),
        (filters.unassigned, user is None),
    )
    return all(holds for asked, holds in checks if asked)


def locations(known: Iterable[Location], wanted: str) -> list[Location]:
    """Return the locations that an id or a name can mean: a whole name before a part of one."""
    known, name = tuple(known), wanted.casefold()
    return (
        [each for each in known if each.id == wanted]
        or [each for each in known if each.name.casefold() == name]
        or [each for each in known if name in f"{each.name} {each.city}".casefold()]
    )


def _has_tag(extension: Extension, tag: str) -> bool:
    return any(tag.casefold() in did.custom_tag.casefold() for did in extension.dids)


def by_number(extensions: Iterable[Extension]) -> list[Extension]:
    """Return extensions in number order, each number once."""
    once = {each.number: each for each in extensions}
    return sorted(once.values(), key=lambda e: (not e.number.isdecimal(), len(e.number), e.number))
