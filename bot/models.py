"""What the bot knows and passes from room to room: plain values, no behaviour that asks.

Field names are Vonage's own (EndUserRoute, BasicUser, DID and Line of the Extension API).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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
    """The person, room or branch that an extension belongs to. Any field may be empty."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    login_name: str = ""

    @property
    def name(self) -> str:
        """First and last name as one."""
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension (the API's EndUserRoute).

    `number` is digits as text. `None` in a switch means that the API did not say.
    `location_id` is empty where the API named none.
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
        """The user's name, or nothing: many extensions are rooms or ring groups."""
        return self.user.name if self.user else ""


@dataclass(frozen=True, slots=True)
class Location:
    """An office. `time_zone` is the API's text, which may not be a zone that we know."""

    id: str
    name: str = ""
    time_zone: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list, as the API gave it. Counts are `None` where it did not say.

    `has_next` is whether the page links to another; `skipped` counts its unreadable records.
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

    `field` is the name of a field (see `bot.fields`). `corrected` is what the person's words were
    taken for, where they were not written so: `john smith` for *jhon smith*.
    """

    field: str = "name"
    corrected: str = ""


@dataclass(frozen=True, slots=True)
class SyncProgress:
    """How far the reading of the whole directory is: `page` of `pages` have come.

    `pages` and `seconds_left` are `None` where the API has not said how much there is.
    """

    page: int = 0
    pages: int | None = None
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """An extension that answers a query, and how fresh it is.

    `read_at` is when Vonage said so, in epoch seconds. `failure` is set where a newer answer
    was asked for and Vonage failed: what is here is the last known. `why` is set by a search,
    `reading` where others may fit as well, who have not been read yet.
    """

    extension: Extension
    read_at: float
    failure: SourceError | None = None
    reason: MatchReason | None = None
    sync_progress: SyncProgress | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """Nothing was found.

    `location` is what was asked for where the account has no such location. `failure` is set
    where what was looked through is old (read at `read_at`, epoch seconds) because Vonage fails.
    """

    location: str = ""
    failure: SourceError | None = None
    read_at: float | None = None


@dataclass(frozen=True, slots=True)
class NotReady:
    """The answer is not known yet: the directory is being read, or (`None`) is about to be."""

    sync_progress: SyncProgress | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of an extension, at `at` (epoch seconds, when it was noticed).

    There was none before (`was`), there is none any more (`now`), or its number, its direct
    numbers, its location or its user are others.
    """

    at: float
    was: Extension | None = None
    now: Extension | None = None


@dataclass(frozen=True, slots=True)
class ChangeList:
    """A page of what changed, newest first; `since` is how far back it is known (epoch seconds)."""

    changes: tuple[Change, ...]
    since: float
    page: int = 1
    pages: int = 1
    total: int = 0


# What is looked for in the directory's hygiene, as `audit ‹check›` names it.
CHECKS = ("unassigned", "shared", "no-did", "dnd", "names")


@dataclass(frozen=True, slots=True)
class AuditReport:
    """How many extensions each check of `CHECKS` finds, among `total`; read at `read_at`."""

    found: tuple[tuple[str, int], ...]
    total: int
    read_at: float


@dataclass(frozen=True, slots=True)
class Listing:
    """Several extensions, in number order: a page of the directory, or of all that matched.

    `total` counts all pages; it is `None` where it is not known.
    """

    matches: tuple[Match, ...]
    page: int = 1
    pages: int = 1
    total: int | None = None


@dataclass(frozen=True, slots=True)
class DirectoryExport:
    """All extensions of a list, to be gone through once, in number order.

    `total` is how many they are; `locations` are by id, `read_at` is when the oldest was read.
    """

    matches: Iterator[Match]
    total: int
    locations: Mapping[str, Location]
    read_at: float


@dataclass(frozen=True, slots=True)
class LocationCount:
    """A location and how many extensions it has (`None`: not counted)."""

    location: Location
    extensions: int | None = None


@dataclass(frozen=True, slots=True)
class LocationList:
    """All locations of the account, or those that can be meant by what was `asked` for."""

    locations: tuple[LocationCount, ...]
    read_at: float
    failure: SourceError | None = None
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Quota:
    """How much of the API's allowance is left now."""

    limit: int
    left: int
    seconds_to_next: float = 0.0


@dataclass(frozen=True, slots=True)
class Status:
    """What `status` tells: the copy of the directory, the quota, and the last failure.

    `extensions` and `read_at` are `None` while there is no copy; `next_at` is when it is read
    again, `sync_progress` how far that is. `quota` is `None` where the source's calls are not
    limited; `source_name` is `Vonage` or `the CSV file`. Moments are in epoch seconds.
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


Finding = (
    Match | Missing | NotReady | Listing | LocationList | ChangeList | AuditReport | DirectoryExport
)
