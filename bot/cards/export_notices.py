"""Notices about an export: that it has started, its progress, and that it was sent or failed."""

from __future__ import annotations

from bot.cards.blocks import Message
from bot.cards.durations import counted
from bot.cards.moments import ago
from bot.cards.notice_builder import notice
from bot.cards.source_errors import ask_for_doctor

STARTED = "Your export is on its way: I'll send it to you as a direct message."
PROGRESS = "{written} of {total} extensions written…"
HERE_IT_IS = "Here's your export: {extensions}."
HERE_IT_IS_AS_OF = "Here's your export: {extensions}, as of {when}."
PERSONAL = "It contains personal data: please handle it accordingly."
SENT = "I've sent you your export as a direct message: {extensions}."
ALREADY_STARTED = "That export is already on its way."
NOTHING_TO_EXPORT = "There's nothing to export: nothing matches those filters."
SLACK_FAILED = "I wrote your export, but Slack didn't accept the file."
EXPORT_AGAIN = "Please export it again in a minute."
SLACK_REFUSES = "Slack doesn't let me send you files."


def started() -> Message:
    """Say that an export is being written, and where it will be sent."""
    return notice(STARTED)


def progress(written: int, total: int) -> Message:
    """Say how many rows of a long export are written."""
    return notice(PROGRESS.format(written=f"{written:,}", total=f"{total:,}"))


def file_comment(count: int, *, read_at: float | None, now: float) -> Message:
    """Say what the file contains; `read_at` is when its oldest row was read (epoch seconds)."""
    extensions = counted(count, "extension")
    if read_at is None:
        return notice(HERE_IT_IS.format(extensions=extensions), PERSONAL)
    when = ago(read_at, now)
    return notice(HERE_IT_IS_AS_OF.format(extensions=extensions, when=when), PERSONAL)


def sent(count: int) -> Message:
    """Say where the file is, to an admin who asked in another conversation."""
    return notice(SENT.format(extensions=counted(count, "extension")))


def already_started() -> Message:
    """Say that the same request is being answered: Slack delivers some requests twice."""
    return notice(ALREADY_STARTED)


def nothing_to_export() -> Message:
    """Say that no extension matches the filters."""
    return notice(NOTHING_TO_EXPORT)


def failed(*, is_refused: bool, contact: str = "") -> Message:
    """Say that Slack didn't accept the file; only the operator can change a refusal."""
    if is_refused:
        return notice(SLACK_REFUSES, ask_for_doctor(contact))
    return notice(SLACK_FAILED, EXPORT_AGAIN)
