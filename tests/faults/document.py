"""docs/faults.md: the matrix as the run observed it, and how a test reads a cell of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.faults.matrix import STATES
from tests.faults.slack_table import SLACK_FAULTS
from tests.faults.vonage_table import VONAGE_FAULTS, VonageFault

PATH = Path(__file__).parents[2] / "docs" / "faults.md"
COMMAND = "make faults"
SEEN = "what happens"
Cells = Mapping[tuple[str, str], str]  # by the fault's name and the state or `SEEN`

_NEXT_LINE = "<br>"
_INTRODUCTION = f"""\
# What people see when something fails

This page is written by a run of the tests (`{COMMAND}`), and `make test` fails when it isn't true
any more. Faults with the same result share a row.

In every cell, the tests also check that

- Slack gets an acknowledgement within 2 s, and the person an answer or a notice within 12 s more;
- nobody is told that an existing person is missing, has no extension or has left;
- Ext keeps its quota of calls, tries a refused password once, and logs nothing personal;
- after the fault a lookup is right, the whole directory is read, `/readyz` has no reason left, and
  `changes` reports nothing.

The exceptions are the rows where the recovery says *believed*: an answer in the right form that
lasts can't be told from the truth. With a copy, a second answer must confirm it.

## Vonage

*Cold*: the fault is there from the first start, so there's no copy of the directory. *Warm*: the
copy is complete. *Mid-reading*: the fault begins in the first reading, after the first pages.
People look up a number and a name. `/readyz` is what the operator reads there.
"""
_SLACK = """\
## Slack

The copy of the directory is complete. A *known* person has asked in the ten minutes before, a *new*
one has not. Afterwards everybody is answered again within 30 s.
"""


def render(cells: Cells) -> str:
    """Return the whole document; `cells` has every cell."""
    vonage = [
        (fault.name, [*(cells[fault.name, state] for state in STATES), recovery(fault)])
        for fault in VONAGE_FAULTS
    ]
    slack = [(fault.name, [cells[fault.name, SEEN]]) for fault in SLACK_FAULTS]
    return "\n".join(
        [
            _INTRODUCTION,
            *_table(["fault", *STATES, "recovery"], vonage),
            "",
            _SLACK,
            *_table(["fault", SEEN], slack),
            "",
        ]
    )


def recovery(fault: VonageFault) -> str:
    """Return how soon all is well after a fault."""
    soon = fault.why or "within 30 s"
    return f"{soon}; if it lasts, believed" if fault.is_plausible else soon


def read_cells() -> Cells:
    """Return the cells of the document as it is."""
    cells: dict[tuple[str, str], str] = {}
    header: list[str] = []
    for line in PATH.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            header = []
        elif not header:
            header = _split(line)
        elif not line.startswith("|---"):
            names, *row = _split(line)
            for name in names.split(_NEXT_LINE):
                cells |= {
                    (name, column): cell for column, cell in zip(header[1:], row, strict=True)
                }
    return cells


def _table(header: Sequence[str], rows: Sequence[tuple[str, list[str]]]) -> list[str]:
    """Return the lines of a table, in which rows with the same cells are one row."""
    names: dict[tuple[str, ...], list[str]] = {}
    for name, row in rows:
        names.setdefault(tuple(row), []).append(name)
    lines = [[_NEXT_LINE.join(same), *row] for row, same in names.items()]
    ruler = "|---" * len(header) + "|"
    return [_line(header), ruler, *map(_line, lines)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _split(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("| ").split(" | ")]
