"""What looks wrong in the directory: what `audit` answers, each count a list to open."""

from __future__ import annotations

from bot.cards import freshness, headings, ids
from bot.cards.blocks import code, section
from bot.cards.buttons import button
from bot.cards.message import Message, within_limits
from bot.cards.notice_builder import notice
from bot.cards.notices import COMMAND
from bot.cards.time_text import counted
from bot.models import AuditReport

HEADING = "Audit of the directory"
AMONG = "{count} looked at"
ALL_WELL = "All is well: nothing looks wrong among {count}."
NONE = "none"
NOTHING_LEFT = "{check}: none. All is well there."
OPEN = "Show"
LINE = "audit {check}"

WHY = {
    "unassigned": "Rooms and ring groups are meant to be so; others may be left from people who "
    "have gone, and be paid for.",
    "shared": "The same direct number stands at more than one extension, so a call may ring where "
    "nobody expects it.",
    "no-did": "Nobody outside can call them directly: all calls come through somebody else.",
    "dnd": "Their phones do not ring. Somebody may have forgotten to turn it off.",
    "names": "They are hard to find here, and their colleagues cannot see on the phone who calls.",
}


def audit(
    report: AuditReport,
    *,
    now: float,
    buttons: bool = False,
    command: str = COMMAND,
    source: str = freshness.VONAGE,
) -> Message:
    """Return how many extensions each check finds, and why that matters.

    With `buttons` each list can be pressed for; without, `command` stands before what one types.
    """
    fresh = freshness.of(report.read_at, None, now=now, source=source)
    among = counted(report.total, "extension")
    headline = AMONG.format(count=among)
    if not any(count for _, count in report.found):
        headline = ALL_WELL.format(count=among)
    blocks = [section(f"*{HEADING}*\n{headline}")]
    said = [HEADING, headline.rstrip(".")]
    for check, count in report.found:
        line = LINE.format(check=check)
        title = capital(headings.CHECKS.get(check, check))
        found = f"{count:,}" if count else NONE
        hint = f"\n{code(f'{command} {line}', 100)}" if count and not buttons else ""
        why = f"\n{WHY.get(check, '')}" if count else ""
        show = button(ids.SHOW, OPEN, line=line, says=f"{OPEN}: {title}, {found}")
        shown = f"*{title}*: {found}{why}{hint}"
        blocks.append(section(shown, show if count and buttons else None))
        said.append(f"{title}: {found}.{why}".replace("\n", " ").rstrip("."))
    return Message(". ".join([*said, fresh.said]), within_limits(blocks, foot=[fresh.block]))


def nothing(check: str) -> Message:
    """Say that a check finds nothing."""
    title = capital(headings.CHECKS.get(check, check))
    return notice(NOTHING_LEFT.format(check=title))


def capital(text: str) -> str:
    """Return a text that begins with a capital letter."""
    return text[:1].upper() + text[1:]
