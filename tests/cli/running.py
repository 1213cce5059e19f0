"""Commands run as a person would run them: as processes, with settings in the environment."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox import credentials, members, signing
from bot.sandbox.options import Options
from bot.sandbox.server import serving
from bot.sandbox.slack import create_slack
from bot.sandbox.state import Sandbox
from bot.sandbox.vonage import BASE_PATH, TOKEN_PATH, create_vonage
from bot.sandbox.workspace import Workspace

ROOT = Path(__file__).parents[2]


@dataclass
class World:
    """The two neighbours, and the settings that lead to them."""

    vonage: Sandbox
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
        yield World(vonage_app.state.sandbox, workspace, slack, environment)


async def start(*arguments: str, environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    """Start `python -m bot …`."""
    given = {name: value for name, value in environment.items() if value}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "COLUMNS": "90", **given},
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
