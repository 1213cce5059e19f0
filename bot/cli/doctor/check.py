"""One line of the doctor's: what was looked at, what was seen, and what to do about it."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

MARK = 6  # columns
LABEL = 12


class Grade(Enum):
    """How bad it is. A hint is worth a look and stops nothing."""

    OK = "ok"
    HINT = "hint"
    FIX = "FIX"
    SKIPPED = "--"


_COLOURS = {Grade.OK: "32", Grade.HINT: "33", Grade.FIX: "1;31", Grade.SKIPPED: "2"}

ALL_WELL = "All well."
ALL_WELL_BUT = "All well, with {hints}."
NOT_WELL = "{fixes} to put right."
NOT_WELL_AND = "{fixes} to put right, and {hints}."


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, what was seen, and where it is not well the remedy."""

    label: str
    seen: str
    remedy: str = ""
    grade: Grade = Grade.OK


def ok(label: str, seen: str) -> Check:
    """Something is as it should be."""
    return Check(label, seen)


def hint(label: str, seen: str, remedy: str) -> Check:
    """Something is worth a look."""
    return Check(label, seen, remedy, Grade.HINT)


def fix(label: str, seen: str, remedy: str) -> Check:
    """Something keeps Ext from working."""
    return Check(label, seen, remedy, Grade.FIX)


def skipped(seen: str) -> Check:
    """Something was not looked at."""
    return Check("", seen, grade=Grade.SKIPPED)


def shown(check: Check, *, width: int, colour: bool) -> str:
    """Return a check as lines of at most `width` columns, its remedy below what was seen."""
    mark = f"{check.grade.value:<{MARK}}"
    if colour:
        mark = f"\x1b[{_COLOURS[check.grade]}m{mark}\x1b[0m"
    label = f"{check.label:<{LABEL}}" if check.label else ""
    indent = MARK + len(label)
    room = max(width - indent, 20)
    seen = textwrap.wrap(check.seen, room, break_on_hyphens=False) or [""]
    remedy = textwrap.wrap(check.remedy, room - 2, break_on_hyphens=False)
    below = [*seen[1:], *(f"{'→ ' if i == 0 else '  '}{line}" for i, line in enumerate(remedy))]
    return "\n".join([f"{mark}{label}{seen[0]}", *(" " * indent + line for line in below)])


def summary(checks: Sequence[Check]) -> str:
    """Return the last line: how many things are to be put right."""
    fixes = sum(check.grade is Grade.FIX for check in checks)
    hints = sum(check.grade is Grade.HINT for check in checks)
    said = f"{hints} hint{'s' if hints > 1 else ''}"
    if fixes:
        return (NOT_WELL_AND if hints else NOT_WELL).format(
            fixes=f"{fixes} thing{'s' if fixes > 1 else ''}", hints=said
        )
    return ALL_WELL_BUT.format(hints=said) if hints else ALL_WELL
