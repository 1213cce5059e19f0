"""Answers from a copy that is older than it should be say so, and why."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from bot.cards import not_found, source_errors
from bot.cards.moments import LAST_KNOWN
from bot.lookup.service import Lookup
from bot.slack.people import Asker
from tests.directory.fake_vonage import FakeVonage, RunningDirectory, api_row, run_directory
from tests.directory.sync.test_doubtful_lists import document_mock
from tests.simulated_time import wall_clock
from tests.wording import start_of

TOO_OLD_S = 3600.0  # the copy is read every 15 minutes
LAST_ANSWER = start_of(LAST_KNOWN)
OLD_SEARCH = start_of(not_found.SEARCHED_OLD_COPY.removeprefix("{problem} "))


async def text_of(running: RunningDirectory, line: str) -> str:
    """Return the text of the answer to a line."""
    lookup = Lookup(running.directory, region="US", clock=wall_clock)
    deadline = asyncio.get_running_loop().time() + 5
    answer = await lookup.answer(lookup.parse(line, Asker("U1")), deadline=deadline)
    return answer.message.text


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("101", LAST_ANSWER),
        ("list", LAST_ANSWER),
        ("locations", LAST_ANSWER),
        ("zzyzx quorvath", OLD_SEARCH),
        ("list dnd:on", OLD_SEARCH),
        ("list location:Nowhere", OLD_SEARCH),
    ],
    ids=["card", "list", "locations", "nothing found", "empty list", "no location"],
)
async def test_copy_that_is_too_old_says_why(tmp_path, line, expected):
    """A card, a list, the locations and "nothing found" name the failure of the source."""
    vonage = FakeVonage([api_row(100 + index) for index in range(5)])
    async with run_directory(vonage, tmp_path) as running:
        await running.wait_for_copy()
        fresh = await text_of(running, line)
        assert source_errors.UNAVAILABLE not in fresh
        assert expected not in fresh
        vonage.refuse = lambda path: httpx.Response(503, content=b"{}")
        await asyncio.sleep(TOO_OLD_S)
        old = await text_of(running, line)
        assert source_errors.UNAVAILABLE in old
        assert expected in old
        vonage.refuse = lambda path: None
        await asyncio.sleep(TOO_OLD_S)
        assert source_errors.UNAVAILABLE not in await text_of(running, line)


@pytest.mark.parametrize(
    "line",
    ["789", "john smith", "list", "list dnd:on", "list location:Nowhere", "locations", "nobody",
     "789 790", "export", "audit"],
)  # fmt: skip
async def test_answer_from_list_that_contradicts_itself_warns(tmp_path, line):
    """Every answer from the pages that were read says so, in its blocks and in its text."""
    warning = source_errors.INCONSISTENT_LIST
    vonage = FakeVonage([], alter_page=document_mock)
    async with run_directory(vonage, tmp_path) as running:
        async with asyncio.timeout(600):
            while running.directory.status().partial_extensions is None:  # noqa: ASYNC110 - simulated time
                await asyncio.sleep(1)
        lookup = Lookup(running.directory, region="US", clock=wall_clock)
        request = lookup.parse(line, Asker("U1"))
        deadline = asyncio.get_running_loop().time() + 5
        message = (await lookup.answer(request, deadline=deadline)).message
        assert warning in message.text
        assert warning in json.dumps(message.blocks, ensure_ascii=False)
