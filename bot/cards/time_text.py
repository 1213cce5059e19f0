"""Moments and durations as words."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE, HOUR, DAY = 60, 3_600, 86_400
ABOUT_A_MINUTE = 90  # seconds; a wait up to this long still counts as "this minute"

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
    """Return mrkdwn for a moment (epoch seconds), which Slack shows in the reader's time zone."""
    return _date_mrkdwn(moment, "{date_short_pretty}, {time}", "")


def since_slack_date(moment: float) -> str:
    """Return mrkdwn for `since today at 7:47 AM`.

    The word is part of Slack's date format: Slack capitalizes a pretty date that begins a format,
    so "since" in front of it would read "since Today".
    """
    return _date_mrkdwn(moment, "since {date_short_pretty} at {time}", "since ")


def _date_mrkdwn(moment: float, slack_format: str, prefix: str) -> str:
    """Return a date as mrkdwn, with a text for clients that don't format dates.

    https://docs.slack.dev/messaging/formatting-message-text#date-formatting
    """
    utc = datetime.fromtimestamp(moment, UTC)
    fallback = f"{prefix}{_MONTHS[utc.month - 1]} {utc.day}, {utc.year}, {utc:%H:%M} UTC"
    return f"<!date^{int(moment)}^{slack_format}|{fallback}>"


def local_time(time_zone: str, now: float) -> str:
    """Return `Tue 10:24 AM` in a zone such as `America/New_York`; empty if it is unknown."""
    zone = _zone(time_zone)
    if zone is None:
        return ""
    local = datetime.fromtimestamp(now, zone)
    half = "AM" if local.hour < 12 else "PM"  # 12 o'clock is noon, so PM
    return f"{_DAYS[local.weekday()]} {local.hour % 12 or 12}:{local.minute:02} {half}"


def counted(count: int, noun: str) -> str:
    """Return `1 hour`, `2 hours`, `1,204 extensions`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # an unknown name, no name, or a directory of zones
        return None
