"""Finds and ranks the rows that a search text can mean, in stages.

1. As typed: every word in full or as a prefix.
2. With nicknames, and with words joined or split, if stage 1 found few.
3. With typos corrected, if there are still hardly any rows: first one typo in each word that
   nobody has in their name, then two, then the same in all words.
4. Near misses: all words but one.

A stage is only tried if the one before it found too little, because each costs a few queries
and brings rows that are less likely to be meant. Their lower quality ranks them after the rows
of the stages before. A stage that matches more rows than can be ranked is read in layers, the
likeliest rows first.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from bot import limits
from bot.directory.search import fts, nicknames, terms
from bot.directory.search.document import CORRECTABLE, FIELD, NAMES
from bot.directory.search.fts import SearchRow
from bot.directory.search.ranking import (
    CORRECTED,
    DISTANT_NICKNAME,
    MISSING,
    NICKNAME,
    PREFIX,
    ScoredRow,
    is_clear,
    score_row,
)
from bot.directory.search.terms import Interpretation, Term
from bot.directory.search.vocabulary import Vocabulary

ENOUGH_AS_TYPED = 8  # rows as typed: nicknames are not tried
ENOUGH_TO_TRUST = 3  # rows: typos are not corrected, since the words do occur
NEAR_MISS_SHARE = 0.8  # of the best near miss's score, below which none is offered

Interpretations = Sequence[Interpretation]


@dataclass(frozen=True, slots=True)
class Candidates:
    """What one stage of a search found: the ranked rows, best first.

    If there are more rows than were ranked, `layers` are the FTS5 expressions that find all of
    them, likeliest first; the last one matches every row. Otherwise there are no layers.
    `is_clear` is whether the first row is surely the one that is meant.
    """

    rows: list[ScoredRow] = field(default_factory=list)
    interpretations: Interpretations = ()
    layers: tuple[str, ...] = ()
    is_clear: bool = False

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than the ranked ones."""
        return bool(self.layers)

    @property
    def is_whole(self) -> bool:
        """Whether a row has every term as a whole word."""
        return any(row.is_whole for row in self.rows)


class Searcher:
    """One search in one database, in the columns that the asker may search.

    It caches what it looks up about words, so each search needs a new instance.
    """

    def __init__(
        self, db: sqlite3.Connection, vocabulary: Vocabulary, columns: tuple[str, ...]
    ) -> None:
        self._db = db
        self._vocabulary = vocabulary
        self._columns = columns
        self._occurring: dict[str, bool] = {}
        self._names: dict[str, bool] = {}
        self._corrections_of: dict[tuple[str, int], dict[str, float]] = {}
        correctable = (column for column in CORRECTABLE if column in columns)
        self._correctable_fields = tuple(dict.fromkeys(FIELD[column] for column in correctable))

    def find(self, typed: Interpretation) -> Candidates:
        """Return what the last stage that was needed has found."""
        candidates = self._candidates([typed], [typed])
        nicknames_of_terms = [self._nicknames(term) for term in typed]
        if candidates.is_cut or len(candidates.rows) >= ENOUGH_AS_TYPED:
            pairs = zip(typed, nicknames_of_terms, strict=True)
            # If a word is nobody's name but a nickname of somebody's, nicknames must be tried
            # all the same: many rows may have "bob" in a login while the person is Robert.
            if not any(names for term, names in pairs if not self._is_a_name(term)):
                return _with_clarity(candidates, typed)
        with_nicknames = _with_alternatives(typed, nicknames_of_terms)
        interpretations = [with_nicknames, *self._respaced(typed)]
        if len(interpretations) > 1 or with_nicknames != typed:
            candidates = self._candidates(interpretations, [typed])
        return _with_clarity(self._corrected(candidates, typed, interpretations), typed)

    def rows_after_ranked(self, candidates: Candidates, start: int, count: int) -> list[ScoredRow]:
        """Return `count` rows in the order of the layers, from `start`, after the ranked rows."""
        ids: list[int] = []
        for at, layer in enumerate(candidates.layers):
            if len(ids) < start + count:
                expression = fts.excluding(layer, candidates.layers[:at])
                ids += fts.ids_matching(self._db, expression, start + count - len(ids))
        rows = fts.rows_by_id(self._db, ids[start : start + count])
        return [score_row(row, candidates.interpretations, self._columns) for row in rows]

    def count(self, candidates: Candidates) -> int:
        """Return the number of all rows that the stage has found."""
        return (
            fts.count(self._db, candidates.layers[-1])
            if candidates.layers
            else len(candidates.rows)
        )

    # Stages.

    def _candidates(
        self, interpretations: Interpretations, previous: Interpretations
    ) -> Candidates:
        """Find and rank the rows of any of the interpretations.

        `previous` are the interpretations of the stage before, whose rows are likelier.
        """
        interpretations = [
            interpretation
            for interpretation in interpretations
            if all(map(self._occurs, interpretation))
        ]
        if not interpretations:
            return Candidates()
        everything = fts.matching(interpretations, self._columns)
        ids = fts.ids_matching(self._db, everything, limits.MAX_RANKED_ROWS + 1)
        if len(ids) <= limits.MAX_RANKED_ROWS:
            ranked = self._ranked(fts.rows_by_id(self._db, ids), interpretations)
            # FTS5 finds the characters of a CJK word in several columns, which is no match.
            return Candidates([row for row in ranked if row.is_found], interpretations)
        layers = (
            fts.whole_words(previous, NAMES),
            fts.whole_words(previous, self._columns),
            fts.matching(previous, NAMES),
            fts.matching(interpretations, NAMES),
            everything,
        )
        ranked = self._ranked(self._first_rows(layers), interpretations)
        return Candidates(ranked, interpretations, layers)

    def _first_rows(self, layers: Sequence[str]) -> list[SearchRow]:
        """Return as many rows as can be ranked, from the likeliest layers."""
        rows: list[SearchRow] = []
        for at, layer in enumerate(layers):
            left = limits.MAX_RANKED_ROWS - len(rows)
            if left > 0:
                expression = fts.excluding(layer, layers[:at])
                rows += fts.rows_matching(self._db, expression, left)
        return rows

    def _ranked(
        self, rows: Iterable[SearchRow], interpretations: Interpretations
    ) -> list[ScoredRow]:
        scored = [score_row(row, interpretations, self._columns) for row in rows]
        return sorted(scored, key=lambda row: row.sort_key)

    def _corrected(
        self, candidates: Candidates, typed: Interpretation, interpretations: Interpretations
    ) -> Candidates:
        """Return candidates with typos corrected, if there are hardly any without."""
        if candidates.is_cut or candidates.is_whole or len(candidates.rows) >= ENOUGH_TO_TRUST:
            return candidates
        if (
            not candidates.rows
            and (found := self._candidates([*terms.initials(typed)], [typed])).rows
        ):
            return found
        with_nicknames = interpretations[0]
        for corrections in self._corrections(typed):
            corrected = [_with_alternatives(with_nicknames, corrections), *interpretations[1:]]
            found = self._candidates(corrected, interpretations)
            if len(found.rows) > len(candidates.rows):
                return found
            if candidates.rows:
                return candidates
        found = self._candidates(self._respaced_and_corrected(typed), [typed])
        return found if found.rows else self._near_misses(corrected)

    def _near_misses(self, interpretations: Interpretations) -> Candidates:
        """Return the best rows that lack only the words that nobody has, or else only one word."""
        typed = interpretations[0]
        occurring = tuple(term for term in typed if self._occurs(term))
        fewer = [occurring] if len(occurring) < len(typed) else _each_without_one(typed)
        by_id: dict[int, SearchRow] = {}
        for interpretation in filter(None, fewer):
            expression = fts.matching([interpretation], self._columns)
            rows = fts.rows_matching(self._db, expression, limits.MAX_RANKED_ROWS)
            by_id |= {row.id: row for row in rows}
        near_misses = [row for row in self._ranked(by_id.values(), [typed]) if _is_near_miss(row)]
        best = [row for row in near_misses if row.score >= NEAR_MISS_SHARE * near_misses[0].score]
        return Candidates(best[: limits.MAX_NEAR_MISSES], [typed])

    # Words.

    def _occurs(self, term: Term) -> bool:
        """Whether any row has a term. This check is cheaper than a search that finds nothing."""
        if term.alternatives:
            return True
        if term.word not in self._occurring:
            alone = fts.matching([(term,)], self._columns)
            self._occurring[term.word] = self._is_a_name(term) or bool(
                fts.ids_matching(self._db, alone, 1)
            )
        return self._occurring[term.word]

    def _is_a_name(self, term: Term) -> bool:
        """Whether a term is a word of somebody's name."""
        if term.word not in self._names:
            self._names[term.word] = bool(self._vocabulary.present(term.spellings))
        return self._names[term.word]

    def _nicknames(self, term: Term) -> dict[str, float]:
        """Return the related names of a term that somebody has, with the quality of a match."""
        direct, distant = nicknames.related_names(term.word)
        present = self._vocabulary.present([*direct, *distant]) if direct or distant else set()
        qualities = dict.fromkeys(distant, DISTANT_NICKNAME) | dict.fromkeys(direct, NICKNAME)
        return {name: quality for name, quality in qualities.items() if name in present}

    def _corrections(self, typed: Interpretation) -> Iterator[list[dict[str, float]]]:
        """Yield the corrections of each term, the likeliest first.

        Words that are in nobody's name are corrected before all words are, one typo before two.
        """
        unknown = [not self._is_a_name(term) for term in typed]
        for every in (False, True) if any(unknown) and not all(unknown) else (True,):
            for typos in range(1, len(CORRECTED) + 1):
                yield [
                    self._corrections_for(term, typos) if every or is_unknown else {}
                    for term, is_unknown in zip(typed, unknown, strict=True)
                ]

    def _corrections_for(self, term: Term, typos: int) -> dict[str, float]:
        key = term.word, typos
        if key not in self._corrections_of:
            found = self._vocabulary.corrections(term.word, self._correctable_fields, typos)
            self._corrections_of[key] = {word: CORRECTED[n - 1] for word, n in found.items()}
        return self._corrections_of[key]

    def _respaced(self, typed: Interpretation) -> list[Interpretation]:
        """Return the interpretations with words joined or split, if all their words occur."""
        respaced = [*terms.joined(typed), *terms.split(typed)]
        words = {term.word for interpretation in respaced for term in interpretation}
        occurring = self._vocabulary.present(words) if words else set()
        occurring |= {term.word for term in typed}
        fitting = [
            interpretation
            for interpretation in respaced
            if all(term.word in occurring for term in interpretation)
            or self._is_code(interpretation)
        ]
        return fitting[: limits.MAX_RESPACINGS]

    def _is_code(self, interpretation: Interpretation) -> bool:
        """Whether a joined or split word has digits (the code of a room) and every word occurs."""
        has_digits = any(term.whole_word and not term.word.isalpha() for term in interpretation)
        return has_digits and all(map(self._occurs, interpretation))

    def _respaced_and_corrected(self, typed: Interpretation) -> list[Interpretation]:
        """Return interpretations with words joined or split, and a typo corrected in one of them.

        So *johnsmtih* finds John Smith, and *mac donadl* finds MacDonald.
        """
        fitting: list[Interpretation] = []
        for interpretation in (*terms.joined(typed), *terms.split(typed)):
            parts = [term for term in interpretation if term.whole_word]
            unknown = [term for term in parts if not self._is_a_name(term)]
            if len(unknown) == 1 and (found := self._corrections_for(unknown[0], 1)):
                fitting.append(
                    tuple(
                        term.with_alternatives(found) if term is unknown[0] else term
                        for term in interpretation
                    )
                )
        return fitting[: limits.MAX_RESPACINGS]


def _with_clarity(candidates: Candidates, typed: Interpretation) -> Candidates:
    """Return the candidates, noting whether the first row is the one that is meant."""
    if not candidates.rows:
        return candidates
    return replace(candidates, is_clear=is_clear(candidates.rows, len(typed)))


def _with_alternatives(
    interpretation: Interpretation, alternatives: Sequence[dict[str, float]]
) -> Interpretation:
    pairs = zip(interpretation, alternatives, strict=True)
    return tuple(term.with_alternatives(words) for term, words in pairs)


def _each_without_one(interpretation: Interpretation) -> list[Interpretation]:
    if len(interpretation) > limits.MAX_TERMS_TO_LEAVE_ONE_OUT:
        return []
    return [interpretation[:at] + interpretation[at + 1 :] for at in range(len(interpretation))]


def _is_near_miss(row: ScoredRow) -> bool:
    """Whether the terms that were found are more than prefixes."""
    found = [quality for quality in row.qualities if quality > MISSING]
    return bool(found) and found[0] > PREFIX
