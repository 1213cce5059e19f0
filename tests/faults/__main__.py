"""Runs the whole fault matrix and writes docs/faults.md."""

from __future__ import annotations

import logging
from pathlib import Path
from tempfile import TemporaryDirectory

from tests import simulated_time
from tests.faults import document
from tests.faults.matrix import STATES, run_cell
from tests.faults.slack_table import SLACK_FAULTS, run_slack_fault
from tests.faults.vonage_table import VONAGE_FAULTS


def observe() -> document.Cells:
    """Run every cell, and return what people saw."""
    cells = {}
    for fault in VONAGE_FAULTS:
        for state in STATES:
            with TemporaryDirectory() as folder:
                seen = simulated_time.run(run_cell(fault, state, Path(folder)))
            cells[fault.name, state] = seen
    for slack_fault in SLACK_FAULTS:
        with TemporaryDirectory() as folder:
            seen = simulated_time.run(run_slack_fault(slack_fault, Path(folder)))
        cells[slack_fault.name, document.SEEN] = seen
    return cells


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    document.PATH.write_text(document.render(observe()), encoding="utf-8")
    print(f"Wrote {document.PATH}")
