"""The search: found as people expect, and how fast in a crowd, beside a look at every name."""

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
from tests.bench.crowd import built, crowd, slip
from tests.bench.report import Figure, at_least, number, percentile, ratios, told
from tests.directory.companies import sandbox
from tests.directory.search.evaluation import evaluate

CROWDS = (20_000, 100_000)
TOP = 8  # as many as an answer shows
ROUNDS = 3
QUERIES = 300  # of ours, a round
STANDARD_QUERIES = 20  # of theirs, a round: the first of ours
FASTER = 15  # times, at p99
SEED = 20

Names = list[str]
Finding = Callable[[str], Names]


async def measure() -> list[Figure]:
    """Search: share of the table found; time, size, recall in a crowd."""
    figures = _of_the_table()
    for size in CROWDS:
        figures += await asyncio.to_thread(_in_a_crowd, size)
    return figures


def _of_the_table() -> list[Figure]:
    company = sandbox()
    shares = evaluate(company)
    company.close()
    return [
        at_least("table of queries, found first", [100 * shares.first], 95, "%"),
        at_least("table of queries, in the first five", [100 * shares.first_five], 99, "%"),
    ]


@dataclass(slots=True)
class _Times:
    """What came of each round: p50 and p99 in ms, and the share found among the top."""

    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)

    def take_a_turn(self, find: Finding, asked: Iterable[tuple[str, str]]) -> list[bool]:
        """Ask for everything, a text for a name; return which names were found."""
        took, found = [], []
        for text, name in asked:
            begun = time.perf_counter()
            names = find(text)
            took.append(1000 * (time.perf_counter() - begun))
            found.append(name in names)
        self.p50.append(median(took))
        self.p99.append(percentile(took, 99))
        return found


def _in_a_crowd(size: int) -> list[Figure]:
    extensions = list(crowd(size))
    names = [each.name for each in extensions if each.name]
    with tempfile.TemporaryDirectory(prefix="ext-bench-") as folder:
        path = Path(folder) / "index.sqlite"
        begun = time.perf_counter()
        db, read = built(extensions, path)
        took = time.perf_counter() - begun
        figures = [
            told(f"{size:,} people: index built in", [took], "s", note=_per_row(took, size)),
            told("  its file", [path.stat().st_size / 1e6], "MB"),
            *_beside_the_standard(Index(db, read), names),
        ]
        db.close()
    return figures


def _per_row(took: float, size: int) -> str:
    return f"{number(1e6 * took / size)} µs a row"


def _beside_the_standard(index: Index, names: Sequence[str]) -> list[Figure]:
    random = Random(SEED)
    ours, theirs, typed = _Times(), _Times(), _Times()
    for _ in range(ROUNDS):
        meant = random.choices(names, k=QUERIES)
        asked = [(slip(name, random), name) for name in meant]
        found = ours.take_a_turn(lambda text: _names(index.search(text, limit=TOP).hits), asked)
        same = asked[:STANDARD_QUERIES]
        theirs.recall.append(_share(theirs.take_a_turn(_by_wratio(names), same)))
        ours.recall.append(_share(found[: len(same)]))
        parts = [(text[: random.randint(2, len(text))], name) for text, name in asked]
        typed.take_a_turn(lambda text: _names(index.typeahead(text)), parts)
    return [
        told("  search, one slip, p50", ours.p50, "ms"),
        told("  search, one slip, p99", ours.p99, "ms"),
        at_least("  WRatio over all names ÷ it, p99", ratios(theirs.p99, ours.p99), FASTER, "×"),
        told(f"  found in the top {TOP}", _percent(ours.recall), "%"),
        told(f"  found in the top {TOP} by WRatio", _percent(theirs.recall), "%"),
        at_least("  ÷ WRatio's", [sum(ours.recall) / sum(theirs.recall)], 1, "×"),
        told("  typeahead, p50", typed.p50, "ms"),
        told("  typeahead, p99", typed.p99, "ms"),
    ]


def _by_wratio(names: Sequence[str]) -> Finding:
    def find(text: str) -> Names:
        return [name for name, *_ in process.extract(text, names, scorer=fuzz.WRatio, limit=TOP)]

    return find


def _names(hits: Iterable[SearchHit]) -> Names:
    return [hit.extension.name for hit in hits]


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found)


def _percent(shares: Sequence[float]) -> list[float]:
    return [100 * share for share in shares]
