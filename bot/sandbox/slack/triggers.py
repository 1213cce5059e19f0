"""The `trigger_id` of a command or a button: it opens one modal, once, within three seconds.

https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

LIFETIME_S = 3.0


@dataclass(slots=True)
class Trigger:
    """A trigger: its user, when it was issued (epoch seconds), and whether it was used."""

    user: str
    issued_at: float
    is_used: bool = False


class Triggers:
    """Every trigger that was issued."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._count = count(1)
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: str) -> str:
        """A new trigger, for an action of this user just now."""
        name = f"{next(self._count)}.1876.sandbox"
        self._issued[name] = Trigger(user, self._clock())
        return name

    def error_of(self, name: str) -> str:
        """Slack's error for a trigger that can't be used, else empty."""
        trigger = self._issued.get(name)
        if trigger is None:
            return "invalid_trigger_id"
        if trigger.is_used:
            return "exchanged_trigger_id"
        return "expired_trigger_id" if self._clock() - trigger.issued_at > LIFETIME_S else ""

    def use(self, name: str) -> str:
        """Mark a trigger as used, after `error_of`; returns its user."""
        trigger = self._issued[name]
        trigger.is_used = True
        return trigger.user
