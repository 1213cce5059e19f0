"""How Ext itself is: what `status` answers."""

from __future__ import annotations

from bot.cards.blocks import fields, section
from bot.cards.message import Message
from bot.cards.trouble import what_happened
from bot.cards.when import after, ago, counted
from bot.models import Quota, Status

WELL = "All is well: Vonage answers."
NOT_ASKED = "I am ready, and have not asked Vonage anything yet."
NEVER = "never"


def status(now_is: Status, now: float) -> Message:
    """Say whether Vonage answers, how much quota is left and what is remembered."""
    headline = _headline(now_is)
    rows = [
        ("Calls to Vonage", _quota(now_is.quota)),
        ("Remembered", counted(now_is.remembered, "extension")),
        ("Last answer", _moment(now_is.last_answer_at, now)),
        ("Last failure", _failure(now_is, now)),
    ]
    text = " ".join([headline, *(f"{name}: {value}." for name, value in rows)])
    return Message(
        text, [section(f"*{headline}*"), fields([f"*{name}*\n{value}" for name, value in rows])]
    )


def _headline(now_is: Status) -> str:
    failed, answered = now_is.last_failure_at, now_is.last_answer_at
    if now_is.last_failure and failed is not None and (answered is None or failed > answered):
        return what_happened(now_is.last_failure)
    return WELL if answered is not None else NOT_ASKED


def _quota(quota: Quota) -> str:
    left = f"{quota.left:,} of {quota.limit:,} left this minute"
    return f"{left}, the next {after(quota.seconds_to_next)}" if quota.left <= 0 else left


def _moment(moment: float | None, now: float) -> str:
    return NEVER if moment is None else ago(moment, now)


def _failure(now_is: Status, now: float) -> str:
    when = _moment(now_is.last_failure_at, now)
    return (
        f"{when}: {what_happened(now_is.last_failure).rstrip('.')}" if now_is.last_failure else when
    )
