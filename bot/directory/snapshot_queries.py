"""What a snapshot answers, without a call: by a mark, by a name, as a list."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.directory import compare
from bot.directory.store import history, row_filter
from bot.directory.store.row_filter import RowFilter, Slice
from bot.directory.store.snapshot import Snapshot
from bot.models import (
    CHECKS,
    AuditReport,
    ChangeList,
    DirectoryExport,
    Finding,
    Listing,
    Location,
    LocationCount,
    LocationList,
    Match,
    Missing,
)
from bot.query.model import Audit, Changes, Email, Export, List, Name, Number, Phone

ById = Mapping[str, Location]
ROWS = 8  # of a list: as many as read well in one message


def marked(snapshot: Snapshot, mark: Number | Phone | Email) -> list[Match]:
    """Return the extensions of a mark, in number order."""
    match mark:
        case Number(digits=digits):
            found = snapshot.by_number(digits)
            return [found] if found else snapshot.by_ending(digits)
        case Phone(digits=digits, typed=words):
            if rings := snapshot.by_phone(mark):
                return rings
            found = None if words.startswith("+") else snapshot.by_number(digits)
            return [found] if found else []
        case Email(address=address):
            return snapshot.by_email(address)


def finding(matches: Sequence[Match]) -> Finding:
    """Return what a few extensions are: nothing, one, or a list of the first of them."""
    if not matches:
        return Missing()
    if len(matches) == 1:
        return matches[0]
    return Listing(tuple(matches[:ROWS]), pages=_pages(len(matches)), total=len(matches))


def named(snapshot: Snapshot, name: Name, *, without: Collection[str] = ()) -> Finding:
    """Return whom a name means: one where that is clear, else a page of all who fit.

    `without` are fields that must not tell of anybody.
    """
    start = (name.page - 1) * ROWS
    found = snapshot.index.search(name.text, limit=ROWS, offset=start, without=without)
    if not found.hits and found.total:
        last = _pages(found.total)
        return named(snapshot, replace(name, page=last), without=without)
    if not found.hits:
        return Missing()
    rows = snapshot.matches_of([hit.id for hit in found.hits])
    matches = tuple(
        replace(match, reason=hit.why) for match, hit in zip(rows, found.hits, strict=True)
    )
    if name.page == 1 and (found.clear or found.total == 1):
        return matches[0]
    return Listing(matches, page=name.page, pages=_pages(found.total), total=found.total)


def exact_match(snapshot: Snapshot, name: Name, *, without: Collection[str] = ()) -> Match | None:
    """Return whom a name means among those who are known so far, where it is written so."""
    found = snapshot.index.search(name.text, limit=2, without=without)
    if not (found.hits and found.sure and found.clear):
        return None
    (match,) = snapshot.matches_of([found.hits[0].id])
    return replace(match, reason=found.hits[0].why)


def listed(snapshot: Snapshot, query: List | Export, locations: ById) -> Finding:
    """Return a page of a list, or all of it for an export.

    Where a location is named that can be several, these are returned.
    """
    wanted = query.filters.location
    if not wanted:
        return _shown(snapshot, row_filter.by_filters(query.filters), query, locations)
    meant = compare.locations(locations.values(), wanted)
    if len(meant) > 1:
        return located(snapshot, meant, asked=wanted)
    if not meant and not wanted.isdecimal():
        return Missing(location=wanted)
    filters = replace(query.filters, location=meant[0].id if meant else wanted)
    found = _shown(snapshot, row_filter.by_filters(filters), query, locations)
    return Missing(location=wanted) if not meant and not found.total else found


def located(
    snapshot: Snapshot, locations: Collection[Location], *, asked: str = ""
) -> LocationList:
    """Return locations with the number of their extensions."""
    counts = row_filter.per_location(snapshot)
    rows = tuple(LocationCount(each, counts.get(each.id, 0)) for each in locations)
    return LocationList(rows, snapshot.read_at, asked=asked)


def audited(snapshot: Snapshot, query: Audit) -> AuditReport | Listing:
    """Return how much each check finds, or what one of them finds."""
    if query.check:
        return _page(snapshot, row_filter.by_check(query.check), query)
    found = tuple((check, row_filter.by_check(check).total(snapshot)) for check in CHECKS)
    return AuditReport(found, snapshot.count(), snapshot.read_at)


def changed(snapshot: Snapshot, query: Changes, now: float) -> ChangeList:
    """Return a page of what changed lately."""
    return history.page(snapshot, query.page, ROWS, now)


def _shown(
    snapshot: Snapshot, narrowed: RowFilter, query: List | Export, locations: ById
) -> Listing | DirectoryExport:
    if isinstance(query, List):
        return _page(snapshot, narrowed, query)
    rows, total = narrowed.each(snapshot), narrowed.total(snapshot)
    return DirectoryExport(rows, total, locations, snapshot.read_at)


def _page(snapshot: Snapshot, narrowed: RowFilter, query: List | Audit) -> Listing:
    after, before = (query.after, query.before) if isinstance(query, List) else ("", "")
    if after or before:
        found = narrowed.beside(snapshot, after=after, before=before, rows=ROWS)
    else:
        found = narrowed.page(snapshot, query.page, ROWS)
    return _listing(found)


def _listing(found: Slice) -> Listing:
    page = found.start // ROWS + 1
    # Rows that came or went since can leave fewer than a page before the first.
    return Listing(found.matches, page, max(_pages(found.total), page), found.total)


def _pages(rows: int) -> int:
    return max(-(-rows // ROWS), 1)
