"""Escapes text in CSV cells that a spreadsheet would run as a formula.

Spreadsheets run a cell that looks like a formula, and the text of a directory is untrusted. So
an apostrophe is put before each value that begins with = + - @ (also in full width), even after
spaces and quotes. It is also put before each such part of a value after a comma, semicolon or
bar, because spreadsheets of some countries start the next cell there. `lookup.export` escapes the
cells that it writes, and `directory.csv_file` removes the escapes when it reads them back.
"""

from __future__ import annotations

import re

_CELL_START = r"(?:^|(?<=[,;|]))"
_FORMULA = r"(?=[\s\"'`]*[=+\-@＝＋－＠−])"
_UNESCAPED_FORMULA = re.compile(_CELL_START + _FORMULA)
_ESCAPED_FORMULA = re.compile(f"{_CELL_START}'{_FORMULA}")


def escape_formula(text: str) -> str:
    """Return a line of text in a form that no spreadsheet takes for a formula."""
    return _UNESCAPED_FORMULA.sub("'", text)


def unescape_formula(text: str) -> str:
    """Return the text that `escape_formula` was given."""
    return _ESCAPED_FORMULA.sub("", text)
