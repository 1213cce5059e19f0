"""How Ext itself is: what `status` answers."""

from __future__ import annotations

from bot.cards.blocks import fields, section
from bot.cards.message import Message
from bot.cards.trouble import what_happened
from bot.cards.when import ABOUT_A_MINUTE, HOUR, after, ago, counted
from bot.errors import OverQuota
from bot.models import Quota, Status

WELL = "All is well: Vonage answers."
NOT_QUITE_WELL = "Vonage answers, but not always: a call failed {when}."
NOT_ASKED = "I am ready, and have not asked Vonage anything yet."
NEVER = "never"

LATELY = HOUR / 4  # a failure in so many seconds is still news


def status(now_is: Status, now: float) -> Message:
    """Say whether Vonage answers, how much quota is left and what is remembered."""
    headline = _headline(now_is, now)
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


def _headline(now_is: Status, now: float) -> str:
    failed, answered = now_is.last_failure_at, now_is.last_answer_at
    if now_is.last_failure and failed is not None:
        if answered is None or failed > answered:
            return what_happened(now_is.last_failure)
        if now_is.quota.left > 0 and now - failed < LATELY:
            return NOT_QUITE_WELL.format(when=ago(failed, now))
    if now_is.quota.left <= 0:
        return what_happened(OverQuota(retry_after=now_is.quota.seconds_to_next))
    return WELL if answered is not None else NOT_ASKED


def _quota(quota: Quota) -> str:
    left = f"{quota.left:,} of {quota.limit:,} left"
    if quota.left > 0:
        return f"{left} this minute"
    this = " this minute" if quota.seconds_to_next <= ABOUT_A_MINUTE else ""
    return f"{left}{this}, the next {after(quota.seconds_to_next)}"


def _moment(moment: float | None, now: float) -> str:
    return NEVER if moment is None else ago(moment, now)


def _failure(now_is: Status, now: float) -> str:
    when = _moment(now_is.last_failure_at, now)
    return (
        f"{when}: {what_happened(now_is.last_failure).rstrip('.')}" if now_is.last_failure else when
    )
