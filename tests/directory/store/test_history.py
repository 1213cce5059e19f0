"""What changed: noticed once, by whatever noticed it first, and remembered for thirty days."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot import limits
from bot.directory.store.history import is_reported
from bot.models import Change, ChangeList, Did, Extension, Handset, User
from tests.directory.invented import Opened, Row, Vonage, opened, row
from tests.directory.simulated_time import run

DAY = 86_400.0
ANN = Extension("101", User("Ann", "Lee", "ann@example.com", "alee"), (Did("14155550101", "x"),))


async def changes(it: Opened, page: int = 1) -> ChangeList:
    """What changed lately."""
    found = await it.find(f"changes page {page}" if page > 1 else "changes")
    assert isinstance(found, ChangeList)
    return found


def told(found: Change) -> tuple[str, str]:
    """The numbers before and after."""
    return (found.was.number if found.was else "", found.now.number if found.now else "")


@pytest.mark.parametrize(
    ("now", "news"),
    [
        (ANN, False),
        (None, True),
        (replace(ANN, dnd_enabled=True), False),
        (replace(ANN, caller_id="another"), False),
        (replace(ANN, handsets=(Handset("desk"),)), False),
        (replace(ANN, dids=(Did("14155550101", "another tag"),)), False),
        (replace(ANN, dids=()), True),
        (replace(ANN, location_id="2"), True),
        (replace(ANN, user=User("Ann", "Cox", "ann@example.com", "alee")), True),
        (replace(ANN, user=None), True),
    ],
)
def test_news_is_what_people_are_told_of(now, news):
    """Number, direct numbers, location and user; not what a phone is set to."""
    assert is_reported(ANN, now) is news
    assert is_reported(now, ANN) is news


def test_each_swap_yields_what_was_added_removed_and_changed(tmp_path):
    """Somebody with another number has moved, and did not leave and join."""

    async def story() -> None:
        vonage = Vonage([row(each) for each in range(100, 140)])
        async with opened(vonage, tmp_path) as it:
            await it.whole()
            assert (await changes(it)).total == 0
            vonage.rows[0]["dnd_enabled"] = True
            vonage.rows[1]["location_id"] = 7
            del vonage.rows[2]
            vonage.rows.append(row(150))
            vonage.rows[5] |= {"extension_number": "999"}
            moved = vonage.rows[5]["user"]["email"]
            await asyncio.sleep(1000)
            found = await changes(it)
            pairs = {told(each) for each in found.changes}
            assert pairs == {("101", "101"), ("102", ""), ("", "150"), ("106", "999")}
            assert all(
                each.now.user.email == moved  # type: ignore[union-attr]
                for each in found.changes
                if told(each) == ("106", "999")
            )
            await asyncio.sleep(3000)
            assert await changes(it) == found

    run(story())


def test_what_a_refresh_notices_is_told_once(tmp_path):
    """Neither the next reading nor the one that was under way tells it again."""

    async def story() -> None:
        vonage = Vonage([row(1000 + each) for each in range(500)])
        async with opened(vonage, tmp_path, limit=6) as it:
            await it.whole()
            await asyncio.sleep(800)
            while it.directory.status().sync_progress is None:  # noqa: ASYNC110 - its time is wound
                await asyncio.sleep(0.5)
            vonage.rows[0] = row(1000, dids=[])
            vonage.rows[499] = row(1499, dids=[])
            await it.find("1000", anew=True, seconds=60)
            await it.find("1499", anew=True, seconds=60)
            assert (await changes(it)).total == 2
            await asyncio.sleep(3000)
            assert sorted(map(told, (await changes(it)).changes)) == [
                ("1000", "1000"),
                ("1499", "1499"),
            ]

    run(story())


def test_thirty_days_are_kept_newest_first_over_restarts(tmp_path):
    """What is older goes; nothing else does."""

    async def story() -> None:
        vonage = Vonage([row(each) for each in range(100, 140)])
        for day in range(40):
            async with opened(vonage, tmp_path) as it:
                await it.whole()
                await asyncio.sleep(1000)
                vonage.rows.append(row(200 + day))
                await asyncio.sleep(1000)
            await asyncio.sleep(DAY - 2000)
        async with opened(vonage, tmp_path) as it:
            found = await changes(it)
            assert found.total in (limits.HISTORY_DAYS - 1, limits.HISTORY_DAYS)
            pages = [await changes(it, page) for page in range(1, found.pages + 1)]
            numbers = [told(each)[1] for page in pages for each in page.changes]
            assert numbers == [str(200 + day) for day in range(39, 39 - found.total, -1)]

    run(story())


def test_a_person_without_any_mark_has_left_and_joined(tmp_path):
    """Rooms have no email or login by which they could be known again."""

    async def story() -> None:
        room: Row = row(300, user=None)
        vonage = Vonage([*(row(each) for each in range(100, 140)), room])
        async with opened(vonage, tmp_path) as it:
            await it.whole()
            room["extension_number"] = "301"
            await asyncio.sleep(1000)
            assert sorted(map(told, (await changes(it)).changes)) == [("", "301"), ("300", "")]

    run(story())
