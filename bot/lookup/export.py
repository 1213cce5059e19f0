"""The directory as a CSV file for spreadsheets: what `export` sends to an admin.

The file is UTF-8 with a byte order mark, without which Excel takes it for another encoding. Quotes
and line ends (CRLF) follow RFC 4180. Tabs, line breaks and other control characters become spaces.
`csv_format` keeps spreadsheets from running cells as formulas, and `directory.csv_file` reads the
same file back.
"""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot import limits
from bot.cards.blocks import clean, international, join_within
from bot.csv_format import escape_formula
from bot.fields import ATTRIBUTES, CSV_COLUMNS, CsvColumn, Kind, getter
from bot.models import Extension, Location, Match

BOM = "\ufeff"
FILE_NAME = "directory {date}.csv"
READ_AT = "Read at (UTC)"  # the last column, which no field owns

_INTERNATIONAL = re.compile(r"(?P<code>\+[0-9]{1,3}) (?P<rest>[0-9][0-9 -]*)")

CellText = Callable[[Extension, Location | None], str]


@dataclass(frozen=True, slots=True)
class ExportRows:
    """What to export: `total` is the number of `matches`, which can be iterated only once.

    `excluded_fields` names the fields whose columns are left out (see `fields.HIDEABLE`).
    `read_at` is when the oldest row was read (epoch seconds).
    """

    matches: Iterable[Match]
    total: int
    locations: Mapping[str, Location] = field(default_factory=dict)
    excluded_fields: Collection[str] = ()
    read_at: float | None = None


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: its header, the name of its field, and the function that writes its cells."""

    header: str
    field: str
    cell: CellText


def csv_chunks(
    matches: Iterable[Match],
    locations: Mapping[str, Location],
    *,
    excluded_fields: Collection[str] = (),
    chunk: int = limits.EXPORT_CHUNK_ROWS,
) -> Iterator[tuple[bytes, int]]:
    """Yield the file in chunks of `chunk` rows, each with the number of rows written so far."""
    columns = [column for column in COLUMNS if column.field not in excluded_fields]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(BOM)
    writer.writerow([*(column.header for column in columns), READ_AT])
    count = 0
    for count, match in enumerate(matches, 1):
        extension = match.extension
        location = locations.get(extension.location_id)
        cells = [column.cell(extension, location) for column in columns]
        writer.writerow([*cells, _timestamp(match.read_at)])
        if count % chunk == 0:
            yield _drain(buffer), count
    yield _drain(buffer), count


async def stream_csv_chunks(rows: ExportRows) -> AsyncIterator[tuple[bytes, int]]:
    """Yield what `csv_chunks` yields, and let other tasks run between two chunks."""
    for chunk in csv_chunks(rows.matches, rows.locations, excluded_fields=rows.excluded_fields):
        yield chunk
        await asyncio.sleep(0)


def safe_cell(text: str) -> str:
    """Return untrusted text as a one-line cell that no spreadsheet takes for a formula."""
    return escape_formula(clean(text))


def dialable(number: str) -> str:
    """Return `(+1) 415-555-0100` for `14155550100`; a text that is no phone number as a safe cell.

    A spreadsheet would take a cell that begins with a plus for a formula.
    """
    parts = _INTERNATIONAL.fullmatch(international(number))
    return f"({parts['code']}) {parts['rest']}" if parts else safe_cell(number)


def file_name(now: float) -> str:
    """Return the name of a file that is written at `now` (epoch seconds), with its UTC date."""
    return FILE_NAME.format(date=f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d}")


def _drain(buffer: io.StringIO) -> bytes:
    """Return what was written to the buffer, and empty it."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "replace")


def _timestamp(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _direct_numbers(extension: Extension, _: Location | None) -> str:
    numbered = ((dialable(did.phone_number), safe_cell(did.custom_tag)) for did in extension.dids)
    return _join_in_cell(f"{number} ({tag})".strip() if tag else number for number, tag in numbered)


def _handsets(extension: Extension, _: Location | None) -> str:
    named = ((safe_cell(line.handset_name), safe_cell(line.sip_id)) for line in extension.handsets)
    return _join_in_cell(f"{name} ({sip_id})".strip() if sip_id else name for name, sip_id in named)


def _join_in_cell(parts: Iterable[str]) -> str:
    texts = list(filter(None, parts))
    return join_within(texts, limit=limits.MAX_CSV_CELL_CHARS, separator="; ")


_SPECIAL_CELLS: dict[str, CellText] = {
    "dids": _direct_numbers,
    "caller_id": lambda extension, _: dialable(extension.caller_id),
    "handsets": _handsets,
}


def _cell_text(column: CsvColumn) -> CellText:
    """Return the function that writes a column's cells: its special one, or one for its kind."""
    if own := _SPECIAL_CELLS.get(column.path):
        return own
    read = getter(column.path)
    if ATTRIBUTES[column.path].kind is Kind.SWITCH:
        words = {True: column.on, False: column.off, None: ""}
        return lambda extension, location: words[read(extension, location)]
    return lambda extension, location: safe_cell(read(extension, location))


COLUMNS = tuple(_Column(row.header, field.name, _cell_text(row)) for field, row in CSV_COLUMNS)
