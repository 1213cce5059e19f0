"""Search indexes of invented companies, without the API or a snapshot."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from bot.directory import compare
from bot.directory.search import index
from bot.errors import QueryError
from bot.models import Did, Extension, Handset, Location, User
from bot.query import parse
from bot.query.model import Email, Name, Number, Phone
from bot.sandbox.company import locations
from bot.sandbox.company.entries import Entry
from bot.sandbox.company.people import build_company

LOCATIONS = {
    str(office.id): Location(
        str(office.id), office.name, office.time_zone, office.city, office.country
    )
    for office in locations.LOCATIONS
}


def extension(entry: Entry) -> Extension:
    """Return an entry of the sandbox's company as an extension."""
    owner = entry.user
    return Extension(
        entry.number,
        User(owner.first_name, owner.last_name, owner.email or "", owner.login_name)
        if owner
        else None,
        tuple(Did(did.phone_number, did.custom_tag or "") for did in entry.dids),
        tuple(Handset(each.handset_name, each.sip_id) for each in entry.handsets),
        str(entry.location_id),
        entry.caller_id or "",
        entry.block_caller_id,
        entry.dnd,
        entry.vtt,
    )


class Company:
    """Extensions and a search index of them."""

    def __init__(self, extensions: Iterable[Extension], path: str = ":memory:") -> None:
        self.extensions = dict(enumerate(extensions, start=1))
        self.db = sqlite3.connect(path)
        index.create(self.db)
        for id, each in self.extensions.items():  # noqa: A001
            index.put(self.db, id, each, LOCATIONS.get(each.location_id))
        self.db.commit()
        self.index = index.Index(self.db, self._read)

    def close(self) -> None:
        """Close the database."""
        self.db.close()

    def _read(self, ids: Sequence[int]) -> list[Extension]:
        return [self.extensions[id] for id in ids]  # noqa: A001

    def find_first(self, text: str, most: int = 5) -> list[str]:
        """Return the numbers of the first extensions that a typed text finds."""
        try:
            query = parse(text)
        except QueryError:
            query = Name(text)
        match query:
            case Number(digits=digits):
                exact = [each for each in self.extensions.values() if each.number == digits]
                found = exact or [
                    each for each in self.extensions.values() if compare.ends_with(each, digits)
                ]
            case Phone():
                found = [e for e in self.extensions.values() if compare.has_phone(e, query)]
            case Email(address=address):
                found = [e for e in self.extensions.values() if compare.has_email(e, address)]
            case Name(text=name):
                found = [hit.extension for hit in self.index.search(name, limit=most).hits]
            case _:
                raise AssertionError(f"{text} asks for no one extension")
        return [each.number for each in found[:most]]


def invented_company(count: int = 250) -> Company:
    """Return the sandbox's company with an index."""
    return Company(map(extension, build_company(count)))
