"""Every error that Ext raises on purpose.

Errors are raised where the failure is seen (the grammar, a directory's source) and turned into
messages for people in one place, `bot.lookup.error_messages`. Their text may also be logged, so
it never contains a name, a number that somebody looked up, or a secret.

    ExtError
    ├── SettingsError         at start-up only: lists every problem
    ├── QueryError            the query can't be parsed; points at the unclear part
    ├── SlackUnavailable      a call to Slack's Web API failed
    │   └── AskerUnknown      Slack didn't say who is asking, so Ext can't tell what to allow
    ├── ShuttingDown          Ext stops while somebody waits for an answer
    ├── NotAllowed            this person may not ask this
    ├── RateLimited           this person asks too often; `retry_after` says when to ask again
    └── SourceError           the directory's source (Vonage, a CSV file) refused or failed
        ├── NotFound          the source has no such extension
        ├── BadParameters     the source did not accept the request's parameters
        ├── NotAuthorized     the source did not accept the access token
        │   └── LoginRefused  it refused the login itself; no retry before `retry_after`
        ├── Forbidden         the account may not read the directory
        ├── OverQuota         too many calls; `retry_after` says when to call again
        ├── Unavailable       no answer, a late one, or a server error
        │   ├── CertificateRefused  its TLS certificate can't be trusted; `reason` says why
        │   └── FileTooSlow   the CSV file could not be read in time
        └── UnexpectedReply   an answer that can't be read, or can't be believed
            ├── WrongPath     the source does not know the address of the request
            ├── OtherExtension  the answer is about another extension than the one asked for
            ├── Contradiction   the answer takes away what is known, and isn't confirmed yet
            ├── InconsistentList  the pages of its list contradict each other
            ├── UnreadableRows    too many rows of its list can't be read
            └── InvalidFile   the CSV file is missing, unreadable, or has invalid rows
"""

from __future__ import annotations

from dataclasses import dataclass


class ExtError(Exception):
    """Base class of the errors that Ext raises on purpose; its text may be logged."""


class SettingsError(ExtError):
    """The settings can't be used. `problems` has one line each, with its remedy."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class QueryError(ExtError):
    """The grammar can't parse a query.

    `text` is what the person wrote, without what Slack added; `text[start:end]` is the unclear
    part. `problem` says in one short sentence what is wrong, and `example` is a query that
    works, as typed after `/ext`.
    """

    def __init__(self, problem: str, *, text: str, start: int, end: int, example: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.text = text
        self.start = start
        self.end = end
        self.example = example


class SlackUnavailable(ExtError):
    """Slack did not answer a call about a user, a channel or the workspace."""


class AskerUnknown(SlackUnavailable):
    """Slack did not say who is asking, so the question is not answered.

    `is_refused` is true if Slack refused the call (a missing scope, a revoked token). Asking
    again does not help then: only the operator can fix it.
    """

    def __init__(self, *, is_refused: bool) -> None:
        super().__init__()
        self.is_refused = is_refused


class ShuttingDown(ExtError):
    """Ext is shutting down, so the answer that somebody is waiting for won't come."""


class NotAllowed(ExtError):
    """This person may not ask.

    `reason` is `guest`, `outsider`, `deleted`, `bot` or `admins` (only admins may).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"Not allowed: {reason}")
        self.reason = reason


class RateLimited(ExtError):
    """This person has reached the limit of `per_minute` lookups; `retry_after` is in seconds."""

    def __init__(self, retry_after: float, per_minute: int = 0) -> None:
        super().__init__()
        self.retry_after = retry_after
        self.per_minute = per_minute


class SourceError(ExtError):
    """The directory's source refused, or did not answer.

    `retry_after` is the number of seconds until a retry can succeed, or `None` if that is not
    known. The log shows `message`, by default the class's docstring.
    """

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message or type(self).__doc__ or "")
        self.retry_after = retry_after


class NotFound(SourceError):
    """The source has no such extension."""


@dataclass(frozen=True, slots=True)
class InvalidParameter:
    """One parameter that the source refused, and its reason, both in the source's words."""

    name: str
    reason: str


class BadParameters(SourceError):
    """The source did not accept the parameters of a request.

    `title` and `reasons` are the source's own words, so they may repeat what somebody asked:
    never log them. `track_id` is the id under which the source's support finds the request.
    """

    def __init__(
        self, title: str = "", *, reasons: tuple[InvalidParameter, ...] = (), track_id: str = ""
    ) -> None:
        super().__init__()
        self.title = title
        self.reasons = reasons
        self.track_id = track_id


class NotAuthorized(SourceError):
    """The source did not accept the access token, even after a renewal."""


class LoginRefused(NotAuthorized):
    """The source refused the login; retrying could lock the account."""


class Forbidden(SourceError):
    """The account may not read the directory: its app is not subscribed to the API."""


class OverQuota(SourceError):
    """No further call is allowed this minute."""


class Unavailable(SourceError):
    """The source did not answer, or not in time."""


class CertificateRefused(Unavailable):
    """The source's TLS certificate was refused, so nothing was sent.

    `reason` says why, such as "it has expired", without a name of a host.
    """

    def __init__(
        self, message: str = "", *, reason: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(message, retry_after=retry_after)
        self.reason = reason


class FileTooSlow(Unavailable):
    """The CSV file could not be read in time."""


class UnexpectedReply(SourceError):
    """The source's answer can't be read."""


class WrongPath(UnexpectedReply):
    """Vonage does not know the path of the request: check VONAGE_BASE_URL."""


class OtherExtension(UnexpectedReply):
    """The source's answer is about another extension than the one asked for."""


class Contradiction(UnexpectedReply):
    """The source's answer takes away what is known, and no second answer has confirmed it yet.

    `lost` has the names of what is gone: `extension`, `user`, or attributes such as `email`.
    """

    def __init__(self, lost: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.lost = lost


class InconsistentList(UnexpectedReply):
    """The pages of the source's list contradict each other, so it can't be read as a whole."""


class UnreadableRows(UnexpectedReply):
    """Too many rows of the source's list can't be read."""


class InvalidFile(UnexpectedReply):
    """The CSV file can't be used. `problems` has one line each, with its remedy.

    The lines name rows and columns and never repeat the content of a cell, so they may be logged.
    """

    def __init__(self, message: str = "", *, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class MustWait(Exception):
    """Raised instead of waiting, if the caller passed no deadline.

    It is control flow, not a failure, so it is no `ExtError`: the caller first tries to answer
    without waiting, and on `MustWait` calls again with a deadline.
    """
