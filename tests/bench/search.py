"""The search: how often it finds whom people mean, and how fast, compared with rapidfuzz."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median

from rapidfuzz import fuzz, process

from bot.directory.search.index import Index, SearchHit
from tests.bench.company import add_typo, build_index, invent_extensions
from tests.bench.report import Figure, at_least, format_number, info, percentile, ratios
from tests.directory.companies import invented_company
from tests.directory.search.evaluation import evaluate

SIZES = (20_000, 100_000)
TOP = 8  # rows that an answer shows
ROUNDS = 3
QUERIES_PER_ROUND = 300
WRATIO_QUERIES_PER_ROUND = 20  # the first of the same queries; it is slow
MIN_SPEEDUP = 15  # at p99
SEED = 20

Names = list[str]
Search = Callable[[str], Names]


async def measure() -> list[Figure]:
    """Search: share of known queries found; time, size, recall with many people."""
    figures = _table_of_queries()
    for size in SIZES:
        figures += await asyncio.to_thread(_measure_size, size)
    return figures


def _table_of_queries() -> list[Figure]:
    company = invented_company()
    shares = evaluate(company)
    company.close()
    return [
        at_least("table of queries, found first", [100 * shares.first], 95, "%"),
        at_least("table of queries, in the first five", [100 * shares.first_five], 99, "%"),
    ]


@dataclass(slots=True)
class _Rounds:
    """The results of each round: p50 and p99, and the share of names found in the top."""

    p50_ms: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)

    def run_round(self, search: Search, queries: Iterable[tuple[str, str]]) -> list[bool]:
        """Search for each (text, name); return for each whether the name was found."""
        times_ms, found = [], []
        for text, name in queries:
            started_at = time.perf_counter()
            names = search(text)
            times_ms.append(1000 * (time.perf_counter() - started_at))
            found.append(name in names)
        self.p50_ms.append(median(times_ms))
        self.p99_ms.append(percentile(times_ms, 99))
        return found


def _measure_size(size: int) -> list[Figure]:
    extensions = list(invent_extensions(size))
    names = [extension.name for extension in extensions if extension.name]
    with tempfile.TemporaryDirectory(prefix="ext-bench-") as folder:
        path = Path(folder) / "index.sqlite"
        started_at = time.perf_counter()
        db, read = build_index(extensions, path)
        seconds = time.perf_counter() - started_at
        figures = [
            info(f"{size:,} people: index built in", [seconds], "s", note=_per_row(seconds, size)),
            info("  its file", [path.stat().st_size / 1e6], "MB"),
            *_compare_with_wratio(Index(db, read), names),
        ]
        db.close()
    return figures


def _per_row(seconds: float, size: int) -> str:
    return f"{format_number(1e6 * seconds / size)} µs a row"


def _compare_with_wratio(index: Index, names: Sequence[str]) -> list[Figure]:
    random = Random(SEED)
    index_rounds, wratio_rounds, typeahead_rounds = _Rounds(), _Rounds(), _Rounds()
    for _ in range(ROUNDS):
        wanted = random.choices(names, k=QUERIES_PER_ROUND)
        queries = [(add_typo(name, random), name) for name in wanted]
        found = index_rounds.run_round(
            lambda text: _names(index.search(text, limit=TOP).hits), queries
        )
        same_queries = queries[:WRATIO_QUERIES_PER_ROUND]
        wratio_rounds.recall.append(
            _share(wratio_rounds.run_round(_search_by_wratio(names), same_queries))
        )
        index_rounds.recall.append(_share(found[: len(same_queries)]))
        prefixes = [(text[: random.randint(2, len(text))], name) for text, name in queries]
        typeahead_rounds.run_round(lambda text: _names(index.typeahead(text)), prefixes)
    return [
        info("  search, one typo, p50", index_rounds.p50_ms, "ms"),
        info("  search, one typo, p99", index_rounds.p99_ms, "ms"),
        at_least(
            "  WRatio over all names ÷ search, p99",
            ratios(wratio_rounds.p99_ms, index_rounds.p99_ms),
            MIN_SPEEDUP,
            "×",
        ),
        info(f"  found in the top {TOP}", _percent(index_rounds.recall), "%"),
        info(f"  found in the top {TOP} by WRatio", _percent(wratio_rounds.recall), "%"),
        at_least("  ÷ WRatio's", [sum(index_rounds.recall) / sum(wratio_rounds.recall)], 1, "×"),
        info("  typeahead, p50", typeahead_rounds.p50_ms, "ms"),
        info("  typeahead, p99", typeahead_rounds.p99_ms, "ms"),
    ]


def _search_by_wratio(names: Sequence[str]) -> Search:
    def search(text: str) -> Names:
        return [name for name, *_ in process.extract(text, names, scorer=fuzz.WRatio, limit=TOP)]

    return search


def _names(hits: Iterable[SearchHit]) -> Names:
    return [hit.extension.name for hit in hits]


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found)


def _percent(shares: Sequence[float]) -> list[float]:
    return [100 * share for share in shares]
