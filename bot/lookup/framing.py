"""What stands around an answer: its title or heading, its pager, and what is said instead of it."""

from __future__ import annotations

from bot import limits
from bot.cards import audit_report, headings, not_found
from bot.cards.message import Message
from bot.lookup.request import Asked, Pages, Request, query_text
from bot.models import Listing, Location, Match, Missing, SyncProgress
from bot.query.model import (
    Audit,
    Changes,
    Email,
    Export,
    Filters,
    List,
    Locations,
    Me,
    Name,
    Person,
    Phone,
)
from bot.query.unparse import unparse


def title(asked: Asked, match: Match) -> str:
    """Return the line above a card: what it is shown for, and that there may be others."""
    showing = headings.corrected_title(asked.text, match) if isinstance(asked, Name) else ""
    return " ".join(filter(None, [showing, headings.SO_FAR if match.sync_progress else ""]))


def heading(asked: Asked, found: Listing, office: Location | None) -> str:
    """Return what stands above a list; `office` is the location of what is in it."""
    match asked:
        case List(filters=filters):
            place = office.name if office and filters.location else ""
            return headings.directory_heading(filters, place)
        case Audit(check=check):
            return headings.audit_heading(check)
        case Me():
            return headings.YOURS
        case Person():
            return headings.THEIRS
        case _:
            return headings.search_heading(query_text(asked), found.matches)


def nothing(found: Missing, asked: Asked, request: Request, now: float) -> Message:
    """Say that nothing answers what was asked."""
    match asked:
        case Me():
            return not_found.no_extension_of(request.asker.user_id)
        case Person(user_id=user_id):
            return not_found.no_extension_of(user_id)
        case List() | Export() if found.location:
            return not_found.no_location(found.location, request.command)
        case _:
            return not_found.nothing_found(
                query_text(asked), request.command, old_copy=_old(found, now)
            )


def _old(found: Missing, now: float) -> str:
    if found.failure is None or found.read_at is None:
        return ""
    return not_found.searched_old_copy(found.failure, found.read_at, now)


def nothing_listed(asked: Asked, request: Request) -> Message:
    """Say that a list is empty."""
    if isinstance(asked, Audit):
        return audit_report.no_findings_message(asked.check)
    return not_found.empty_list(query_text(asked), request.command)


def is_nothing(found: Listing, asked: Asked) -> bool:
    """Whether a list is empty because of what it was narrowed to."""
    narrowed = isinstance(asked, Audit) or (isinstance(asked, List) and bool(asked.filters))
    return narrowed and not found.matches and not found.total


def takes_too_long(reading: SyncProgress | None) -> bool:
    """Whether Slack would not take an answer any more when the directory has been read."""
    left = reading.seconds_left if reading else None
    return left is not None and left > limits.SLACK_ANSWER_WINDOW_S


def needs_all(asked: Asked) -> bool:
    """Whether only the whole directory has the answer."""
    return isinstance(asked, List | Locations | Export | Changes | Audit)


def as_pages(asked: Asked) -> Pages | None:
    """Return the query that a list has pages of, written as one that can be typed."""
    match asked:
        case List() | Name() | Audit():
            return asked
        case Email(address=address):
            return List(filters=Filters(email=address))
        case Phone(candidates=(first, *_)):
            return List(filters=Filters(phone=first))
        case _:
            return None


def turning(found: Listing, asked: Pages) -> dict[str, str]:
    """Return the lines that ask for the next and the previous page.

    Those of a list begin where this page ends, whoever comes or goes until they are asked for.
    """
    ends: tuple[dict[str, str], dict[str, str]] = ({}, {})
    numbers = [match.extension.number for match in found.matches]
    if isinstance(asked, List) and numbers and all(each.isdecimal() for each in numbers):
        ends = ({"before": numbers[0]}, {"after": numbers[-1]})
    near = zip(("previous_query", "next_query"), (-1, 1), ends, strict=True)
    return {
        name: unparse(asked, page=found.page + step, **beside)
        for name, step, beside in near
        if 0 < found.page + step <= found.pages
    }
