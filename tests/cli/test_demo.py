"""The demo: at a prompt, in a pipe and in a terminal, and as a page; and how it ends."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import signal
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest

from bot.cli import demo as command
from bot.cli.interrupts import Interrupts
from tests.cli.running import ROOT, serving_bot

PROMPT = "› "


@asynccontextmanager
async def demo(
    arguments: Sequence[str] = ("--terminal",), *, stdin: int, stdout: int, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `demo`, at a prompt unless told otherwise; its errors go where its answers go."""
    needed = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TERM": "dumb"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", *arguments),
        env=needed | environment,
        stdin=stdin,
        stdout=stdout,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def piped(text: bytes) -> str:
    """Give the demo some input at once, and return all that it says."""
    pipe = asyncio.subprocess.PIPE
    async with asyncio.timeout(30), demo(stdin=pipe, stdout=pipe) as process:
        out, _ = await process.communicate(text)
        assert process.returncode == 0, out.decode()
        return out.decode()


class Terminal:
    """The end of a pseudo-terminal where a person sits."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._arrived = asyncio.Event()
        self.shown = ""
        os.set_blocking(fd, False)
        asyncio.get_running_loop().add_reader(fd, self._read)

    def _read(self) -> None:
        with suppress(OSError):  # the other end was closed
            self.shown += os.read(self._fd, 4096).decode(errors="replace")
        self._arrived.set()

    def type(self, keys: str) -> None:
        """Press some keys."""
        os.write(self._fd, keys.encode())

    async def shows(self, text: str, times: int = 1) -> None:
        """Wait until something is on the screen so many times."""
        async with asyncio.timeout(20):
            while self.shown.count(text) < times:
                self._arrived.clear()
                await self._arrived.wait()


@asynccontextmanager
async def terminal() -> AsyncIterator[tuple[Terminal, asyncio.subprocess.Process]]:
    """Run the demo in a terminal, up to its first prompt."""
    mine, its = pty.openpty()
    try:
        async with demo(stdin=its, stdout=its) as process:
            screen = Terminal(mine)
            await screen.shows(PROMPT)
            yield screen, process
            asyncio.get_running_loop().remove_reader(mine)
    finally:
        os.close(mine)
        os.close(its)


async def test_what_is_no_text_is_a_question_like_any_other():
    """A byte that is not UTF-8 is left out; empty lines are not asked."""
    said = await piped(b"\xff789\n\n   \n")
    assert said.count("Extension 789") == 1
    assert "Traceback" not in said
    assert said.endswith("Bye.\n")


@pytest.mark.parametrize("word", ["exit", "quit", "bye", "Exit "])
async def test_a_word_of_leaving_ends_it(word):
    """What comes after it is not asked."""
    said = await piped(f"{word}\n789\n".encode())
    assert "Extension 789" not in said
    assert "Slack only" in said
    assert said.endswith("Bye.\n")


async def test_arrow_keys_bring_earlier_lines_back():
    """Up is the line before, not a mark on the screen; the line can be changed and sent again."""
    pytest.importorskip("readline")
    async with terminal() as (screen, process):
        screen.type("/ext 790\n")
        await screen.shows(PROMPT, times=2)
        screen.type("\x1b[A\x7f1\n")
        await screen.shows(PROMPT, times=3)
        assert "Extension 790" in screen.shown
        assert "Nothing found for 791" in screen.shown
        assert "^[[A" not in screen.shown
        screen.type("\x04")
        assert await process.wait() == 0


async def test_ctrl_c_at_the_prompt_ends_it():
    """It says good-bye on a line of its own."""
    async with terminal() as (screen, process):
        await asyncio.sleep(0.2)  # the prompt is shown a moment before it waits for keys
        process.send_signal(signal.SIGINT)
        await screen.shows("Bye.")
        assert await process.wait() == 0
        assert "Traceback" not in screen.shown
        assert "\r\nBye." in screen.shown


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="tells when it begins to start")
@pytest.mark.parametrize("after", [0.0, 0.05, 0.1])
async def test_ctrl_c_while_it_starts_ends_it_quietly(after):
    """What was being started is ended in order, and nothing but good-bye is said of it."""
    pipe = asyncio.subprocess.PIPE
    async with asyncio.timeout(30), demo(stdin=pipe, stdout=pipe) as process:
        while len(os.listdir(f"/proc/{process.pid}/task")) < 2:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.002)
        await asyncio.sleep(after)
        process.send_signal(signal.SIGINT)
        out, _ = await process.communicate()
        assert process.returncode == 0
    said = out.decode()
    assert said.endswith("\nBye.\n")
    assert "Traceback" not in said
    assert "Error" not in said


def test_ctrl_c_is_held_back_until_it_is_allowed():
    """It raises nothing before, then at once, and afterwards all is as it was."""
    before = signal.getsignal(signal.SIGINT)
    with Interrupts() as interrupts:
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt), interrupts.allowed():
            pytest.fail("it was held back for ever")
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_where_it_is_allowed_interrupts():
    """Inside it does what it always does."""
    with Interrupts() as interrupts, pytest.raises(KeyboardInterrupt), interrupts.allowed():
        signal.raise_signal(signal.SIGINT)


REAL = {
    "SLACK_BOT_TOKEN": "xoxb-real",
    "SLACK_SIGNING_SECRET": "real",
    "VONAGE_BASE_URL": "https://api.vonage.invalid",
    "HOST": "0.0.0.0",
    "DATA_DIR": "data-of-the-machine",
}


@asynccontextmanager
async def page(
    *arguments: str, **environment: str
) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """Run the demo as a page, up to where it says its address."""
    pipe, nobody = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    async with asyncio.timeout(30), demo(arguments, stdin=nobody, stdout=pipe, **environment) as it:
        assert it.stdout
        async for line in it.stdout:
            if found := re.search(rb"http://127[.]0[.]0[.]1:[0-9]+", line):
                yield found[0].decode(), it
                return
        pytest.fail("it said no address")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
async def test_the_page_is_there_until_it_is_ended(how, tmp_path):
    """It needs no settings and heeds none, and leaves nothing behind."""
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-real\nLOG_LEVEL=nonsense\n")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    async with page("--port", "0", TMPDIR=str(scratch), **REAL) as (url, process):
        async with httpx.AsyncClient(trust_env=False) as http:
            assert "Ext playground" in (await http.get(url)).text
            asked = {"user": "U0JOHN", "channel": "C0GENERAL", "text": "/ext 789"}
            reply = await http.post(f"{url}/api/send", json=asked, headers={"Origin": url})
            assert reply.json() == {}
        assert [each.name.startswith("ext-demo-") for each in scratch.iterdir()] == [True]
        process.send_signal(how)
        out, _ = await process.communicate()
        assert process.returncode == 0
    assert out.decode().endswith("\nBye.\n")
    assert "Traceback" not in out.decode()
    assert [each.name for each in tmp_path.iterdir()] == [".env", "scratch"]
    assert list(scratch.iterdir()) == []


async def test_a_port_that_is_taken_is_said():
    """Where it was asked for; the usual one is replaced by a free one."""
    async with page("--port", "0") as (url, _):
        port = url.rpartition(":")[2]
        pipe = asyncio.subprocess.PIPE
        async with demo(("--port", port), stdin=pipe, stdout=pipe) as second:
            out, _ = await second.communicate()
            assert second.returncode == 1
    assert f"Port {port} cannot be used" in out.decode()


async def test_two_demos_do_not_fight_over_the_usual_port():
    """The second takes a free one."""
    async with page() as (first, _), page() as (second, _):
        assert first != second


@pytest.mark.parametrize(
    ("is_terminal", "display", "opened"),
    [(True, ":0", True), (True, "", False), (False, ":0", False)],
)
def test_a_browser_is_opened_where_there_is_one(monkeypatch, is_terminal, display, opened):
    """Only where somebody sits at a screen; and a browser that fails does no harm."""
    asked = threading.Event()

    def fails(url: str) -> bool:
        asked.set()
        raise OSError(url)

    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr("webbrowser.open", fails)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("sys.stdout.isatty", lambda: is_terminal, raising=False)
    command._open_browser("http://127.0.0.1:1")
    assert asked.wait(2 if opened else 0.1) is opened


async def test_what_is_deployed_has_no_playground():
    """Neither its page nor its rooms: `serve` knows nothing of them."""
    async with serving_bot() as bot:
        for path in ("/", "/page/main.js", "/api/stream?user=U0JOHN", "/_sandbox/faults"):
            assert (await bot.get(path)).status_code == 404
        said = await bot.http.post(f"{bot.url}/api/send", json={})
        assert said.status_code in (404, 405)
    code = (
        "import sys, bot.cli.serve; print([m for m in sys.modules if m.startswith('bot.sandbox')])"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert out == b"[]\n"
