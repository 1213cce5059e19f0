"""The protocol of a directory's source: all that `bot.directory` knows of Vonage or a CSV file.

`bot.vonage.client.VonageClient` and `bot.directory.csv_file.source.CsvSource` fit this protocol
without importing it; `app.py` chooses one. A source raises `SourceError` and nothing else.
"""

from __future__ import annotations

from typing import Protocol

from bot.errors import SourceError
from bot.models import Extension, Location, Page, Quota


class DirectorySource(Protocol):
    """One account's extensions and locations.

    Each `deadline` is a moment in the event loop's time; each `…_at` is in epoch seconds.
    """

    @property
    def name(self) -> str:
        """What people call the source in "Read from …": `Vonage`, `the CSV file`."""

    @property
    def quota(self) -> Quota | None:
        """How many calls are left this minute; `None` if the calls are not limited."""

    @property
    def may_contradict_itself(self) -> bool:
        """Whether a single answer can be wrong, so that a loss must be confirmed by a second one.

        An API can answer without half of its back end. A file was read as a whole.
        """

    @property
    def last_answer_at(self) -> float | None:
        """When the source last answered, or `None` before its first answer."""

    @property
    def last_failure(self) -> SourceError | None:
        """The latest failure, even if the source has answered since."""

    @property
    def last_failure_at(self) -> float | None:
        """When that failure was."""

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
        """Return one page of the extensions, counted from 1, that match the filters.

        A source may ignore filters and page sizes, so the caller must check what it returns.
        `reserve` marks a background call: that many calls of each minute are left for people.
        """

    async def extension(self, number: str, *, deadline: float) -> Extension:
        """Return one extension by its number.

        Raises `NotFound`, which does not prove that the extension doesn't exist, and
        `OtherExtension` if the account takes the number for something else.
        """

    async def locations(self, *, deadline: float) -> tuple[Location, ...]:
        """Return all locations of the account."""
