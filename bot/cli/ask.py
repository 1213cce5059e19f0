"""`ask`: the same lookup as in Slack, with the real settings, printed in the terminal."""

from __future__ import annotations

import asyncio
import shutil
import sys
from contextlib import suppress
from dataclasses import replace

from bot import limits
from bot import log as log_lines
from bot.app import open_directory
from bot.cards import terminal
from bot.cli.startup import name_warnings
from bot.directory.service import Directory
from bot.lookup.export import csv_chunks
from bot.lookup.request import Answer, Outcome, Request
from bot.lookup.service import Lookup
from bot.query.model import Me, Person, Share
from bot.settings import VONAGE, Settings, load
from bot.slack.people import Asker
from bot.tasks import Tasks

EXIT_CODES = {Outcome.FOUND: 0, Outcome.INFO: 0, Outcome.MISSING: 1}
EXIT_FAILED = 2
MAX_COLUMNS = 100  # a wider card is hard to read
NO_SLACK = (
    "The terminal doesn't know your Slack account, so I can't tell who that is.\n"
    "Ask by number, email or login name: ask john.smith@example.com"
)


def ask(line: str) -> int:
    """Look up one line and print the answer; return 0 found, 1 nothing found, 2 failed.

    For an export, print the CSV file itself. Raises `SettingsError`.
    """
    settings = load(needs=(VONAGE,))
    log_lines.setup("DEBUG" if settings.log_level == "DEBUG" else "ERROR", settings.log_format)
    for warning in name_warnings():
        print(warning, file=sys.stderr)
    return asyncio.run(_look_up(line, settings))


def render_for_terminal(payload: dict[str, object]) -> str:
    """Return a Slack message as text that fits this terminal."""
    width = min(shutil.get_terminal_size().columns, MAX_COLUMNS)
    return terminal.render_text(payload, width=width, color=sys.stdout.isatty())


async def _look_up(line: str, settings: Settings) -> int:
    tasks = Tasks()
    async with open_directory(settings, tasks) as directory:
        lookup = Lookup(directory, region=settings.default_region)
        request = _without_share(lookup.parse(line, Asker("")))
        if isinstance(request.query, Me | Person):
            print(NO_SLACK)
            return EXIT_FAILED
        try:
            answer = await _answer(request, lookup, directory, tasks)
            _print(answer)  # before the directory is closed, because an export is read from it
        finally:
            await tasks.drain(0)
    return EXIT_CODES.get(answer.outcome, EXIT_FAILED)


def _without_share(request: Request) -> Request:
    """Return the request for the query inside `share …`, because a terminal has no channel."""
    query = request.query
    return replace(request, query=query.query) if isinstance(query, Share) else request


async def _answer(request: Request, lookup: Lookup, directory: Directory, tasks: Tasks) -> Answer:
    """Answer a request. If it needs the whole directory, print a notice and read the directory."""
    deadline = asyncio.get_running_loop().time() + limits.ASK_ANSWER_S
    if is_file := directory.status().quota is None:  # only a source with calls has a quota
        directory.start(tasks)  # reading a file costs no calls, so read it before answering
        await _wait_for_copy(directory, deadline)
    answer = await lookup.answer(request, deadline=deadline)
    if not answer.awaits:
        return answer
    if directory.status().last_failure:  # a script shouldn't hang until Vonage is back
        options = replace(request.options, can_follow_up=False)
        last_words = replace(request, options=options)
        return await lookup.answer(last_words, deadline=deadline + limits.ASK_ANSWER_S)
    print(render_for_terminal(answer.message.payload()), file=sys.stderr)
    if not is_file:
        directory.start(tasks)
    return await lookup.answer_when_ready(answer, [request])


async def _wait_for_copy(directory: Directory, deadline: float) -> None:
    """Wait until the directory has been read or has failed, but not beyond the deadline."""

    def is_settled() -> bool:
        return directory.has_copy or directory.status().last_failure is not None

    with suppress(TimeoutError):
        async with asyncio.timeout_at(deadline):
            while not is_settled():  # noqa: ASYNC110 - the directory sends no event
                await asyncio.sleep(limits.ASK_POLL_S)


def _print(answer: Answer) -> None:
    if answer.export is None:
        print(render_for_terminal(answer.message.payload()))
        return
    for chunk, _ in csv_chunks(answer.export.matches, answer.export.locations):
        sys.stdout.buffer.write(chunk)
