"""`ask`: the same lookup as in Slack, with the real settings, printed in the terminal."""

from __future__ import annotations

import asyncio
import shutil
import sys
from contextlib import suppress

from bot import log as log_lines
from bot import query
from bot.app import open_directory
from bot.cards import terminal
from bot.directory.service import Directory
from bot.errors import QueryError
from bot.lookup.export import csv_of
from bot.lookup.request import Answer, Outcome
from bot.lookup.service import Lookup
from bot.query.model import List, Me, Person, Query, Share
from bot.settings import VONAGE, Settings, load
from bot.slack.people import Asker
from bot.tasks import Tasks

ANSWER_LIMIT = 12.0  # seconds, as long as the slowest answer takes in Slack; reading comes on top
EXIT_CODES = {Outcome.FOUND: 0, Outcome.INFO: 0, Outcome.MISSING: 1}
CANNOT = 2
NO_SLACK = (
    "A terminal has no Slack identity, so I cannot tell who that is.\n"
    "Ask by number, email or login name, as in: ask john.smith@example.com"
)


def ask(line: str) -> int:
    """Look one line up, print the answer and return 0 found, 1 nothing found, 2 cannot.

    An export is printed as the CSV file itself.
    """
    settings = load(needs=(VONAGE,))
    log_lines.setup("DEBUG" if settings.log_level == "DEBUG" else "ERROR", settings.log_format)
    asked = _parsed(line, settings)
    if isinstance(asked.query if isinstance(asked, Share) else asked, Me | Person):
        print(NO_SLACK)
        return CANNOT
    return asyncio.run(_answered(_unshared(asked) or line, settings))


def show(payload: dict[str, object]) -> str:
    """Return a message as text that fits this terminal."""
    width = min(shutil.get_terminal_size().columns, 100)
    return terminal.render_text(payload, width=width, color=sys.stdout.isatty())


def _parsed(line: str, settings: Settings) -> Query | None:
    """Return what is asked for; nothing where it cannot be read, which the lookup explains."""
    with suppress(QueryError):
        return query.parse(line, region=settings.default_region)
    return None


def _unshared(asked: Query | None) -> str:
    """Return the line that asks for what is to be shared: there is nobody to share with."""
    match asked:
        case Share(query=List()):
            return asked.words
        case Share():
            return f"who {asked.words}"  # a name may begin like a command
        case _:
            return ""


async def _answered(line: str, settings: Settings) -> int:
    tasks = Tasks()
    async with open_directory(settings, tasks) as directory:
        lookup = Lookup(directory, region=settings.default_region)
        try:
            answer = await _answer(line, lookup, directory, tasks)
            _print(answer)  # while the directory is open: an export is read from it
        finally:
            await tasks.drain(0)
    return EXIT_CODES.get(answer.outcome, CANNOT)


async def _answer(line: str, lookup: Lookup, directory: Directory, tasks: Tasks) -> Answer:
    """Ask; where only the whole directory has the answer, read that, and say so meanwhile."""
    asker, deadline = Asker(""), asyncio.get_running_loop().time() + ANSWER_LIMIT
    request = lookup.parse(line, asker)
    answer = await lookup.answer(request, deadline=deadline)
    if not answer.awaits:
        return answer
    print(show(answer.message.payload()), file=sys.stderr)
    directory.start(tasks)
    return await lookup.answer_when_ready(answer, [request])


def _print(answer: Answer) -> None:
    if answer.export is None:
        print(show(answer.message.payload()))
        return
    for piece, _ in csv_of(answer.export.matches, answer.export.locations):
        sys.stdout.buffer.write(piece)
