"""The search of the directory: the only module of this package that other packages import.

A text is parsed into terms (`terms`). They are searched for in stages (`search`) by FTS5
expressions (`fts`), and the rows found are ranked (`ranking`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from bot.directory.damage import Damaged
from bot.directory.search import fts, terms
from bot.directory.search.document import COLUMNS, FIELD, row
from bot.directory.search.ranking import ScoredRow
from bot.directory.search.search import Candidates, Searcher
from bot.directory.search.vocabulary import Vocabulary
from bot.models import Extension, Location, MatchReason

PAGE_ROWS = 8
TYPEAHEAD_ROWS = 20


@dataclass(frozen=True, slots=True)
class SearchHit:
    """An extension that was found, why, and how well it matches.

    A `score` of 100 or more means that a name was found as it was typed.
    """

    id: int
    extension: Extension
    reason: MatchReason
    score: float


@dataclass(frozen=True, slots=True)
class SearchResults:
    """A page of hits, best first; `total` counts all pages.

    `is_clear` is whether the first hit is surely the one that is meant, so that its card may open
    by itself. `is_exact` is whether the first hit has all words in full, as they were typed.
    """

    hits: tuple[SearchHit, ...] = ()
    total: int = 0
    is_clear: bool = False
    is_exact: bool = False


def create(db: sqlite3.Connection) -> None:
    """Create the tables of the index, if there are none."""
    fts.create(db)


def put(
    db: sqlite3.Connection, row_id: int, extension: Extension, location: Location | None
) -> None:
    """Add an extension, or replace the one with the same row id."""
    fts.put(db, row_id, extension.number, row(extension, location))


def drop(db: sqlite3.Connection, row_id: int) -> None:
    """Remove the extension with this row id, if there is one."""
    fts.drop(db, row_id)


def check_integrity(db: sqlite3.Connection) -> None:
    """Compare the index with its rows. Raises a `sqlite3.DatabaseError`."""
    fts.check_integrity(db)


class Index:
    """Searches one database. `read` returns the extensions of row ids, in the same order."""

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

        `excluded_fields` are not searched and do not influence the order: the result is the same
        as if Vonage had not sent them. Any text is accepted.
        """
        searcher, candidates = self._find(text, excluded_fields)
        if not candidates.rows:
            return SearchResults()
        return SearchResults(
            tuple(self._hits(_page(searcher, candidates, offset, limit))),
            searcher.count(candidates),
            candidates.is_clear,
            candidates.rows[0].is_exact,
        )

    def typeahead(
        self, text: str, *, limit: int = TYPEAHEAD_ROWS, excluded_fields: Collection[str] = ()
    ) -> list[SearchHit]:
        """Return the extensions that a text can mean while it is being typed."""
        _, candidates = self._find(text, excluded_fields)
        return self._hits(candidates.rows[:limit])

    def invalidate(self) -> None:
        """Clear the cached words, because rows were added or removed."""
        self._vocabulary.invalidate()

    def _find(self, text: str, excluded_fields: Collection[str]) -> tuple[Searcher, Candidates]:
        searcher = Searcher(self._db, self._vocabulary, _open_columns(excluded_fields))
        typed = terms.parse(text)
        return searcher, searcher.find(typed) if typed else Candidates()

    def _hits(self, rows: Sequence[ScoredRow]) -> list[SearchHit]:
        extensions = self._read([scored.row.id for scored in rows])
        if len(extensions) != len(rows):
            raise Damaged("the search index has a row without an extension")
        for scored, extension in zip(rows, extensions, strict=True):
            scored.row.check(extension)
        return [
            SearchHit(scored.row.id, extension, scored.reason, scored.score)
            for scored, extension in zip(rows, extensions, strict=True)
        ]


def _page(searcher: Searcher, candidates: Candidates, offset: int, limit: int) -> list[ScoredRow]:
    """Return the rows of a page, which can begin or end after the ranked rows."""
    page = candidates.rows[offset : offset + limit]
    if candidates.is_cut and len(page) < limit:
        start = max(offset, len(candidates.rows))
        page += searcher.rows_after_ranked(candidates, start, limit - len(page))
    return page


def _open_columns(excluded_fields: Collection[str]) -> tuple[str, ...]:
    """Return the columns that may be searched for an asker who must not see some fields."""
    return tuple(column for column in COLUMNS if FIELD[column] not in excluded_fields)
