"""Changes are recorded once, by a reading or a live answer, and kept for thirty days."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot import limits
from bot.directory.store.history import is_reported
from bot.models import Change, ChangeList, Did, Extension, Handset, User
from tests.directory.fake_vonage import FakeVonage, Row, RunningDirectory, api_row, run_directory
from tests.simulated_time import run

DAY = 86_400.0
ANN = Extension("101", User("Ann", "Lee", "ann@example.com", "alee"), (Did("14155550101", "x"),))


async def changes(running: RunningDirectory, page: int = 1) -> ChangeList:
    """Return a page of the changes."""
    found = await running.find(f"changes page {page}" if page > 1 else "changes")
    assert isinstance(found, ChangeList)
    return found


def numbers_of(found: Change) -> tuple[str, str]:
    """Return the numbers before and after a change."""
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
def test_is_reported_for_number_location_and_user_only(now, news):
    """Number, direct numbers, location and user are reported; the settings of a phone are not."""
    assert is_reported(ANN, now) is news
    assert is_reported(now, ANN) is news


def test_new_reading_records_added_removed_and_changed(tmp_path):
    """Somebody with another number has moved, and did not leave and join."""

    async def scenario() -> None:
        vonage = FakeVonage([api_row(each) for each in range(100, 140)])
        async with run_directory(vonage, tmp_path) as running:
            await running.wait_for_copy()
            assert (await changes(running)).total == 0
            vonage.rows[0]["dnd_enabled"] = True
            vonage.rows[1]["location_id"] = 7
            del vonage.rows[2]
            vonage.rows.append(api_row(150))
            vonage.rows[5] |= {"extension_number": "999"}
            moved = vonage.rows[5]["user"]["email"]
            await asyncio.sleep(1000)
            found = await changes(running)
            pairs = {numbers_of(each) for each in found.changes}
            assert pairs == {("101", "101"), ("102", ""), ("", "150"), ("106", "999")}
            assert all(
                each.now.user.email == moved  # type: ignore[union-attr]
                for each in found.changes
                if numbers_of(each) == ("106", "999")
            )
            await asyncio.sleep(3000)
            assert await changes(running) == found

    run(scenario())


def test_change_seen_by_refresh_is_recorded_once(tmp_path):
    """Neither the reading under way nor the next one records it again."""

    async def scenario() -> None:
        vonage = FakeVonage([api_row(1000 + each) for each in range(500)])
        async with run_directory(vonage, tmp_path, requests_per_minute=6) as running:
            await running.wait_for_copy()
            await asyncio.sleep(800)
            while running.directory.status().sync_progress is None:  # noqa: ASYNC110 - simulated time
                await asyncio.sleep(0.5)
            vonage.rows[0] = api_row(1000, location_id=7)
            vonage.rows[499] = api_row(1499, location_id=7)
            await running.find("1000", refresh=True, timeout_s=60)
            await running.find("1499", refresh=True, timeout_s=60)
            assert (await changes(running)).total == 2
            await asyncio.sleep(3000)
            assert sorted(map(numbers_of, (await changes(running)).changes)) == [
                ("1000", "1000"),
                ("1499", "1499"),
            ]

    run(scenario())


def test_changes_are_kept_thirty_days_over_restarts(tmp_path):
    """Older changes are deleted, the others come newest first."""

    async def scenario() -> None:
        vonage = FakeVonage([api_row(each) for each in range(100, 140)])
        for day in range(40):
            async with run_directory(vonage, tmp_path) as running:
                await running.wait_for_copy()
                await asyncio.sleep(1000)
                vonage.rows.append(api_row(200 + day))
                await asyncio.sleep(1000)
            await asyncio.sleep(DAY - 2000)
        async with run_directory(vonage, tmp_path) as running:
            found = await changes(running)
            assert found.total in (limits.HISTORY_DAYS - 1, limits.HISTORY_DAYS)
            pages = [await changes(running, page) for page in range(1, found.pages + 1)]
            numbers = [numbers_of(each)[1] for page in pages for each in page.changes]
            assert numbers == [str(200 + day) for day in range(39, 39 - found.total, -1)]

    run(scenario())


def test_room_with_new_number_has_left_and_joined(tmp_path):
    """A room has no email or login by which it could be recognized."""

    async def scenario() -> None:
        room: Row = api_row(300, user=None)
        vonage = FakeVonage([*(api_row(each) for each in range(100, 140)), room])
        async with run_directory(vonage, tmp_path) as running:
            await running.wait_for_copy()
            room["extension_number"] = "301"
            await asyncio.sleep(1000)
            assert sorted(map(numbers_of, (await changes(running)).changes)) == [
                ("", "301"),
                ("300", ""),
            ]

    run(scenario())
