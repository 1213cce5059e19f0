"""`python -m tests.bench [NAME…]`: measure, and print one table."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import time
from collections.abc import Sequence

from tests.bench.figures import FIGURES, summary
from tests.bench.report import Figure, table, verdict

EXIT_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Measure the named figures, or all. A missed target is shown, but is not a failure."""
    names = _parser().parse_args(argv).names or list(FIGURES)
    started_at = time.monotonic()
    try:
        figures = asyncio.run(_measure(names))
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    seconds = time.monotonic() - started_at
    print(f"\n{table(figures)}\n\n{verdict(figures)} {_machine()}; {seconds:.0f} s.")
    return 0


async def _measure(names: Sequence[str]) -> list[Figure]:
    figures: list[Figure] = []
    for name in names:
        print(f"{name}: {summary(name)}", file=sys.stderr, flush=True)
        figures += await FIGURES[name]()
    return figures


def _machine() -> str:
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"Python {platform.python_version()}, {os.cpu_count()} CPUs{load}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="Figures as ratios to something standard, measured in the same run.",
        epilog="figures:\n" + "\n".join(f"  {name:<8}{summary(name)}" for name in FIGURES),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        type=_figure_name,
        help="a figure; all of them if none is named",
    )
    return parser


def _figure_name(name: str) -> str:
    if name not in FIGURES:
        raise argparse.ArgumentTypeError(
            f"there is no figure {name}; the figures are {', '.join(FIGURES)}"
        )
    return name


if __name__ == "__main__":
    sys.exit(main())
