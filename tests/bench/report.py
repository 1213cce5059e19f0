"""What was measured, its bar, and the table that shows both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

HEAD = ("figure", "measured", "spread", "bar", "")
GAP = "  "


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `holds` is `None` where there is no bar."""

    what: str
    measured: str
    spread: str = ""
    bar: str = ""
    holds: bool | None = None


def at_least(what: str, rounds: Sequence[float], bar: float, unit: str) -> Figure:
    """A figure with one value a round, whose median is to be `bar` or more."""
    return Figure(*_measured(what, rounds, unit), f"≥ {number(bar)} {unit}", median(rounds) >= bar)


def at_most(what: str, rounds: Sequence[float], bar: float, unit: str) -> Figure:
    """A figure with one value a round, whose median is to be `bar` or less."""
    return Figure(*_measured(what, rounds, unit), f"≤ {number(bar)} {unit}", median(rounds) <= bar)


def told(what: str, rounds: Sequence[float], unit: str, *, note: str = "") -> Figure:
    """A figure with one value a round and no bar: what the others are made of."""
    what, measured, spread = _measured(what, rounds, unit)
    return Figure(what, f"{measured}, {note}" if note else measured, spread)


def skipped(what: str, why: str) -> Figure:
    """A figure that cannot be measured here."""
    return Figure(what, f"skipped: {why}")


def ratios(values: Sequence[float], standard: Sequence[float]) -> list[float]:
    """Each round's value as a multiple of the same round's standard."""
    return [value / other for value, other in zip(values, standard, strict=True)]


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of the values that at least so many percent of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1]


def number(value: float) -> str:
    """A number with three digits that matter: `1,234`, `17.3`, `0.125`."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table(figures: Sequence[Figure]) -> str:
    """The figures, a line each, in columns."""
    rows = [HEAD, *((f.what, f.measured, f.spread, f.bar, _word(f)) for f in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    rule = tuple("─" * width for width in widths)
    lines = [
        GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (HEAD, rule, *rows[1:])
    ]
    return "\n".join(lines)


def verdict(figures: Sequence[Figure]) -> str:
    """How many bars hold, in a sentence."""
    barred = [figure for figure in figures if figure.holds is not None]
    over = sum(not figure.holds for figure in barred)
    return f"{len(barred) - over} of {len(barred)} bars hold." if barred else "No bars."


def _measured(what: str, rounds: Sequence[float], unit: str) -> tuple[str, str, str]:
    low, high = number(min(rounds)), number(max(rounds))
    spread = "" if low == high else f"{low} – {high}"
    return what, f"{number(median(rounds))} {unit}", spread


def _word(figure: Figure) -> str:
    return "" if figure.holds is None else "ok" if figure.holds else "OVER"
