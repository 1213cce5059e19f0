"""The rule that a soak must keep: what may grow while the bot runs, and what must be gone at rest.

Pure functions on series of measured values, so that the rule itself can be tested.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

WARM_UP_SHARE = 0.25  # of the run, in which caches fill and the threads start


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How much a level may rise: by a share of it, and by a fixed amount on top."""

    share: float
    extra: float

    def limit(self, level: float) -> float:
        """Return the highest value that a level may rise to."""
        return level * (1 + self.share) + self.extra


def quarters(values: Sequence[float]) -> list[Sequence[float]]:
    """Return the four quarters of a series; a short one may have empty quarters."""
    count = len(values)
    return [values[count * quarter // 4 : count * (quarter + 1) // 4] for quarter in range(4)]


def growth(name: str, values: Sequence[float], tolerance: Tolerance) -> list[str]:
    """Return what is wrong with a series under load: its last quarter against its second one.

    The first quarter is the warm-up and doesn't count.
    """
    if len(values) < 8:
        return [f"{name}: only {len(values)} values were measured, which say nothing"]
    _, second, _, last = (median(quarter) for quarter in quarters(values))
    limit = tolerance.limit(second)
    if last <= limit:
        return []
    return [
        f"{name} grew from {second:,.1f} to {last:,.1f} between the second and the last quarter; "
        f"{limit:,.1f} is allowed"
    ]


def leftovers(
    after_warm_up: Mapping[str, float],
    at_the_end: Mapping[str, float],
    tolerances: Mapping[str, Tolerance],
) -> list[str]:
    """Return what is wrong at rest: the end against the pause after the warm-up, by name."""
    return [
        f"{name} at rest: {at_the_end[name]:,.1f} at the end, {after_warm_up[name]:,.1f} after the "
        f"warm-up; {tolerance.limit(after_warm_up[name]):,.1f} is allowed"
        for name, tolerance in tolerances.items()
        if not at_the_end[name] <= tolerance.limit(after_warm_up[name])
    ]


def at_most(name: str, value: float, limit: float) -> list[str]:
    """Return what is wrong with a count that has a limit."""
    return [] if value <= limit else [f"{name}: {value:,.4g}, and {limit:,.4g} is allowed"]


def at_least(name: str, value: float, limit: float) -> list[str]:
    """Return what is wrong with a count that shows that the run did its work."""
    return [] if value >= limit else [f"{name}: only {value:,.4g}, and {limit:,.4g} is needed"]
