"""What was measured, its target, and the table that shows both."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

HEAD = ("figure", "measured", "spread", "target", "")
GAP = "  "


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `is_met` is `None` where there is no target."""

    name: str
    measured: str
    spread: str = ""
    target: str = ""
    is_met: bool | None = None


def at_least(name: str, rounds: Sequence[float], target: float, unit: str) -> Figure:
    """Return a figure with one value per round, whose median should be `target` or more."""
    return Figure(
        *_measured(name, rounds, unit),
        f"≥ {format_number(target)} {unit}",
        median(rounds) >= target,
    )


def at_most(name: str, rounds: Sequence[float], target: float, unit: str) -> Figure:
    """Return a figure with one value per round, whose median should be `target` or less."""
    return Figure(
        *_measured(name, rounds, unit),
        f"≤ {format_number(target)} {unit}",
        median(rounds) <= target,
    )


def info(name: str, rounds: Sequence[float], unit: str, *, note: str = "") -> Figure:
    """Return a figure with one value per round and no target, which explains the others."""
    name, measured, spread = _measured(name, rounds, unit)
    return Figure(name, f"{measured}, {note}" if note else measured, spread)


def skipped(name: str, reason: str) -> Figure:
    """Return a figure that cannot be measured on this machine."""
    return Figure(name, f"skipped: {reason}")


def ratios(values: Sequence[float], standard: Sequence[float]) -> list[float]:
    """Return each round's value as a multiple of the same round's standard."""
    return [value / other for value, other in zip(values, standard, strict=True)]


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1]


def format_number(value: float) -> str:
    """Return a number with three significant digits: `1,234`, `17.3`, `0.125`."""
    if value == int(value) or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def table(figures: Sequence[Figure]) -> str:
    """Return the figures in columns, one line each."""
    rows = [HEAD, *((f.name, f.measured, f.spread, f.target, _verdict_word(f)) for f in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    rule = tuple("─" * width for width in widths)
    lines = [
        GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (HEAD, rule, *rows[1:])
    ]
    return "\n".join(lines)


def verdict(figures: Sequence[Figure]) -> str:
    """Return in a sentence how many targets are met."""
    results = [figure.is_met for figure in figures if figure.is_met is not None]
    return f"{sum(results)} of {len(results)} targets met." if results else "No targets."


def _measured(name: str, rounds: Sequence[float], unit: str) -> tuple[str, str, str]:
    low, high = format_number(min(rounds)), format_number(max(rounds))
    spread = "" if low == high else f"{low} – {high}"
    return name, f"{format_number(median(rounds))} {unit}", spread


def _verdict_word(figure: Figure) -> str:
    return "" if figure.is_met is None else "ok" if figure.is_met else "MISSED"
