"""Files on the page: previews of tables."""

from __future__ import annotations

from bot.sandbox.playground.attachments import (
    MAX_PREVIEW_BYTES,
    PREVIEW_COLUMNS,
    PREVIEW_ROWS,
    file_for_page,
)
from bot.sandbox.slack.workspace import Workspace


def _preview(name: str, content: bytes) -> list[list[str]]:
    workspace = Workspace()
    file = workspace.files.expect(name, len(content))
    file.content = content
    preview: list[list[str]] = file_for_page(workspace, file.file_object(), "U0JOHN")["preview"]
    return preview


def test_preview_of_csv_has_limited_rows_and_columns():
    """The header, and the first rows and columns."""
    line = b",".join(b"%d" % i for i in range(20)) + b"\r\n"
    rows = _preview("x.csv", line * 20)
    assert len(rows) == 1 + PREVIEW_ROWS
    assert {len(row) for row in rows} == {PREVIEW_COLUMNS}


def test_preview_of_large_csv_leaves_out_a_cut_row():
    """The bytes of the preview end in the middle of a row."""
    assert _preview("x.csv", b"a,b\r\n" + b"c" * MAX_PREVIEW_BYTES) == [["a", "b"]]


def test_preview_of_other_file_is_empty():
    """Only tables are previewed."""
    assert _preview("x.bin", b"a,b\r\n") == []
