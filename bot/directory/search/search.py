"""From terms to ranked rows, in stages: as written, then by nicknames, then corrected.

Each stage is asked only where the one before found few, and what it adds stands behind. One that
finds more than can be looked at is read layer by layer, the likelier first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.directory.search import fts_query, fts_table, nicknames, terms
from bot.directory.search.document import CORRECTABLE, FIELD, NAMES
from bot.directory.search.ranking import (
    CORRECTED,
    DISTANT_NICKNAME,
    MISSING,
    NICKNAME,
    PREFIX,
    ScoredRow,
    SearchRow,
    is_clear,
    score_row,
)
from bot.directory.search.terms import Interpretation, Term
from bot.directory.search.vocabulary import Vocabulary

WINDOW = 160  # rows that are ranked by all weights; those behind stay in the order of their layers
FEW = 8  # found as written, and nicknames are looked up too
VERY_FEW = 3  # and so are corrections, if none of them is a whole match
MOST_TO_TRY = 4  # words of which one may be too many
NEARLY = 0.8  # as good as the best of them
NEAREST = 8  # shown where nobody has all the words
REREADINGS = 4  # in which words are joined or split

Interpretations = Sequence[Interpretation]


@dataclass(frozen=True, slots=True)
class SearchStage:
    """What came of the terms: the ranked rows, and how to read on behind them."""

    rows: list[ScoredRow] = field(default_factory=list)
    interpretations: Interpretations = ()
    layers: tuple[str, ...] = ()
    is_clear: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether there are more than the ranked ones."""
        return bool(self.layers)

    @property
    def is_whole(self) -> bool:
        """Whether somebody has every word as it was typed."""
        return any(verdict.is_whole for verdict in self.rows)


class Searcher:
    """Finds in one database, in the columns that may be looked through."""

    def __init__(
        self, db: sqlite3.Connection, vocabulary: Vocabulary, columns: tuple[str, ...]
    ) -> None:
        self._db = db
        self._vocabulary = vocabulary
        self._columns = columns
        self._occurring: dict[str, bool] = {}  # words of this search
        self._named: dict[str, bool] = {}
        self._nearby: dict[tuple[str, int], dict[str, float]] = {}
        self._fields = tuple(dict.fromkeys(FIELD[each] for each in CORRECTABLE if each in columns))

    def find(self, typed: Interpretation) -> SearchStage:
        """Return what was found, ranked."""
        found = self._stage([typed], [typed])
        others = [self._nicknames(term) for term in typed]
        if found.is_cut or len(found.rows) >= FEW:
            missed = [o for o, term in zip(others, typed, strict=True) if not self._known(term)]
            if not any(missed):
                return self._judged(found, typed)
        alike = _standing_for(typed, others)
        readings = [alike, *self._reread(typed)]
        if len(readings) > 1 or alike != typed:
            found = self._stage(readings, [typed])
        return self._judged(self._corrected(found, typed, readings), typed)

    def _corrected(
        self, found: SearchStage, typed: Interpretation, readings: Interpretations
    ) -> SearchStage:
        """Return what is found with slips put right, where without it is next to nothing."""
        if found.is_cut or found.is_whole or len(found.rows) >= VERY_FEW:
            return found
        if not found.rows and (stage := self._stage([*terms.initials(typed)], [typed])).rows:
            return stage
        alike = readings[0]
        for slips in self._slips(typed):
            corrected = [_standing_for(alike, slips), *readings[1:]]
            stage = self._stage(corrected, readings)
            if len(stage.rows) > len(found.rows):
                return stage
            if found.rows:
                return found
        stage = self._stage(self._reread_nearly(typed), [typed])
        return stage if stage.rows else self._nearest(corrected)

    def _slips(self, typed: Interpretation) -> Iterator[list[dict[str, float]]]:
        """Give what each word may be a slip for: unknown words before known, near before far."""
        unknown = [not self._known(term) for term in typed]
        for every in (False, True) if any(unknown) and not all(unknown) else (True,):
            for most in range(1, len(CORRECTED) + 1):
                yield [
                    self._near(term, most) if every or is_unknown else {}
                    for term, is_unknown in zip(typed, unknown, strict=True)
                ]

    def _near(self, term: Term, most: int) -> dict[str, float]:
        if (term.word, most) not in self._nearby:
            near = self._vocabulary.corrections(term.word, self._fields, most)
            shares = {word: CORRECTED[far - 1] for word, far in near.items()}
            self._nearby[term.word, most] = shares
        return self._nearby[term.word, most]

    def _judged(self, found: SearchStage, typed: Interpretation) -> SearchStage:
        if not found.rows:
            return found
        clear = is_clear(found.rows, len(typed))
        return SearchStage(found.rows, found.interpretations, found.layers, clear)

    def _stage(self, readings: Interpretations, before: Interpretations) -> SearchStage:
        """Rank what matches. `before` are the readings of the stage before."""
        readings = [r for r in readings if all(map(self._occurs, r))]
        if not readings:
            return SearchStage()
        everything = fts_query.matching(readings, self._columns)
        ids = fts_table.ids_matching(self._db, everything, WINDOW + 1)
        layers: tuple[str, ...] = ()
        if len(ids) <= WINDOW:
            window = fts_table.rows_by_id(self._db, ids)
        else:
            layers = (
                fts_query.whole_words(before, NAMES),
                fts_query.whole_words(before, self._columns),
                fts_query.matching(before, NAMES),
                fts_query.matching(readings, NAMES),
                everything,
            )
            window = self._first_of(layers)
        verdicts = self._ranked(window, readings)
        if not layers:
            # Signs of one word may be spread over several fields, which FTS5 cannot tell.
            verdicts = [verdict for verdict in verdicts if verdict.is_found]
        return SearchStage(verdicts, readings, layers)

    def _first_of(self, layers: Sequence[str]) -> list[SearchRow]:
        window: list[SearchRow] = []
        for at, layer in enumerate(layers):
            if len(window) < WINDOW:
                expression = fts_query.excluding(layer, layers[:at])
                window += fts_table.rows_matching(self._db, expression, WINDOW - len(window))
        return window

    def rows_after_ranked(self, found: SearchStage, start: int, count: int) -> list[ScoredRow]:
        """Return the verdicts from `start` on, where that is behind the ranked ones."""
        ids: list[int] = []
        for at, layer in enumerate(found.layers):
            if len(ids) < start + count:
                expression = fts_query.excluding(layer, found.layers[:at])
                ids += fts_table.ids_matching(self._db, expression, start + count - len(ids))
        wanted = fts_table.rows_by_id(self._db, ids[start : start + count])
        return [score_row(row, found.interpretations, self._columns) for row in wanted]

    def count(self, found: SearchStage) -> int:
        """Return how many there are in all."""
        return fts_table.count(self._db, found.layers[-1]) if found.layers else len(found.rows)

    def _nearest(self, readings: Interpretations) -> SearchStage:
        """Those who have all words but one, or all but those that nobody has."""
        typed = readings[0]
        known = tuple(term for term in typed if self._occurs(term))
        fewer = [known] if len(known) < len(typed) else _but_one(typed)
        near: dict[int, SearchRow] = {}
        for reading in filter(None, fewer):
            expression = fts_query.matching([reading], self._columns)
            near |= {row.id: row for row in fts_table.rows_matching(self._db, expression, WINDOW)}
        verdicts = [each for each in self._ranked(near.values(), [typed]) if _is_near(each)]
        best = [each for each in verdicts if each.score >= NEARLY * verdicts[0].score]
        return SearchStage(best[:NEAREST], [typed])

    def _occurs(self, term: Term) -> bool:
        """Whether anybody has a word, since to look for it with others takes longer."""
        if term.alternatives:
            return True
        if term.word not in self._occurring:
            alone = fts_query.matching([(term,)], self._columns)
            self._occurring[term.word] = self._known(term) or bool(
                fts_table.ids_matching(self._db, alone, 1)
            )
        return self._occurring[term.word]

    def _ranked(self, found: Iterable[SearchRow], readings: Interpretations) -> list[ScoredRow]:
        verdicts = [score_row(row, readings, self._columns) for row in found]
        return sorted(verdicts, key=lambda verdict: verdict.sort_key)

    def _known(self, term: Term) -> bool:
        if term.word not in self._named:
            self._named[term.word] = bool(self._vocabulary.present(term.spellings))
        return self._named[term.word]

    def _nicknames(self, term: Term) -> dict[str, float]:
        direct, distant = nicknames.related_names(term.word)
        known = self._vocabulary.present([*direct, *distant]) if direct or distant else set()
        shares = dict.fromkeys(distant, DISTANT_NICKNAME) | dict.fromkeys(direct, NICKNAME)
        return {word: share for word, share in shares.items() if word in known}

    def _reread(self, typed: Interpretation) -> list[Interpretation]:
        """Joined and split readings, where the directory has the words that come of it."""
        others = [*terms.joined(typed), *terms.split(typed)]
        words = {term.word for reading in others for term in reading}
        known = self._vocabulary.present(words) if words else set()
        before = {term.word for term in typed}
        known |= before
        fit = [r for r in others if all(t.word in known for t in r) or self._is_code(r)]
        return fit[:REREADINGS]

    def _is_code(self, reading: Interpretation) -> bool:
        """Whether a word has digits, as no name has, and somebody has each of its words."""
        has_digits = any(term.whole_word and not term.word.isalpha() for term in reading)
        return has_digits and all(map(self._occurs, reading))

    def _reread_nearly(self, typed: Interpretation) -> list[Interpretation]:
        """The same with a slip in one of the parts: *mac donald* as mcdonald, *johnsmtih*."""
        fit: list[Interpretation] = []
        for reading in (*terms.joined(typed), *terms.split(typed)):
            parts = [term for term in reading if term.whole_word]
            unknown = [term for term in parts if not self._known(term)]
            if len(unknown) == 1 and (near := self._near(unknown[0], 1)):
                fit.append(
                    tuple(t.with_alternatives(near) if t is unknown[0] else t for t in reading)
                )
        return fit[:REREADINGS]


def _standing_for(reading: Interpretation, others: Sequence[dict[str, float]]) -> Interpretation:
    return tuple(term.with_alternatives(each) for term, each in zip(reading, others, strict=True))


def _but_one(reading: Interpretation) -> list[Interpretation]:
    if len(reading) > MOST_TO_TRY:
        return []
    return [reading[:at] + reading[at + 1 :] for at in range(len(reading))]


def _is_near(verdict: ScoredRow) -> bool:
    """Whether the words that were found are no mere beginnings."""
    shares = [share for share in verdict.qualities if share > MISSING]
    return bool(shares) and shares[0] > PREFIX
