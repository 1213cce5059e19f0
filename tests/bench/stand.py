"""What is measured and what it is compared with, each in a process of its own on loopback.

Their settings come by the environment, as an operator's do, in an empty folder without `.env`.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.sandbox.server import HOST
from bot.sandbox.slack import members, signing
from bot.sandbox.vonage import credentials
from bot.sandbox.vonage.app import BASE_PATH, TOKEN_PATH
from tests.bench.load import load, slash_command

ROOT = Path(__file__).parents[2]
UP = 20.0  # seconds in which a process must answer
DOWN = 3.0  # seconds in which it must end when it is told to
KNOCK = 0.005  # seconds between two tries to reach it
GLANCE = 0.1  # seconds between two looks at how far it is
CARD = b"John Smith"  # what an answer to `/ext 789` holds

_COPIED = re.compile(r"^ext_directory_extensions (\S+)$", re.MULTILINE)


class NotStarted(Exception):
    """A process ended or did not answer; its last words are the message."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The addresses of the invented Vonage and the stand-in for Slack."""

    vonage: str
    slack: str


@dataclass(frozen=True, slots=True)
class Server:
    """Something that answers signed slash commands."""

    port: int
    pid: int


@asynccontextmanager
async def neighbours(people: int = 250) -> AsyncIterator[Neighbours]:
    """Run the invented Vonage, of so many extensions, and the stand-in for Slack."""
    command = ("-m", "tests.bench.neighbours", str(people))
    async with _process(command, {}) as (process, _):
        assert process.stdout
        async with asyncio.timeout(UP):
            addresses = json.loads(await process.stdout.readline())
        yield Neighbours(**addresses)


@asynccontextmanager
async def ext(near: Neighbours, **settings: str) -> AsyncIterator[Server]:
    """Run `serve` as it is deployed; it has answered `/ext 789` when this is entered."""
    port = _free_port()
    environment = {**_settings(near), "HOST": HOST, "PORT": str(port), **settings}
    async with _answering(("-m", "bot", "serve"), environment, port, CARD) as server:
        yield server


async def whole(server: Server, within: float = UP) -> int:
    """Wait until the whole account has been copied; return how many extensions it has."""
    async with asyncio.timeout(within), httpx.AsyncClient(trust_env=False) as http:
        while True:
            told = await http.get(f"http://{HOST}:{server.port}/metrics")
            if (found := _COPIED.search(told.text)) and (count := int(float(found[1]))):
                return count
            await asyncio.sleep(GLANCE)


async def copying(near: Neighbours, within: float) -> dict[str, float]:
    """Run a process that copies the account once; return what it says of it."""
    async with _process(("-m", "tests.bench.copying"), _settings(near)) as (process, log):
        assert process.stdout
        async with asyncio.timeout(within):
            said = await process.stdout.readline()
        if not said:
            raise NotStarted(log.read_text()[-2000:])
        told: dict[str, float] = json.loads(said)
        return told


def _settings(near: Neighbours) -> dict[str, str]:
    """An operator's, without limits."""
    return {
        "SLACK_BOT_TOKEN": members.BOT_TOKEN,
        "SLACK_SIGNING_SECRET": signing.SIGNING_SECRET,
        "SLACK_API_URL": f"{near.slack}/api/",
        "VONAGE_BASE_URL": near.vonage + BASE_PATH,
        "VONAGE_TOKEN_URL": near.vonage + TOKEN_PATH,
        "VONAGE_CLIENT_ID": credentials.CLIENT_ID,
        "VONAGE_CLIENT_SECRET": credentials.CLIENT_SECRET,
        "VONAGE_USERNAME": credentials.USERNAME,
        "VONAGE_PASSWORD": credentials.PASSWORD,
        "VONAGE_REQUESTS_PER_MINUTE": "1000000",
        "LOOKUPS_PER_MINUTE": "1000000",
    }


async def log_in(http: httpx.AsyncClient, near: Neighbours) -> None:
    """Give a client the token that its calls need."""
    form = {
        "grant_type": "password",
        "scope": "openid",
        "client_id": credentials.CLIENT_ID,
        "client_secret": credentials.CLIENT_SECRET,
        "username": credentials.USERNAME,
        "password": credentials.PASSWORD,
    }
    granted = (await http.post(near.vonage + TOKEN_PATH, data=form)).raise_for_status().json()
    http.headers.update(
        {"Authorization": f"Bearer {granted['access_token']}", "Accept": "application/json"}
    )


@asynccontextmanager
async def empty(kind: str, near: Neighbours) -> AsyncIterator[Server]:
    """Run an empty listener of a `kind` in `empty.KINDS`."""
    port = _free_port()
    command = ("-m", "tests.bench.empty", kind, str(port), f"{near.slack}/api/")
    async with _answering(command, {}, port, b"") as server:
        yield server


@asynccontextmanager
async def _answering(
    command: tuple[str, ...], environment: Mapping[str, str], port: int, expect: bytes
) -> AsyncIterator[Server]:
    async with _process(command, environment) as (process, log):
        until = time.monotonic() + UP
        while not await _answers(port, expect):
            if process.returncode is not None or time.monotonic() > until:
                raise NotStarted(f"{' '.join(command)}\n{log.read_text()[-2000:]}")
            await asyncio.sleep(KNOCK)
        yield Server(port, process.pid)


async def _answers(port: int, expect: bytes) -> bool:
    """Whether there is somebody at a port, who then must answer as expected."""
    try:
        await load(port, [slash_command("789")], expect=expect)
    except ConnectionError:
        return False
    return True


@asynccontextmanager
async def _process(
    command: tuple[str, ...], environment: Mapping[str, str]
) -> AsyncIterator[tuple[asyncio.subprocess.Process, Path]]:
    """Run Python in an empty folder; give the process and the file with its last words."""
    inherited = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    with tempfile.TemporaryDirectory(prefix="ext-bench-") as folder:
        log = Path(folder) / "log"
        with log.open("wb") as errors:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *command,
                cwd=folder,
                env={**inherited, "PYTHONPATH": str(ROOT), **environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
            )
        try:
            yield process, log
        finally:
            await _ended(process)


async def _ended(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(DOWN):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
