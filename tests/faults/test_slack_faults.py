"""Every fault of Slack."""

from __future__ import annotations

import pytest

from tests.faults import document
from tests.faults.slack_table import SLACK_FAULTS, run_slack_fault


@pytest.mark.parametrize("fault", SLACK_FAULTS, ids=lambda fault: fault.name)
async def test_slack_fault_is_answered_and_recovered_from(fault, tmp_path):
    """People are told where that is possible, nothing happens twice, and no stranger gets in."""
    seen = await run_slack_fault(fault, tmp_path)
    assert document.read_cells().get((fault.name, document.SEEN)) == seen, (
        f"Run: {document.COMMAND}"
    )
