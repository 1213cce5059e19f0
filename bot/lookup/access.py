"""Who may ask, how often, and which fields they see.

Full members of the workspace, or of its Enterprise organization, may ask. Everyone else is
refused, and so is anyone whom Slack doesn't identify in time.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import LRUCache

from bot.errors import AskerUnknown, NotAllowed, RateLimited, SlackUnavailable
from bot.limits import MAX_PEOPLE_COUNTED
from bot.slack.api import is_permanent
from bot.slack.people import Asker, Member, Workspace
from bot.slack.users import SlackUsers

MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class Rules:
    """The operator's settings of the same names."""

    allow_guests: bool = False
    admins: frozenset[str] = frozenset()
    admin_only_fields: frozenset[str] = frozenset()
    lookups_per_minute: int = 30


class Access:
    """Applies the rules to one asker at a time; `clock` returns monotonic seconds."""

    def __init__(
        self, users: SlackUsers, rules: Rules, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._users = users
        self._rules = rules
        self._clock = clock
        self._lookup_times: LRUCache[str, deque[float]] = LRUCache(MAX_PEOPLE_COUNTED)

    def is_allowed_cached(self, asker: Asker) -> bool:
        """Whether the asker may ask, judged from the cache alone; false if it can't tell yet."""
        member = self._users.known_member(asker.user_id)
        workspace = self._users.known_workspace()
        return bool(member and workspace and not self._refusal(member, asker, workspace))

    async def check_allowed(self, asker: Asker, *, deadline: float) -> None:
        """Return if the asker may ask. Raises `NotAllowed` or `AskerUnknown`."""
        if not asker.user_id:
            raise NotAllowed("outsider")
        try:
            member = await self._users.member(asker.user_id, deadline=deadline)
            workspace = await self._users.workspace(deadline=deadline)
        except SlackUnavailable as error:
            raise AskerUnknown(is_refused=is_permanent(error)) from None
        if reason := self._refusal(member, asker, workspace):
            raise NotAllowed(reason)

    def charge(self, asker: Asker, *, parts: int = 1) -> None:
        """Count `parts` lookups of the asker. Raises `RateLimited` above the limit per minute.

        The first lookups of a minute always pass. Otherwise a message with more parts than the
        limit would be refused however long its author waits.
        """
        now = self._clock()
        times = self._lookup_times.get(asker.user_id)
        if times is None:
            times = self._lookup_times[asker.user_id] = deque()
        while times and times[0] <= now - MINUTE_S:
            times.popleft()
        if times and len(times) + parts > self._rules.lookups_per_minute:
            raise RateLimited(times[0] + MINUTE_S - now, self._rules.lookups_per_minute)
        times.extend([now] * parts)

    @property
    def admins(self) -> frozenset[str]:
        """The user ids of Ext's admins."""
        return self._rules.admins

    def is_admin(self, asker: Asker) -> bool:
        """Whether the asker is one of Ext's admins."""
        return asker.user_id in self._rules.admins

    def excluded_fields(self, asker: Asker, *, public: bool) -> frozenset[str]:
        """Return the fields that an answer neither shows nor is found by.

        Searching them would let people guess values that they may not see.
        A public answer shows only what any member may see, even if an admin asked for it.
        """
        if self.is_admin(asker) and not public:
            return frozenset()
        return self._rules.admin_only_fields

    def _refusal(self, member: Member | None, asker: Asker, workspace: Workspace) -> str:
        """Return the reason for `NotAllowed`, or an empty text if the asker may ask."""
        if member is None or member.is_stranger or not _is_colleague(member, asker, workspace):
            return "outsider"
        if member.deleted:
            return "deleted"
        if member.is_bot:
            return "bot"
        return "guest" if member.is_guest and not self._rules.allow_guests else ""


def _is_colleague(member: Member, asker: Asker, workspace: Workspace) -> bool:
    """Whether a member belongs to this workspace, or to its Enterprise organization."""
    if workspace.enterprise_id and member.enterprise_id == workspace.enterprise_id:
        return True
    # Slack's answer about the person outweighs what the request claims about itself. Whose
    # workspace nobody names is no colleague.
    team_id = member.team_id or asker.team_id
    return bool(team_id) and team_id == workspace.team_id
