"""Every figure by its name, in the order in which they are measured."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.bench import calls, cold, copy, memory, micro, search, start, warm
from tests.bench.report import Figure

FIGURES: dict[str, Callable[[], Awaitable[list[Figure]]]] = {
    "warm": warm.measure,
    "cold": cold.measure,
    "calls": calls.measure,
    "copy": copy.measure,
    "memory": memory.measure,
    "start": start.measure,
    "micro": micro.measure,
    "search": search.measure,
}


def says(name: str) -> str:
    """What a figure tells, in one line."""
    return (FIGURES[name].__doc__ or "").partition("\n")[0]
