"""The heading of a list, and the notice that replaces an empty or unfinished answer."""

from __future__ import annotations

from bot.cards import audit_report, headings, not_found
from bot.cards.blocks import Message
from bot.errors import SourceError
from bot.limits import FOLLOW_UP_LIMIT_S
from bot.lookup.request import FindingQuery, Request, query_text
from bot.models import Listing, Location, Missing, NotReady
from bot.query.model import Audit, Changes, Export, List, Locations, Me, Person


def list_heading(query: FindingQuery, listing: Listing, location: Location | None) -> str:
    """Return the line above a list; `location` is the location of its first row.

    All rows of a list filtered by location have that location, so the heading can show its name
    even if the person typed its id.
    """
    match query:
        case List(filters=filters):
            name = location.name if location and filters.location else ""
            return headings.directory_heading(filters, name)
        case Audit(check=check):
            return headings.audit_heading(check)
        case Me():
            return headings.YOURS
        case Person():
            return headings.THEIRS
        case _:
            return headings.search_heading(query_text(query), listing.matches)


def not_found_message(
    missing: Missing, query: FindingQuery, request: Request, now: float
) -> Message:
    """Return the notice that a query found nothing. `now` is in epoch seconds."""
    command = request.options.command
    warning = _old_copy_warning(missing.failure, missing.read_at, now)
    match query:
        case Me():
            return not_found.no_extension_of_yours(old_copy=warning)
        case Person(user_id=user_id):
            return not_found.no_extension_of(user_id, old_copy=warning)
        case List() | Export() if missing.location:
            return not_found.no_location(missing.location, command, old_copy=warning)
        case _:
            return not_found.nothing_found(query_text(query), command, old_copy=warning)


def _old_copy_warning(failure: SourceError | None, read_at: float | None, now: float) -> str:
    """Return why the searched copy is old or has gaps; empty if it is fresh and whole."""
    if failure is None or read_at is None:
        return ""
    return not_found.searched_old_copy(failure, read_at, now)


def empty_list_message(
    listing: Listing, query: FindingQuery, request: Request, now: float
) -> Message:
    """Return the notice that a filtered list or an audit check has no rows.

    `now` is in epoch seconds.
    """
    if isinstance(query, Audit):
        return audit_report.no_findings_message(query.check)
    warning = _old_copy_warning(listing.failure, listing.read_at, now)
    return not_found.empty_list(query_text(query), request.options.command, old_copy=warning)


def is_empty_by_filter(listing: Listing, query: FindingQuery) -> bool:
    """Whether a list has no rows because nothing matches its filters or its audit check."""
    is_filtered = isinstance(query, Audit) or (isinstance(query, List) and bool(query.filters))
    return is_filtered and not listing.matches and not listing.total


def can_follow_up(not_ready: NotReady, request: Request) -> bool:
    """Whether an answer can still be delivered once the whole directory has been read.

    Slack accepts answers to a question for half an hour, but the first reading of a large account
    can take longer, and so can the time until the source accepts calls again.
    """
    progress, failure = not_ready.sync_progress, not_ready.failure
    left_s = progress.seconds_left if progress else None
    retry_after_s = failure.retry_after if failure else None
    is_in_time = max(left_s or 0.0, retry_after_s or 0.0) <= FOLLOW_UP_LIMIT_S
    return request.options.can_follow_up and is_in_time


def needs_whole_directory(query: FindingQuery) -> bool:
    """Whether a query cannot be answered before the whole directory has been read."""
    return isinstance(query, List | Locations | Export | Changes | Audit)
