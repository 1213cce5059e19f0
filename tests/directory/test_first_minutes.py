"""The first minutes after a deploy to a machine with nothing on its disk."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from bot.errors import SourceError
from bot.models import Match, NotReady
from bot.query import parse
from tests.directory.invented import Opened, Vonage, name, opened, row
from tests.directory.simulated_time import run

PEOPLE, QUOTA = 3000, 10
MINUTES = 10
FIRST = 10_000  # the lowest extension


def account() -> Vonage:
    """An account of 3,000 extensions: thirty pages."""
    return Vonage([row(FIRST + each) for each in range(PEOPLE)])


def page_of(number: int) -> int:
    """The page that holds an extension."""
    return (number - FIRST) // 100 + 1


async def page_landed(it: Opened, page: int) -> float:
    """Wait until a page has been read; return when that was, by the loop."""
    reading = it.directory.status().sync_progress
    while not it.directory.has_copy and (reading is None or reading.page < page):
        await asyncio.sleep(0.05)
        reading = it.directory.status().sync_progress
    return asyncio.get_running_loop().time()


async def asks_at_once(it: Opened, at: float, text: str, number: int) -> float:
    """Ask at some time for what must be answered at once; return how long that took."""
    loop = asyncio.get_running_loop()
    await asyncio.sleep(at)
    begun = loop.time()
    found = await it.find(text)
    assert isinstance(found, Match), (text, found)
    assert found.extension.number == str(number)
    return loop.time() - begun


async def asks_a_name(it: Opened, at: float, number: int) -> float | None:
    """Ask for a name; return how long after its page had landed it was answered.

    Nothing where it had landed already.
    """
    loop = asyncio.get_running_loop()
    await asyncio.sleep(at)
    text = f"{name(number)} Van{name(number)}"
    found = await it.find(text)
    if isinstance(found, NotReady):
        assert page_of(number) > (found.sync_progress.page if found.sync_progress else 0)
        landed = asyncio.create_task(page_landed(it, page_of(number)))
        found = await it.directory.find_when_ready(parse(text))  # type: ignore[arg-type]
        answered = loop.time()
        assert isinstance(found, Match), found
        assert found.extension.number == str(number)
        return answered - await landed
    assert isinstance(found, Match)
    assert found.extension.number == str(number)
    return None


def test_people_ask_while_the_directory_is_read_for_the_first_time(tmp_path):
    """Marks are answered within 3 s, names when their page lands, and the quota is never passed."""

    async def story() -> None:
        vonage = account()
        async with opened(vonage, tmp_path, limit=QUOTA) as it, asyncio.TaskGroup() as people:
            marks = []
            for each in range(4 * MINUTES):  # four people a minute
                number = FIRST + (each * 997 + 13) % PEOPLE
                texts = (
                    f"{number}",
                    f"+1415{number:07}",
                    f"{name(number).lower()}@example.com",
                    f"login{number}",
                )
                asked = asks_at_once(it, 1.0 + each * 15, texts[each % 4], number)
                marks.append(people.create_task(asked))
            names = [
                people.create_task(asks_a_name(it, 0.5 + each * 9, FIRST + each * 149 % PEOPLE))
                for each in range(40)
            ]
        assert max(each.result() for each in marks) < 3.0
        waited = [late for each in names if (late := each.result()) is not None]
        assert len(waited) > 10
        assert max(waited) < 0.5
        assert vonage.most_in_a_minute() <= QUOTA

    run(story())


def test_a_hidden_login_finds_nobody_during_the_first_reading(tmp_path):
    """Vonage is not asked for a login name on behalf of somebody who must not see logins."""

    async def story() -> None:
        async with opened(account(), tmp_path, limit=QUOTA) as it:
            query = parse(f"login{FIRST + PEOPLE - 1}")
            for excluded_fields, kind in ((frozenset({"login"}), NotReady), (frozenset(), Match)):
                deadline = asyncio.get_running_loop().time() + 2.0
                found = await it.directory.find(
                    query,  # type: ignore[arg-type]
                    deadline=deadline,
                    excluded_fields=excluded_fields,
                )
                assert isinstance(found, kind), found

    run(story())


def test_the_first_reading_is_not_held_up_by_those_who_ask(tmp_path):
    """With people at the quota all the time, all pages come within ten minutes."""

    async def story() -> None:
        vonage = account()
        async with opened(vonage, tmp_path, limit=QUOTA) as it:

            async def crowd() -> None:
                for each in range(1_000):
                    with suppress(SourceError):
                        await it.find(f"{FIRST + each}")
                    await asyncio.sleep(0.5)

            it.tasks.start(crowd(), name="crowd", background=True)
            async with asyncio.timeout(MINUTES * 60):
                await it.whole()
            assert it.directory.status().extensions == PEOPLE
            assert vonage.most_in_a_minute() <= QUOTA

    run(story())


def test_a_restart_gets_no_new_allowance(tmp_path):
    """Ext that is restarted again and again in the first minutes stays within the quota."""

    async def story() -> None:
        vonage = account()
        for _ in range(6):
            async with opened(vonage, tmp_path, limit=QUOTA) as it:
                with suppress(SourceError):
                    await it.find(f"{FIRST + 7}")
                await asyncio.sleep(25)
        assert len(vonage.calls) > QUOTA
        assert vonage.most_in_a_minute() <= QUOTA

    run(story())
