"""The demo: a prompt in a pipe and in a terminal, the page, and how each ends."""

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

from bot.cli import demo as demo_command
from tests.cli.running import ROOT, run_serve

PROMPT = demo_command.PROMPT


@asynccontextmanager
async def start_demo(
    arguments: Sequence[str] = ("--terminal",), *, stdin: int, stdout: int, **environment: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run `demo`, by default at a prompt; its errors go to its standard output."""
    base = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TERM": "dumb"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", *arguments),
        env=base | environment,
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


async def demo_output(text: bytes) -> str:
    """Give the demo all of its input at once, and return its whole output."""
    pipe = asyncio.subprocess.PIPE
    async with asyncio.timeout(30), start_demo(stdin=pipe, stdout=pipe) as process:
        out, _ = await process.communicate(text)
        assert process.returncode == 0, out.decode()
        return out.decode()


class Terminal:
    """The person's end of a pseudo-terminal."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._arrived = asyncio.Event()
        self.output = ""
        os.set_blocking(fd, False)
        asyncio.get_running_loop().add_reader(fd, self._read)

    def _read(self) -> None:
        with suppress(OSError):  # raised once the other end is closed
            self.output += os.read(self._fd, 4096).decode(errors="replace")
        self._arrived.set()

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._fd, keys.encode())

    async def wait_for(self, text: str, times: int = 1) -> None:
        """Wait until a text has appeared so many times."""
        async with asyncio.timeout(20):
            while self.output.count(text) < times:
                self._arrived.clear()
                await self._arrived.wait()


@asynccontextmanager
async def demo_terminal() -> AsyncIterator[tuple[Terminal, asyncio.subprocess.Process]]:
    """Run the demo in a terminal, up to its first prompt."""
    person_fd, demo_fd = pty.openpty()
    try:
        async with start_demo(stdin=demo_fd, stdout=demo_fd) as process:
            screen = Terminal(person_fd)
            await screen.wait_for(PROMPT)
            yield screen, process
            asyncio.get_running_loop().remove_reader(person_fd)
    finally:
        os.close(person_fd)
        os.close(demo_fd)


async def test_prompt_with_invalid_utf8_and_empty_lines_answers_the_rest():
    """A byte that is not UTF-8 is replaced, and empty lines are skipped."""
    output = await demo_output(b"\xff789\n\n   \n")
    assert output.count("Extension 789") == 1
    assert "Traceback" not in output
    assert output.endswith("Bye.\n")


async def test_mention_at_the_prompt_shows_the_name():
    """A terminal has no Slack that turns a user's id into a name."""
    assert "Please ask @Mary O'Brien." in await demo_output(b"changes\n")


@pytest.mark.parametrize("word", ["exit", "quit", "bye", "Exit "])
async def test_exit_word_ends_the_prompt(word):
    """Lines after an exit word are not answered."""
    output = await demo_output(f"{word}\n789\n".encode())
    assert "Extension 789" not in output
    assert demo_command.WELCOME.strip() in output
    assert output.endswith("Bye.\n")


async def test_up_arrow_recalls_the_previous_line():
    """The up key recalls the previous line, which can be edited and sent; it prints no ^[[A."""
    pytest.importorskip("readline")
    async with demo_terminal() as (screen, process):
        screen.type("/ext 790\n")
        await screen.wait_for(PROMPT, times=2)
        screen.type("\x1b[A\x7f1\n")
        await screen.wait_for(PROMPT, times=3)
        assert "Extension 790" in screen.output
        assert "Nothing found for 791" in screen.output
        assert "^[[A" not in screen.output
        screen.type("\x04")
        assert await process.wait() == 0


async def test_ctrl_c_at_the_prompt_ends_the_demo():
    """The demo says goodbye on its own line and exits with 0."""
    async with demo_terminal() as (screen, process):
        await asyncio.sleep(0.2)  # the prompt appears a moment before `input` waits for keys
        process.send_signal(signal.SIGINT)
        await screen.wait_for("Bye.")
        assert await process.wait() == 0
        assert "Traceback" not in screen.output
        assert "\r\nBye." in screen.output


@pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="needs /proc to see the first thread start"
)
@pytest.mark.parametrize("after", [0.0, 0.05, 0.1])
async def test_ctrl_c_during_start_ends_the_demo_quietly(after):
    """What has started is shut down in order, and only the goodbye is printed."""
    pipe = asyncio.subprocess.PIPE
    async with asyncio.timeout(30), start_demo(stdin=pipe, stdout=pipe) as process:
        while len(os.listdir(f"/proc/{process.pid}/task")) < 2:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.002)
        await asyncio.sleep(after)
        process.send_signal(signal.SIGINT)
        out, _ = await process.communicate()
        assert process.returncode == 0
    output = out.decode()
    assert output.endswith("\nBye.\n")
    assert "Traceback" not in output
    assert "Error" not in output


REAL_SETTINGS = {
    "SLACK_BOT_TOKEN": "xoxb-real",
    "SLACK_SIGNING_SECRET": "real",
    "VONAGE_BASE_URL": "https://api.vonage.invalid",
    "HOST": "0.0.0.0",
    "DATA_DIR": "data-of-the-machine",
}


@asynccontextmanager
async def demo_page(
    *arguments: str, **environment: str
) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """Run the demo's page, up to where it prints its address; yield address and process."""
    started = start_demo(
        arguments, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, **environment
    )
    async with asyncio.timeout(30), started as process:
        assert process.stdout
        async for line in process.stdout:
            if match := re.search(rb"http://127[.]0[.]0[.]1:[0-9]+", line):
                yield match[0].decode(), process
                return
        pytest.fail("the demo printed no address")


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
async def test_page_ignores_settings_and_leaves_no_files(ending, tmp_path):
    """The page needs no settings, reads none, and removes its files at a signal."""
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-real\nLOG_LEVEL=nonsense\n")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    async with demo_page("--port", "0", TMPDIR=str(scratch), **REAL_SETTINGS) as (url, process):
        async with httpx.AsyncClient(trust_env=False) as http:
            assert "Ext playground" in (await http.get(url)).text
            message = {"user": "U0JOHN", "channel": "C0GENERAL", "text": "/ext 789"}
            response = await http.post(f"{url}/api/send", json=message, headers={"Origin": url})
            assert response.json() == {}
        assert [path.name.startswith("ext-demo-") for path in scratch.iterdir()] == [True]
        process.send_signal(ending)
        out, _ = await process.communicate()
        assert process.returncode == 0
    assert out.decode().endswith("\nBye.\n")
    assert "Traceback" not in out.decode()
    assert [path.name for path in tmp_path.iterdir()] == [".env", "scratch"]
    assert list(scratch.iterdir()) == []


async def test_requested_port_in_use_is_reported():
    """With `--port`, a port in use is an error that names it; the exit code is 1."""
    async with demo_page("--port", "0") as (url, _):
        port = url.rpartition(":")[2]
        pipe = asyncio.subprocess.PIPE
        async with start_demo(("--port", port), stdin=pipe, stdout=pipe) as second:
            out, _ = await second.communicate()
            assert second.returncode == 1
    message, _, _ = demo_command.PORT_TAKEN.partition("{reason}")
    assert message.format(port=port) in out.decode()


async def test_second_demo_takes_a_free_port():
    """Without `--port`, two demos run side by side."""
    async with demo_page() as (first, _), demo_page() as (second, _):
        assert first != second


@pytest.mark.parametrize(
    ("is_terminal", "display", "opened"),
    [(True, ":0", True), (True, "", False), (False, ":0", False)],
)
def test_browser_opens_only_at_a_terminal_with_a_display(monkeypatch, is_terminal, display, opened):
    """The demo opens a browser only for a person at a screen; a browser that fails is ignored."""
    was_called = threading.Event()

    def failing_open(url: str) -> bool:
        was_called.set()
        raise OSError(url)

    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr("webbrowser.open", failing_open)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("sys.stdout.isatty", lambda: is_terminal, raising=False)
    demo_command._open_browser("http://127.0.0.1:1")
    assert was_called.wait(2 if opened else 0.1) is opened


async def test_serve_has_no_playground():
    """`serve` answers none of the playground's paths and imports nothing of the sandbox."""
    async with run_serve() as bot:
        for path in ("/", "/page/main.js", "/api/stream?user=U0JOHN", "/_sandbox/faults"):
            assert (await bot.get(path)).status_code == 404
        response = await bot.http.post(f"{bot.url}/api/send", json={})
        assert response.status_code in (404, 405, 413)
    code = (
        "import sys, bot.cli.serve; print([m for m in sys.modules if m.startswith('bot.sandbox')])"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", code), cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert out == b"[]\n"
