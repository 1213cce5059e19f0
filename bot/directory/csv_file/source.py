"""A CSV file as a `DirectorySource`, for a company without a Vonage account.

The file is checked for a change (time, size, inode) at every request and loaded again if there is
one. So the next sync or `refresh` after an edit brings the new content.
"""

from __future__ import annotations

import asyncio
import copy
import logging
import time
from collections.abc import Sequence
from pathlib import Path

from bot.clocks import Clock, Clocks
from bot.directory import compare
from bot.directory.csv_file import reader
from bot.directory.csv_file.reader import CsvDirectory
from bot.errors import FileTooSlow, InvalidFile, NotFound, SourceError
from bot.limits import CSV_PAGE_SIZE, CSV_SETTLE_S, MAX_CSV_BYTES, MAX_LOGGED_PROBLEMS
from bot.models import Extension, Location, Page

log = logging.getLogger(__name__)

_Version = tuple[int, int, int]  # a file's modification time in nanoseconds, size and inode
_NO_FILE: _Version = (0, 0, 0)


class CsvSource:
    """The extensions and locations of one CSV file.

    `clock` measures durations; `wall_clock` gives epoch seconds, as the file's times are.

    Raises `InvalidFile` while the file can't be used, and `FileTooSlow` at a deadline: the
    directory then answers from its copy, exactly as it does while Vonage fails.
    """

    name = "the CSV file"
    quota = None
    may_contradict_itself = False

    def __init__(
        self,
        path: Path,
        *,
        region: str,
        settle_s: float = CSV_SETTLE_S,
        clock: Clock = time.monotonic,
        wall_clock: Clock = time.time,
    ) -> None:
        self._path = path
        self._region = region
        self._settle_s = settle_s
        self._clock = clock
        self._wall_clock = wall_clock
        self._clocks = Clocks(clock, wall_clock)
        self._lock = asyncio.Lock()
        self._version: _Version | None = None  # of the latest load
        self._content: CsvDirectory | None = None
        self._error: InvalidFile | None = None
        self.last_failure: SourceError | None = None
        self._answered_at: float | None = None
        self._failed_at: float | None = None

    @property
    def last_answer_at(self) -> float | None:
        """When the file was last read, in epoch seconds."""
        return None if self._answered_at is None else self._clocks.epoch(self._answered_at)

    @property
    def last_failure_at(self) -> float | None:
        """When the file last could not be used, in epoch seconds."""
        return None if self._failed_at is None else self._clocks.epoch(self._failed_at)

    async def extensions(
        self,
        *,
        deadline: float,
        page: int | None = None,
        page_size: int | None = None,
        phone_number: str = "",
        login_name: str = "",
        email: str = "",
        reserve: int | None = None,
    ) -> Page[Extension]:
        """Return one page of the extensions that match all filters given, in the file's order."""
        found: Sequence[Extension] = tuple((await self._read(deadline)).extensions.values())
        if phone_number or login_name or email:  # a sync has no filters: compare nothing then
            found = [
                extension
                for extension in found
                if (not phone_number or _has_phone(extension, phone_number))
                and (not login_name or compare.has_login(extension, login_name))
                and (not email or compare.has_email(extension, email))
            ]
        number, size = page or 1, page_size or CSV_PAGE_SIZE
        return Page(
            tuple(found[(number - 1) * size : number * size]),
            page=number,
            page_size=size,
            total_pages=-(-len(found) // size),
            total_items=len(found),
            has_next=number * size < len(found),
        )

    async def extension(self, number: str, *, deadline: float) -> Extension:
        """Return one extension by its number. Raises `NotFound`."""
        try:
            return (await self._read(deadline)).extensions[number]
        except KeyError:
            raise NotFound from None

    async def locations(self, *, deadline: float) -> tuple[Location, ...]:
        """Return the locations that the rows name."""
        return (await self._read(deadline)).locations

    async def _read(self, deadline: float) -> CsvDirectory:
        try:
            async with asyncio.timeout_at(deadline), self._lock:
                content = await self._current()
        except TimeoutError:
            raise self._failed(FileTooSlow("The CSV file could not be read in time.")) from None
        except InvalidFile as error:
            # A copy, because the traceback of the stored error would grow at each raise.
            raise self._failed(copy.copy(error)) from None
        self._answered_at = self._clock()
        return content

    async def _current(self) -> CsvDirectory:
        """Return the file's content, loaded again if the file changed. Raises `InvalidFile`."""
        version = await asyncio.to_thread(_version_of, self._path)
        if version != self._version:
            await self._wait_until_written(version)
            await self._load()
        if self._error:
            raise self._error
        if self._content is None:
            raise AssertionError  # a load gives the content or an error
        return self._content

    async def _wait_until_written(self, version: _Version) -> None:
        """Wait if the file was changed a moment ago, because it may be half written."""
        age = self._wall_clock() - version[0] / 1e9
        if 0 <= age < self._settle_s:
            await asyncio.sleep(self._settle_s - age)

    async def _load(self) -> None:
        """Load the file. Its version is taken before that, so that no later change is missed."""
        version = await asyncio.to_thread(_version_of, self._path)
        try:
            self._content = await asyncio.to_thread(load, self._path, self._region)
            self._error = None
        except InvalidFile as error:
            self._error = error
        self._version = version
        self._log()

    def _log(self) -> None:
        """Log what is wrong with the file, once for each version; cells are never quoted."""
        if self._error:
            problems = self._error.problems
            shown = " ".join(problems[:MAX_LOGGED_PROBLEMS])
            log.error("%s %s", self._error, shown)
        elif self._content:
            log.info("Read the CSV file: %d extensions", len(self._content.extensions))

    def _failed(self, error: SourceError) -> SourceError:
        self.last_failure, self._failed_at = error, self._clock()
        return error


def load(path: Path, region: str) -> CsvDirectory:
    """Read a whole file. Raises `InvalidFile`.

    Phone numbers without a country code belong to `region`.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_CSV_BYTES + 1)
    except OSError as error:
        problem = f"{path} can't be opened ({error.strerror}): check its path (DIRECTORY_CSV)."
        raise InvalidFile("The CSV file can't be opened.", problems=(problem,)) from None
    if len(content) > MAX_CSV_BYTES:
        size = f"{MAX_CSV_BYTES // 1024**2} MB"
        problem = f"{path} is larger than {size}: check its path (DIRECTORY_CSV)."
        raise InvalidFile("The CSV file is too large.", problems=(problem,))
    return reader.read(content, region=region)


def _version_of(path: Path) -> _Version:
    try:
        stat = path.stat()
    except OSError:
        return _NO_FILE
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _has_phone(extension: Extension, number: str) -> bool:
    return any(compare.same_phone(did.phone_number, number) for did in extension.dids)
