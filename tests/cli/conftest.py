"""Commands run as processes, which go by the real clock."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


def pytest_asyncio_loop_factories() -> dict[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Go by the real clock, as the processes do."""
    return {"real": asyncio.new_event_loop}
