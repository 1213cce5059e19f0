"""Reads extensions and locations from the content of a CSV file, or lists all its problems. Pure.

The file has the columns that `export` writes, in any order. Unknown columns are ignored, and
known ones may be missing, except for the extension number. One bad row is enough to reject the
whole file: half a directory would answer "nobody has that number" for the other half.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.directory.csv_file import cell_parsers
from bot.directory.csv_file.cell_parsers import BadCell
from bot.errors import InvalidFile
from bot.fields import ATTRIBUTES, CSV_COLUMNS, Kind
from bot.limits import MAX_NUMBER_DIGITS
from bot.models import Extension, Location, User

T = TypeVar("T")

READ_AT = "Read at (UTC)"  # a column that `export` adds; it is skipped here

_PATH_OF_HEADER = {column.header.casefold(): column.path for _, column in CSV_COLUMNS}
_HEADER_OF_PATH = {column.path: column.header for _, column in CSV_COLUMNS}
# These attributes are parsed by code below; all others are plain texts and switches.
_SPECIAL_ATTRIBUTES = ("number", "dids", "handsets", "location_id", "caller_id")


def _plain_attributes(owner: str) -> tuple[tuple[str, str, bool], ...]:
    """Return the plain texts and switches of an owner: name, path, and whether it is a switch."""
    return tuple(
        (row.name, path, row.kind is Kind.SWITCH)
        for path, row in ATTRIBUTES.items()
        if row.owner == owner and path in _HEADER_OF_PATH and path not in _SPECIAL_ATTRIBUTES
    )


_OF_USER, _OF_EXTENSION = _plain_attributes("user"), _plain_attributes("")


@dataclass(frozen=True, slots=True)
class CsvDirectory:
    """The content of a file: extensions by number, in the file's order, and their locations.

    `ignored` are the headers of columns that Ext does not know.
    """

    extensions: Mapping[str, Extension]
    locations: tuple[Location, ...]
    ignored: tuple[str, ...] = ()


def read(content: bytes, *, region: str) -> CsvDirectory:
    """Return the content of a file. Phone numbers without a country code belong to `region`.

    Raises `InvalidFile` with a list of every problem.
    """
    text = _decoded(content)
    reader = _Reader(region)
    try:
        reader.read(text)
    except csv.Error:
        reader.problems.append("The file is not CSV: save it as CSV UTF-8 again.")
    if not reader.problems and not reader.extensions:
        reader.problems.append("The file has no extensions: add one row for each.")
    if reader.problems:
        count = len(reader.problems)
        raise InvalidFile(
            f"The CSV file has {count} problem{'s' if count > 1 else ''}.",
            problems=tuple(reader.problems),
        )
    return CsvDirectory(reader.extensions, tuple(reader.locations.values()), reader.ignored)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = f"line {line}: this is not UTF-8: save the file as CSV UTF-8."
        raise InvalidFile("The CSV file is not UTF-8.", problems=(problem,)) from None


def _delimiter(text: str) -> str:
    """Return the comma or semicolon, whichever splits the first line into more known headers."""
    first = text.lstrip().partition("\n")[0]

    def known_headers(delimiter: str) -> int:
        headers = next(csv.reader([first], delimiter=delimiter), [])
        return sum(_normalized(header) in _PATH_OF_HEADER for header in headers)

    return max(",;", key=known_headers)


def _normalized(header: str) -> str:
    return " ".join(header.split()).casefold()


@dataclass(slots=True)
class _Reader:
    """Reads the rows of one file, and collects every problem with its line number."""

    region: str
    extensions: dict[str, Extension] = field(default_factory=dict)
    locations: dict[str, Location] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    problems: list[str] = field(default_factory=list)
    _line: int = 1
    _cells: dict[str, str] = field(default_factory=dict)  # of the current row, by attribute
    _columns: list[str] = field(default_factory=list)  # the attribute of each column, or nothing
    _line_of: dict[str, int] = field(default_factory=dict)  # by extension number
    _line_of_location: dict[str, int] = field(default_factory=dict)  # by location id

    def read(self, text: str) -> None:
        rows = _numbered(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)))
        self._line, headers = next(rows, (1, []))
        if not self._read_headers(headers):
            return
        for self._line, row in rows:
            self._read_row(row)

    def _read_headers(self, headers: Sequence[str]) -> bool:
        names = [_normalized(header) for header in headers]
        self._columns = [_PATH_OF_HEADER.get(name, "") for name in names]
        self.ignored = tuple(
            header.strip()
            for header, path in zip(headers, self._columns, strict=True)
            if header.strip() and not path and _normalized(header) != READ_AT.casefold()
        )
        paths = [path for path in self._columns if path]
        for path in dict.fromkeys(path for path in paths if paths.count(path) > 1):
            self._problem(f"there are two columns “{_HEADER_OF_PATH[path]}”: keep one.")
        if "number" not in paths:
            self._problem(
                f"there is no column “{_HEADER_OF_PATH['number']}”: the first row must name the "
                "columns, such as Extension,First name,Last name,Email,Direct numbers."
            )
        return not self.problems

    def _read_row(self, row: list[str]) -> None:
        if any(cell.strip() for cell in row[len(self._columns) :]):
            self._problem("there are more cells than columns: put text with a comma in quotes.")
            return
        self._cells = {path: cell for path, cell in zip(self._columns, row, strict=False) if path}
        number = self._cells.get("number", "").strip()
        if not (number.isascii() and number.isdigit() and len(number) <= MAX_NUMBER_DIGITS):
            self._problem(f"“{_HEADER_OF_PATH['number']}” must be a number such as 789.")
        elif number in self._line_of:
            self._problem(f"this extension is on line {self._line_of[number]} too: keep one row.")
        else:
            self._line_of[number] = self._line
            self.extensions[number] = self._extension(number)

    def _extension(self, number: str) -> Extension:
        user = User(**self._attributes(_OF_USER))
        return Extension(
            number,
            user=user if user != User() else None,
            dids=self._parsed("dids", lambda cell: cell_parsers.dids(cell, self.region)) or (),
            handsets=self._parsed("handsets", cell_parsers.handsets) or (),
            location_id=self._location(),
            caller_id=cell_parsers.phone(self._cells.get("caller_id", ""), self.region),
            **self._attributes(_OF_EXTENSION),
        )

    def _attributes(self, rows: Iterable[tuple[str, str, bool]]) -> dict[str, Any]:
        """Return the texts and switches of one class of the models, by attribute."""
        return {
            name: self._parsed(path, cell_parsers.switch) if is_switch else self._text(path)
            for name, path, is_switch in rows
        }

    def _text(self, path: str) -> str:
        return self._parsed(path, cell_parsers.text) or ""

    def _parsed(self, path: str, parse: Callable[[str], T]) -> T | None:
        """Parse one cell. If that fails, add the problem and return `None`."""
        try:
            return parse(self._cells.get(path, ""))
        except BadCell as remedy:
            self._problem(f"“{_HEADER_OF_PATH[path]}” can't be read: {remedy}.")
            return None

    def _location(self) -> str:
        """Add the row's location to `locations` and return its id, which defaults to its name."""
        name, time_zone = self._text("location.name"), self._text("location.time_zone")
        location_id = self._text("location_id") or name
        if not location_id:
            return ""
        before = self.locations.get(location_id, Location(location_id))
        if _differ(before.name, name) or _differ(before.time_zone, time_zone):
            line = self._line_of_location[location_id]
            self._problem(f"this location has another name or time zone on line {line}.")
        if name or time_zone:
            self._line_of_location.setdefault(location_id, self._line)
            self.locations[location_id] = Location(
                location_id, before.name or name, before.time_zone or time_zone
            )
        return location_id

    def _problem(self, problem: str) -> None:
        self.problems.append(f"line {self._line}: {problem}")


def _differ(before: str, now: str) -> bool:
    """Whether two cells contradict each other; an empty cell contradicts nothing."""
    return bool(before and now) and before != now


def _numbered(rows: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with the number of its first line."""
    line = 1
    for row in rows:
        if any(cell.strip() for cell in row):
            yield line, row
        line = rows.line_num + 1
