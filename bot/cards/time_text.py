"""Moments and lengths of time, as words."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE, HOUR, DAY = 60, 3_600, 86_400
ABOUT_A_MINUTE = 90  # seconds; a wait of so many is still one of this minute

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def ago(then: float, now: float) -> str:
    """Return how long ago `then` was (both in epoch seconds): `just now`, `4 min ago`."""
    seconds = now - then
    if seconds < MINUTE:
        return "just now"
    if seconds < HOUR:
        return f"{int(seconds // MINUTE)} min ago"
    if seconds < DAY:
        return f"{counted(int(seconds // HOUR), 'hour')} ago"
    return f"{counted(int(seconds // DAY), 'day')} ago"


def after(seconds: float) -> str:
    """Return how long to wait, rounded up: `in 20 seconds`, `in 2 minutes`."""
    if seconds <= ABOUT_A_MINUTE:
        return f"in {counted(max(1, math.ceil(seconds)), 'second')}"
    if seconds <= HOUR:
        return f"in {counted(math.ceil(seconds / MINUTE), 'minute')}"
    return f"in {counted(math.ceil(seconds / HOUR), 'hour')}"


def slack_date(moment: float) -> str:
    """Return mrkdwn that shows a moment (epoch seconds) in the reader's own time zone."""
    utc = datetime.fromtimestamp(moment, UTC)
    fallback = f"{utc.day} {_MONTHS[utc.month - 1]} {utc.year}, {utc:%H:%M} UTC"
    return f"<!date^{int(moment)}^{{date_short_pretty}}, {{time}}|{fallback}>"


def local_time(time_zone: str, now: float) -> str:
    """Return `Tue 10:24 AM` in a zone named as in `America/New_York`; empty if it is unknown."""
    zone = _zone(time_zone)
    if zone is None:
        return ""
    there = datetime.fromtimestamp(now, zone)
    half = "AM" if there.hour < 12 else "PM"  # noon
    return f"{_DAYS[there.weekday()]} {there.hour % 12 or 12}:{there.minute:02} {half}"


def counted(count: int, noun: str) -> str:
    """Return `1 hour`, `2 hours`, `1,204 extensions`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, not a name at all, or a folder of names
        return None
