"""How fresh an answer is, and whether it is only the last known one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cards import time_text
from bot.cards.blocks import context, section
from bot.cards.message import Block
from bot.cards.source_errors import what_happened
from bot.errors import SourceError
from bot.models import Match

VONAGE = "Vonage"  # the source, where the caller names no other


@dataclass(frozen=True, slots=True)
class Freshness:
    """The line at the foot of an answer, and the same for a screen reader."""

    block: Block
    said: str


def of(
    read_at: float, failure: SourceError | None, *, now: float, source: str = VONAGE
) -> Freshness:
    """Say when the source gave an answer (epoch seconds) and, if it failed since, that it did.

    The age is what counts now; the moment beside it stays true when the message is read later.
    """
    age = time_text.ago(read_at, now)
    if failure is None:
        said = f"From {source} {age}"
        return Freshness(context(f"{said} · {time_text.stamp(read_at)}"), said + ".")
    problem = what_happened(failure)
    last = f"This is the last known answer, read {age}"
    return Freshness(
        section(f"*{problem}* {last} · {time_text.stamp(read_at)}"), f"{problem} {last}."
    )


def of_all(matches: Sequence[Match], *, now: float, source: str = VONAGE) -> Freshness | None:
    """Say how fresh several answers are: as fresh as the oldest of them."""
    if not matches:
        return None
    failure = next((match.failure for match in matches if match.failure), None)
    return of(min(match.read_at for match in matches), failure, now=now, source=source)
