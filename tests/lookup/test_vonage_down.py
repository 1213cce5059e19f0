"""Without a copy and without Vonage: what people are promised, and that it's kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bot import limits
from bot.cards import not_found, source_errors
from bot.lookup.request import Answer, AnswerOptions, Outcome, Request
from bot.lookup.service import Lookup
from bot.slack.people import Asker
from tests.directory.fake_vonage import FakeVonage, api_row, name_of, run_directory
from tests.simulated_time import run, wall_clock

ASKER = Asker("U0ASKER", "T0EXT", "C0GENERAL")
DOWN = (
    "Vonage isn't answering, so I can't read the directory yet. "
    "I'll answer when it's back (for up to 30 minutes)."
)
NAME = f"{name_of(105)} Van{name_of(105)}"
LINES = [NAME, "105", "+14150000105", f"{name_of(105).lower()}@example.com", "login105"]
BROWSING = ["list", "list dnd:off", "locations", "location holmdel", "export", "audit", "changes"]
SLACK_LIMIT_S = 30 * 60.0


class Account:
    """A lookup in an account whose Vonage refuses every call, until a test mends it."""

    def __init__(self, lookup: Lookup, vonage: FakeVonage) -> None:
        self.lookup = lookup
        self.vonage = vonage

    def parse(self, line: str, *, can_follow_up: bool = True) -> Request:
        """Return a line as a request."""
        return self.lookup.parse(line, ASKER, AnswerOptions(can_follow_up=can_follow_up))

    async def ask(self, *requests: Request) -> Answer:
        """Return the answer to requests of one message."""
        deadline = asyncio.get_running_loop().time() + limits.ANSWER_LIMIT_S
        return await self.lookup.answer_all(requests, deadline=deadline)

    def mend(self) -> None:
        """Let Vonage answer again."""
        self.vonage.refuse = lambda path: None


@asynccontextmanager
async def account_refusing(data_dir: Path, response: httpx.Response) -> AsyncIterator[Account]:
    """Open an account whose Vonage gives one response to every call, a few seconds after start."""
    vonage = FakeVonage([api_row(each) for each in range(100, 130)])
    vonage.refuse = lambda path: response
    async with run_directory(vonage, data_dir) as running:
        await asyncio.sleep(5)
        yield Account(Lookup(running.directory, region="US", clock=wall_clock), vonage)


@pytest.mark.parametrize("line", [*LINES, *BROWSING])
def test_query_while_vonage_is_down_promises_an_answer_that_comes(tmp_path, line):
    """A name is answered as a number is, and so is everything else."""

    async def scenario() -> None:
        async with account_refusing(tmp_path, httpx.Response(500)) as account:
            request = account.parse(line)
            answer = await account.ask(request)
            assert answer.message.text == DOWN
            assert answer.outcome is Outcome.FAILED
            later = asyncio.create_task(account.lookup.answer_when_ready(answer, [request]))
            await asyncio.sleep(20 * 60)
            assert not later.done()
            account.mend()
            async with asyncio.timeout(60):
                found = await later
            assert found.outcome in (Outcome.FOUND, Outcome.INFO)
            assert not found.awaits

    run(scenario())


@pytest.mark.parametrize("line", [*LINES, "list"])
def test_promise_that_cannot_be_kept_is_called_off_while_slack_accepts_it(tmp_path, line):
    """After half an hour people read that Vonage is still down, and what they asked."""

    async def scenario() -> None:
        async with account_refusing(tmp_path, httpx.Response(500)) as account:
            asked_at, request = asyncio.get_running_loop().time(), account.parse(line)
            answer = await account.ask(request)
            last = await account.lookup.answer_when_ready(answer, [request])
            assert asyncio.get_running_loop().time() - asked_at < SLACK_LIMIT_S
            assert last.message.text.startswith("Vonage isn't answering")
            assert not_found.ASK_AGAIN.format(query=line, when="later") in last.message.text
            assert "I'll answer" not in last.message.text
            assert not last.awaits

    run(scenario())


def test_queries_of_one_message_are_answered_together_when_vonage_is_back(tmp_path):
    """One promise for all, and one answer with all of them."""

    async def scenario() -> None:
        async with account_refusing(tmp_path, httpx.Response(500)) as account:
            requests = [account.parse("106"), account.parse(NAME)]
            answer = await account.ask(*requests)
            assert answer.message.text == DOWN
            later = asyncio.create_task(account.lookup.answer_when_ready(answer, requests))
            await asyncio.sleep(60)
            account.mend()
            found = await later
            assert name_of(105) in found.message.text
            assert name_of(106) in found.message.text

    run(scenario())


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(
    ("response", "sentence"),
    [
        (httpx.Response(401), source_errors.NOT_AUTHORIZED),
        (httpx.Response(403), source_errors.FORBIDDEN),
    ],
    ids=["token refused", "forbidden"],
)
def test_refusal_that_stays_is_named_and_nothing_is_promised(tmp_path, line, response, sentence):
    """Waiting doesn't help, so people read whom to tell."""

    async def scenario() -> None:
        async with account_refusing(tmp_path, response) as account:
            answer = await account.ask(account.parse(line))
            assert answer.message.text.startswith(sentence)
            assert source_errors.ask_for_doctor().replace("`", "") in answer.message.text
            assert "I'll answer" not in answer.message.text
            assert not answer.awaits

    run(scenario())


@pytest.mark.parametrize("line", LINES)
def test_used_up_quota_promises_an_answer_that_comes(tmp_path, line):
    """Over quota isn't down: the answer comes when calls are left again."""

    async def scenario() -> None:
        refusal = httpx.Response(429, headers={"Retry-After": "40"})
        async with account_refusing(tmp_path, refusal) as account:
            request = account.parse(line)
            answer = await account.ask(request)
            assert answer.message.text.startswith(source_errors.OVER_QUOTA.rstrip("."))
            assert answer.message.text.endswith(not_found.WILL_ANSWER_WHEN_I_CAN)
            account.mend()
            found = await account.lookup.answer_when_ready(answer, [request])
            assert found.outcome is Outcome.FOUND

    run(scenario())


@pytest.mark.parametrize("line", [*LINES, "list"])
def test_nothing_is_promised_where_no_later_answer_can_be_delivered(tmp_path, line):
    """A button in an old message can't be answered later."""

    async def scenario() -> None:
        async with account_refusing(tmp_path, httpx.Response(500)) as account:
            answer = await account.ask(account.parse(line, can_follow_up=False))
            assert answer.message.text.startswith("Vonage isn't answering")
            assert "I'll answer" not in answer.message.text
            assert not answer.awaits

    run(scenario())
