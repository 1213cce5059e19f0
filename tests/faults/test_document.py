"""docs/faults.md is what the run writes, word for word."""

from __future__ import annotations

from tests.faults import document


def test_document_is_written_by_the_run():
    """Together with the tests of each cell: a row more or less, or an edit by hand, is noticed."""
    text = document.PATH.read_text(encoding="utf-8")
    assert text == document.render(document.read_cells()), f"Run: {document.COMMAND}"
