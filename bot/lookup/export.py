"""The directory as a CSV file for spreadsheets: what `export` sends to an admin.

UTF-8 with a byte order mark, by which Excel recognizes it; RFC 4180: quotes where needed, CRLF.
Tabs, line breaks and other control characters become spaces. `csv_format` says how cells are
kept from being formulas, and `directory.csv_file` reads the same file back.
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
    """What is exported: `matches` can be iterated once, `total` is their number.

    `hide` names the fields whose columns are left out (see `fields.HIDEABLE`), `read_at` is the
    age of the oldest row (epoch seconds).
    """

    matches: Iterable[Match]
    total: int
    locations: Mapping[str, Location] = field(default_factory=dict)
    hide: Collection[str] = ()
    read_at: float | None = None


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: its header, the name of its field, and the function that writes its cells."""

    header: str
    field: str
    cell: CellText


def csv_of(
    matches: Iterable[Match],
    locations: Mapping[str, Location],
    *,
    hide: Collection[str] = (),
    chunk: int = limits.EXPORT_CHUNK_ROWS,
) -> Iterator[tuple[bytes, int]]:
    """Yield the file in pieces of `chunk` rows, each with the number of rows written so far."""
    columns = [column for column in COLUMNS if column.field not in hide]
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


async def written(rows: ExportRows) -> AsyncIterator[tuple[bytes, int]]:
    """Yield what `csv_of` yields, and let other tasks run between two pieces."""
    for piece in csv_of(rows.matches, rows.locations, hide=rows.hide):
        yield piece
        await asyncio.sleep(0)


def safe(text: str) -> str:
    """Return untrusted text as one line that no spreadsheet takes for a formula."""
    return escape_formula(clean(text))


def dialable(number: str) -> str:
    """Return `(+1) 415-555-0100` for `14155550100`; what is no phone number as safe text."""
    parts = _INTERNATIONAL.fullmatch(international(number))
    return f"({parts['code']}) {parts['rest']}" if parts else safe(number)


def name(now: float) -> str:
    """Return the name of a file that is written at `now` (epoch seconds)."""
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
    numbered = ((dialable(did.phone_number), safe(did.custom_tag)) for did in extension.dids)
    return _joined(f"{number} ({tag})".strip() if tag else number for number, tag in numbered)


def _handsets(extension: Extension, _: Location | None) -> str:
    named = ((safe(line.handset_name), safe(line.sip_id)) for line in extension.handsets)
    return _joined(f"{name} ({sip_id})".strip() if sip_id else name for name, sip_id in named)


def _joined(parts: Iterable[str]) -> str:
    texts = list(filter(None, parts))
    return join_within(texts, limit=limits.MAX_CSV_CELL_CHARS, separator="; ")


_OWN: dict[str, CellText] = {
    "dids": _direct_numbers,
    "caller_id": lambda extension, _: dialable(extension.caller_id),
    "handsets": _handsets,
}


def _cell_text(column: CsvColumn) -> CellText:
    """Return what writes the cells of a column: by default its text, or the words of its switch."""
    if own := _OWN.get(column.path):
        return own
    read = getter(column.path)
    if ATTRIBUTES[column.path].kind is Kind.SWITCH:
        words = {True: column.on, False: column.off, None: ""}
        return lambda extension, location: words[read(extension, location)]
    return lambda extension, location: safe(read(extension, location))


COLUMNS = tuple(_Column(row.header, field.name, _cell_text(row)) for field, row in CSV_COLUMNS)
