"""Phone numbers and email addresses: as people read them, and as links."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

import phonenumbers

from bot.cards import blocks

EMAIL_LIMIT = 200  # characters; a longer address is cut and gets no link

_SEPARATORS = re.compile(r"[\s().+/-]")
_ADDRESS = re.compile(
    r"[\w.!#$%&'*+/=?^{}~-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)+",
    re.ASCII | re.IGNORECASE,
)


@lru_cache(maxsize=8192)
def _formats(number: str) -> tuple[str, str] | None:
    """Return a number as people read it and as E.164; `None` if no phone can have it.

    `number` has E.164 digits, with or without the plus and any punctuation.
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
    """Return `+1 415-555-0100` for `14155550100`; a text that is no phone number is unchanged."""
    formats = _formats(number)
    return formats[0] if formats else number


def telephone(number: str) -> str:
    """Return a phone number as mrkdwn: a link that dials it, or a label if no phone can."""
    formats = _formats(number)
    if formats is None:
        return blocks.label(number, 60)
    readable, e164 = formats
    return blocks.link(f"tel:{e164}", readable)


def email(address: str) -> str:
    """Return an email address as mrkdwn: a link, or a code span if the text is no address.

    An address that Slack would format (`_a_@example.com`) is a code span too, so that people
    copy the right characters.
    """
    address = blocks.clean(address)
    if not _is_address(address) or blocks.without_formatting(address) != address:
        return blocks.code(address, EMAIL_LIMIT)
    return blocks.link("mailto:" + quote(address, safe="@!$'*+=^{}~"), address)


def _is_address(text: str) -> bool:
    return len(text) <= EMAIL_LIMIT and _ADDRESS.fullmatch(text) is not None
