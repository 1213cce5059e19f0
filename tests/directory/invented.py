"""An API that does what a test tells it, and the directory of the account behind it."""

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
from bot.vonage.circuit_breaker import CircuitBreaker
from bot.vonage.client import VonageClient
from bot.vonage.rate_limiter import RateLimiter
from tests.directory.simulated_time import wall_clock

Row = dict[str, Any]
Document = dict[str, Any]
Twist = Callable[[int, Document], "Document | httpx.Response"]
_SOUNDS = ("ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu")
OFFICES = [{"id": 145214, "name": "Holmdel HQ", "address": {"time_zone": "America/New_York"}}]


def name(number: int) -> str:
    """Return a name that nobody else has: a sound for each digit."""
    return "".join(_SOUNDS[int(each)] for each in str(number)).capitalize()


def row(number: int, **changes: Any) -> Row:
    """Return an extension as the API gives it."""
    who = name(number)
    return {
        "extension_number": str(number),
        "location_id": 145214,
        "dnd_enabled": False,
        "dids": [{"phone_number": f"1415{number:07}"}],
        "user": {
            "first_name": who,
            "last_name": f"Van{who}",
            "email": f"{who.lower()}@example.com",
            "login_name": f"login{number}",
        },
        **changes,
    }


@dataclass
class Vonage:
    """The API: its rows, and what it makes of a page (`twist`) or of any request (`refuse`)."""

    rows: list[Row]
    latency: float = 0.2
    largest: int = 100  # rows of a page, whatever is asked
    twist: Twist = lambda page, document: document
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
        """What was asked for, oldest first."""
        return [path for _, path in self.calls]

    @property
    def single(self) -> list[str]:
        """What was asked for besides whole pages and locations."""
        return [each for each in self.paths if "page=1&page_size=25" in each or "s/" in each]

    def most_in_a_minute(self) -> int:
        """Return the most calls that came within any sixty seconds."""
        times = [at for at, _ in self.calls]
        return max((sum(at <= t < at + 60.0 for t in times) for at in times), default=0)

    def _answer(self, request: httpx.Request, path: str) -> httpx.Response:
        if path == "locations":
            return _reply({"_embedded": {"locations": OFFICES}})
        if path != "extensions":
            wanted = path.rpartition("/")[2]
            found = [each for each in self.rows if each.get("extension_number") == wanted]
            return _reply({"_embedded": {"extension": found[-1]}}) if found else _no_such()
        return self._list(request.url.params)

    def _list(self, asked: httpx.QueryParams) -> httpx.Response:
        rows = [each for each in self.rows if _fits(each, asked)]
        size, page = min(int(asked["page_size"]), self.largest), int(asked["page"])
        document = {
            "page": page,
            "page_size": size,
            "total_pages": -(-len(rows) // size),
            "total_items": len(rows),
            "_embedded": {"extensions": rows[(page - 1) * size : page * size]},
        }
        answer = self.twist(page, document)
        return answer if isinstance(answer, httpx.Response) else _reply(answer)


def _fits(row: Row, asked: httpx.QueryParams) -> bool:
    user = row.get("user") or {}
    dids = row.get("dids") or ()
    numbers = [each.get("phone_number") for each in dids if isinstance(each, dict)]
    return (
        asked.get("email") in (None, user.get("email"))
        and asked.get("login_name") in (None, user.get("login_name"))
        and ("phone_number" not in asked or asked["phone_number"] in numbers)
    )


def _reply(document: Document) -> httpx.Response:
    return httpx.Response(200, content=json.dumps(document).encode())


def _no_such() -> httpx.Response:
    return httpx.Response(404, content=b'{"msg":"Extension not found"}')


@dataclass
class Opened:
    """A directory that runs, and its API."""

    directory: Directory
    vonage: Vonage
    tasks: Tasks

    async def find(self, text: str, *, anew: bool = False, seconds: float = 2.0) -> Finding:
        """Return what a line of text finds."""
        deadline = asyncio.get_running_loop().time() + seconds
        return await self.directory.find(parse(text), deadline=deadline, refresh=anew)  # type: ignore[arg-type]

    async def whole(self) -> Opened:
        """Wait until there is a copy."""
        async with asyncio.timeout(3600):
            while not self.directory.has_copy:  # noqa: ASYNC110 - its time is wound
                await asyncio.sleep(0.1)
        return self


@asynccontextmanager
async def opened(
    vonage: Vonage,
    path: Path,
    *,
    limit: int = 1000,
    every: float = 900.0,
    page_size: int = 100,
    hidden: Sequence[str] = (),
    clock: Callable[[], float] = wall_clock,
    runs: bool = True,
) -> AsyncIterator[Opened]:
    """Open the directory of an account in DATA_DIR, as the composition root does."""
    tasks, loop, folder = Tasks(), asyncio.get_running_loop(), SnapshotFiles(path)
    async with httpx.AsyncClient(transport=httpx.MockTransport(vonage)) as http:
        client = VonageClient(
            http,
            base_url="https://vonage.example",
            account_id="self",
            auth=StaticToken(Secret("a token")),
            requests_per_minute=limit,
            tasks=tasks,
            clock=clock,
        )
        # The loop's own time, wherever the client measures how long something takes.
        calls, spent = client._caller, CallLog(path / "calls", clock=clock)
        calls.rate_limiter = RateLimiter(limit, call_log=spent, clock=loop.time)
        calls._circuit_breaker = CircuitBreaker(calls._probe, tasks, clock=loop.time)
        directory = Directory(
            client,
            folder,
            account="invented",
            ttl=TtlPolicy(),
            refresh_every_s=every,
            page_size=page_size,
            hidden=frozenset(hidden),
            clock=clock,
        )
        try:
            if runs:
                directory.start(tasks)
            yield Opened(directory, vonage, tasks)
        finally:
            directory.release()
            await tasks.drain(0)
            await directory.close()
