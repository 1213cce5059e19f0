"""How many files of bot/ one request runs through: what somebody has to read to follow it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.running_bot import running_bot

BOT = Path(__file__).parents[1] / "bot"


@contextmanager
def recorded_files() -> Iterator[set[str]]:
    """Collect the files of bot/, without the sandbox's, in which a function is called."""
    files: set[str] = set()

    def record(frame: FrameType, event: str, _: Any) -> None:
        path = Path(frame.f_code.co_filename)
        if event == "call" and path.is_relative_to(BOT):
            files.add(str(path.relative_to(BOT)))

    sys.setprofile(record)
    try:
        yield files
    finally:
        sys.setprofile(None)
        files -= {name for name in files if name.startswith("sandbox/")}


@pytest.mark.parametrize(
    ("text", "earlier", "max_files"),
    [
        pytest.param("789", ("789", "789"), 12, id="cached card"),
        pytest.param("789", (), 20, id="from the copy of the directory"),
        pytest.param("mary o'brien", (), 30, id="from the search index"),
    ],
)
async def test_request_runs_through_few_files(text, earlier, max_files):
    """Each further file is one more that a reader has to open; the message lists them all."""
    async with running_bot() as bot:
        for other in ("790", "john smith", "790", *earlier):
            await bot.ext(other)
        await asyncio.sleep(1)  # until background work of those lookups has ended
        with recorded_files() as files:
            await bot.ext(text)
    assert len(files) <= max_files, "\n".join(sorted(files))
