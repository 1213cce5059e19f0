"""One browser for all tests of the page, and a new playground for each."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.page.visiting import Playground, find_chromium, launch_chromium, run_playground


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Debian's browser; `.ci/run` installs it."""
    if find_chromium() is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    async with launch_chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def playground() -> AsyncIterator[Playground]:
    """A new playground."""
    async with run_playground() as running:
        yield running
