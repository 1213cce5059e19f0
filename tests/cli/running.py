"""Commands run as a person would run them: as processes, with settings in the environment."""

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
class World:
    """The two neighbours, and the settings that lead to them."""

    vonage: FakeVonage
    slack: Workspace
    slack_url: str
    environment: dict[str, str]


@asynccontextmanager
async def world(**changes: str) -> AsyncIterator[World]:
    """Run both neighbours; `changes` replace settings, an empty text unsets one."""
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
        yield World(vonage_app.state.vonage, workspace, slack, environment)


async def start(
    *arguments: str, environment: Mapping[str, str], module: str = "bot"
) -> asyncio.subprocess.Process:
    """Start `python -m bot …`, or another module."""
    given = {name: value for name, value in environment.items() if value}
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        env={"PATH": path, "PYTHONPATH": str(ROOT), "COLUMNS": "90", **given},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def run(*arguments: str, environment: Mapping[str, str]) -> tuple[int, str, str]:
    """Run `python -m bot …` to its end; return exit code, output and errors."""
    process = await start(*arguments, environment=environment)
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def asked_for(vonage: FakeVonage, numbers: Iterable[str]) -> None:
    """Wait until Vonage has been asked for each of these extensions by itself."""
    wanted = {f"extensions/{number}" for number in numbers}
    async with asyncio.timeout(10):
        while any(  # noqa: ASYNC110 - another process asks
            not any(call.path.endswith(each) for call in vonage.calls.latest) for each in wanted
        ):
            await asyncio.sleep(0.01)


@dataclass
class Bot:
    """A `serve` that runs, and the way to type commands to it."""

    process: asyncio.subprocess.Process
    url: str
    http: httpx.AsyncClient
    world: World

    async def ext(self, text: str, url_id: str = "once") -> httpx.Response:
        """Type `/ext ‹text›`; what comes later comes by the response_url of this name."""
        url = self.world.slack_url + self.world.slack.open_response_url(url_id)
        body = signing.slash_command(text, response_url=url)
        headers = signing.form_headers(body)
        return await self.http.post(f"{self.url}/slack/events", content=body, headers=headers)

    async def get(self, path: str) -> httpx.Response:
        """Ask for one of the operator's pages."""
        return await self.http.get(self.url + path)

    async def log(self) -> str:
        """Return all that was logged, once the process has ended."""
        _, err = await self.process.communicate()
        return err.decode()


@asynccontextmanager
async def serving_bot(*arguments: str, module: str = "bot", **changes: str) -> AsyncIterator[Bot]:
    """Run a bot as a process between both neighbours, until it is up and knows the offices."""
    port = free_port()
    async with world(PORT=str(port), HOST="127.0.0.1", **changes) as it:
        process = await start(*(arguments or ("serve",)), environment=it.environment, module=module)
        limits = httpx.Limits(max_connections=200)
        try:
            async with httpx.AsyncClient(timeout=20, limits=limits, trust_env=False) as http:
                bot = Bot(process, f"http://127.0.0.1:{port}", http, it)
                async with asyncio.timeout(40):
                    await _up(bot)
                yield bot
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()


async def _up(bot: Bot) -> None:
    while not any(call.path.endswith("/locations") for call in bot.world.vonage.calls.latest):
        assert bot.process.returncode is None, await bot.log()
        with suppress(httpx.ConnectError):
            assert (await bot.get("/healthz")).text == "ok\n"
        await asyncio.sleep(0.05)
