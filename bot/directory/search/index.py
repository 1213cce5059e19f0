"""The search of the directory, in the tables beside its rows: names, tags, logins, parts of them.

A text is read as terms (`terms`), which are found in stages (`finding`) by expressions of FTS5
(`expressions`), and ranked by the weights in `ranking`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence

from bot.directory.search import fts_table, terms
from bot.directory.search.document import open_columns, row
from bot.directory.search.ranking import ScoredRow
from bot.directory.search.results import SearchHit, SearchResults
from bot.directory.search.search import Searcher, SearchStage
from bot.directory.search.vocabulary import Vocabulary
from bot.models import Extension, Location

PAGE_ROWS = 8
TYPEAHEAD_ROWS = 20  # while somebody types


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
        self,
        text: str,
        *,
        limit: int = PAGE_ROWS,
        offset: int = 0,
        excluded_fields: Collection[str] = (),
    ) -> SearchResults:
        """Return the extensions that a text can mean, best first.

        Fields in `without` are not looked through. Any text is answered.
        """
        finder, found = self._find(text, excluded_fields)
        if not found.rows:
            return SearchResults()
        return SearchResults(
            tuple(self._hits(_page(finder, found, offset, limit))),
            finder.count(found),
            found.is_clear,
            found.rows[0].is_exact,
        )

    def typeahead(
        self, text: str, *, limit: int = TYPEAHEAD_ROWS, excluded_fields: Collection[str] = ()
    ) -> list[SearchHit]:
        """Return the extensions that a text can mean of which the last word is being typed."""
        _, found = self._find(text, excluded_fields)
        return self._hits(found.rows[:limit])

    def invalidate(self) -> None:
        """Forget what is remembered: rows were put or dropped."""
        self._vocabulary.invalidate()

    def _find(self, text: str, without: Collection[str]) -> tuple[Searcher, SearchStage]:
        finder = Searcher(self._db, self._vocabulary, open_columns(without))
        typed = terms.parse(text)
        return finder, finder.find(typed) if typed else SearchStage()

    def _hits(self, verdicts: Sequence[ScoredRow]) -> list[SearchHit]:
        extensions = self._read([verdict.row.id for verdict in verdicts])
        return [
            SearchHit(verdict.row.id, extension, verdict.reason, verdict.score)
            for verdict, extension in zip(verdicts, extensions, strict=True)
        ]


def _page(finder: Searcher, found: SearchStage, offset: int, limit: int) -> list[ScoredRow]:
    """The verdicts of a page, the last of which may be behind the ranked ones."""
    ranked = len(found.rows)
    page = found.rows[offset : offset + limit]
    if found.is_cut and len(page) < limit:
        page += finder.rows_after_ranked(found, max(offset, ranked), limit - len(page))
    return page
