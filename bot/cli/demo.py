"""`demo`: the real bot in front of an invented phone system, and a prompt to try it.

Each line goes to the bot over HTTP as a signed slash command, and what comes back, in the
acknowledgement or later, is printed as it would be read in Slack. No settings are read.
"""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
from anyio.from_thread import start_blocking_portal

from bot.cards import text
from bot.cli.interrupts import Interrupts
from bot.sandbox import credentials, members, signing
from bot.sandbox.options import Options
from bot.sandbox.server import serving
from bot.sandbox.slack import create_slack
from bot.sandbox.vonage import BASE_PATH, TOKEN_PATH, create_vonage
from bot.sandbox.workspace import Workspace
from bot.settings import Secret, Settings
from bot.web import PATH, create_web

QUOTA = 60  # calls a minute, so that trying things out is not cut short as a new app would be
ANSWER_LIMIT = 15.0  # seconds
WAITING = "Looking up"

WELCOME = """
  Ext answers who is behind an extension or a phone number.
  You are John Smith at an invented company of 250 people; the bot is real.

    /ext 789                       one extension
    /ext who +1 (415) 555-0100     whose number is it?
    /ext list location:London      a part of the directory
    /ext help                      everything else

  [Buttons] work in Slack only; here they just show. Ctrl-D or "exit" ends.
"""
PROMPT = "› "
NOTHING_CAME = "(The bot did not answer. That is a fault worth reporting.)"
GOODBYE = "Bye."
LEAVING = ("exit", "quit", "bye")


def demo(*, once: str | None) -> int:
    """Answer one line, or lines at a prompt until the end of input, `exit` or Ctrl-C."""
    with (
        Interrupts() as interrupts,
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(stage()) as on_stage,
    ):
        try:
            with interrupts.allowed():
                _converse(lambda line: portal.call(on_stage.answer, line), once)
        except KeyboardInterrupt:
            print("\n" + GOODBYE)
    return 0


def _converse(answer: Callable[[str], str], once: str | None) -> None:
    if once is not None:
        print(answer(once))
        return
    print(WELCOME)
    for line in _lines():
        print("\n" + answer(line) + "\n")
    print(GOODBYE)


def _lines() -> Iterator[str]:
    """Yield what is typed, with arrow keys and history where Python has them."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    prompt = ""
    if sys.stdin.isatty():
        prompt = PROMPT
        with suppress(ImportError):
            import readline  # noqa: F401, PLC0415 - `input` uses it from then on
    while True:
        try:
            line = input(prompt).strip()
        except EOFError:
            print()
            return
        if line.casefold() in LEAVING:
            return
        if line:
            yield line


@dataclass(slots=True)
class Stage:
    """The bot's address, and the workspace to which it answers."""

    http: httpx.AsyncClient
    bot: str
    slack: str
    workspace: Workspace
    _requests: Any = None

    def __post_init__(self) -> None:
        self._requests = count(1)

    async def answer(self, line: str) -> str:
        """Send a line as a slash command and return all that comes back, as text."""
        return "\n\n".join([_shown(each) for each in await self._answers(line)])

    async def _answers(self, line: str) -> list[dict[str, Any]]:
        url_id = f"demo-{next(self._requests)}"
        body = signing.slash_command(
            line.removeprefix("/ext").strip(),
            response_url=self.slack + self.workspace.open(url_id),
        )
        reply = await self.http.post(
            self.bot + PATH, content=body, headers=signing.form_headers(body)
        )
        first = reply.json() if reply.is_success and reply.content else {"text": NOTHING_CAME}
        if not first.get("text", "").startswith(WAITING):
            return [first]
        try:
            return [first, await self.workspace.response(url_id, ANSWER_LIMIT)]
        except TimeoutError:
            return [first, {"text": NOTHING_CAME}]


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Start the invented Vonage, the stand-in for Slack and the bot, all on loopback."""
    workspace = Workspace()
    async with (
        serving(create_vonage(Options(quota=QUOTA))) as vonage,
        serving(create_slack(workspace)) as slack,
        serving(create_web(_settings(vonage, slack))) as bot,
        httpx.AsyncClient(timeout=ANSWER_LIMIT, trust_env=False) as http,
    ):
        yield Stage(http, bot, slack, workspace)


def _settings(vonage: str, slack: str) -> Settings:
    return Settings(
        slack_bot_token=Secret(members.BOT_TOKEN),
        slack_signing_secret=Secret(signing.SIGNING_SECRET),
        slack_api_url=f"{slack}/api/",
        vonage_base_url=vonage + BASE_PATH,
        vonage_token_url=vonage + TOKEN_PATH,
        vonage_client_id=Secret(credentials.CLIENT_ID),
        vonage_client_secret=Secret(credentials.CLIENT_SECRET),
        vonage_username=Secret(credentials.USERNAME),
        vonage_password=Secret(credentials.PASSWORD),
        vonage_requests_per_minute=QUOTA,
        log_level="ERROR",
    )


def _shown(payload: dict[str, Any]) -> str:
    shown = text.plain(
        payload, width=min(shutil.get_terminal_size().columns, 100), colour=sys.stdout.isatty()
    )
    return f"{shown}\n(everybody in the channel sees this)" if _is_public(payload) else shown


def _is_public(payload: dict[str, Any]) -> bool:
    return payload.get("response_type") == "in_channel"
