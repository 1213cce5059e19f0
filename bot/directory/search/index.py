"""The search of the directory, in the tables beside its rows: names, tags, logins, parts of them.

A text is read as terms (`terms`), which are found in stages (`finding`) by expressions of FTS5
(`expressions`), and ranked by the weights in `ranking`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence

from bot.directory.search import fts_table, terms
from bot.directory.search.document import open_columns, row
from bot.directory.search.ranking import Verdict
from bot.directory.search.results import Hit, Results
from bot.directory.search.search import Finder, Found
from bot.directory.search.vocabulary import Vocabulary
from bot.models import Extension, Location

LIMIT = 8
OPTIONS = 20  # while somebody types


def create(db: sqlite3.Connection) -> None:
    """Make the tables of the index, if there are none."""
    fts_table.create(db)


def put(db: sqlite3.Connection, id: int, extension: Extension, location: Location | None) -> None:  # noqa: A002 - what a row has
    """Add an extension, or replace what was under its id."""
    fts_table.put(db, id, row(extension, location))


def drop(db: sqlite3.Connection, id: int) -> None:  # noqa: A002 - what a row has
    """Remove an extension."""
    fts_table.drop(db, id)


class Index:
    """Searches one database. `read` gives the extensions of ids, in their order."""

    def __init__(
        self, db: sqlite3.Connection, read: Callable[[Sequence[int]], Sequence[Extension]]
    ) -> None:
        self._db = db
        self._read = read
        self._vocabulary = Vocabulary(db)

    def search(
        self, text: str, *, limit: int = LIMIT, offset: int = 0, without: Collection[str] = ()
    ) -> Results:
        """Return the extensions that a text can mean, best first.

        Fields in `without` are not looked through. Any text is answered.
        """
        finder, found = self._find(text, without)
        if not found.verdicts:
            return Results()
        return Results(
            tuple(self._hits(_page(finder, found, offset, limit))),
            finder.count(found),
            found.clear,
            found.verdicts[0].is_exact,
        )

    def typeahead(
        self, text: str, *, limit: int = OPTIONS, without: Collection[str] = ()
    ) -> list[Hit]:
        """Return the extensions that a text can mean of which the last word is being typed."""
        _, found = self._find(text, without)
        return self._hits(found.verdicts[:limit])

    def changed(self) -> None:
        """Forget what is remembered: rows were put or dropped."""
        self._vocabulary.forget()

    def _find(self, text: str, without: Collection[str]) -> tuple[Finder, Found]:
        finder = Finder(self._db, self._vocabulary, open_columns(without))
        typed = terms.read(text)
        return finder, finder.find(typed) if typed else Found()

    def _hits(self, verdicts: Sequence[Verdict]) -> list[Hit]:
        extensions = self._read([verdict.row.id for verdict in verdicts])
        return [
            Hit(verdict.row.id, extension, verdict.why, verdict.score)
            for verdict, extension in zip(verdicts, extensions, strict=True)
        ]


def _page(finder: Finder, found: Found, offset: int, limit: int) -> list[Verdict]:
    """The verdicts of a page, the last of which may be behind the ranked ones."""
    ranked = len(found.verdicts)
    page = found.verdicts[offset : offset + limit]
    if found.is_cut and len(page) < limit:
        page += finder.behind(found, max(offset, ranked), limit - len(page))
    return page
