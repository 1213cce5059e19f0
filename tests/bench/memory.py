"""What `serve` holds at rest with the copy of a company when much was asked, as Linux counts."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path
from random import Random

from bot.sandbox.company.entries import Entry
from bot.sandbox.company.people import build_company
from tests.bench import stand
from tests.bench.crowd import slip
from tests.bench.load import load, slash_command
from tests.bench.report import Figure, at_most, skipped, told

BARS = {1_000: 110, 20_000: 160, 100_000: 250}  # MB with so many extensions
LOOKUPS = 1_000
SEARCHES = 200
AT_REST = 1.0  # seconds in which what was begun behind the answers ends
CONNECTIONS = 4
WITHIN = 300.0  # seconds for a copy
SEED = 4
COUNTED_HERE = Path("/proc/self/status").exists()

_RESIDENT = re.compile(r"^VmRSS:\s+(\d+) kB$", re.MULTILINE)


async def measure() -> list[Figure]:
    """Memory: resident, at rest, after a copy, a thousand lookups and 200 searches."""
    if not COUNTED_HERE:
        return [skipped("memory", "no /proc here")]
    figures: list[Figure] = []
    for size, bar in BARS.items():
        figures += await _with(size, bar)
    return figures


async def _with(size: int, bar: float) -> list[Figure]:
    texts = _asked(build_company(size))
    async with (
        stand.neighbours(size) as near,
        stand.ext(near) as ext,
        stand.empty("same", near) as empty,
    ):
        copied = await stand.whole(ext, WITHIN)
        mine = await _resident_after(ext, texts, expect=b'"blocks"')
        theirs = await _resident_after(empty, texts)
    return [
        at_most(f"memory with a copy of {copied:,}", [mine], bar, "MB"),
        told("  ÷ an empty Bolt listener after as many", [mine / theirs], "×"),
    ]


def _asked(company: Sequence[Entry]) -> list[str]:
    """Numbers, and names with a slip, all over the company."""
    random = Random(SEED)
    names = [f"{e.user.first_name} {e.user.last_name}" for e in company if e.user]
    numbers = [each.number for each in random.sample(company, LOOKUPS)]
    return [*numbers, *(slip(each, random) for each in random.choices(names, k=SEARCHES))]


async def _resident_after(
    server: stand.Server, texts: Sequence[str], *, expect: bytes = b""
) -> float:
    """Ask for all; return the resident memory then, in MB (10⁶ bytes)."""
    requests = [slash_command(each) for each in texts]
    await load(server.port, requests, connections=CONNECTIONS, expect=expect)
    await asyncio.sleep(AT_REST)
    return _resident(server.pid)


def _resident(pid: int) -> float:
    found = _RESIDENT.search(Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * 1024 / 1e6
