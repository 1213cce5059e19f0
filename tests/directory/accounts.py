"""Directories on the sandbox's fake Vonage API, in the same process and in real time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import time

import httpx

from bot.cache import TtlPolicy
from bot.directory.service import Directory
from bot.directory.store.files import SnapshotFiles
from bot.query import parse
from bot.sandbox.vonage import credentials
from bot.sandbox.vonage.app import BASE_PATH, create_vonage
from bot.sandbox.vonage.options import Options
from bot.sandbox.vonage.state import FakeVonage
from bot.settings import Secret
from bot.tasks import Tasks
from bot.vonage.auth import StaticToken
from bot.vonage.client import VonageClient


@dataclass
class Account:
    """A directory and the sandbox behind it. `calls_before` is how many calls the reading took."""

    directory: Directory
    vonage: FakeVonage
    tasks: Tasks
    calls_before: int = 0

    async def find(self, text: str, *, refresh: bool = False):
        """Return what a typed text finds."""
        deadline = asyncio.get_running_loop().time() + 5
        return await self.directory.find(parse(text), deadline=deadline, refresh=refresh)  # type: ignore[arg-type]

    @property
    def called_paths(self) -> list[str]:
        """The last segments of the paths requested since the first reading."""
        calls = list(self.vonage.calls.latest)[self.calls_before :]
        return [call.path.rpartition("/")[2] for call in calls]

    async def read_copy(self) -> None:
        """Start the sync, and wait until the first snapshot is published."""
        self.directory.start(self.tasks)
        async with asyncio.timeout(20):
            while not self.directory.has_copy:  # noqa: ASYNC110 - there is no event for it
                await asyncio.sleep(0.005)
        self.calls_before = len(self.vonage.calls.latest)


@asynccontextmanager
async def open_account(
    *,
    people: int = 250,
    per_minute: int = 1000,
    page_size: int = 100,
    hidden: frozenset[str] = frozenset(),
    clock: Callable[[], float] = time,
    with_copy: bool = True,
    faults: Mapping[str, float | None] | None = None,
) -> AsyncIterator[Account]:
    """Open the directory of an invented account, and read it if it is to be used `with_copy`.

    `faults` of the API are on from the start.
    """
    app = create_vonage(Options(people=people, quota=0), faults=faults or {})
    sandbox: FakeVonage = app.state.vonage
    tasks = Tasks()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http:
        client = VonageClient(
            http,
            base_url=f"http://vonage{BASE_PATH}",
            account_id="self",
            auth=StaticToken(Secret(_token(sandbox))),
            requests_per_minute=per_minute,
            tasks=tasks,
        )
        directory = Directory(
            client,
            SnapshotFiles(Path(".data")),
            account="an account",
            ttl=TtlPolicy(),
            refresh_every_s=900.0,
            page_size=page_size,
            hidden=hidden,
            wall_clock=clock,
        )
        account = Account(directory, sandbox, tasks)
        if with_copy:
            await account.read_copy()
        yield account
        await tasks.drain(0)
        await directory.close()


def _token(sandbox: FakeVonage) -> str:
    form = {
        "grant_type": "password",
        "scope": "openid",
        "username": credentials.USERNAME,
        "password": credentials.PASSWORD,
        "client_id": credentials.CLIENT_ID,
        "client_secret": credentials.CLIENT_SECRET,
    }
    return str(sandbox.tokens.issue(form)["access_token"])
