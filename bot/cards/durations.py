"""Durations and counts in words. Moments, which need Slack's date format, are in `moments`."""

from __future__ import annotations

import math

MINUTE, HOUR, DAY = 60, 3_600, 86_400
ABOUT_A_MINUTE = 90  # seconds; a wait up to this long still counts as "this minute"


def after(seconds: float) -> str:
    """Return how long to wait, rounded up: `in 20 seconds`, `in 2 minutes`."""
    if seconds <= ABOUT_A_MINUTE:
        return f"in {counted(max(1, math.ceil(seconds)), 'second')}"
    if seconds <= HOUR:
        return f"in {counted(math.ceil(seconds / MINUTE), 'minute')}"
    return f"in {counted(math.ceil(seconds / HOUR), 'hour')}"


def counted(count: int, noun: str) -> str:
    """Return `1 hour`, `2 hours`, `1,204 extensions`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
