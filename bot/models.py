"""The values that packages pass to each other: extensions, and the results of queries.

These are frozen dataclasses without behavior. The attributes of an extension have the names of
Vonage's Extension API (EndUserRoute, BasicUser, DID and Line). A new attribute needs a row in
`bot.fields`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from bot.errors import SourceError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Did:
    """A phone number that rings an extension: E.164 digits without the plus, and its tag."""

    phone_number: str
    custom_tag: str = ""


@dataclass(frozen=True, slots=True)
class Handset:
    """A phone or app registered for an extension (the API's Line)."""

    handset_name: str = ""
    sip_id: str = ""


@dataclass(frozen=True, slots=True)
class User:
    """The person, room or branch that an extension belongs to. Any attribute may be empty."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    login_name: str = ""

    @property
    def name(self) -> str:
        """Return first and last name, separated by a space."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension (the API's EndUserRoute).

    `number` is digits as text: `0100` and `100` are two extensions. If the API left a key out, a
    switch is `None` and a text is empty.
    """

    number: str
    user: User | None = None
    dids: tuple[Did, ...] = ()
    handsets: tuple[Handset, ...] = ()
    location_id: str = ""
    caller_id: str = ""
    block_caller_id: bool | None = None
    dnd_enabled: bool | None = None
    vtt_enabled: bool | None = None

    @property
    def name(self) -> str:
        """Return the user's name; empty for the many extensions of rooms and ring groups."""
        return self.user.name if self.user else ""


@dataclass(frozen=True, slots=True)
class Location:
    """An office. `time_zone` is the API's text, which need not be the name of a known zone."""

    id: str
    name: str = ""
    time_zone: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list from the API. A count is `None` if the API left it out.

    `page` is the number that the API states, or the requested one if it states none. `has_next`
    is whether the page links to another one, `skipped` the number of records that could not be
    read.
    """

    items: tuple[T, ...]
    page: int = 1
    page_size: int | None = None
    total_pages: int | None = None
    total_items: int | None = None
    has_next: bool = False
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class MatchReason:
    """Why a search found an extension.

    `field` is the name of a field (see `bot.fields`). `corrected` is the text that the search
    assumed instead of a misspelled one: `john smith` for *jhon smith*; else it is empty.
    """

    field: str = "name"
    corrected: str = ""


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far the sync is: `page` of `pages` have been read.

    `pages` and `seconds_left` are `None` if the API has not said how many pages there are.
    """

    page: int = 0
    pages: int | None = None
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """An extension that answers a query, and how fresh it is.

    `read_at` is when it was read from Vonage, in epoch seconds. `failure` is set if reading it
    again failed, so that this is the last known state. `reason` is set by a search, and
    `sync_progress` where extensions that have not been read yet may match as well.
    """

    extension: Extension
    read_at: float
    failure: SourceError | None = None
    reason: MatchReason | None = None
    sync_progress: SyncProgress | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """Nothing was found.

    `location` is the text that was typed as a location, if the account has no such location.
    `failure` is set if Vonage fails, so that the data searched is old (read at `read_at`, epoch
    seconds).
    """

    location: str = ""
    failure: SourceError | None = None
    read_at: float | None = None


@dataclass(frozen=True, slots=True)
class NotReady:
    """The answer is not known yet, because the first sync is not complete.

    `sync_progress` is `None` if that sync is still about to start. `failure` is set if it can't
    go on until the source works again.
    """

    sync_progress: SyncProgress | None = None
    failure: SourceError | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one extension, noticed at `at` (epoch seconds).

    `was` is `None` for an extension that was added, `now` for one that was removed. Otherwise
    the number, the direct numbers, the location or the user differ.
    """

    at: float
    was: Extension | None = None
    now: Extension | None = None


@dataclass(frozen=True, slots=True)
class ChangeList:
    """A page of changes, newest first, tracked since `since` (epoch seconds)."""

    changes: tuple[Change, ...]
    since: float
    page: int = 1
    pages: int = 1
    total: int = 0


# The checks of an audit, by the names that `audit ‹check›` takes.
CHECKS = ("unassigned", "shared", "no-did", "dnd", "names")


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The number of extensions that each check of `CHECKS` finds, of `total`.

    `read_at` is when the directory was read, in epoch seconds.
    """

    counts: tuple[tuple[str, int], ...]
    total: int
    read_at: float


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of extensions: of a list in number order, or of search results, best first.

    `total` counts the extensions of all pages; it is `None` if it is not known. `failure` is set
    if the copy (read at `read_at`, epoch seconds) could not be renewed or was never complete.
    """

    matches: tuple[Match, ...]
    page: int = 1
    pages: int = 1
    total: int | None = None
    failure: SourceError | None = None
    read_at: float | None = None


@dataclass(frozen=True, slots=True)
class DirectoryExport:
    """All extensions of a list, in number order; `matches` can be iterated once.

    `total` is their number, `locations` are by id, and `read_at` is when the oldest of them was
    read (epoch seconds).
    """

    matches: Iterator[Match]
    total: int
    locations: Mapping[str, Location]
    read_at: float


@dataclass(frozen=True, slots=True)
class LocationCount:
    """A location and its number of extensions (`None`: not counted)."""

    location: Location
    extensions: int | None = None


@dataclass(frozen=True, slots=True)
class LocationList:
    """All locations of the account, or those that the typed `query_text` can mean."""

    locations: tuple[LocationCount, ...]
    read_at: float
    failure: SourceError | None = None
    query_text: str = ""


@dataclass(frozen=True, slots=True)
class Quota:
    """How many calls of the API are left now, of `limit` in a minute."""

    limit: int
    left: int
    seconds_to_next: float = 0.0


class Problem(StrEnum):
    """What is wrong with the directory or its source now; the value is the metric's label."""

    LOGIN_REFUSED = "login_refused"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a label
    FORBIDDEN = "forbidden"
    CERTIFICATE_REFUSED = "certificate_refused"
    WRONG_PATH = "wrong_path"
    INCONSISTENT_LIST = "inconsistent_list"
    UNREADABLE_LIST = "unreadable_list"
    SUSPECT_UPDATE = "suspect_update"
    DISK_FULL = "disk_full"
    DISK_UNWRITABLE = "disk_unwritable"


# The source answers nothing while it has one of these problems.
BLOCKING_PROBLEMS = frozenset(
    {
        Problem.LOGIN_REFUSED,
        Problem.TOKEN_REFUSED,
        Problem.FORBIDDEN,
        Problem.CERTIFICATE_REFUSED,
        Problem.WRONG_PATH,
    }
)


@dataclass(frozen=True, slots=True)
class Status:
    """What `status` shows: the copy of the directory, the quota, and the last failure.

    `extensions` and `read_at` are `None` while there is no copy; `partial_extensions` counts what
    answers instead if the source's list contradicts itself. `next_at` is when the next sync
    starts, `sync_progress` how far the running one is. `lost` are the qualities (such as `email
    addresses`) of which the latest sync found too few, so that the next one must confirm it.
    `quota` is `None` where the source's calls are not limited; `source_name` is `Vonage` or `the
    CSV file`. All times are epoch seconds.
    """

    quota: Quota | None
    last_answer_at: float | None = None
    last_failure: SourceError | None = None
    last_failure_at: float | None = None
    extensions: int | None = None
    read_at: float | None = None
    next_at: float | None = None
    sync_progress: SyncProgress | None = None
    source_name: str = "Vonage"
    problems: tuple[Problem, ...] = ()
    partial_extensions: int | None = None
    lost: tuple[str, ...] = ()

    @property
    def can_answer(self) -> bool:
        """Whether anybody can be answered: from what was read, or else by the source."""
        has_rows = self.extensions is not None or self.partial_extensions is not None
        return has_rows or BLOCKING_PROBLEMS.isdisjoint(self.problems)

    @property
    def next_login_at(self) -> float | None:
        """When a refused login is tried again, in epoch seconds; `None` if none was refused."""
        if Problem.LOGIN_REFUSED not in self.problems or self.last_failure is None:
            return None
        return (self.last_failure_at or 0.0) + (self.last_failure.retry_after or 0.0)


ROWS_PER_PAGE = 8  # as many as read well in one message

Finding = (
    Match | Missing | NotReady | Listing | LocationList | ChangeList | AuditReport | DirectoryExport
)


def to_finding(matches: Sequence[Match]) -> Finding:
    """Return a few matches as a finding: nothing, one, or a list of the first of them."""
    if not matches:
        return Missing()
    if len(matches) == 1:
        return matches[0]
    first_page = tuple(matches[:ROWS_PER_PAGE])
    pages = -(-len(matches) // ROWS_PER_PAGE)
    return Listing(first_page, pages=pages, total=len(matches))
