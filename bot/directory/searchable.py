"""What an asker may search by: never by a field that they may not see (ADMIN_ONLY_FIELDS).

Otherwise people could find out hidden values by trying them, one digit at a time. `Directory`
narrows every query here before it looks anywhere, so the answer, its cost and the calls of the
source are the same as if the source had not sent the hidden fields.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.directory.warmup import DirectoryQuery
from bot.errors import NotAllowed
from bot.fields import FIELD_OF_FILTER
from bot.query.model import Email, Export, List, Locations, Name, Number, Phone


def searchable(query: DirectoryQuery, excluded_fields: Collection[str]) -> DirectoryQuery | None:
    """Return the part of a query that searches no excluded field; `None` if nothing is left.

    Words of a name stay as they are: `search.index` leaves out the columns of excluded fields.
    Raises `NotAllowed` for a query that names an excluded field itself, such as a filter. That
    tells people more than "nothing found", and doesn't depend on what the directory holds.
    """
    match query:
        case Number() if "dids" in excluded_fields:
            return replace(query, extension_only=True)
        case Phone(digits=digits, typed=typed) if "dids" in excluded_fields:
            # A long extension number looks like a phone number, unless a plus was typed.
            return None if typed.startswith("+") else Number(digits, typed, extension_only=True)
        case Email(known_by=field) if field in excluded_fields:
            return None
        case Name() if "login" in excluded_fields:
            return replace(query, login="")
    if not _named_fields(query).isdisjoint(excluded_fields):
        raise NotAllowed("admins")
    return query


def _named_fields(query: DirectoryQuery) -> set[str]:
    """Return the fields that a query about the whole directory names."""
    match query:
        case List(filters=filters) | Export(filters=filters):
            return {FIELD_OF_FILTER.get(row.name, "") for row, _ in filters.given()}
        case Locations():
            return {"location"}
    return set()
