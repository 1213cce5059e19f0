"""Drives the page in a browser, as a person at the playground does."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, async_playwright, expect

from bot.cli.demo_env import open_demo_env
from bot.sandbox.company.sizes import CompanySize
from bot.sandbox.playground.app import create_playground
from bot.sandbox.playground.demo_env import DemoEnv
from bot.sandbox.server import serving

OUTPUT = Path(__file__).parents[1] / "output"
DESKTOP, PHONE = (1280, 800), (375, 740)
REFLOW = (320, 256)  # 1280 × 1024 zoomed to 400 %: WCAG 2.2, success criterion 1.4.10
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
EXPECT_TIMEOUT_MS = 15_000

expect.set_options(timeout=EXPECT_TIMEOUT_MS)


@dataclass
class Playground:
    """A running playground: its address and its parts."""

    url: str
    demo_env: DemoEnv


@asynccontextmanager
async def run_playground(size: CompanySize | None = None) -> AsyncIterator[Playground]:
    """Run everything that `demo` runs."""
    async with open_demo_env(size) as demo_env, serving(create_playground(demo_env)) as url:
        yield Playground(url, demo_env)


def find_chromium() -> str | None:
    """The path of this machine's Chromium, if it has one."""
    return shutil.which("chromium")


@asynccontextmanager
async def launch_chromium() -> AsyncIterator[Browser]:
    """Start Chromium without a window."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=find_chromium(), args=list(FLAGS)
        )
        try:
            yield started
        finally:
            await started.close()


@asynccontextmanager
async def visit(
    chromium: Browser,
    playground: Playground,
    *,
    size: tuple[int, int] = DESKTOP,
    scheme: str = "light",
    input_method: str = "mouse",
    scale: float = 1,
) -> AsyncIterator[Visitor]:
    """Open the page. At the end the page must have had no error and no foreign request."""
    context = await chromium.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=scale,
        has_touch=size == PHONE,
        timezone_id="America/New_York",
        locale="en-US",
    )
    page = await context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: _note_error(message, problems))
    page.on("request", lambda request: _note_foreign(request.url, playground.url, problems))
    try:
        await page.goto(playground.url)
        visitor = Visitor(page, playground, input_method)
        await expect(visitor.box).to_be_visible()
        await expect(page.get_by_role("heading", name="Welcome to #general")).to_be_attached()
        yield visitor
        assert problems == []
    finally:
        await context.close()


def _note_error(message: ConsoleMessage, problems: list[str]) -> None:
    # Refused actions (400) and a stopped server, which tests cause on purpose, are logged too.
    if message.type == "error" and "400" not in message.text and "net::" not in message.text:
        problems.append(message.text)


def _note_foreign(url: str, own_address: str, problems: list[str]) -> None:
    if not url.startswith(own_address):
        problems.append(f"{url} was loaded")


@dataclass
class Visitor:
    """Uses the page by mouse or by keyboard, as `input_method` says."""

    page: Page
    playground: Playground
    input_method: str = "mouse"

    @property
    def box(self) -> Locator:
        """The message box."""
        return self.page.locator("#write")

    @property
    def messages(self) -> Locator:
        """The messages of the open channel."""
        return self.page.locator("#messages article")

    @property
    def last(self) -> Locator:
        """The latest message."""
        return self.messages.last

    @property
    def replies(self) -> Locator:
        """The messages of the open thread."""
        return self.page.locator("#replies article")

    @property
    def inspector(self) -> Locator:
        """The inspector."""
        return self.page.locator("#inspector")

    async def send(self, line: str) -> None:
        """Type a line into the message box and send it."""
        if self.input_method == "keyboard":
            await self.box.focus()
            await self.page.keyboard.type(line)
            await self.page.keyboard.press("Enter")
        else:
            await self.box.fill(line)
            await self.page.locator("#compose").get_by_role("button", name="Send").click()

    async def ask(self, line: str) -> Locator:
        """Send a line and wait for one more message, the answer."""
        count = await self.messages.count()
        await self.send(line)
        await expect(self.messages).to_have_count(count + 1)
        return self.last

    async def press(self, target: Locator) -> None:
        """Press a button."""
        if self.input_method == "keyboard":
            await target.focus()
            await self.page.keyboard.press("Enter")
        else:
            await target.click()

    async def sign_in_as(self, label: str) -> None:
        """Sign in as another user, and wait until the page shows what they see."""
        (user_id,) = await self.page.get_by_label("You are").select_option(label=label)
        await expect(self.page).to_have_url(re.compile(f"user={user_id}&"))

    async def toggle_switch(self, name: str) -> None:
        """Turn a switch of the fake Vonage on or off."""
        await self.open_inspector()
        switch = self.inspector.get_by_role("switch", name=name)
        before = await switch.is_checked()
        await self.press(switch)
        await expect(switch).to_be_checked(checked=not before)
        await self.close_inspector()

    async def run_action(self, name: str) -> None:
        """Press one of the buttons under "More to try"."""
        await self.open_inspector()
        button = self.inspector.get_by_role("button", name=name)
        if not await button.is_visible():
            await self.press(self.inspector.get_by_text("More to try"))
        await self.press(button)

    async def open_channel(self, channel: str) -> None:
        """Open another channel."""
        channels = self.page.get_by_role("navigation")
        await self.press(channels.get_by_role("button", name=re.compile(f"^{re.escape(channel)}")))

    async def open_inspector(self) -> None:
        """Open the inspector where it isn't beside the messages already."""
        if not await self.inspector.is_visible():
            await self.press(self.page.get_by_role("button", name="Inspector", exact=True))

    async def close_inspector(self) -> None:
        """Close the inspector where it covers the messages."""
        if (self.page.viewport_size or {"width": 0})["width"] < 1100:
            await self.press(self.page.locator("#close-inspector"))

    async def screenshot(self, name: str, folder: Path = OUTPUT) -> Path:
        """Save a picture of the screen."""
        path = folder / f"{name}.png"
        await self.page.screenshot(path=path)
        return path
