"""What stands above an answer, in plain text: what was asked for, and how it was understood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.cards.blocks import clean
from bot.cards.links import international
from bot.fields import Filter, Filters, Kind
from bot.models import Match

DIRECTORY = "Directory"
FOUND = "Found for {words}"
YOURS = "Your extensions"
THEIRS = "Their extensions"
DID_YOU_MEAN = "Did you mean…?"
SHOWING = "Showing {found} for “{words}”"
SO_FAR = "I am still reading the directory: there may be others."
AUDIT = "Audit: {check}"
CHECKS = {
    "unassigned": "extensions without a user",
    "shared": "numbers on two extensions",
    "no-did": "users without a direct number",
    "dnd": "Do Not Disturb left on",
    "names": "empty or odd names",
}

_ON = {True: "on", False: "off"}


def directory(filters: Filters, place: str = "") -> str:
    """Return `Directory: location Holmdel HQ, Do Not Disturb on`.

    `place` is the name of the location, where it is known and may be told.
    """
    told = [_told(row, value, place) for row, value in filters.given()]
    return f"{DIRECTORY}: {', '.join(told)}" if told else DIRECTORY


def _told(row: Filter, value: Any, place: str) -> str:
    """Return one filter in words: `Do Not Disturb on`."""
    if row.kind is Kind.FLAG:
        return row.phrase
    if row.kind is Kind.SWITCH:
        return f"{row.phrase} {_ON[value]}"
    if row.kind is Kind.PHONE:
        return f"{row.phrase} {international(value)}"
    return f"{row.phrase} {place if place and row.name == 'location' else value}"


def showing(words: str, match: Match) -> str:
    """Return `Showing John Smith for “jhon smith”`, or nothing where words were not corrected.

    `words` are what was searched for, `match` what is shown.
    """
    if match.reason is None or not match.reason.corrected:
        return ""
    found = clean(match.extension.name) or f"extension {clean(match.extension.number)}"
    return SHOWING.format(found=found, words=clean(words))


def found(words: str, matches: Sequence[Match]) -> str:
    """Return what stands above what a search found: a question where all of it is a guess."""
    guessed = [match.reason.corrected if match.reason else "" for match in matches]
    return DID_YOU_MEAN if guessed and all(guessed) else FOUND.format(words=words)


def audit(check: str) -> str:
    """Return what stands above the extensions that a check of the audit finds."""
    return AUDIT.format(check=CHECKS.get(check, check))
