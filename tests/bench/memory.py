"""What `serve` holds at rest when it has looked a whole company up, as Linux counts it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path

from bot.sandbox.people import people
from tests.bench import stand
from tests.bench.load import load, slash_command
from tests.bench.report import Figure, at_most, skipped, told

PEOPLE = 1_000
BAR = 110  # MB
AT_REST = 1.0  # seconds in which what was begun behind the answers ends
CONNECTIONS = 4
WHAT = f"memory after {PEOPLE:,} different lookups"
COUNTED_HERE = Path("/proc/self/status").exists()

_RESIDENT = re.compile(r"^VmRSS:\s+(\d+) kB$", re.MULTILINE)


async def measure() -> list[Figure]:
    """Memory: resident, at rest, after a thousand different lookups."""
    if not COUNTED_HERE:
        return [skipped(WHAT, "no /proc here")]
    numbers = [each.number for each in people(PEOPLE)]
    async with (
        stand.neighbours(PEOPLE) as near,
        stand.ext(near) as ext,
        stand.empty("same", near) as empty,
    ):
        mine = await _resident_after(ext, numbers, expect=b'"blocks"')
        theirs = await _resident_after(empty, numbers)
    return [
        at_most(WHAT, [mine], BAR, "MB"),
        told("  ÷ an empty Bolt listener after as many", [mine / theirs], "×"),
    ]


async def _resident_after(
    server: stand.Server, numbers: Sequence[str], *, expect: bytes = b""
) -> float:
    """Ask for all numbers; return the resident memory then, in MB (10⁶ bytes)."""
    requests = [slash_command(each) for each in numbers]
    await load(server.port, requests, connections=CONNECTIONS, expect=expect)
    await asyncio.sleep(AT_REST)
    return _resident(server.pid)


def _resident(pid: int) -> float:
    found = _RESIDENT.search(Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * 1024 / 1e6
