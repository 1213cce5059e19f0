"""Moments in words: how long ago, dates that Slack localizes, local time, and how old an answer is.

Durations and counts, which need no clock, are in `durations`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot import limits
from bot.cards.blocks import Freshness, context, section
from bot.cards.durations import DAY, HOUR, MINUTE, counted
from bot.cards.source_errors import what_happened
from bot.errors import SourceError
from bot.models import Match

VONAGE = "Vonage"  # the source, unless the caller names another one

READ_FROM = "Read from {source} {age}"
LAST_KNOWN = "This is the last answer I have, read {age}"

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


def slack_date(moment: float) -> str:
    """Return mrkdwn for a moment (epoch seconds), which Slack shows in the reader's time zone."""
    return _date_mrkdwn(moment, "{date_short_pretty}, {time}", "")


def since_slack_date(moment: float) -> str:
    """Return mrkdwn for `since today at 7:47 AM`.

    "since" is part of Slack's date format. Slack capitalizes a pretty date at the beginning of a
    format, so with "since" in front of the format people would read "since Today".
    """
    return _date_mrkdwn(moment, "since {date_short_pretty} at {time}", "since ")


def _date_mrkdwn(moment: float, slack_format: str, prefix: str) -> str:
    """Return a date as mrkdwn, with a fallback text in UTC for clients that don't format dates.

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
    period = "AM" if local.hour < 12 else "PM"
    return f"{_DAYS[local.weekday()]} {local.hour % 12 or 12}:{local.minute:02} {period}"


@lru_cache(maxsize=limits.MAX_CACHED_TIME_ZONES)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # an unknown name, no name, or a directory of zones
        return None


def freshness_of(
    read_at: float, failure: SourceError | None, *, now: float, source: str = VONAGE
) -> Freshness:
    """Say when the source gave an answer (epoch seconds), and whether a call has failed since.

    The age is easier to read than the date, but only the date is still true later on.
    """
    age, date = ago(read_at, now), slack_date(read_at)
    if failure is None:
        line = READ_FROM.format(source=source, age=age)
        return Freshness(context(f"{line} · {date}"), f"{line}.", read_at)
    problem, last_known = what_happened(failure), LAST_KNOWN.format(age=age)
    block = section(f"*{problem}* {last_known} · {date}")
    return Freshness(block, f"{problem} {last_known}.", read_at)


def freshness_of_all(
    matches: Sequence[Match], *, now: float, source: str = VONAGE
) -> Freshness | None:
    """Say how old several answers are: as old as the oldest. `None` for no answers."""
    if not matches:
        return None
    failure = next((match.failure for match in matches if match.failure), None)
    return freshness_of(min(match.read_at for match in matches), failure, now=now, source=source)
