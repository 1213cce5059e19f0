"""One browser and one playground for all tests of the page: each visit begins anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.page import visitor
from tests.page.visitor import Place


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Go by the real clock, as the browser does."""
    return {"real": asyncio.new_event_loop}


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Debian's browser; `.ci/run` installs it."""
    if visitor.chromium() is None:
        pytest.skip("Chromium is not installed (apt-get install chromium)")
    async with visitor.browser() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def place() -> AsyncIterator[Place]:
    """A playground where nobody has been."""
    async with visitor.playground() as running:
        yield running
