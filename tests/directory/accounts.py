"""Directories of invented accounts, with the API in the same process."""

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
    """A directory and the invented account behind it."""

    directory: Directory
    vonage: FakeVonage
    tasks: Tasks
    before: int = 0  # calls until the copy was there

    async def find(self, text: str, *, anew: bool = False):
        """What a line of text finds."""
        deadline = asyncio.get_running_loop().time() + 5
        return await self.directory.find(parse(text), deadline=deadline, refresh=anew)  # type: ignore[arg-type]

    @property
    def asked(self) -> list[str]:
        """The last parts of the paths that were called since the copy was there."""
        calls = list(self.vonage.calls.latest)[self.before :]
        return [call.path.rpartition("/")[2] for call in calls]

    async def read(self) -> None:
        """Read the account, and wait until that is done."""
        self.directory.start(self.tasks)
        async with asyncio.timeout(20):
            while not self.directory.has_copy:  # noqa: ASYNC110 - as nobody is told
                await asyncio.sleep(0.005)
        self.before = len(self.vonage.calls.latest)


@asynccontextmanager
async def account(
    *,
    people: int = 250,
    per_minute: int = 1000,
    page_size: int = 100,
    hidden: frozenset[str] = frozenset(),
    clock: Callable[[], float] = time,
    copied: bool = True,
    faults: Mapping[str, float | None] | None = None,
) -> AsyncIterator[Account]:
    """Open the directory of an invented account, and read it, unless it is not to be copied.

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
            clock=clock,
        )
        it = Account(directory, sandbox, tasks)
        if copied:
            await it.read()
        yield it
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
