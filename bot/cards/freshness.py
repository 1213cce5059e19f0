"""How old an answer is, and whether it is only the last known one."""

from __future__ import annotations

from collections.abc import Sequence

from bot.cards import time_text
from bot.cards.blocks import context, section
from bot.cards.message import Freshness
from bot.cards.source_errors import what_happened
from bot.errors import SourceError
from bot.models import Match

VONAGE = "Vonage"  # the source, unless the caller names another one

READ_FROM = "Read from {source} {age}"
LAST_KNOWN = "This is the last answer I have, read {age}"


def freshness_of(
    read_at: float, failure: SourceError | None, *, now: float, source: str = VONAGE
) -> Freshness:
    """Say when the source gave an answer (epoch seconds), and whether it has failed since.

    The age is what matters now; the date beside it stays true when the message is read later.
    """
    age, date = time_text.ago(read_at, now), time_text.slack_date(read_at)
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
