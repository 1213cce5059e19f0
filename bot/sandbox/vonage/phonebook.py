"""The company's extensions, found by the fields that the API can filter by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.sandbox.company.entries import Entry
from bot.sandbox.vonage.list_query import ListQuery
from bot.sandbox.vonage.serializer import ExtensionPage


class PhoneBook:
    """Indexes the entries, so that a lookup among 100,000 is as fast as among 250."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = list(entries)
        self._by_number = {entry.number: entry for entry in self._entries}
        self._by_external_id = {entry.external_id: entry for entry in self._entries}
        self._positions: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for position, entry in enumerate(self._entries):
            for key in _filter_keys(entry):
                self._positions[key].append(position)

    def find(self, key: str, *, field: str) -> Entry | None:
        """The extension with this number, or with this external id."""
        return (self._by_external_id if field == "external_id" else self._by_number).get(key)

    def page(self, query: ListQuery) -> ExtensionPage:
        """The page that a query asks for, in the order in which the entries were added."""
        positions = self._matching_positions(query.filters)
        size, total = query.page_size, len(positions)
        number = query.page
        if query.repeat_last_page:
            number = min(number, max(1, -(-total // size)))
        start = (number - 1) * size
        indexes = range(start, min(start + size, total))
        rows = [self._entries[positions[(i - query.row_offset) % total]] for i in indexes]
        return ExtensionPage(rows, query.page, size, total)

    def _matching_positions(self, filters: dict[str, str]) -> Sequence[int]:
        """The positions of the entries that pass all filters, in order."""
        if not filters:
            return range(len(self._entries))
        first, *others = (
            self._positions.get((n, _normalized(n, v)), []) for n, v in filters.items()
        )
        return sorted(set(first).intersection(*others)) if others else first


def _filter_keys(entry: Entry) -> Iterator[tuple[str, str]]:
    yield "location_id", str(entry.location_id)
    for did in entry.dids:
        yield "phone_number", did.phone_number
    if entry.user:
        yield "login_name", _normalized("login_name", entry.user.login_name)
        if entry.user.email:
            yield "email", _normalized("email", entry.user.email)


def _normalized(name: str, value: str) -> str:
    """Ignore the case of logins and addresses, and leading zeros of location ids."""
    if name == "location_id":
        return str(int(value))
    return value.lower() if name in {"login_name", "email"} else value
