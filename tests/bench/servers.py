"""The servers that are measured or compared, each in a process of its own on loopback.

They get their settings from the environment, as from an operator, in an empty folder without .env.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
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
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
START_LIMIT_S = 20.0  # from the start of a process to its first answer
STOP_LIMIT_S = 3.0  # from SIGTERM to SIGKILL
CONNECT_PAUSE_S = 0.005  # between two attempts to reach a process that starts
POLL_PAUSE_S = 0.1  # between two looks at the metrics
CARD_TEXT = b"John Smith"  # in every answer to `/ext 789`

_EXTENSIONS_METRIC = re.compile(r"^ext_directory_extensions (\S+)$", re.MULTILINE)


class NotStarted(Exception):
    """A process ended or did not answer; the message is the end of its log."""


@dataclass(frozen=True, slots=True)
class Fakes:
    """The addresses of the fake Vonage API and the stand-in for Slack."""

    vonage: str
    slack: str


@dataclass(frozen=True, slots=True)
class Server:
    """Something that answers signed slash commands."""

    port: int
    pid: int


@asynccontextmanager
async def running_fakes(people: int = 250) -> AsyncIterator[Fakes]:
    """Run the fake Vonage API with some number of extensions, and the stand-in for Slack."""
    command = ("-m", "tests.bench.fakes", str(people))
    async with _running_process(command, {}) as (process, _):
        assert process.stdout
        async with asyncio.timeout(START_LIMIT_S):
            addresses = json.loads(await process.stdout.readline())
        yield Fakes(**addresses)


@asynccontextmanager
async def running_ext(fakes: Fakes, **settings: str) -> AsyncIterator[Server]:
    """Run `serve` as it is deployed, up to its first answer to `/ext 789`."""
    port = free_port()
    environment = {**_settings(fakes), "HOST": HOST, "PORT": str(port), **settings}
    async with _running_server(("-m", "bot", "serve"), environment, port, CARD_TEXT) as server:
        yield server


async def wait_for_sync(server: Server, within: float = START_LIMIT_S) -> int:
    """Wait until the first sync is complete; return the number of extensions."""
    async with asyncio.timeout(within), httpx.AsyncClient(trust_env=False) as http:
        while True:
            metrics = await http.get(f"http://{HOST}:{server.port}/metrics")
            match = _EXTENSIONS_METRIC.search(metrics.text)
            if match and (count := int(float(match[1]))):
                return count
            await asyncio.sleep(POLL_PAUSE_S)


async def sync_once(fakes: Fakes, within: float) -> dict[str, float]:
    """Run a process that syncs the account once; return its figures."""
    async with _running_process(("-m", "tests.bench.sync_process"), _settings(fakes)) as (
        process,
        log,
    ):
        assert process.stdout
        async with asyncio.timeout(within):
            line = await process.stdout.readline()
        if not line:
            raise NotStarted(log.read_text()[-2000:])
        figures: dict[str, float] = json.loads(line)
        return figures


def _settings(fakes: Fakes) -> dict[str, str]:
    """Return an operator's settings, without a quota or a limit per person."""
    return {
        "SLACK_BOT_TOKEN": members.BOT_TOKEN,
        "SLACK_SIGNING_SECRET": signing.SIGNING_SECRET,
        "SLACK_API_URL": f"{fakes.slack}/api/",
        "VONAGE_BASE_URL": fakes.vonage + BASE_PATH,
        "VONAGE_TOKEN_URL": fakes.vonage + TOKEN_PATH,
        "VONAGE_CLIENT_ID": credentials.CLIENT_ID,
        "VONAGE_CLIENT_SECRET": credentials.CLIENT_SECRET,
        "VONAGE_USERNAME": credentials.USERNAME,
        "VONAGE_PASSWORD": credentials.PASSWORD,
        "VONAGE_REQUESTS_PER_MINUTE": "1000000",
        "LOOKUPS_PER_MINUTE": "1000000",
    }


async def log_in(http: httpx.AsyncClient, fakes: Fakes) -> None:
    """Give a plain client the token for its calls of the fake API."""
    form = {
        "grant_type": "password",
        "scope": "openid",
        "client_id": credentials.CLIENT_ID,
        "client_secret": credentials.CLIENT_SECRET,
        "username": credentials.USERNAME,
        "password": credentials.PASSWORD,
    }
    granted = (await http.post(fakes.vonage + TOKEN_PATH, data=form)).raise_for_status().json()
    http.headers.update(
        {"Authorization": f"Bearer {granted['access_token']}", "Accept": "application/json"}
    )


@asynccontextmanager
async def running_empty_listener(kind: str, fakes: Fakes) -> AsyncIterator[Server]:
    """Run an empty listener of a `kind` in `empty_listener.KINDS`."""
    port = free_port()
    command = ("-m", "tests.bench.empty_listener", kind, str(port), f"{fakes.slack}/api/")
    async with _running_server(command, {}, port, b"") as server:
        yield server


@asynccontextmanager
async def _running_server(
    command: tuple[str, ...], environment: Mapping[str, str], port: int, expect: bytes
) -> AsyncIterator[Server]:
    async with _running_process(command, environment) as (process, log):
        end = time.monotonic() + START_LIMIT_S
        while not await _is_answering(port, expect):
            if process.returncode is not None or time.monotonic() > end:
                raise NotStarted(f"{' '.join(command)}\n{log.read_text()[-2000:]}")
            await asyncio.sleep(CONNECT_PAUSE_S)
        yield Server(port, process.pid)


async def _is_answering(port: int, expect: bytes) -> bool:
    """Whether a server listens on a port. Raises `UnexpectedAnswer` for a wrong answer."""
    try:
        await load(port, [slash_command("789")], expect=expect)
    except ConnectionError:
        return False
    return True


@asynccontextmanager
async def _running_process(
    command: tuple[str, ...], environment: Mapping[str, str]
) -> AsyncIterator[tuple[asyncio.subprocess.Process, Path]]:
    """Run Python in an empty folder; give the process and the file of its standard error."""
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
            await _stop(process)


async def _stop(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_LIMIT_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
