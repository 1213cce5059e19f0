"""One check of `doctor`: its subject, what was seen, and what to do about it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

GRADE_COLUMNS = 6
LABEL_COLUMNS = 12
MIN_TEXT_COLUMNS = 20  # for the text, even if the terminal is too narrow for that


class Grade(Enum):
    """The result of a check, as printed. A hint may need attention, but Ext works."""

    OK = "ok"
    HINT = "hint"
    FIX = "FIX"
    SKIPPED = "--"


_COLORS = {Grade.OK: "32", Grade.HINT: "33", Grade.FIX: "1;31", Grade.SKIPPED: "2"}

ALL_WELL = "All well."
ALL_WELL_BUT = "All well, with {hints}."
NOT_WELL = "{fixes} to fix."
NOT_WELL_AND = "{fixes} to fix, and {hints}."


@dataclass(frozen=True, slots=True)
class Check:
    """What was checked (`label`), what was seen, and the remedy if something is wrong."""

    label: str
    seen: str
    remedy: str = ""
    grade: Grade = Grade.OK


def ok(label: str, seen: str) -> Check:
    """Return a check that passed."""
    return Check(label, seen)


def hint(label: str, seen: str, remedy: str) -> Check:
    """Return a check that found something that may need attention."""
    return Check(label, seen, remedy, Grade.HINT)


def fix(label: str, seen: str, remedy: str) -> Check:
    """Return a check that found something that keeps Ext from working."""
    return Check(label, seen, remedy, Grade.FIX)


def skipped(reason: str, label: str = "") -> Check:
    """Return a check that wasn't made, and why."""
    return Check(label, reason, grade=Grade.SKIPPED)


def render(check: Check, *, width: int, color: bool) -> str:
    """Return a check as lines of at most `width` columns, with the remedy below what was seen."""
    grade = f"{check.grade.value:<{GRADE_COLUMNS}}"
    if color:
        grade = f"\x1b[{_COLORS[check.grade]}m{grade}\x1b[0m"
    label = f"{check.label:<{LABEL_COLUMNS}}" if check.label else ""
    indent = GRADE_COLUMNS + len(label)
    text_columns = max(width - indent, MIN_TEXT_COLUMNS)
    seen = textwrap.wrap(check.seen, text_columns, break_on_hyphens=False) or [""]
    remedy = textwrap.wrap(check.remedy, text_columns - 2, break_on_hyphens=False)
    rest = [*seen[1:], *(f"{'→ ' if i == 0 else '  '}{line}" for i, line in enumerate(remedy))]
    return "\n".join([f"{grade}{label}{seen[0]}", *(" " * indent + line for line in rest)])


def summary(checks: Sequence[Check]) -> str:
    """Return the last line of the report: the number of things to fix, and of hints."""
    fixes = sum(check.grade is Grade.FIX for check in checks)
    hints = sum(check.grade is Grade.HINT for check in checks)
    hint_count = f"{hints} hint{'s' if hints > 1 else ''}"
    if fixes:
        return (NOT_WELL_AND if hints else NOT_WELL).format(
            fixes=f"{fixes} thing{'s' if fixes > 1 else ''}", hints=hint_count
        )
    return ALL_WELL_BUT.format(hints=hint_count) if hints else ALL_WELL
