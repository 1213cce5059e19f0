"""A fake Vonage API without a server, for faults that a test makes up, and a directory on it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.cache import TtlPolicy
from bot.directory.service import Directory
from bot.directory.store.files import SnapshotFiles
from bot.models import Finding
from bot.query import parse
from bot.settings import Secret
from bot.tasks import Tasks
from bot.vonage.auth import StaticToken
from bot.vonage.call_log import CallLog
from bot.vonage.circuit_breaker import CircuitBreaker, FailFast
from bot.vonage.client import VonageClient
from bot.vonage.rate_limiter import RateLimiter
from bot.vonage.shared_clock import SharedClock
from tests.simulated_time import wall_clock

Row = dict[str, Any]
Document = dict[str, Any]
AlterPage = Callable[[int, Document], "Document | httpx.Response"]
_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu")
LOCATIONS = [{"id": 145214, "name": "Holmdel HQ", "address": {"time_zone": "America/New_York"}}]


def name_of(number: int) -> str:
    """Return a unique name for a number: a syllable for each digit."""
    return "".join(_SYLLABLES[int(digit)] for digit in str(number)).capitalize()


def api_row(number: int, **changes: Any) -> Row:
    """Return an extension as the API sends it."""
    name = name_of(number)
    return {
        "extension_number": str(number),
        "location_id": 145214,
        "dnd_enabled": False,
        "dids": [{"phone_number": f"1415{number:07}"}],
        "user": {
            "first_name": name,
            "last_name": f"Van{name}",
            "email": f"{name.lower()}@example.com",
            "login_name": f"login{number}",
        },
        **changes,
    }


@dataclass
class FakeVonage:
    """A fake API with these rows, without faults unless a test sets them.

    `alter_page` may change the document of a page, `refuse` may answer any path. `calls` are the
    loop's time and the path of each request, oldest first.
    """

    rows: list[Row]
    latency: float = 0.2
    max_page_size: int = 100  # a larger page size is cut to this
    alter_page: AlterPage = lambda page, document: document
    refuse: Callable[[str], httpx.Response | None] = lambda path: None
    calls: list[tuple[float, str]] = field(default_factory=list)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        path = request.url.raw_path.decode().partition("/accounts/self/")[2]
        self.calls.append((asyncio.get_running_loop().time(), path))
        refusal = self.refuse(path)
        await asyncio.sleep(self.latency)
        if refusal:
            return refusal
        return self._answer(request, path.partition("?")[0])

    @property
    def paths(self) -> list[str]:
        """The requested paths, oldest first."""
        return [path for _, path in self.calls]

    @property
    def single(self) -> list[str]:
        """The paths of live lookups: single extensions, and lists by a filter."""
        return [path for path in self.paths if "page=1&page_size=25" in path or "s/" in path]

    def most_in_a_minute(self) -> int:
        """Return the largest number of requests within any sixty seconds."""
        times = [at for at, _ in self.calls]
        return max((sum(at <= t < at + 60.0 for t in times) for at in times), default=0)

    def _answer(self, request: httpx.Request, path: str) -> httpx.Response:
        if path == "locations":
            return _reply({"_embedded": {"locations": LOCATIONS}})
        if path != "extensions":
            wanted = path.rpartition("/")[2]
            found = [row for row in self.rows if row.get("extension_number") == wanted]
            return _reply({"_embedded": {"extension": found[-1]}}) if found else _not_found()
        return self._list(request.url.params)

    def _list(self, params: httpx.QueryParams) -> httpx.Response:
        rows = [row for row in self.rows if _matches(row, params)]
        size, page = min(int(params["page_size"]), self.max_page_size), int(params["page"])
        document = {
            "page": page,
            "page_size": size,
            "total_pages": -(-len(rows) // size),
            "total_items": len(rows),
            "_embedded": {"extensions": rows[(page - 1) * size : page * size]},
        }
        altered = self.alter_page(page, document)
        return altered if isinstance(altered, httpx.Response) else _reply(altered)


def _matches(row: Row, params: httpx.QueryParams) -> bool:
    user = row.get("user") or {}
    dids = row.get("dids") or ()
    numbers = [did.get("phone_number") for did in dids if isinstance(did, dict)]
    return (
        params.get("email") in (None, user.get("email"))
        and params.get("login_name") in (None, user.get("login_name"))
        and ("phone_number" not in params or params["phone_number"] in numbers)
    )


def _reply(document: Document) -> httpx.Response:
    return httpx.Response(200, content=json.dumps(document).encode())


def _not_found() -> httpx.Response:
    return httpx.Response(404, content=b'{"msg":"Extension not found","status":404}')


@dataclass
class RunningDirectory:
    """A directory on a fake API, in simulated time."""

    directory: Directory
    vonage: FakeVonage
    tasks: Tasks

    async def find(self, text: str, *, refresh: bool = False, timeout_s: float = 2.0) -> Finding:
        """Return what a typed text finds."""
        deadline = asyncio.get_running_loop().time() + timeout_s
        return await self.directory.find(parse(text), deadline=deadline, refresh=refresh)  # type: ignore[arg-type]

    async def wait_for_copy(self) -> RunningDirectory:
        """Wait until the first snapshot is published."""
        async with asyncio.timeout(3600):
            while not self.directory.has_copy:  # noqa: ASYNC110 - simulated time
                await asyncio.sleep(0.1)
        return self


@asynccontextmanager
async def run_directory(
    vonage: FakeVonage,
    data_dir: Path,
    *,
    requests_per_minute: int = 1000,
    refresh_every_s: float = 900.0,
    page_size: int = 100,
    hidden: Sequence[str] = (),
    clock: Callable[[], float] = wall_clock,
    with_sync: bool = True,
) -> AsyncIterator[RunningDirectory]:
    """Open a directory in a DATA_DIR, as `bot.app` does; without sync nothing is read."""
    tasks, loop, folder = Tasks(), asyncio.get_running_loop(), SnapshotFiles(data_dir)
    async with httpx.AsyncClient(transport=httpx.MockTransport(vonage)) as http:
        client = VonageClient(
            http,
            base_url="https://vonage.example",
            account_id="self",
            auth=StaticToken(Secret("token")),
            requests_per_minute=requests_per_minute,
            tasks=tasks,
            clock=loop.time,
            wall_clock=clock,
        )
        # The client measures durations with real time, unless it is given the loop's.
        caller = client._caller
        call_log = CallLog(data_dir / "calls", clock=SharedClock(clock, loop.time))
        caller.rate_limiter = RateLimiter(requests_per_minute, call_log=call_log, clock=loop.time)
        caller._circuit_breaker = CircuitBreaker(caller._probe, tasks, clock=loop.time)
        caller._fail_fast = FailFast(loop.time)
        directory = Directory(
            client,
            folder,
            account="invented",
            ttl=TtlPolicy(),
            refresh_every_s=refresh_every_s,
            page_size=page_size,
            hidden=frozenset(hidden),
            clock=loop.time,
            wall_clock=clock,
        )
        try:
            if with_sync:
                directory.start(tasks)
            yield RunningDirectory(directory, vonage, tasks)
        finally:
            directory.release()
            await tasks.drain(0)
            await directory.close()
