"""What is said around an export: that it comes, how far it is, and that it has come."""

from __future__ import annotations

from bot.cards.message import Message
from bot.cards.notice_builder import notice
from bot.cards.source_errors import ask_for_doctor
from bot.cards.time_text import ago, counted

ON_ITS_WAY = "Your export is on its way to our direct message."
PROGRESS = "{written} of {total} extensions written…"
DONE = "{count}, sent to you here."
AS_OF = "As they were {when}."
PERSONAL = "This file holds personal data: please keep it as you keep the phone directory."
IN_DIRECT = "Your export is in our direct message: {count}."
ALREADY = "That export was begun already: it comes once."
NOTHING = "There is nothing to export: no extension is like that."
SLACK_FAILED = "I wrote your export, but Slack did not take it."
TRY_AGAIN = "Please ask for it again in a minute."
SLACK_REFUSES = "Slack does not let me send you files."


def started() -> Message:
    """Say that an export is being written, and where it will come."""
    return notice(ON_ITS_WAY)


def progress(written: int, total: int) -> Message:
    """Say how far a long export is."""
    return notice(PROGRESS.format(written=f"{written:,}", total=f"{total:,}"))


def file_comment(count: int, *, read_at: float | None, now: float) -> Message:
    """Say beside the file what it is; `read_at` is how old its oldest row is (epoch seconds)."""
    when = AS_OF.format(when=ago(read_at, now)) if read_at is not None else ""
    return notice(DONE.format(count=counted(count, "extension")), when, PERSONAL)


def sent(count: int) -> Message:
    """Say where the file is, to somebody who asked elsewhere."""
    return notice(IN_DIRECT.format(count=counted(count, "extension")))


def already_started() -> Message:
    """Say that the same request was answered before."""
    return notice(ALREADY)


def nothing_to_export() -> Message:
    """Say that no row is left to be exported."""
    return notice(NOTHING)


def failed(*, is_refused: bool, contact: str = "") -> Message:
    """Say that Slack did not take the file; a refusal only the operator can change."""
    if is_refused:
        return notice(SLACK_REFUSES, ask_for_doctor(contact))
    return notice(SLACK_FAILED, TRY_AGAIN)
