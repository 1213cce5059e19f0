"""Somebody at the playground: what they do on the page, and what they see there."""

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
PATIENCE = 15_000  # milliseconds

expect.set_options(timeout=PATIENCE)


@dataclass
class Place:
    """A playground that runs: its address, and what stands behind it."""

    url: str
    demo_env: DemoEnv


@asynccontextmanager
async def playground(size: CompanySize | None = None) -> AsyncIterator[Place]:
    """Run everything that `demo` runs."""
    async with open_demo_env(size) as demo_env, serving(create_playground(demo_env)) as url:
        yield Place(url, demo_env)


def chromium() -> str | None:
    """The browser of this machine, if it has one."""
    return shutil.which("chromium")


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """Start Chromium, without a window."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        try:
            yield started
        finally:
            await started.close()


@asynccontextmanager
async def visiting(
    chromium: Browser,
    place: Place,
    *,
    size: tuple[int, int] = DESKTOP,
    scheme: str = "light",
    by: str = "mouse",
    scale: float = 1,
) -> AsyncIterator[Visitor]:
    """Open the page; at the end nothing may have gone wrong in it."""
    context = await chromium.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        device_scale_factor=scale,
        has_touch=size == PHONE,
        timezone_id="America/New_York",
        locale="en-US",
    )
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda said: _note(said, wrong))
    page.on("request", lambda asked: _stays_here(asked.url, place.url, wrong))
    try:
        await page.goto(place.url)
        visitor = Visitor(page, place, by)
        await expect(visitor.box).to_be_visible()
        await expect(page.get_by_role("heading", name="Welcome to #general")).to_be_attached()
        yield visitor
        assert wrong == []
    finally:
        await context.close()


def _note(said: ConsoleMessage, wrong: list[str]) -> None:
    # The browser logs what is refused in words, and a server that has ended: no faults of a page.
    if said.type == "error" and "400" not in said.text and "net::" not in said.text:
        wrong.append(said.text)


def _stays_here(url: str, home: str, wrong: list[str]) -> None:
    if not url.startswith(home):
        wrong.append(f"{url} was loaded")


@dataclass
class Visitor:
    """Does things by mouse or by keyboard, whichever `by` says."""

    page: Page
    place: Place
    by: str = "mouse"

    @property
    def box(self) -> Locator:
        """The message box."""
        return self.page.locator("#write")

    @property
    def messages(self) -> Locator:
        """The messages of the open room."""
        return self.page.locator("#messages article")

    @property
    def last(self) -> Locator:
        """The latest of them."""
        return self.messages.last

    @property
    def replies(self) -> Locator:
        """The messages of the open thread."""
        return self.page.locator("#replies article")

    @property
    def inspector(self) -> Locator:
        """The panel for the curious."""
        return self.page.locator("#inspector")

    async def say(self, line: str) -> None:
        """Type a line into the message box and send it."""
        if self.by == "keyboard":
            await self.box.focus()
            await self.page.keyboard.type(line)
            await self.page.keyboard.press("Enter")
        else:
            await self.box.fill(line)
            await self.page.locator("#compose").get_by_role("button", name="Send").click()

    async def asks(self, line: str) -> Locator:
        """Say something that is answered for oneself, and wait for the answer."""
        count = await self.messages.count()
        await self.say(line)
        await expect(self.messages).to_have_count(count + 1)
        return self.last

    async def press(self, target: Locator) -> None:
        """Press a button."""
        if self.by == "keyboard":
            await target.focus()
            await self.page.keyboard.press("Enter")
        else:
            await target.click()

    async def becomes(self, who: str) -> None:
        """Become somebody else, and wait until the page shows what they see."""
        (user_id,) = await self.page.get_by_label("You are").select_option(label=who)
        await expect(self.page).to_have_url(re.compile(f"user={user_id}&"))

    async def turns(self, name: str) -> None:
        """Turn a switch of the invented Vonage, on or off."""
        await self.opens_the_inspector()
        switch = self.inspector.get_by_role("switch", name=name)
        before = await switch.is_checked()
        await self.press(switch)
        await expect(switch).to_be_checked(checked=not before)
        await self.closes_the_inspector()

    async def has_done(self, name: str) -> None:
        """Press one of the buttons of what else there is to try."""
        await self.opens_the_inspector()
        deed = self.inspector.get_by_role("button", name=name)
        if not await deed.is_visible():
            await self.press(self.inspector.get_by_text("More to try"))
        await self.press(deed)

    async def goes_to(self, room: str) -> None:
        """Open another room."""
        rooms = self.page.get_by_role("navigation")
        await self.press(rooms.get_by_role("button", name=re.compile(f"^{re.escape(room)}")))

    async def opens_the_inspector(self) -> None:
        """Open the panel, where there is no room for it beside the messages."""
        if not await self.inspector.is_visible():
            await self.press(self.page.get_by_role("button", name="Inspector", exact=True))

    async def closes_the_inspector(self) -> None:
        """Close the panel where it covers the messages."""
        if (self.page.viewport_size or {"width": 0})["width"] < 1100:
            await self.press(self.page.locator("#close-inspector"))

    async def picture(self, name: str, folder: Path = OUTPUT) -> Path:
        """Keep what is on the screen."""
        path = folder / f"{name}.png"
        await self.page.screenshot(path=path)
        return path
