"""One thing that was recognised, and where."""

from __future__ import annotations

from dataclasses import dataclass

from bot.query.model import SingleQuery


@dataclass(frozen=True, slots=True)
class Recognized:
    """An item and its place in the line.

    `sure` where it cannot be part of a name: `789` can (Conference Room 789), `ext 789` cannot.
    """

    item: SingleQuery
    start: int
    end: int
    sure: bool = False
