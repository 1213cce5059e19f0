"""Every fault of Vonage, in each state of the bot."""

from __future__ import annotations

import pytest

from tests.faults import document
from tests.faults.matrix import STATES, run_cell
from tests.faults.vonage_table import VONAGE_FAULTS


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("fault", VONAGE_FAULTS, ids=lambda fault: fault.name)
async def test_fault_is_answered_and_recovered_from(fault, state, tmp_path):
    """People hear the truth in time, all is well soon after, and the document says the same."""
    seen = await run_cell(fault, state, tmp_path)
    assert document.read_cells().get((fault.name, state)) == seen, f"Run: {document.COMMAND}"
