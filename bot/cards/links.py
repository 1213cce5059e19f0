"""Phone numbers and email addresses as people read them, and as links."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

import phonenumbers

from bot.cards import blocks

EMAIL_LIMIT = 200

_SEPARATORS = re.compile(r"[\s().+/-]")
_ADDRESS = re.compile(
    r"[\w.!#$%&'*+/=?^{}~-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)+",
    re.ASCII | re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def _read(number: str) -> tuple[str, str] | None:
    """Return a number as people read it and as it is dialled; `None` if no phone can have it.

    Takes E.164 digits, with or without the plus and any punctuation.
    """
    digits = _SEPARATORS.sub("", number)
    if not (digits.isascii() and digits.isdigit()):
        return None
    try:
        parsed = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return (
        phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL),
        phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164),
    )


def international(number: str) -> str:
    """Return `+1 415-555-0100` for `14155550100`; what is no phone number stays as it came."""
    read = _read(number)
    return read[0] if read else number


def telephone(number: str) -> str:
    """Return a phone number as mrkdwn: a link that dials, where it can be dialled."""
    read = _read(number)
    return blocks.link(f"tel:{read[1]}", read[0]) if read else blocks.label(number, 60)


def email(address: str) -> str:
    """Return an email address as mrkdwn: a link where it is one, else exactly as it came.

    An address that Slack would format (`_a_@example.com`) gets no link but a code span, so
    that what people copy is right.
    """
    address = blocks.clean(address)
    if not _is_address(address) or blocks.without_formatting(address) != address:
        return blocks.code(address, EMAIL_LIMIT)
    return blocks.link("mailto:" + quote(address, safe="@!$'*+=^{}~"), address)


def _is_address(text: str) -> bool:
    return len(text) <= EMAIL_LIMIT and _ADDRESS.fullmatch(text) is not None
