"""Answers queries from a snapshot, without a call to the source."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot.directory import compare
from bot.directory.search.index import SearchResults
from bot.directory.store import history, row_filter
from bot.directory.store.row_filter import RowFilter, RowPage
from bot.directory.store.snapshot import Snapshot
from bot.errors import SourceError
from bot.models import (
    CHECKS,
    ROWS_PER_PAGE,
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
from bot.query.model import Audit, Changes, Export, List, Name

LocationsById = Mapping[str, Location]


def by_name(snapshot: Snapshot, name: Name, *, excluded_fields: Collection[str] = ()) -> Finding:
    """Return whom a name means: one match if that is clear, else a page of everybody who fits.

    The search ignores `excluded_fields`, which the asker may not see.
    """
    results = _search(snapshot, name, name.page, excluded_fields)
    page = name.page
    if not results.hits and results.total:  # a page after the last one shows the last one
        page = _page_count(results.total)
        results = _search(snapshot, name, page, excluded_fields)
    if not results.hits:
        return Missing()
    matches = _matches(snapshot, results)
    if page == 1 and (results.is_clear or results.total == 1):
        return matches[0]
    return Listing(matches, page=page, pages=_page_count(results.total), total=results.total)


def with_failure(finding: Finding, failure: SourceError, read_at: float | None) -> Finding:
    """Return a finding with the reason why its snapshot is old or lacks extensions.

    `read_at` is when the snapshot was read, in epoch seconds.
    """
    match finding:
        case Match() | LocationList():
            return replace(finding, failure=failure)
        case Missing():
            return replace(finding, failure=failure, read_at=read_at)
        case Listing():
            matches = (replace(match, failure=failure) for match in finding.matches)
            return replace(finding, matches=tuple(matches), failure=failure, read_at=read_at)
        case _:
            return finding


def exact_match(
    snapshot: Snapshot, name: Name, *, excluded_fields: Collection[str] = ()
) -> Match | None:
    """Return whom a name means in a snapshot that is being filled, if the spelling is exact.

    A corrected spelling is not enough: somebody whose page has not been read yet may fit better.
    """
    results = snapshot.index.search(name.text, limit=2, excluded_fields=excluded_fields)
    if not (results.hits and results.is_exact and results.is_clear):
        return None
    return _matches(snapshot, results)[0]


def _search(
    snapshot: Snapshot, name: Name, page: int, excluded_fields: Collection[str]
) -> SearchResults:
    return snapshot.index.search(
        name.text,
        limit=ROWS_PER_PAGE,
        offset=(page - 1) * ROWS_PER_PAGE,
        excluded_fields=excluded_fields,
    )


def _matches(snapshot: Snapshot, results: SearchResults) -> tuple[Match, ...]:
    matches = snapshot.matches_by_id([hit.id for hit in results.hits])
    return tuple(
        replace(match, reason=hit.reason) for match, hit in zip(matches, results.hits, strict=True)
    )


def listing(snapshot: Snapshot, query: List | Export, locations: LocationsById) -> Finding:
    """Return a page of a list, or all of it for an export.

    If the location filter can mean several locations, the finding is the list of these locations.
    """
    wanted = query.filters.location
    if not wanted:
        return _rows(snapshot, row_filter.by_filters(query.filters), query, locations)
    candidates = compare.match_locations(locations.values(), wanted)
    if len(candidates) > 1:
        return location_list(snapshot, candidates, query_text=wanted)
    if not candidates and not wanted.isdecimal():
        return Missing(location=wanted)
    # If the locations could not be loaded, an unknown id may still be right.
    filters = replace(query.filters, location=candidates[0].id if candidates else wanted)
    finding = _rows(snapshot, row_filter.by_filters(filters), query, locations)
    return Missing(location=wanted) if not candidates and not finding.total else finding


def location_list(
    snapshot: Snapshot, locations: Collection[Location], *, query_text: str = ""
) -> LocationList:
    """Return locations with the number of their extensions."""
    counts = row_filter.per_location(snapshot)
    rows = tuple(LocationCount(location, counts.get(location.id, 0)) for location in locations)
    return LocationList(rows, snapshot.read_at, query_text=query_text)


def audit(snapshot: Snapshot, query: Audit) -> AuditReport | Listing:
    """Return how many extensions each check finds, or those that one check finds."""
    if query.check:
        return _page(snapshot, row_filter.by_check(query.check), query)
    counts = tuple((check, row_filter.by_check(check).total(snapshot)) for check in CHECKS)
    return AuditReport(counts, snapshot.count(), snapshot.read_at)


def changes(snapshot: Snapshot, query: Changes, now: float) -> ChangeList:
    """Return a page of the latest changes; `now` is in epoch seconds."""
    return history.page(snapshot, query.page, ROWS_PER_PAGE, now)


def _rows(
    snapshot: Snapshot, rows: RowFilter, query: List | Export, locations: LocationsById
) -> Listing | DirectoryExport:
    if isinstance(query, List):
        return _page(snapshot, rows, query)
    return DirectoryExport(
        rows.all_matches(snapshot), rows.total(snapshot), locations, snapshot.read_at
    )


def _page(snapshot: Snapshot, rows: RowFilter, query: List | Audit) -> Listing:
    after, before = (query.after, query.before) if isinstance(query, List) else ("", "")
    if after or before:
        page = rows.page_next_to(snapshot, after=after, before=before, rows=ROWS_PER_PAGE)
    else:
        page = rows.page(snapshot, query.page, ROWS_PER_PAGE)
    return _to_listing(page)


def _to_listing(page: RowPage) -> Listing:
    # If rows were added or removed since the button was shown, `start` may be inside a page.
    number = page.start // ROWS_PER_PAGE + 1
    return Listing(page.matches, number, _page_count(page.total), page.total)


def _page_count(rows: int) -> int:
    return max(-(-rows // ROWS_PER_PAGE), 1)
