"""`python -m tests.bench [NAME…]`: measure, and print one table."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import sys
import time
from collections.abc import Sequence

from tests.bench.figures import FIGURES, says
from tests.bench.report import Figure, table, verdict

STOPPED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Measure the figures named, or all. Being over a bar is told, and is no failure."""
    names = _parser().parse_args(argv).names or list(FIGURES)
    begun = time.monotonic()
    try:
        figures = asyncio.run(_measured(names))
    except KeyboardInterrupt:
        return STOPPED
    print(
        f"\n{table(figures)}\n\n{verdict(figures)} {_machine()}; {time.monotonic() - begun:.0f} s."
    )
    return 0


async def _measured(names: Sequence[str]) -> list[Figure]:
    figures: list[Figure] = []
    for name in names:
        print(f"{name}: {says(name)}", file=sys.stderr, flush=True)
        figures += await FIGURES[name]()
    return figures


def _machine() -> str:
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"Python {platform.python_version()}, {os.cpu_count()} CPUs{load}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description="Figures as ratios against something standard, measured in the same run.",
        epilog="figures:\n" + "\n".join(f"  {name:<8}{says(name)}" for name in FIGURES),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", type=_known, help="all, if none")
    return parser


def _known(name: str) -> str:
    if name not in FIGURES:
        raise argparse.ArgumentTypeError(f"{name} is none of {', '.join(FIGURES)}")
    return name


if __name__ == "__main__":
    sys.exit(main())
