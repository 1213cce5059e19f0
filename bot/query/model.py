"""What a line of text can mean. Each kind says the words that produce it.

Digits are ASCII digits. `words` is what the person wrote for it, for repeating it to them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot import fields

Filters = fields.Filters  # what a list is filtered by


@dataclass(frozen=True, slots=True)
class Number:
    """`789`, `x789`, `ext 789`, `#789`: up to six digits."""

    digits: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Phone:
    """`+1 (415) 555-0100`: seven digits or more, with any punctuation.

    `candidates` are the E.164 digits (no plus) that it can mean, likeliest first; `digits`
    are the digits as typed. `groups` are the parts between spaces where each could be an
    extension too (`415 555 0100`), else empty.
    """

    digits: str
    candidates: tuple[str, ...]
    words: str = ""
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Email:
    """`john.smith@example.com`, lower case."""

    address: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """`@person`, as Slack sends it: `<@U012AB3CD>`."""

    user_id: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Me:
    """`me`: the asker's own extension."""

    words: str = "me"


@dataclass(frozen=True, slots=True)
class Name:
    """`john smith`, `jsmith`: a name, a login name or a tag of a number.

    `login` is set where the text is one word that can be a login name. `page` is of those who
    are found: `john page 2`.
    """

    text: str
    login: str = ""
    words: str = ""
    page: int = 1


SingleQuery = Number | Phone | Email | Person | Me | Name


@dataclass(frozen=True, slots=True)
class Several:
    """`789 790 1001`: two to ten parts, each asked for by itself."""

    items: tuple[SingleQuery, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class List:
    """`list [page N] [filters]`, `location ‹id or name›`.

    `after` and `before` are the numbers that a page follows or stands before, so that the pages
    beside one that is read are these, whoever came and went since: `list page 3 after:8001`.
    """

    page: int = 1
    filters: Filters = field(default_factory=Filters)
    words: str = "list"
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Locations:
    """`locations`."""


@dataclass(frozen=True, slots=True)
class Share:
    """`share ‹query›`: the answer where everybody in the channel sees it."""

    query: SingleQuery | Several | List

    @property
    def words(self) -> str:
        """What the person wrote for what is shared."""
        return self.query.words


@dataclass(frozen=True, slots=True)
class Refresh:
    """`refresh ‹number›`: ask Vonage now."""

    query: Number | Phone | Email

    @property
    def words(self) -> str:
        """What the person wrote for what is asked anew."""
        return self.query.words


@dataclass(frozen=True, slots=True)
class Export:
    """`export [filters]`."""

    filters: Filters = field(default_factory=Filters)
    words: str = "export"


@dataclass(frozen=True, slots=True)
class Changes:
    """`changes [page N]`."""

    page: int = 1


@dataclass(frozen=True, slots=True)
class Audit:
    """`audit`, `audit ‹check› [page N]`; the checks are `models.CHECKS`."""

    check: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Status:
    """`status`."""


@dataclass(frozen=True, slots=True)
class Help:
    """`help`, or nothing."""


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
