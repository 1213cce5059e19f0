"""One browser for all tests of the page, and a new playground for each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.page.visiting import Playground, find_chromium, launch_chromium, run_playground


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Go by the real clock, as the browser does."""
    return {"real": asyncio.new_event_loop}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Debian's browser; `.ci/run` installs it."""
    if find_chromium() is None:
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    async with launch_chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def playground() -> AsyncIterator[Playground]:
    """A new playground."""
    async with run_playground() as running:
        yield running
