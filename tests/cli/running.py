"""Runs commands as a person would: as processes, with settings in the environment."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from bot.sandbox.server import serving
from bot.sandbox.slack import members, signing
from bot.sandbox.slack.app import create_slack
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.vonage import credentials
from bot.sandbox.vonage.app import BASE_PATH, TOKEN_PATH, create_vonage
from bot.sandbox.vonage.options import Options
from bot.sandbox.vonage.state import FakeVonage
from tests.ports import free_port

ROOT = Path(__file__).parents[2]


@dataclass
class FakeServices:
    """The fake Vonage API, the stand-in for Slack, and the environment that points to both."""

    vonage: FakeVonage
    slack: Workspace
    slack_url: str
    environment: dict[str, str]


@asynccontextmanager
async def fake_services(**changes: str) -> AsyncIterator[FakeServices]:
    """Run both services; `changes` replace settings, and an empty text unsets one."""
    vonage_app, workspace = create_vonage(Options(quota=0)), Workspace()
    async with serving(vonage_app) as vonage, serving(create_slack(workspace)) as slack:
        environment = {
            "SLACK_BOT_TOKEN": members.BOT_TOKEN,
            "SLACK_SIGNING_SECRET": signing.SIGNING_SECRET,
            "SLACK_API_URL": f"{slack}/api/",
            "VONAGE_BASE_URL": vonage + BASE_PATH,
            "VONAGE_TOKEN_URL": vonage + TOKEN_PATH,
            "VONAGE_CLIENT_ID": credentials.CLIENT_ID,
            "VONAGE_CLIENT_SECRET": credentials.CLIENT_SECRET,
            "VONAGE_USERNAME": credentials.USERNAME,
            "VONAGE_PASSWORD": credentials.PASSWORD,
            **changes,
        }
        yield FakeServices(vonage_app.state.vonage, workspace, slack, environment)


async def start(
    *arguments: str, environment: Mapping[str, str], module: str = "bot"
) -> asyncio.subprocess.Process:
    """Start `python -m bot …`, or another module."""
    settings = {name: value for name, value in environment.items() if value}
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        env={"PATH": path, "PYTHONPATH": str(ROOT), "COLUMNS": "90", **settings},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def run(*arguments: str, environment: Mapping[str, str]) -> tuple[int, str, str]:
    """Run `python -m bot …` until it exits; return exit code, output and errors."""
    process = await start(*arguments, environment=environment)
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def wait_for_calls(vonage: FakeVonage, numbers: Iterable[str]) -> None:
    """Wait until the bot has called Vonage for each of these extensions."""
    paths = {f"extensions/{number}" for number in numbers}
    async with asyncio.timeout(10):
        while any(  # noqa: ASYNC110 - the calls come from another process
            not any(call.path.endswith(path) for call in vonage.calls.latest) for path in paths
        ):
            await asyncio.sleep(0.01)


@dataclass
class ServeProcess:
    """A running `serve`, and ways to send it requests."""

    process: asyncio.subprocess.Process
    url: str
    http: httpx.AsyncClient
    services: FakeServices

    async def ext(self, text: str, url_id: str = "once") -> httpx.Response:
        """Send `/ext ‹text›`; later messages go to the response_url named `url_id`."""
        url = self.services.slack_url + self.services.slack.open_response_url(url_id)
        body = signing.slash_command(text, response_url=url)
        headers = signing.form_headers(body)
        return await self.http.post(f"{self.url}/slack/events", content=body, headers=headers)

    async def get(self, path: str) -> httpx.Response:
        """Fetch one of the operator's endpoints."""
        return await self.http.get(self.url + path)

    async def log(self) -> str:
        """Wait until the process exits; return everything that it logged."""
        _, err = await self.process.communicate()
        return err.decode()


@asynccontextmanager
async def run_serve(
    *arguments: str, module: str = "bot", **changes: str
) -> AsyncIterator[ServeProcess]:
    """Run the bot as a process between both fakes, up to where it has read the locations."""
    port = free_port()
    async with fake_services(PORT=str(port), HOST="127.0.0.1", **changes) as services:
        process = await start(
            *(arguments or ("serve",)), environment=services.environment, module=module
        )
        connections = httpx.Limits(max_connections=200)
        try:
            async with httpx.AsyncClient(timeout=20, limits=connections, trust_env=False) as http:
                bot = ServeProcess(process, f"http://127.0.0.1:{port}", http, services)
                async with asyncio.timeout(40):
                    await _wait_until_up(bot)
                yield bot
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()


async def _wait_until_up(bot: ServeProcess) -> None:
    calls = bot.services.vonage.calls
    while not any(call.path.endswith("/locations") for call in calls.latest):
        assert bot.process.returncode is None, await bot.log()
        with suppress(httpx.ConnectError):
            assert (await bot.get("/healthz")).text == "ok\n"
        await asyncio.sleep(0.05)
