"""`ask`: the same lookup as in Slack, with the real settings, printed in the terminal."""

from __future__ import annotations

import asyncio
import shutil
import sys

from bot import log as log_lines
from bot.app import directory_of
from bot.cards import text
from bot.lookup import Lookup
from bot.models import Asker
from bot.settings import VONAGE, Settings, load
from bot.tasks import Tasks
from bot.telling import Answer, Outcome

ANSWER_LIMIT = 30.0  # seconds; nobody holds a connection open here
EXIT_CODES = {Outcome.FOUND: 0, Outcome.TOLD: 0, Outcome.MISSING: 1}
CANNOT = 2


def ask(line: str) -> int:
    """Look one line up, print the answer and return 0 found, 1 nothing found, 2 cannot."""
    settings = load(needs=(VONAGE,))
    log_lines.setup("DEBUG" if settings.log_level == "DEBUG" else "ERROR", settings.log_format)
    answer = asyncio.run(_answer(line.strip().removeprefix("/ext").strip(), settings))
    print(show(answer.message.payload()))
    return EXIT_CODES.get(answer.outcome, CANNOT)


def show(payload: dict[str, object]) -> str:
    """Return a message as text that fits this terminal."""
    width = min(shutil.get_terminal_size().columns, 100)
    return text.plain(payload, width=width, colour=sys.stdout.isatty())


async def _answer(line: str, settings: Settings) -> Answer:
    tasks = Tasks()
    async with directory_of(settings, tasks) as directory:
        lookup = Lookup(directory, region=settings.default_region)
        deadline = asyncio.get_running_loop().time() + ANSWER_LIMIT
        try:
            return await lookup.answer(line, Asker(""), deadline=deadline)
        finally:
            await tasks.drain(0)
