"""Who may ask, how often, and what they see.

Full members of the workspace, or of its Enterprise organisation, may. Nobody else learns
anything, and where Slack does not say who somebody is, the door stays shut.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from cachetools import TTLCache

from bot.errors import NotAllowed, TooOften
from bot.models import Asker, Member, Workspace
from bot.profiles import Profiles

MINUTE = 60.0
PEOPLE = 10_000  # whose lookups of the last minute are counted


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
        self, profiles: Profiles, rules: Rules, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._profiles = profiles
        self._rules = rules
        self._clock = clock
        self._asked: TTLCache[str, deque[float]] = TTLCache(PEOPLE, MINUTE, timer=clock)

    def is_known(self, asker: Asker) -> bool:
        """Whether `check` answers at once."""
        return self._profiles.knows(asker.user_id)

    async def check(self, asker: Asker, *, deadline: float) -> None:
        """Return where somebody may ask. Raises `NotAllowed` or `SlackUnavailable`."""
        if not asker.user_id:
            raise NotAllowed("outsider")
        member = await self._profiles.member(asker.user_id, deadline=deadline)
        workspace = await self._profiles.workspace(deadline=deadline)
        if reason := _reason(member, asker, workspace):
            raise NotAllowed(reason)
        if member and member.is_guest and not self._rules.allow_guests:
            raise NotAllowed("guest")

    def count(self, asker: Asker) -> None:
        """Count one lookup of a person. Raises `TooOften` beyond their number a minute."""
        now = self._clock()
        times = self._asked.get(asker.user_id, deque())
        while times and times[0] <= now - MINUTE:
            times.popleft()
        if len(times) >= self._rules.lookups_per_minute:
            raise TooOften(times[0] + MINUTE - now)
        times.append(now)
        self._asked[asker.user_id] = times

    def is_admin(self, asker: Asker) -> bool:
        """Whether somebody is one of the admins that the settings name."""
        return asker.user_id in self._rules.admins

    def hidden_fields(self, asker: Asker, *, public: bool) -> frozenset[str]:
        """Return what an answer leaves out. What others see is what a plain member may see."""
        if self.is_admin(asker) and not public:
            return frozenset()
        return self._rules.admin_only_fields


def _reason(member: Member | None, asker: Asker, workspace: Workspace) -> str:
    """Return why somebody is not one of us, or nothing."""
    if member is None or member.is_stranger:
        return "outsider"
    if member.deleted:
        return "deleted"
    if member.is_bot:
        return "bot"
    same_organisation = bool(workspace.enterprise_id) and (
        member.enterprise_id == workspace.enterprise_id
    )
    teams = {member.team_id, asker.team_id} - {""}
    return "" if same_organisation or teams <= {workspace.team_id} else "outsider"
