"""The figures by their names, in the order in which they are measured."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.bench import calls, cold, memory, micro, search, start, sync, warm
from tests.bench.report import Figure

FIGURES: dict[str, Callable[[], Awaitable[list[Figure]]]] = {
    "warm": warm.measure,
    "cold": cold.measure,
    "calls": calls.measure,
    "sync": sync.measure,
    "memory": memory.measure,
    "start": start.measure,
    "micro": micro.measure,
    "search": search.measure,
}


def summary(name: str) -> str:
    """Return what a figure measures, in one line."""
    return (FIGURES[name].__doc__ or "").partition("\n")[0]
