"""The lines above an answer, in plain text: the query, as Ext understood it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.cards.blocks import clean, international
from bot.fields import Filter, Filters, Kind
from bot.models import Match

DIRECTORY = "Directory"
RESULTS_FOR = "Results for “{query}”"
YOURS = "Your extensions"
THEIRS = "Their extensions"
DID_YOU_MEAN = "Did you mean…?"
SHOWING = "Showing {name} for “{query}”"
SO_FAR = "I'm still reading the directory, so there may be others."
AUDIT = "Audit: {check}"
CHECKS = {
    "unassigned": "extensions without a user",
    "shared": "numbers on two extensions",
    "no-did": "users without a direct number",
    "dnd": "Do Not Disturb left on",
    "names": "empty or odd names",
}

_ON_OFF = {True: "on", False: "off"}


def directory_heading(filters: Filters, location_name: str = "") -> str:
    """Return `Directory: location Holmdel HQ, Do Not Disturb on`.

    `location_name` is the name of the location, or empty if it is unknown or hidden.
    """
    parts = [_filter_text(row, value, location_name) for row, value in filters.given()]
    return f"{DIRECTORY}: {', '.join(parts)}" if parts else DIRECTORY


def _filter_text(row: Filter, value: Any, location_name: str) -> str:
    """Return one filter in words: `Do Not Disturb on`."""
    if row.kind is Kind.FLAG:
        return row.phrase
    if row.kind is Kind.SWITCH:
        return f"{row.phrase} {_ON_OFF[value]}"
    if row.kind is Kind.PHONE:
        return f"{row.phrase} {international(value)}"
    return f"{row.phrase} {location_name if location_name and row.name == 'location' else value}"


def corrected_title(query_text: str, match: Match) -> str:
    """Return `Showing John Smith for “jhon smith”`, or an empty text if nothing was corrected."""
    if match.reason is None or not match.reason.corrected:
        return ""
    name = clean(match.extension.name) or f"extension {clean(match.extension.number)}"
    return SHOWING.format(name=name, query=clean(query_text))


def search_heading(query_text: str, matches: Sequence[Match]) -> str:
    """Return the line above search results: `Did you mean…?` if all of them are corrections."""
    corrections = [match.reason.corrected if match.reason else "" for match in matches]
    if corrections and all(corrections):
        return DID_YOU_MEAN
    return RESULTS_FOR.format(query=query_text)


def audit_heading(check: str) -> str:
    """Return the line above the extensions that a check of the audit finds."""
    return AUDIT.format(check=CHECKS.get(check, check))
