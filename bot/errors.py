"""Everything that can go wrong and that somebody is told about.

Failures are raised low (the grammar, the API client), and turned into words once, in
`lookup`. No message here holds a name, a number somebody asked for, or a secret: errors
reach the log.

    ExtError
    ├── SettingsError        start-up only; lists every problem
    ├── QueryError           the person's words cannot be read; points into them
    ├── SlackUnavailable     Slack did not say who somebody is
    │   └── AskerUnknown     nor whether the person who asks may
    ├── ShuttingDown         Ext is being stopped while somebody waits
    ├── NotAllowed           the person may not ask this
    ├── RateLimited          the person asks more than they may; `retry_after` says when again
    └── VonageError          the API refused, or did not answer
        ├── NotFound         there is no such extension
        ├── BadParameters    it did not accept what we asked
        ├── NotAuthorized    no valid token
        │   └── LoginRefused the login itself was refused; not tried again before `retry_after`
        ├── Forbidden        the app may not use this API
        ├── OverQuota        too many calls; `retry_after` says when
        ├── Unavailable      no answer, too late, or a server's fault
        └── UnexpectedReply  an answer, but not one that can be read
"""

from __future__ import annotations

from dataclasses import dataclass


class ExtError(Exception):
    """What Ext says when something it knows about goes wrong."""


class SettingsError(ExtError):
    """The settings cannot be used. `problems` has one line each, with its remedy."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class QueryError(ExtError):
    """Words that the grammar cannot read.

    `text` is what the person wrote (cleaned of what Slack added), `text[start:end]` the spot
    that cannot be read, `problem` says why in a short sentence, and `example` is a query that
    works, as one would type it after `/ext`.
    """

    def __init__(self, problem: str, *, text: str, start: int, end: int, example: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.text = text
        self.start = start
        self.end = end
        self.example = example


class SlackUnavailable(ExtError):
    """Slack did not say who somebody is."""


class AskerUnknown(SlackUnavailable):
    """Slack did not say who asks, so nobody is answered.

    `is_refused` where Slack refuses to say, which only the operator can change.
    """

    def __init__(self, *, is_refused: bool) -> None:
        super().__init__()
        self.is_refused = is_refused


class ShuttingDown(ExtError):
    """Ext is being stopped, so that what somebody waits for will not come."""


class NotAllowed(ExtError):
    """The person may not ask.

    `reason` is `guest`, `outsider`, `deleted`, `bot` or `admins` (only they may).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"Not allowed: {reason}")
        self.reason = reason


class RateLimited(ExtError):
    """The person asks more often than they may; `retry_after` is in seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__()
        self.retry_after = retry_after


class SourceError(ExtError):
    """The Vonage API refused, or did not answer.

    `retry_after` is the number of seconds until another try can help, where that is known.
    """

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        super().__init__(message or type(self).__doc__ or "")
        self.retry_after = retry_after


class NotFound(SourceError):
    """Vonage has no such extension."""

    def __init__(self, msg: str = "", *, status: int = 404) -> None:
        super().__init__()
        self.msg = msg
        self.status = status


@dataclass(frozen=True, slots=True)
class InvalidParameter:
    """One parameter that the API refused, and its reason."""

    name: str
    reason: str


class BadParameters(SourceError):
    """Vonage did not accept the parameters of a request.

    `title` and `reasons` are the API's own words; `track_id` (its `instance`) is what
    Vonage's support asks for.
    """

    def __init__(
        self, title: str = "", *, reasons: tuple[InvalidParameter, ...] = (), track_id: str = ""
    ) -> None:
        super().__init__()
        self.title = title
        self.reasons = reasons
        self.track_id = track_id


class NotAuthorized(SourceError):
    """Vonage did not accept the access token, also after it was renewed."""


class LoginRefused(NotAuthorized):
    """Vonage refused the login; trying again would lock the account."""


class Forbidden(SourceError):
    """The Vonage app may not use the Provisioning API: it is not subscribed to it."""


class OverQuota(SourceError):
    """No further call is allowed this minute."""


class Unavailable(SourceError):
    """Vonage did not answer, or not in time."""


class UnexpectedReply(SourceError):
    """Vonage answered with something that cannot be read."""


class MustWait(Exception):
    """Raised in place of waiting, where the caller gave no deadline because it cannot wait.

    It is not a failure and nobody is told about it: the caller asks again with a deadline.
    """
