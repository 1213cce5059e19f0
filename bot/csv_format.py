"""The CSV file of a directory: how its cells are written safely, and how its rows are read back.

Spreadsheets run what looks like a formula, and the text of a directory is untrusted. So an
apostrophe goes before each value that begins with = + - @, also after spaces and quotes, and
before each such part of a value after a comma, semicolon or bar, which some countries'
spreadsheets take for the next cell. Phone numbers begin with a plus by right: they are written
as `(+1) 415-555-0100`, which no spreadsheet computes, people can dial, and Ext can read.

`read_row` reads what `lookup.export` writes, and files that people wrote with the same headers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.fields import ATTRIBUTES, CSV_COLUMNS, CsvColumn, Kind
from bot.models import Did, Extension, Handset, Location, User

_CELL_START = r"(?:^|(?<=[,;|]))"
_FORMULA = r"(?=[\s\"'`]*[=+\-@＝＋－＠−])"
_UNESCAPED_FORMULA = re.compile(_CELL_START + _FORMULA)
_ESCAPED_FORMULA = re.compile(f"{_CELL_START}'{_FORMULA}")
_NOT_DIGITS = re.compile(r"[^0-9]+")
_DIALABLE = re.compile(r"[+(]*[0-9][0-9() .\-/]*")
_NEXT_DID = re.compile(r";\s*(?=[+(]*[0-9])")  # a tag may hold a semicolon
# The tag of a direct number may hold brackets, its number only those of `(+1)`; the name of a
# handset may, its SIP id not.
_DID = re.compile(r"(?P<first>(?:\(\+[0-9]+\))?[^(]*)(?:\((?P<second>.*)\))?")
_HANDSET = re.compile(r"(?P<first>.*?)(?:\((?P<second>[^()]*)\))?")
_YES = {"on", "yes", "true", "1"}
_NO = {"off", "no", "false", "0"}


def escape_formula(text: str) -> str:
    """Return text of one line that no spreadsheet takes for a formula."""
    return _UNESCAPED_FORMULA.sub("'", text)


def unescape_formula(text: str) -> str:
    """Return the text that `escape_formula` was given."""
    return _ESCAPED_FORMULA.sub("", text)


def read_row(cells: Mapping[str, str]) -> tuple[Extension, Location | None]:
    """Return what one row says: an extension, and its location where the row names one.

    `cells` are by header (see `fields.CSV_COLUMNS`); other headers are ignored and missing ones
    are empty. A location without an id has its name as its id. Raises `ValueError` where the
    row has no extension number.
    """
    values = {column.path: _read_cell(cells, column) for _, column in CSV_COLUMNS}
    if not values["number"]:
        raise ValueError("no extension number")
    location_id = values["location_id"] or values["location.name"]
    user = User(**_of_owner(values, "user"))
    extension = Extension(
        **_of_owner(values, "") | {"location_id": location_id},
        user=user if user != User() else None,
    )
    location = Location(location_id, **_of_owner(values, "location"))
    return extension, location if location_id else None


def _of_owner(values: Mapping[str, Any], owner: str) -> dict[str, Any]:
    """Return the values of one class of the models, by attribute."""
    split = {path: path.rpartition(".") for path in values}
    return {name: values[path] for path, (of, _, name) in split.items() if of == owner}


def _read_cell(cells: Mapping[str, str], column: CsvColumn) -> Any:
    cell = unescape_formula((cells.get(column.header) or "").strip())
    if read := _OWN.get(column.path):
        return read(cell)
    return _switch(cell) if ATTRIBUTES[column.path].kind is Kind.SWITCH else cell


def _switch(cell: str) -> bool | None:
    word = cell.casefold()
    return True if word in _YES else False if word in _NO else None


def _phone(cell: str) -> str:
    """Return the digits of a phone number in any notation; any other text as it is."""
    return _NOT_DIGITS.sub("", cell) if _DIALABLE.fullmatch(cell) else cell


def _dids(cell: str) -> tuple[Did, ...]:
    parts = (_split(_DID, part) for part in _NEXT_DID.split(cell))
    return tuple(Did(_phone(number), tag) for number, tag in parts if number)


def _handsets(cell: str) -> tuple[Handset, ...]:
    parts = (_split(_HANDSET, part) for part in cell.split(";"))
    return tuple(Handset(name, sip_id) for name, sip_id in parts if name or sip_id)


def _split(shape: re.Pattern[str], text: str) -> tuple[str, str]:
    """Return what stands before a bracket, and in it: `Front desk` and `VH1` of a handset."""
    parts = shape.fullmatch(text.strip())
    if not parts:
        return text.strip(), ""
    return parts["first"].strip(), (parts["second"] or "").strip()


_OWN: dict[str, Callable[[str], Any]] = {
    "caller_id": _phone,
    "dids": _dids,
    "handsets": _handsets,
}
