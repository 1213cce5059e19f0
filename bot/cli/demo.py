"""`demo`: the real bot in front of an invented phone system or a CSV file, with no accounts.

The demo is a page that feels like Slack, a prompt in the terminal, or a single line. In all
three, each line reaches the bot over HTTP as a signed slash command. No settings are read.
"""

from __future__ import annotations

import io
import json
import re
import signal
import sys
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal

from bot import limits
from bot.cards.durations import counted
from bot.cli.ask import render_for_terminal
from bot.cli.demo_env import open_demo_env
from bot.cli.interrupts import Interrupts
from bot.directory.csv_file.source import load
from bot.errors import InvalidFile
from bot.sandbox.playground.app import create_playground
from bot.sandbox.playground.demo_env import DemoEnv
from bot.sandbox.server import serving
from bot.sandbox.slack.members import MEMBERS
from bot.settings import Settings, has_display

PORT = 8790
PENDING_PREFIX = "Looking up"  # of an acknowledgement that isn't the answer yet

WELCOME = """
  Ext tells you who is behind an extension or phone number.
  You are John Smith at an invented company of 250 people; the bot is real.

    /ext 789                       one extension
    /ext who +1 (415) 555-0100     whose number is it?
    /ext jhon smith                a name; typos are fine
    /ext list location:London      part of the directory
    /ext help                      everything else

  [Buttons] only work in Slack; here you just see them. Type "exit" or press Ctrl-D to quit.
"""
OPENED = """
  The playground is at {url}

  It feels like Slack. The company is invented; the bot is real.
  Press Ctrl-C to quit. For a prompt instead of a page: make demo ARGS=--terminal
  (without make: .venv/bin/python -m bot demo --terminal)
"""
WELCOME_CSV = """
  Ext tells you who is behind an extension or phone number.
  It answers from {path}, which has {count}. The bot is real.

    /ext {number:<25} one extension
    /ext list                      the whole directory
    /ext help                      everything else

  [Buttons] only work in Slack; here you just see them. Type "exit" or press Ctrl-D to quit.
"""
OPENED_CSV = """
  The playground is at {url}

  It feels like Slack. The bot is real, and answers from {path}, which has {count}.
  The page's examples and its switches for Vonage are about the invented company: here they
  change nothing. Press Ctrl-C to quit.
"""
BAD_CSV = "I can't use {path}:"
PORT_TAKEN = "Port {port} can't be used: {reason}. Try --port 0 for any free port."
PROMPT = "› "
NO_ANSWER = "(The bot didn't answer. That's a bug: please report it.)"
SEEN_BY_ALL = "(everyone in the channel sees this)"
GOODBYE = "Bye."
EXIT_WORDS = ("exit", "quit", "bye")

_MENTION = re.compile(r"<@(?P<id>[UW][A-Z0-9]+)>")
_NAMES = {member.id: member.real_name for member in MEMBERS}


@dataclass(frozen=True, slots=True)
class _Company:
    """The company of the demo: the one in a CSV file, or an invented one if `csv` is `None`."""

    csv: Path | None = None
    count: str = ""
    number: str = ""  # an extension number in the file, for the examples

    @property
    def welcome(self) -> str:
        if self.csv is None:
            return WELCOME
        return WELCOME_CSV.format(path=self.csv, count=self.count, number=self.number)

    def opened(self, url: str) -> str:
        if self.csv is None:
            return OPENED.format(url=url)
        return OPENED_CSV.format(url=url, path=self.csv, count=self.count)


def demo(
    *,
    once: str | None = None,
    terminal: bool = False,
    port: int | None = None,
    csv: Path | None = None,
) -> int:
    """Serve the page until Ctrl-C, or answer the line `once`, or answer lines at a prompt.

    With `csv`, that file is the directory. Return 0, 1 if `port` can't be used, or 2 if the file
    can't be used.
    """
    try:
        company = _company_of(csv) if csv else _Company()
    except InvalidFile as error:
        lines = [BAD_CSV.format(path=csv), *(f"  - {problem}" for problem in error.problems)]
        print("\n".join(lines), file=sys.stderr)
        return 2
    with Interrupts() as interrupts, start_blocking_portal() as portal:
        if once is None and not terminal:
            return _serve_page(interrupts, portal, port, company)
        with portal.wrap_async_context_manager(open_demo_env(csv=csv)) as env:
            try:
                with interrupts.allowed():
                    _converse(lambda line: portal.call(_answer, env, line), once, company)
            except KeyboardInterrupt:
                print("\n" + GOODBYE)
    return 0


def _company_of(csv: Path) -> _Company:
    """Read the company from a file, before anything is started. Raises `InvalidFile`."""
    extensions = load(csv, Settings().default_region).extensions
    return _Company(csv, counted(len(extensions), "extension"), next(iter(extensions)))


def _serve_page(
    interrupts: Interrupts,
    portal: BlockingPortal,
    port: int | None,
    company: _Company,
) -> int:
    """Serve the page on `port`; without one, use `PORT` or, if that is taken, any free port."""
    # SIGTERM is handled as Ctrl-C. Otherwise it would leave the temporary folder behind.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        with portal.wrap_async_context_manager(_playground(port, company.csv)) as url:
            try:
                with interrupts.allowed():
                    print(company.opened(url), flush=True)
                    _open_browser(url)
                    threading.Event().wait()
            except KeyboardInterrupt:
                print("\n" + GOODBYE)
    except OSError as error:
        print(PORT_TAKEN.format(port=port, reason=error.strerror), file=sys.stderr)
        return 1
    return 0


@asynccontextmanager
async def _playground(port: int | None, csv: Path | None) -> AsyncIterator[str]:
    async with AsyncExitStack() as stack:
        app = create_playground(await stack.enter_async_context(open_demo_env(csv=csv)))
        try:
            server = serving(app, PORT if port is None else port)
            url = await stack.enter_async_context(server)
        except OSError:
            if port is not None:
                raise
            url = await stack.enter_async_context(serving(app))
        yield url


def _open_browser(url: str) -> None:
    """Open a browser if the machine has a screen, in a thread because that may take seconds."""
    if sys.stdout.isatty() and has_display():
        threading.Thread(target=_try_browser, args=(url,), daemon=True).start()


def _try_browser(url: str) -> None:
    with suppress(Exception):  # without a browser, people still have the printed address
        webbrowser.open(url)


def _converse(answer: Callable[[str], str], once: str | None, company: _Company) -> None:
    if once is not None:
        print(answer(once))
        return
    print(company.welcome)
    for line in _typed_lines():
        print("\n" + answer(line) + "\n")
    print(GOODBYE)


def _typed_lines() -> Iterator[str]:
    """Yield the lines that a person types, with arrow keys and history if Python has them."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    prompt = ""
    if sys.stdin.isatty():
        prompt = PROMPT
        with suppress(ImportError):
            import readline  # noqa: F401, PLC0415 - `input` uses it once it is imported
    while True:
        try:
            line = input(prompt).strip()
        except EOFError:
            print()
            return
        if line.casefold() in EXIT_WORDS:
            return
        if line:
            yield line


async def _answer(env: DemoEnv, line: str) -> str:
    """Send a line as a slash command, and return the acknowledgement and the answer as text."""
    sent = await env.delivery.slash_command(line.removeprefix("/ext").strip())
    acknowledgement = sent.response.payload if sent.response.is_ok else {}
    messages = [acknowledgement or {"text": NO_ANSWER}]
    if messages[0].get("text", "").startswith(PENDING_PREFIX):
        try:
            messages.append(await env.workspace.next_response(sent.url_id, limits.DEMO_ANSWER_S))
        except TimeoutError:
            messages.append({"text": NO_ANSWER})
    return "\n\n".join(map(_render, messages))


def _render(payload: dict[str, Any]) -> str:
    text = render_for_terminal(json.loads(_MENTION.sub(_named, json.dumps(payload))))
    is_public = payload.get("response_type") == "in_channel"
    return f"{text}\n{SEEN_BY_ALL}" if is_public else text


def _named(mention: re.Match[str]) -> str:
    """Return a mention with the user's name, which Slack shows in place of the id."""
    name = _NAMES.get(mention["id"], mention["id"])
    return f"<@{mention['id']}|{json.dumps(name)[1:-1]}>"
