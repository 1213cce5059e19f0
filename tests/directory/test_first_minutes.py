"""The first minutes after a deploy to an empty disk: answers, waits and quota."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bot.errors import SourceError
from bot.models import Match, NotReady
from bot.query import parse
from tests.directory.fake_vonage import (
    FakeVonage,
    RunningDirectory,
    api_row,
    name_of,
    run_directory,
)
from tests.simulated_time import run

PEOPLE, QUOTA = 3000, 10
MINUTES = 10
FIRST = 10_000  # the lowest extension


def account() -> FakeVonage:
    """An account of 3,000 extensions: thirty pages."""
    return FakeVonage([api_row(FIRST + each) for each in range(PEOPLE)])


def page_of(number: int) -> int:
    """Return the number of the page with an extension."""
    return (number - FIRST) // 100 + 1


async def wait_for_page(running: RunningDirectory, page: int) -> float:
    """Wait until a page has been read; return when that was, in the loop's time."""
    reading = running.directory.status().sync_progress
    while not running.directory.has_copy and (reading is None or reading.page < page):
        await asyncio.sleep(0.05)
        reading = running.directory.status().sync_progress
    return asyncio.get_running_loop().time()


async def ask_and_expect_match(
    running: RunningDirectory, at: float, text: str, number: int
) -> float:
    """Ask at a time for what must be found; return the seconds that it took."""
    loop = asyncio.get_running_loop()
    await asyncio.sleep(at)
    begun = loop.time()
    found = await running.find(text)
    assert isinstance(found, Match), (text, found)
    assert found.extension.number == str(number)
    return loop.time() - begun


async def ask_name_and_wait(running: RunningDirectory, at: float, number: int) -> float | None:
    """Ask for a name; return the seconds from the arrival of its page to the answer.

    `None` if the page had been read already.
    """
    loop = asyncio.get_running_loop()
    await asyncio.sleep(at)
    text = f"{name_of(number)} Van{name_of(number)}"
    found = await running.find(text)
    if isinstance(found, NotReady):
        assert page_of(number) > (found.sync_progress.page if found.sync_progress else 0)
        page_read = asyncio.create_task(wait_for_page(running, page_of(number)))
        found = await running.directory.find_when_ready(parse(text))  # type: ignore[arg-type]
        answered = loop.time()
        assert isinstance(found, Match), found
        assert found.extension.number == str(number)
        return answered - await page_read
    assert isinstance(found, Match)
    assert found.extension.number == str(number)
    return None


def test_queries_during_first_reading_are_answered_in_time(tmp_path):
    """Lookup keys are answered within 3 s, names when their page has come, within the quota."""

    async def scenario() -> None:
        vonage = account()
        async with (
            run_directory(vonage, tmp_path, requests_per_minute=QUOTA) as running,
            asyncio.TaskGroup() as people,
        ):
            lookups = []
            for each in range(4 * MINUTES):  # four people a minute
                number = FIRST + (each * 997 + 13) % PEOPLE
                texts = (
                    f"{number}",
                    f"+1415{number:07}",
                    f"{name_of(number).lower()}@example.com",
                    f"login{number}",
                )
                question = ask_and_expect_match(running, 1.0 + each * 15, texts[each % 4], number)
                lookups.append(people.create_task(question))
            names = [
                people.create_task(
                    ask_name_and_wait(running, 0.5 + each * 9, FIRST + each * 149 % PEOPLE)
                )
                for each in range(40)
            ]
        assert max(each.result() for each in lookups) < 3.0
        waited = [late for each in names if (late := each.result()) is not None]
        assert len(waited) > 10
        assert max(waited) < 0.5
        assert vonage.most_in_a_minute() <= QUOTA

    run(scenario())


def test_login_excluded_for_asker_is_not_looked_up_during_first_reading(tmp_path):
    """Vonage is not asked for a login name on behalf of somebody who must not see logins."""

    async def scenario() -> None:
        async with run_directory(account(), tmp_path, requests_per_minute=QUOTA) as running:
            query = parse(f"login{FIRST + PEOPLE - 1}")
            for excluded_fields, kind in ((frozenset({"login"}), NotReady), (frozenset(), Match)):
                deadline = asyncio.get_running_loop().time() + 2.0
                found = await running.directory.find(
                    query,  # type: ignore[arg-type]
                    deadline=deadline,
                    excluded_fields=excluded_fields,
                )
                assert isinstance(found, kind), found

    run(scenario())


def test_first_reading_is_not_held_up_by_queries(tmp_path):
    """With people at the quota all the time, all pages still come within ten minutes."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, requests_per_minute=QUOTA) as running:

            async def crowd() -> None:
                for each in range(1_000):
                    with suppress(SourceError):
                        await running.find(f"{FIRST + each}")
                    await asyncio.sleep(0.5)

            running.tasks.start(crowd(), name="crowd", background=True)
            async with asyncio.timeout(MINUTES * 60):
                await running.wait_for_copy()
            assert running.directory.status().extensions == PEOPLE
            assert vonage.most_in_a_minute() <= QUOTA

    run(scenario())


def test_restart_gets_no_new_quota(tmp_path):
    """A bot that is restarted again and again stays within the quota."""

    async def scenario() -> None:
        vonage = account()
        for _ in range(6):
            async with run_directory(vonage, tmp_path, requests_per_minute=QUOTA) as running:
                with suppress(SourceError):
                    await running.find(f"{FIRST + 7}")
                await asyncio.sleep(25)
        assert len(vonage.calls) > QUOTA
        assert vonage.most_in_a_minute() <= QUOTA

    run(scenario())
