"""The memory of `serve` at rest, after a sync and many lookups, as Linux counts it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from pathlib import Path
from random import Random

from bot.sandbox.company.entries import Entry
from bot.sandbox.company.people import build_company
from tests.bench import servers
from tests.bench.company import add_typo
from tests.bench.load import load, slash_command
from tests.bench.report import Figure, at_most, info, skipped

TARGETS_MB = {1_000: 110, 20_000: 160, 100_000: 250}  # by number of extensions
LOOKUPS = 1_000
SEARCHES = 200
REST_S = 1.0  # in which the background work of the lookups ends
CONNECTIONS = 4
SYNC_LIMIT_S = 300.0
SEED = 4
HAS_PROC = Path("/proc/self/status").exists()

_RESIDENT = re.compile(r"^VmRSS:\s+(\d+) kB$", re.MULTILINE)


async def measure() -> list[Figure]:
    """Memory: resident, at rest, after a sync, 1,000 lookups and 200 searches."""
    if not HAS_PROC:
        return [skipped("memory", "no /proc here")]
    figures: list[Figure] = []
    for size, target_mb in TARGETS_MB.items():
        figures += await _measure_size(size, target_mb)
    return figures


async def _measure_size(size: int, target_mb: float) -> list[Figure]:
    texts = _query_texts(build_company(size))
    async with (
        servers.running_fakes(size) as fakes,
        servers.running_ext(fakes) as ext,
        servers.running_empty_listener("same", fakes) as empty,
    ):
        count = await servers.wait_for_sync(ext, SYNC_LIMIT_S)
        ext_mb = await _resident_mb_after(ext, texts, expect=b'"blocks"')
        empty_mb = await _resident_mb_after(empty, texts)
    return [
        at_most(f"memory with {count:,} extensions", [ext_mb], target_mb, "MB"),
        info("  ÷ an empty Bolt listener after as many requests", [ext_mb / empty_mb], "×"),
    ]


def _query_texts(company: Sequence[Entry]) -> list[str]:
    """Return numbers, and names with a typo, from all over the company."""
    random = Random(SEED)
    names = [f"{e.user.first_name} {e.user.last_name}" for e in company if e.user]
    numbers = [entry.number for entry in random.sample(company, LOOKUPS)]
    return [*numbers, *(add_typo(name, random) for name in random.choices(names, k=SEARCHES))]


async def _resident_mb_after(
    server: servers.Server, texts: Sequence[str], *, expect: bytes = b""
) -> float:
    """Send all texts as commands; return the resident memory afterwards, in MB (10⁶ bytes)."""
    requests = [slash_command(text) for text in texts]
    await load(server.port, requests, connections=CONNECTIONS, expect=expect)
    await asyncio.sleep(REST_S)
    return _resident_mb(server.pid)


def _resident_mb(pid: int) -> float:
    match = _RESIDENT.search(Path(f"/proc/{pid}/status").read_text())
    assert match
    return int(match[1]) * 1024 / 1e6
