"""The answer to `audit`: what looks wrong in the directory, and a button for the list behind it."""

from __future__ import annotations

from bot.cards import action_ids, headings
from bot.cards.blocks import (
    Block,
    Message,
    capitalized,
    code,
    join_sentences,
    section,
    within_limits,
)
from bot.cards.buttons import button
from bot.cards.durations import counted
from bot.cards.moments import VONAGE, freshness_of
from bot.cards.notice_builder import notice
from bot.cards.notices import COMMAND
from bot.models import AuditReport

HEADING = "Directory audit"
CHECKED = "{extensions} checked"
ALL_WELL = "All good: I checked {extensions} and found nothing wrong."
NONE = "none"
CHECK_FINDS_NOTHING = "{check}: none. All good."
SHOW = "Show"
LINE = "audit {check}"

WHY = {
    "unassigned": "Normal for rooms and ring groups. Others may belong to people who left, and "
    "still be billed.",
    "shared": "The same direct number is on more than one extension, so calls may ring where "
    "nobody expects them.",
    "no-did": "Nobody outside can call them directly: someone else has to transfer every call.",
    "dnd": "Their phones don't ring. They may have forgotten to turn it off.",
    "names": "They're hard to find here, and their colleagues can't see who's calling.",
}


def audit_message(
    report: AuditReport,
    *,
    now: float,
    buttons: bool = False,
    command: str = COMMAND,
    source: str = VONAGE,
) -> Message:
    """Return how many extensions each check finds, and why that matters.

    With `buttons`, each check has a button that opens its list. Without, the message shows the
    query to type, after `command`.
    """
    freshness = freshness_of(report.read_at, None, now=now, source=source)
    extensions = counted(report.total, "extension")
    has_findings = any(count for _, count in report.counts)
    headline = (CHECKED if has_findings else ALL_WELL).format(extensions=extensions)
    blocks = [section(f"*{HEADING}*\n{headline}")]
    sentences = [HEADING, headline]
    for check, count in report.counts:
        block, sentence = _check(check, count, buttons=buttons, command=command)
        blocks.append(block)
        sentences.append(sentence)
    return Message(
        join_sentences([*sentences, freshness.plain]),
        within_limits(blocks, foot=[freshness.block]),
        freshness,
    )


def _check(check: str, count: int, *, buttons: bool, command: str) -> tuple[Block, str]:
    """Return the result of one check, as a block and as a sentence for screen readers."""
    title = capitalized(headings.CHECKS.get(check, check))
    if not count:
        return section(f"*{title}*: {NONE}"), f"{title}: {NONE}"
    line, why = LINE.format(check=check), WHY.get(check, "")
    hint = "" if buttons else code(f"{command} {line}", 100)
    lines = filter(None, [f"*{title}*: {count:,}", why, hint])
    show = button(
        action_ids.SHOW, SHOW, line=line, accessibility_label=f"{SHOW}: {title}, {count:,}"
    )
    sentence = join_sentences([f"{title}: {count:,}", why])
    return section("\n".join(lines), show if buttons else None), sentence


def no_findings_message(check: str) -> Message:
    """Say that a check finds nothing."""
    title = capitalized(headings.CHECKS.get(check, check))
    return notice(CHECK_FINDS_NOTHING.format(check=title))
