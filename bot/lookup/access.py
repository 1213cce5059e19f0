"""Who may ask, how often, and what they see.

Full members of the workspace, or of its Enterprise organisation, may. Nobody else learns
anything, and where Slack does not say who somebody is, the door stays shut.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import LRUCache

from bot.errors import AskerUnknown, NotAllowed, RateLimited, SlackUnavailable
from bot.fields import FIELD_OF_FILTER, Filters
from bot.slack.api import TRANSIENT, SlackRefused
from bot.slack.people import Asker, Member, Workspace
from bot.slack.users import SlackUsers

MINUTE_S = 60.0
MAX_PEOPLE_COUNTED = 10_000  # whose lookups of the last minute are counted


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator decided: see the settings of the same names."""

    allow_guests: bool = False
    admins: frozenset[str] = frozenset()
    admin_only_fields: frozenset[str] = frozenset()
    lookups_per_minute: int = 30


class Access:
    """Decides for one asker at a time."""

    def __init__(
        self, profiles: SlackUsers, rules: Rules, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._profiles = profiles
        self._rules = rules
        self._clock = clock
        self._asked: LRUCache[str, deque[float]] = LRUCache(MAX_PEOPLE_COUNTED)

    def is_allowed_cached(self, asker: Asker) -> bool:
        """Whether somebody may ask, by what is known without asking Slack."""
        member = self._profiles.known_member(asker.user_id)
        workspace = self._profiles.known_workspace()
        return bool(member and workspace and not self._reason(member, asker, workspace))

    async def check_allowed(self, asker: Asker, *, deadline: float) -> None:
        """Return where somebody may ask. Raises `NotAllowed` or `AskerUnknown`."""
        if not asker.user_id:
            raise NotAllowed("outsider")
        try:
            member = await self._profiles.member(asker.user_id, deadline=deadline)
            workspace = await self._profiles.workspace(deadline=deadline)
        except SlackUnavailable as failure:
            raise AskerUnknown(is_refused=_is_refused(failure)) from None
        if reason := self._reason(member, asker, workspace):
            raise NotAllowed(reason)

    def charge(self, asker: Asker, *, parts: int = 1) -> None:
        """Count lookups of a person, `parts` at once. Raises `RateLimited` beyond the limit."""
        now = self._clock()
        times = self._asked.get(asker.user_id)
        if times is None:
            times = self._asked[asker.user_id] = deque()
        while times and times[0] <= now - MINUTE_S:
            times.popleft()
        if times and len(times) + parts > self._rules.lookups_per_minute:
            raise RateLimited(times[0] + MINUTE_S - now)
        times.extend([now] * parts)

    def check_filters(self, filters: Filters, asker: Asker, *, public: bool) -> None:
        """Raise `NotAllowed` where a list would tell what its cards must not."""
        hidden = self.hidden_fields(asker, public=public)
        told = {
            field
            for name, field in FIELD_OF_FILTER.items()
            if getattr(filters, name) not in ("", None)
        }
        if told & hidden:
            raise NotAllowed("admins")

    def is_admin(self, asker: Asker) -> bool:
        """Whether somebody is one of the admins that the settings name."""
        return asker.user_id in self._rules.admins

    def hidden_fields(self, asker: Asker, *, public: bool) -> frozenset[str]:
        """Return what an answer leaves out. What others see is what a plain member may see."""
        if self.is_admin(asker) and not public:
            return frozenset()
        return self._rules.admin_only_fields

    def _reason(self, member: Member | None, asker: Asker, workspace: Workspace) -> str:
        """Return why somebody may not ask, or nothing."""
        if member is None or member.is_stranger or not _is_ours(member, asker, workspace):
            return "outsider"
        if member.deleted:
            return "deleted"
        if member.is_bot:
            return "bot"
        return "guest" if member.is_guest and not self._rules.allow_guests else ""


def _is_refused(failure: SlackUnavailable) -> bool:
    """Whether Slack will not say it later either: the token or a scope is wrong."""
    return isinstance(failure, SlackRefused) and failure.code not in TRANSIENT


def _is_ours(member: Member, asker: Asker, workspace: Workspace) -> bool:
    """Whether somebody belongs to our workspace, or to our Enterprise organisation."""
    if workspace.enterprise_id and member.enterprise_id == workspace.enterprise_id:
        return True
    # What Slack tells of the person goes before what a request says of itself.
    theirs = member.team_id or asker.team_id
    return not theirs or not workspace.team_id or theirs == workspace.team_id
