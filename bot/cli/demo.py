"""`demo`: the real bot in front of an invented phone system, to be tried with no accounts.

On a page that feels like Slack, at a prompt here, or with a single line. Either way each line
reaches the bot over HTTP as a signed slash command. No settings are read.
"""

from __future__ import annotations

import io
import shutil
import signal
import sys
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Any

from anyio.from_thread import start_blocking_portal

from bot.cards import terminal
from bot.cli.demo_env import open_demo_env
from bot.cli.interrupts import Interrupts
from bot.sandbox.playground.app import create_playground
from bot.sandbox.playground.demo_env import DemoEnv
from bot.sandbox.server import serving
from bot.settings import has_display

PORT = 8790
ANSWER_LIMIT = 15.0  # seconds
WAITING = "Looking up"

WELCOME = """
  Ext answers who is behind an extension or a phone number.
  You are John Smith at an invented company of 250 people; the bot is real.

    /ext 789                       one extension
    /ext who +1 (415) 555-0100     whose number is it?
    /ext jhon smith                a name; slips are forgiven
    /ext list location:London      a part of the directory
    /ext help                      everything else

  [Buttons] work in Slack only; here they just show. Ctrl-D or "exit" ends.
"""
OPENED = """
  The playground is at {url}

  It feels like Slack; the company is invented, and the bot is real.
  Ctrl-C ends it. For a prompt instead: python -m bot demo --terminal
"""
TAKEN = "Port {port} cannot be used: {reason}. Try --port 0."
PROMPT = "› "
NOTHING_CAME = "(The bot did not answer. That is a fault worth reporting.)"
GOODBYE = "Bye."
LEAVING = ("exit", "quit", "bye")


def demo(*, once: str | None = None, terminal: bool = False, port: int | None = None) -> int:
    """Show the page until Ctrl-C; or answer one line, or lines at a prompt."""
    with Interrupts() as interrupts, start_blocking_portal() as portal:
        if once is None and not terminal:
            return _page(interrupts, portal, port)
        with portal.wrap_async_context_manager(open_demo_env()) as scene:
            try:
                with interrupts.allowed():
                    _converse(lambda line: portal.call(_answer, scene, line), once)
            except KeyboardInterrupt:
                print("\n" + GOODBYE)
    return 0


def _page(interrupts: Interrupts, portal: Any, port: int | None) -> int:
    """Show the page. A port that was not asked for by number is replaced where it is taken."""
    # Told to end by another process, what was begun is put away as after Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        with portal.wrap_async_context_manager(_playground(port)) as url:
            try:
                with interrupts.allowed():
                    print(OPENED.format(url=url), flush=True)
                    _open_browser(url)
                    threading.Event().wait()
            except KeyboardInterrupt:
                print("\n" + GOODBYE)
    except OSError as error:
        print(TAKEN.format(port=port, reason=error.strerror), file=sys.stderr)
        return 1
    return 0


@asynccontextmanager
async def _playground(port: int | None) -> AsyncIterator[str]:
    async with AsyncExitStack() as stack:
        app = create_playground(await stack.enter_async_context(open_demo_env()))
        try:
            served = serving(app, PORT if port is None else port)
            url = await stack.enter_async_context(served)
        except OSError:
            if port is not None:
                raise
            url = await stack.enter_async_context(serving(app))
        yield url


def _open_browser(url: str) -> None:
    """Open a browser where there is a screen and somebody sits at it; it may take its time."""
    if sys.stdout.isatty() and has_display():
        threading.Thread(target=_opened, args=(url,), daemon=True).start()


def _opened(url: str) -> None:
    with suppress(Exception):  # the address is printed, so nothing is lost
        webbrowser.open(url)


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


async def _answer(scene: DemoEnv, line: str) -> str:
    """Send a line as a slash command and return all that comes back, as text."""
    sent = await scene.delivery.slash_command(line.removeprefix("/ext").strip())
    first = sent.response.payload if sent.response.is_ok else {}
    answers = [first or {"text": NOTHING_CAME}]
    if answers[0].get("text", "").startswith(WAITING):
        try:
            answers.append(await scene.workspace.next_response(sent.url_id, ANSWER_LIMIT))
        except TimeoutError:
            answers.append({"text": NOTHING_CAME})
    return "\n\n".join(map(_shown, answers))


def _shown(payload: dict[str, Any]) -> str:
    shown = terminal.render_text(
        payload, width=min(shutil.get_terminal_size().columns, 100), color=sys.stdout.isatty()
    )
    return f"{shown}\n(everybody in the channel sees this)" if _is_public(payload) else shown


def _is_public(payload: dict[str, Any]) -> bool:
    return payload.get("response_type") == "in_channel"
