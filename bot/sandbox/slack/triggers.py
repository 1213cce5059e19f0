"""The `trigger_id` of a command or a press: it opens one modal, once, within three seconds.

https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

LIFETIME_S = 3.0  # seconds


@dataclass(slots=True)
class Trigger:
    """One that was given out: by whose doing, when, and whether a modal came of it."""

    user: str
    issued_at: float
    is_used: bool = False


class Triggers:
    """Every trigger that was given out."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._count = count(1)
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: str) -> str:
        """A new one, for what somebody did just now."""
        name = f"{next(self._count)}.1876.sandbox"
        self._issued[name] = Trigger(user, self._clock())
        return name

    def error_of(self, name: str) -> str:
        """Slack's name for why this one opens nothing, or empty."""
        trigger = self._issued.get(name)
        if trigger is None:
            return "invalid_trigger_id"
        if trigger.is_used:
            return "exchanged_trigger_id"
        return "expired_trigger_id" if self._clock() - trigger.issued_at > LIFETIME_S else ""

    def use(self, name: str) -> str:
        """Use one up, after `refusal`; returns whose it is."""
        trigger = self._issued[name]
        trigger.is_used = True
        return trigger.user
