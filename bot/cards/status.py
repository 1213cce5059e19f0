"""How Ext itself is: what `status` answers."""

from __future__ import annotations

from bot.cards.blocks import fields, section
from bot.cards.message import Message
from bot.cards.source_errors import what_happened
from bot.cards.time_text import ABOUT_A_MINUTE, HOUR, after, ago, counted
from bot.errors import OverQuota
from bot.models import Quota, Status, SyncProgress

WELL = "All is well: Vonage answers."
WELL_COPIED = "All is well: I answer from my copy of the directory."
NOT_QUITE_WELL = "Vonage answers, but not always: a call failed {when}."
STILL_ANSWERING = "I answer from what I read {when}."
NOT_ASKED = "I am ready, and have not asked Vonage anything yet."
FIRST_READING = "I am reading the directory for the first time."
NEVER = "never"
COPY = "my copy of the directory"
NO_COPY = "single calls to Vonage, until I have read the directory"
NOT_READ = "not read yet"
ANY_MOMENT = "any moment"
NOT_PLANNED = "not planned"

LATELY = HOUR / 4  # a failure in so many seconds is still news


def status(now_is: Status, now: float) -> Message:
    """Say whether Vonage answers, how fresh the directory is and how much quota is left."""
    headline = _headline(now_is, now)
    rows = [
        *_copy(now_is, now),
        *_calls(now_is),
        ("Last answer", _moment(now_is.last_answer_at, now)),
        ("Last failure", _failure(now_is, now)),
    ]
    text = " ".join([headline, *(f"{name}: {value}." for name, value in rows)])
    return Message(
        text, [section(f"*{headline}*"), fields([f"*{name}*\n{value}" for name, value in rows])]
    )


def _headline(now_is: Status, now: float) -> str:
    """Return the worst that is true; with a copy, that it answers all the same."""
    trouble = _trouble(now_is, now)
    read_at = now_is.read_at if now_is.extensions is not None else None
    if trouble:
        still = STILL_ANSWERING.format(when=ago(read_at, now)) if read_at is not None else ""
        return f"{trouble} {still}".strip()
    if read_at is not None:
        return WELL_COPIED
    if now_is.sync_progress is not None:
        return FIRST_READING
    return WELL if now_is.last_answer_at is not None else NOT_ASKED


def _trouble(now_is: Status, now: float) -> str:
    failed, answered = now_is.last_failure_at, now_is.last_answer_at
    if now_is.last_failure and failed is not None:
        if answered is None or failed > answered:
            return what_happened(now_is.last_failure)
        has_calls = now_is.quota is None or now_is.quota.left > 0
        if has_calls and now - failed < LATELY:
            return NOT_QUITE_WELL.format(when=ago(failed, now))
    # A reading spends all that nobody waits for: that is how it is meant.
    quota = now_is.quota
    if quota and quota.left <= 0 and now_is.sync_progress is None:
        return what_happened(OverQuota(retry_after=quota.seconds_to_next))
    return ""


def _copy(now_is: Status, now: float) -> list[tuple[str, str]]:
    """What is to be said of the copy of the directory, where there is, or will be, one."""
    if (now_is.extensions, now_is.sync_progress, now_is.next_at) == (None, None, None):
        return []
    known = counted(now_is.extensions, "extension") if now_is.extensions is not None else NOT_READ
    age = f", read {ago(now_is.read_at, now)}" if now_is.read_at is not None else ""
    return [
        ("Directory", known + (age if now_is.extensions is not None else "")),
        ("Next reading", _next(now_is, now)),
        ("Answers come from", COPY if now_is.extensions is not None else NO_COPY),
    ]


def _next(now_is: Status, now: float) -> str:
    if now_is.sync_progress is not None:
        return f"now{_how_far(now_is.sync_progress)}"
    if now_is.next_at is None:
        return NOT_PLANNED
    return after(now_is.next_at - now) if now_is.next_at > now else ANY_MOMENT


def _how_far(reading: SyncProgress) -> str:
    """Return `: page 3 of 30, done in 3 minutes`, as much of it as is known."""
    page = f"page {reading.page:,}" if reading.page or reading.pages else ""
    of = f" of {reading.pages:,}" if reading.pages is not None else ""
    done = f"done {after(reading.seconds_left)}" if reading.seconds_left is not None else ""
    told = ", ".join(filter(None, [page + of, done]))
    return f": {told}" if told else ""


def _calls(now_is: Status) -> list[tuple[str, str]]:
    """Return the row with the calls that are left, where the source limits them."""
    return [("Calls to Vonage", _quota(now_is.quota))] if now_is.quota else []


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
