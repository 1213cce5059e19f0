"""The kinds of query. Each docstring begins with text that is parsed as this kind.

Digits are ASCII digits. `typed` is what the person typed for the query, which answers repeat.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot import fields

Filters = fields.Filters  # what a list is filtered by


@dataclass(frozen=True, slots=True)
class Number:
    """`789`, `x789`, `ext 789`, `#789`: up to six digits.

    If no extension has the number, direct numbers that end in it count, unless `extension_only`
    is set: the directory sets it for people who may not search by direct numbers.
    """

    digits: str
    typed: str = ""
    extension_only: bool = False


@dataclass(frozen=True, slots=True)
class Phone:
    """`+1 (415) 555-0100`: seven digits or more, with any punctuation.

    `digits` are the digits as typed. `candidates` are the E.164 digits (no plus) that the number
    can mean, likeliest first. `groups` are the parts between spaces if each of them could also be
    an extension (`415 555 0100`), else empty.
    """

    digits: str
    candidates: tuple[str, ...]
    typed: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Email:
    """`john.smith@example.com`, in lower case.

    `known_by` is the field by which the asker knows the person: their `email`, or `slack` if the
    asker named a Slack user and Slack told the address. It's empty if the asker means themselves.
    """

    address: str
    typed: str = ""
    known_by: str = "email"


@dataclass(frozen=True, slots=True)
class Person:
    """`@person`, which Slack sends as `<@U012AB3CD>`."""

    user_id: str
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Me:
    """`me`: the asker's own extension."""

    typed: str = "me"


@dataclass(frozen=True, slots=True)
class Name:
    """`john smith`, `jsmith`: a name, a login name or a tag of a number.

    `login` is the text if it is one word that can be a login name, else empty. `page` is the page
    of the results: `john page 2`.
    """

    text: str
    login: str = ""
    typed: str = ""
    page: int = 1


SingleQuery = Number | Phone | Email | Person | Me | Name


@dataclass(frozen=True, slots=True)
class Several:
    """`789 790 1001`: two to ten items, each looked up by itself."""

    items: tuple[SingleQuery, ...]
    typed: str = ""


@dataclass(frozen=True, slots=True)
class List:
    """`list [page N] [filters]`, `location ‹id or name›`.

    A page begins after the extension number `after`, or ends before the number `before`. The
    pager's buttons set them, so that the next page begins where the last one ended even if people
    joined or left meanwhile: `list page 3 after:8001`.
    """

    page: int = 1
    filters: Filters = field(default_factory=Filters)
    typed: str = "list"
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Locations:
    """`locations`: all locations."""


@dataclass(frozen=True, slots=True)
class Share:
    """`share ‹query›`: the answer, visible to everybody in the channel."""

    query: SingleQuery | Several | List

    @property
    def typed(self) -> str:
        """What the person typed for the shared query."""
        return self.query.typed


@dataclass(frozen=True, slots=True)
class Refresh:
    """`refresh ‹number›`: the answer that Vonage gives now."""

    query: Number | Phone | Email

    @property
    def typed(self) -> str:
        """What the person typed for the refreshed query."""
        return self.query.typed


@dataclass(frozen=True, slots=True)
class Export:
    """`export [filters]`: the directory as a CSV file."""

    filters: Filters = field(default_factory=Filters)
    typed: str = "export"


@dataclass(frozen=True, slots=True)
class Changes:
    """`changes [page N]`: who joined, left or changed."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class Audit:
    """`audit`, `audit ‹check› [page N]`: what looks wrong. The checks are `models.CHECKS`."""

    check: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Status:
    """`status`: freshness, quota and health."""


@dataclass(frozen=True, slots=True)
class Help:
    """`help`, or an empty text."""


Query = (
    SingleQuery
    | Several
    | List
    | Locations
    | Share
    | Refresh
    | Export
    | Changes
    | Audit
    | Status
    | Help
)

# The queries whose answers have pages.
PagedQuery = List | Name | Changes | Audit
