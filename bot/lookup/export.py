"""The directory as a CSV file for spreadsheets: what `export` sends to an admin.

UTF-8 with a byte order mark, by which Excel knows it; RFC 4180: quotes where needed, CRLF.

Spreadsheets run what looks like a formula, and directory text is untrusted. So an apostrophe
goes before each value, and each part of one behind a comma or semicolon (which some countries'
spreadsheets take for the next cell), that begins with = + - @, behind blanks and quotes too;
tabs, line breaks and other control characters become blanks. Phone numbers begin with a plus
by right: they are written as `(+1) 415-555-0100`, which no spreadsheet computes, people dial,
and Ext reads.
"""

from __future__ import annotations

import asyncio
import csv
import io
import re
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.cards.blocks import clean, join_within
from bot.cards.links import international
from bot.directory.csv_file import cells
from bot.models import Extension, Location, Match

CHUNK = 50  # rows that are written at a time: a few milliseconds
CELL = 32_000  # characters of a list in one cell; Excel holds 32,767
BOM = "\ufeff"
NAME = "directory {date}.csv"

_INTERNATIONAL = re.compile(r"(?P<code>\+[0-9]{1,3}) (?P<rest>[0-9][0-9 -]*)")
_SWITCH = {True: "on", False: "off", None: ""}
_YES = {True: "yes", False: "no", None: ""}


@dataclass(frozen=True, slots=True)
class ExportRows:
    """What is exported: `matches` are gone through once, `total` is how many they are.

    `hide` are the fields (see `models.FIELDS`) whose columns are left out, `read_at` is how old
    the oldest row is (epoch seconds).
    """

    matches: Iterable[Match]
    total: int
    locations: Mapping[str, Location] = field(default_factory=dict)
    hide: Collection[str] = ()
    read_at: float | None = None


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: its heading, the field of a card that it belongs to, and what stands in it."""

    heading: str
    field: str
    value: Callable[[Match, Location | None], str]


def csv_of(
    matches: Iterable[Match],
    locations: Mapping[str, Location],
    *,
    hide: Collection[str] = (),
    chunk: int = CHUNK,
) -> Iterator[tuple[bytes, int]]:
    """Yield pieces of the file, and how many rows are written by then."""
    columns = [each for each in COLUMNS if each.field not in hide]
    held = io.StringIO()
    writer = csv.writer(held, lineterminator="\r\n")
    held.write(BOM)
    writer.writerow(each.heading for each in columns)
    count = 0
    for count, match in enumerate(matches, 1):
        place = locations.get(match.extension.location_id)
        writer.writerow(each.value(match, place) for each in columns)
        if count % chunk == 0:
            yield _taken(held), count
    yield _taken(held), count


async def written(rows: ExportRows) -> AsyncIterator[tuple[bytes, int]]:
    """Yield what `csv_of` does, and let others work between two pieces."""
    for piece in csv_of(rows.matches, rows.locations, hide=rows.hide):
        yield piece
        await asyncio.sleep(0)


def safe(text: str) -> str:
    """Return text of one line that no spreadsheet takes for a formula."""
    return cells.guard(clean(text))


def dialled(number: str) -> str:
    """Return `(+1) 415-555-0100` for `14155550100`; what is no phone number as plain text."""
    read = _INTERNATIONAL.fullmatch(international(number))
    return f"({read['code']}) {read['rest']}" if read else safe(number)


def name(now: float) -> str:
    """Return the name of a file that is written now (epoch seconds)."""
    return NAME.format(date=f"{datetime.fromtimestamp(now, UTC):%Y-%m-%d}")


def _taken(held: io.StringIO) -> bytes:
    text = held.getvalue()
    held.seek(0)
    held.truncate()
    return text.encode("utf-8", "replace")


def _first_name(match: Match, _: Location | None) -> str:
    return safe(match.extension.user.first_name) if match.extension.user else ""


def _last_name(match: Match, _: Location | None) -> str:
    return safe(match.extension.user.last_name) if match.extension.user else ""


def _email(match: Match, _: Location | None) -> str:
    return safe(match.extension.user.email) if match.extension.user else ""


def _login(match: Match, _: Location | None) -> str:
    return safe(match.extension.user.login_name) if match.extension.user else ""


def _direct(match: Match, _: Location | None) -> str:
    return _listed(
        f"{dialled(did.phone_number)} ({tag})".strip()
        if (tag := safe(did.custom_tag))
        else dialled(did.phone_number)
        for did in match.extension.dids
    )


def _handsets(match: Match, _: Location | None) -> str:
    named = ((safe(each.handset_name), safe(each.sip_id)) for each in match.extension.handsets)
    return _listed(f"{name} ({sip})".strip() if sip else name for name, sip in named)


def _listed(parts: Iterable[str]) -> str:
    return join_within(list(filter(None, parts)), limit=CELL, separator="; ")


def _extension(read: Callable[[Extension], str]) -> Callable[[Match, Location | None], str]:
    return lambda match, _: read(match.extension)


def _read_at(match: Match, _: Location | None) -> str:
    return f"{datetime.fromtimestamp(match.read_at, UTC):%Y-%m-%dT%H:%M:%SZ}"


COLUMNS = (
    _Column("Extension", "", _extension(lambda one: safe(one.number))),
    _Column("First name", "", _first_name),
    _Column("Last name", "", _last_name),
    _Column("Email", "email", _email),
    _Column("Login", "login", _login),
    _Column("Direct numbers", "dids", _direct),
    _Column("Location", "location", lambda _, place: safe(place.name) if place else ""),
    _Column("Location id", "location", _extension(lambda one: safe(one.location_id))),
    _Column("Time zone", "location", lambda _, place: safe(place.time_zone) if place else ""),
    _Column("Caller ID", "caller_id", _extension(lambda one: dialled(one.caller_id))),
    _Column("Caller ID blocked", "caller_id", _extension(lambda one: _YES[one.block_caller_id])),
    _Column("Do Not Disturb", "dnd", _extension(lambda one: _SWITCH[one.dnd_enabled])),
    _Column(
        "Voicemail transcription", "voicemail", _extension(lambda one: _SWITCH[one.vtt_enabled])
    ),
    _Column("Handsets", "handsets", _handsets),
    _Column("Read at (UTC)", "", _read_at),
)
