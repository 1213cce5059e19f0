"""The bot of the soak: `python -m bot serve` as a process of its own, as an operator runs it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.sandbox.server import HOST
from bot.sandbox.slack import members, signing
from bot.sandbox.vonage import credentials
from bot.sandbox.vonage.app import BASE_PATH, TOKEN_PATH
from tests.ports import free_port
from tests.soak.traffic import ADMIN

ROOT = Path(__file__).parents[2]
DIRECTORY_TTL_S = 5
LOOKUP_TTL_S = 5
STOP_LIMIT_S = 30.0  # as hosting platforms allow

# The allocator of glibc keeps what one large body took, in one heap for each thread, so that a peak
# would look like a leak. With these settings, resident memory is what the bot holds.
_MEMORY_IS_RETURNED = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "131072",
    "MALLOC_TRIM_THRESHOLD_": "131072",
}
_ERROR_LEVELS = ("ERROR", "CRITICAL")
_UNSENT = ("An answer could not be posted", "An export could not be sent")


@dataclass(frozen=True, slots=True)
class BotProcess:
    """The running bot: its address, its folders and its log."""

    process: asyncio.subprocess.Process
    url: str
    data_dir: Path
    temp_dir: Path
    log: Path

    def unexpected_log_lines(self, is_explained: Callable[[float], bool]) -> Iterator[str]:
        """Yield each line that reports an error, and each that the log's format didn't make.

        `is_explained` says whether a fault of Slack's explains, at a time in epoch seconds, that
        something could not be sent.
        """
        for text in self.log.read_text(errors="replace").splitlines():
            try:
                line = json.loads(text)
                is_error = line["level"] in _ERROR_LEVELS
                is_unsent = line["message"].startswith(_UNSENT)
                at = datetime.fromisoformat(line["at"]).timestamp()
            except (ValueError, LookupError, TypeError):
                yield text
                continue
            if is_error and not (is_unsent and is_explained(at)):
                yield text

    async def stop(self) -> int:
        """End the bot as a platform does; return its exit code. Raises TimeoutError."""
        self.process.terminate()
        async with asyncio.timeout(STOP_LIMIT_S):
            return await self.process.wait()


@asynccontextmanager
async def running_bot_process(vonage: str, slack: str, folder: Path) -> AsyncIterator[BotProcess]:
    """Run `serve` between the two fakes; it writes to folders of its own below `folder`."""
    port, data_dir, temp_dir, log = free_port(), folder / "data", folder / "tmp", folder / "log"
    temp_dir.mkdir()
    environment = {
        **_settings(vonage, slack),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOST": HOST,
        "PORT": str(port),
        "DATA_DIR": str(data_dir),
        "TMPDIR": str(temp_dir),
        "AUDIT_LOG": str(folder / "audit.jsonl"),
    }
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "serve",
            cwd=folder,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
        )  # fmt: skip
    try:
        yield BotProcess(process, f"http://{HOST}:{port}", data_dir, temp_dir, log)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _settings(vonage: str, slack: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": members.BOT_TOKEN,
        "SLACK_SIGNING_SECRET": signing.SIGNING_SECRET,
        "SLACK_API_URL": f"{slack}/api/",
        "VONAGE_BASE_URL": vonage + BASE_PATH,
        "VONAGE_TOKEN_URL": vonage + TOKEN_PATH,
        "VONAGE_CLIENT_ID": credentials.CLIENT_ID,
        "VONAGE_CLIENT_SECRET": credentials.CLIENT_SECRET,
        "VONAGE_USERNAME": credentials.USERNAME,
        "VONAGE_PASSWORD": credentials.PASSWORD,
        "VONAGE_REQUESTS_PER_MINUTE": "900",
        "VONAGE_PAGE_SIZE": "200",
        "DIRECTORY_TTL": str(DIRECTORY_TTL_S),
        "LOOKUP_TTL": str(LOOKUP_TTL_S),
        "MISSING_TTL": str(LOOKUP_TTL_S),
        "LOOKUPS_PER_MINUTE": "60",
        "ADMINS": ADMIN,
        "LOG_FORMAT": "json",
        **_MEMORY_IS_RETURNED,
    }
