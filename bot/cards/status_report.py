"""The answer to `status`: whether Ext and its source work, and how fresh the answers are."""

from __future__ import annotations

from collections.abc import Sequence

from bot import __version__
from bot.cards.blocks import Message, capitalized, fields, section
from bot.cards.durations import ABOUT_A_MINUTE, HOUR, after, counted
from bot.cards.moments import ago
from bot.cards.source_errors import INCONSISTENT_LIST, what_happened
from bot.errors import OverQuota
from bot.models import Problem, Quota, Status, SyncProgress

WELL = "All good: {source} is answering."
WELL_COPIED = "All good: answers come from my copy of the directory."
FAILED_LATELY = "{source} is answering, but a call failed {when}."
# Problems of the list, although the source may be answering single calls.
LIST_PROBLEMS = {
    Problem.INCONSISTENT_LIST: INCONSISTENT_LIST,
    Problem.UNREADABLE_LIST: "I couldn't read the list of extensions.",
}
LOST_MOST = "The last update lost most {qualities}, so I'm checking again."
FOUND_NONE = "The list of extensions is empty, so I'm checking again."
PARTIAL_SIZE = "{extensions} so far"
PARTIAL_COPY = "the part of the directory that I could read, and single calls to {source}"
STILL_ANSWERING = "Answers come from a copy made {when}."
NOT_ASKED = "I'm ready, but I haven't called {source} yet."
FIRST_READING = "I'm reading the directory for the first time."
LAST_ANSWERED = "{source} last answered"
NEXT_LOGIN = "; I'll log in again {wait}"
NEVER = "never"
COPY = "my copy of the directory"
NO_COPY = "single calls to {source}, until I've read the directory"
NOT_READ = "not read yet"
ANY_MOMENT = "any moment now"
NOT_PLANNED = "not planned"

# What the operator has to fix although everybody is answered.
DISK_PROBLEMS = {
    Problem.DISK_FULL: "My disk is full, so I can't save my copy of the directory.",
    Problem.DISK_UNWRITABLE: "I can't save my copy of the directory: my disk can't be written to.",
}

RECENT_FAILURE_S = HOUR / 4  # a failure of the last quarter of an hour is still news


def status_message(status: Status, now: float) -> Message:
    """Say whether Vonage answers, how old the copy is, how many calls are left, and the version."""
    headline = _headline(status, now)
    rows = [
        *_copy_rows(status, now),
        *_quota_rows(status),
        (
            LAST_ANSWERED.format(source=capitalized(status.source_name)),
            _ago_or_never(status.last_answer_at, now),
        ),
        ("Last failure", _last_failure(status, now)),
        *([("Disk", disk_problem.rstrip("."))] if (disk_problem := _disk_problem(status)) else []),
        ("Version", __version__),
    ]
    text = " ".join([headline, *(f"{name}: {value}." for name, value in rows)])
    return Message(
        text, [section(f"*{headline}*"), fields([f"*{name}*\n{value}" for name, value in rows])]
    )


def _headline(status: Status, now: float) -> str:
    """Return the worst problem and whether the copy still answers, or that all is well."""
    read_at = status.read_at if status.extensions is not None else None
    if problem := _problem(status, now):
        still = STILL_ANSWERING.format(when=ago(read_at, now)) if read_at is not None else ""
        return f"{problem} {still}".strip()
    if read_at is not None:
        return WELL_COPIED
    if status.sync_progress is not None:
        return FIRST_READING
    return (WELL if status.last_answer_at is not None else NOT_ASKED).format(
        source=status.source_name
    )


def _problem(status: Status, now: float) -> str:
    failed_at, answered_at = status.last_failure_at, status.last_answer_at
    has_calls = status.quota is None or status.quota.left > 0
    if status.last_failure and failed_at is not None and failed_at > (answered_at or 0.0):
        return what_happened(status.last_failure)
    if problem := _list_problem(status):
        return problem
    if failed_at is not None and has_calls and now - failed_at < RECENT_FAILURE_S:
        source = capitalized(status.source_name)
        return FAILED_LATELY.format(source=source, when=ago(failed_at, now))
    # A sync uses every call that people don't need, so having none left is normal during a sync.
    if status.quota and not has_calls and status.sync_progress is None:
        return what_happened(OverQuota(retry_after=status.quota.seconds_to_next))
    return _disk_problem(status)


def _disk_problem(status: Status) -> str:
    return next((DISK_PROBLEMS[each] for each in status.problems if each in DISK_PROBLEMS), "")


def _list_problem(status: Status) -> str:
    """Return what is wrong with the list of extensions; empty if nothing is."""
    if problem := next((p for p in status.problems if p in LIST_PROBLEMS), None):
        return LIST_PROBLEMS[problem]
    if not status.lost:
        return ""
    if status.extensions is None:
        return FOUND_NONE
    return LOST_MOST.format(qualities=_joined(status.lost))


def _joined(words: Sequence[str]) -> str:
    """Return `users, names and direct numbers`."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _copy_rows(status: Status, now: float) -> list[tuple[str, str]]:
    """Return the rows about the copy of the directory, if there is or will be one."""
    if (status.extensions, status.sync_progress, status.next_at) == (None, None, None):
        return []
    if status.partial_extensions is not None and status.extensions is None:
        size = PARTIAL_SIZE.format(extensions=counted(status.partial_extensions, "extension"))
        answers_from = PARTIAL_COPY.format(source=status.source_name)
    elif status.extensions is None:
        size, answers_from = NOT_READ, NO_COPY.format(source=status.source_name)
    else:
        age = f", read {ago(status.read_at, now)}" if status.read_at is not None else ""
        size, answers_from = counted(status.extensions, "extension") + age, COPY
    return [
        ("Directory", size),
        ("Next update", _next_update(status, now)),
        ("Answers come from", answers_from),
    ]


def _next_update(status: Status, now: float) -> str:
    if status.sync_progress is not None:
        return f"now{_progress_text(status.sync_progress)}"
    if status.next_at is None:
        return NOT_PLANNED
    return after(status.next_at - now) if status.next_at > now else ANY_MOMENT


def _progress_text(progress: SyncProgress) -> str:
    """Return ` (page 3 of 30, done in 3 minutes)`, or as much of it as is known."""
    page = f"page {progress.page:,}" if progress.page or progress.pages else ""
    of_pages = f" of {progress.pages:,}" if progress.pages is not None else ""
    left_s = progress.seconds_left
    done = f"done {after(left_s)}" if left_s is not None else ""
    text = ", ".join(filter(None, [page + of_pages, done]))
    return f" ({text})" if text else ""


def _quota_rows(status: Status) -> list[tuple[str, str]]:
    """Return the row with the calls that are left, if the source limits them."""
    if status.quota is None:
        return []
    return [(f"Calls to {status.source_name}", _calls_left(status.quota))]


def _calls_left(quota: Quota) -> str:
    left = f"{quota.left:,} of {quota.limit:,} left"
    if quota.left > 0:
        return f"{left} this minute"
    this_minute = " this minute" if quota.seconds_to_next <= ABOUT_A_MINUTE else ""
    return f"{left}{this_minute}, the next {after(quota.seconds_to_next)}"


def _ago_or_never(moment: float | None, now: float) -> str:
    return NEVER if moment is None else ago(moment, now)


def _last_failure(status: Status, now: float) -> str:
    when = _ago_or_never(status.last_failure_at, now)
    if status.last_failure is None:
        return when
    failure = f"{when}: {what_happened(status.last_failure).rstrip('.')}"
    if status.next_login_at is None:
        return failure
    return failure + NEXT_LOGIN.format(wait=after(max(status.next_login_at - now, 0.0)))
