"""How text is kept from being a formula in the cells of a CSV file.

Spreadsheets run what looks like a formula, and the text of a directory is untrusted. So an
apostrophe goes before each value that begins with = + - @ (also in full width), even after spaces
and quotes, and before each such part of a value after a comma, semicolon or bar, which some
countries' spreadsheets take for the next cell. `lookup.export` writes cells so, and
`directory.csv_file` reads them back.
"""

from __future__ import annotations

import re

_CELL_START = r"(?:^|(?<=[,;|]))"
_FORMULA = r"(?=[\s\"'`]*[=+\-@＝＋－＠−])"
_UNESCAPED_FORMULA = re.compile(_CELL_START + _FORMULA)
_ESCAPED_FORMULA = re.compile(f"{_CELL_START}'{_FORMULA}")


def escape_formula(text: str) -> str:
    """Return text of one line that no spreadsheet takes for a formula."""
    return _UNESCAPED_FORMULA.sub("'", text)


def unescape_formula(text: str) -> str:
    """Return the text that `escape_formula` was given."""
    return _ESCAPED_FORMULA.sub("", text)
