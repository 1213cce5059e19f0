"""The sync: when it reads, what failures it survives, and what never replaces a snapshot."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from bot import limits
from bot.directory.sync.service import seconds_left
from bot.errors import MustWait, NotAuthorized, SourceError
from bot.models import ChangeList, Listing, Match, Missing
from bot.query import parse
from tests import simulated_time
from tests.directory.fake_vonage import (
    Document,
    FakeVonage,
    RunningDirectory,
    api_row,
    name_of,
    run_directory,
)
from tests.simulated_time import run

EVERY = 900.0


def account(people: int = 250) -> FakeVonage:
    """An account of three pages."""
    return FakeVonage([api_row(100 + each) for each in range(people)])


def reading_starts(vonage: FakeVonage) -> list[float]:
    """Return when each reading started, in the loop's time."""
    return [at for at, path in vonage.calls if "page=1&page_size=100" in path]


async def wait_for_another_reading(vonage: FakeVonage) -> None:
    """Wait until the account has been read once more."""
    before = len(reading_starts(vonage))
    while len(reading_starts(vonage)) == before:  # noqa: ASYNC110 - simulated time
        await asyncio.sleep(1)
    await asyncio.sleep(10)


def extension_count(running: RunningDirectory) -> int | None:
    """Return how many extensions the status reports."""
    return running.directory.status().extensions


def refusal(status: int, body: Document | str, **headers: str) -> httpx.Response:
    """Return a response that refuses a request."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, headers=named, content=json.dumps(body).encode())


def test_sync_reads_every_interval_also_over_restart(tmp_path):
    """The interval varies a little, and continues after a restart."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await running.wait_for_copy()
            await asyncio.sleep(5 * EVERY)
            await wait_for_another_reading(vonage)
            began = reading_starts(vonage)
            between = [after - before for before, after in pairwise(began)]
            assert all(0.89 * EVERY <= each <= 1.11 * EVERY for each in between)
            assert len(set(between)) == len(between)
            status = running.directory.status()
            assert status.next_at is not None
            assert 0 < status.next_at - simulated_time.wall_clock() <= 1.1 * EVERY
        before = len(reading_starts(vonage))
        await asyncio.sleep(1)
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            assert extension_count(running) == 250
            await asyncio.sleep(5)
            assert len(reading_starts(vonage)) == before
            await asyncio.sleep(EVERY)
            assert len(reading_starts(vonage)) == before + 1

    run(scenario())


def test_reading_ends_before_next_one_begins(tmp_path):
    """This also holds if the account is too large for the quota and the interval."""

    async def scenario() -> None:
        vonage = FakeVonage([api_row(10_000 + each) for each in range(1000)])
        async with run_directory(
            vonage, tmp_path, requests_per_minute=4, refresh_every_s=60.0
        ) as running:
            running.directory.status()
            await asyncio.sleep(3600)
            pages = [path for path in vonage.paths if path.startswith("extensions?page=")]
            numbers = [int(path.partition("page=")[2].partition("&")[0]) for path in pages]
            expected = [*range(1, 11)] * (len(numbers) // 10 + 1)
            assert numbers == expected[: len(numbers)]
            assert len(numbers) > 50
            assert vonage.most_in_a_minute() <= 4
            assert extension_count(running) == 1000

    run(scenario())


def test_old_snapshot_answers_at_once_and_is_renewed(tmp_path):
    """A snapshot from last night answers with its age, and is replaced without being asked to."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await running.wait_for_copy()
        await asyncio.sleep(12 * 3600)
        vonage.rows.append(api_row(999))
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            calls = len(vonage.calls)
            found = await running.find("101")
            assert isinstance(found, Match)
            assert simulated_time.wall_clock() - found.read_at > 11 * 3600
            assert len(vonage.calls) == calls
            await asyncio.sleep(5)
            assert extension_count(running) == 251

    run(scenario())


@pytest.mark.parametrize("hours", [1, 24 * 400])
def test_clock_set_back_does_not_stop_sync(tmp_path, hours):
    """While running and over a restart, the account is read as if the clock had gone on."""

    async def scenario() -> None:
        vonage, back = account(), 0.0

        def clock() -> float:
            return simulated_time.wall_clock() - back

        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY, clock=clock) as running:
            await running.wait_for_copy()
            back = hours * 3600.0
            await asyncio.sleep(4 * EVERY)
            assert len(reading_starts(vonage)) >= 4
        back *= 2
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY, clock=clock) as running:
            before = len(reading_starts(vonage))
            await asyncio.sleep(2.3 * EVERY)
            assert len(reading_starts(vonage)) >= before + 2
            missing = [await running.find(str(number)) for number in range(900, 904)]
            assert missing == [Missing()] * 4

    run(scenario())


def test_empty_list_never_replaces_snapshot(tmp_path):
    """Even after many readings without rows the last snapshot answers."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await running.wait_for_copy()
            rows, vonage.rows = vonage.rows, []
            await asyncio.sleep(3 * EVERY)
            assert extension_count(running) == 250
            found = await running.find("101")
            assert isinstance(found, Match)
            vonage.rows = rows[:249]
            await asyncio.sleep(2 * limits.SYNC_RETRY_S)
            assert extension_count(running) == 249

    run(scenario())


def test_first_list_that_is_empty_is_read_twice(tmp_path):
    """An account without anybody is possible, but a fault is likelier."""

    async def scenario() -> None:
        vonage = FakeVonage([])
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await asyncio.sleep(limits.SYNC_RETRY_S / 2)
            assert not running.directory.has_copy
            await asyncio.sleep(limits.SYNC_RETRY_S)
            assert extension_count(running) == 0
        async with run_directory(
            FakeVonage([]), tmp_path / "other", refresh_every_s=EVERY
        ) as running:
            await asyncio.sleep(limits.SYNC_RETRY_S / 2)
            running.vonage.rows = account().rows
            await asyncio.sleep(limits.SYNC_RETRY_S)
            assert extension_count(running) == 250

    run(scenario())


def test_list_of_less_than_half_must_be_confirmed(tmp_path):
    """A suspect list replaces nothing until a second reading has the same numbers."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await running.wait_for_copy()
            rows, vonage.rows = vonage.rows, vonage.rows[:100]
            await wait_for_another_reading(vonage)
            vonage.rows = rows[150:]  # a small one too, but another
            await wait_for_another_reading(vonage)
            assert extension_count(running) == 250
            vonage.rows = rows
            await wait_for_another_reading(vonage)
            assert extension_count(running) == 250
            vonage.rows = rows[:100]
            await wait_for_another_reading(vonage)
            assert extension_count(running) == 250
            await wait_for_another_reading(vonage)
            assert extension_count(running) == 100
            changes = await running.find("changes")
            assert isinstance(changes, ChangeList)
            assert changes.total == 150

    run(scenario())


FAULTS: dict[str, tuple[int, Document | str, dict[str, str]]] = {
    "a server's fault": (500, {}, {}),
    "a throttle": (429, {}, {"Retry_After": "20"}),
    "no subscription": (403, {"fault": {"code": 900908}}, {}),
    "nonsense": (200, "<html>", {}),
    "no rows and no word of it": (200, {"page": 2}, {}),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("had_copy", [False, True], ids=["at first", "later"])
def test_failing_page_is_requested_until_it_comes(tmp_path, fault, had_copy):
    """No partial list is published; the reading continues where it stopped."""
    status, body, headers = FAULTS[fault]

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            if had_copy:
                await running.wait_for_copy()
                vonage.rows.append(api_row(999))
                await asyncio.sleep(EVERY / 2)
            vonage.refuse = lambda path: (
                refusal(status, body, **headers) if "page=2&" in path else None
            )
            await asyncio.sleep(2 * EVERY)
            assert extension_count(running) == (250 if had_copy else None)
            with suppress(SourceError):  # without a snapshot the failure is raised
                assert not isinstance(await running.find("101"), Missing)
            vonage.refuse = lambda path: None
            await asyncio.sleep(200)
            assert extension_count(running) == (251 if had_copy else 250)
            assert running.directory._sync.failure is None

    run(scenario())


def test_refused_login_during_reading_is_waited_for(tmp_path):
    """The reading reports the refusal, and continues where it was once the login works."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            vonage.alter_page = _refuses_page_2
            await asyncio.sleep(60)
            assert not running.directory.has_copy
            with pytest.raises(NotAuthorized):
                await running.find("name that nobody has")
            vonage.alter_page = lambda page, document: document
            await asyncio.sleep(600)
            assert extension_count(running) == 250
            assert sum("page=1&page_size=100" in path for path in vonage.paths) == 1

    run(scenario())


def _refuses_page_2(page: int, document: Document) -> Document | httpx.Response:
    return refusal(401, {"fault": {"code": 900901}}) if page == 2 else document


def test_retry_after_stops_all_requests(tmp_path):
    """After a 429 with `Retry-After` nothing at all is requested for that long."""

    async def scenario() -> None:
        vonage = account()
        refused: list[float] = []

        def refuse(path: str) -> httpx.Response | None:
            if "page=2&" in path and not refused:
                refused.append(asyncio.get_running_loop().time())
                return refusal(429, {}, Retry_After="45")
            return None

        vonage.refuse = refuse
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await running.wait_for_copy()
            later = [at for at, _ in vonage.calls if at > refused[0] + 1]
            assert min(later) >= refused[0] + 45
            assert extension_count(running) == 250

    run(scenario())


def damage_files(path: Path) -> None:
    """Overwrite the tables of a snapshot that is in use."""
    for each in path.glob("directory-*.sqlite3*"):
        size = each.stat().st_size
        with each.open("r+b") as file:
            if each.suffix == ".sqlite3":
                file.seek(100)
                file.write(b"\x5a" * (size - 100))
            elif each.name.endswith("-wal"):
                file.truncate(0)


@pytest.mark.parametrize("use", ["find", "find now", "status", "restart"])
def test_snapshot_damaged_in_use_is_read_again(tmp_path, use):
    """Whoever notices the damage is answered as well as possible, and a new snapshot follows."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await running.wait_for_copy()
            copy = running.directory._snapshots.current
            assert copy
            copy.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            copy.db.execute("PRAGMA cache_size = 0")
            damage_files(tmp_path)
            if use == "find":
                found = await running.find("101")
                assert isinstance(found, Match)
            elif use == "find now":
                with pytest.raises(MustWait):
                    await running.directory.find(parse("101"), deadline=None)  # type: ignore[arg-type]
            elif use == "status":
                assert extension_count(running) is None
            else:
                await running.directory.close()
                return
            await asyncio.sleep(60)
            assert extension_count(running) == 250
            assert running.directory._snapshots.current is not copy

    run(scenario())
    if use == "restart":

        async def again() -> None:
            async with run_directory(account(), tmp_path, refresh_every_s=EVERY) as running:
                await asyncio.sleep(60)
                assert extension_count(running) == 250

        run(again())


@pytest.mark.parametrize("body", ["<html>", '{"status": 404}', '{"_embedded": {}}'])
def test_first_page_that_is_refused_for_long_is_read_soon_after(tmp_path, body):
    """A few calls a minute find out, so the copy is there half a minute after the source works."""

    async def scenario() -> None:
        vonage = account()
        status = 404 if "404" in body else 200
        vonage.refuse = lambda path: (
            httpx.Response(status, text=body) if path.startswith("extensions") else None
        )
        async with run_directory(vonage, tmp_path, requests_per_minute=10) as running:
            await asyncio.sleep(1800)
            calls = len(vonage.calls)
            await asyncio.sleep(600)
            assert len(vonage.calls) - calls <= 35
            vonage.refuse = lambda path: None
            await asyncio.sleep(30)
            assert running.directory.has_copy

    run(scenario())


def test_malformed_rows_do_not_stop_reading(tmp_path):
    """Absent keys, nulls and half characters: the other rows are read, each once."""

    async def scenario() -> None:
        vonage = account()
        vonage.rows += [
            {"extension_number": "5001"},
            {"extension_number": None, "user": None},
            {"extension_number": 5002, "user": None, "dids": None, "location_id": None},
            api_row(5003, user={"first_name": "\ud800", "last_name": "\x00", "email": None}),
            api_row(5004, dids=[{"phone_number": None}, "14155550100", None]),
            api_row(5004, caller_id="the second one"),
            {},
        ]  # fmt: skip
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await running.wait_for_copy()
            assert extension_count(running) == 254
            found = await running.find("5004")
            assert isinstance(found, Match)
            assert found.extension.caller_id == "the second one"
            await asyncio.sleep(3 * EVERY)
            changes = await running.find("changes")
            assert isinstance(changes, ChangeList)
            assert changes.total == 0

    run(scenario())


def test_page_size_cut_by_vonage_is_read_whole(tmp_path):
    """If the API sends five rows at a time, more pages are requested."""

    async def scenario() -> None:
        vonage = account()
        vonage.max_page_size = 5
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await running.wait_for_copy()
            assert extension_count(running) == 250
            assert isinstance(await running.find(name_of(349)), Match | Listing)

    run(scenario())


@pytest.mark.parametrize(
    ("page", "pages", "a_minute", "elapsed", "expected"),
    [(1, 30, 5, 1, 299), (30, 30, 5, 300, 0), (5, 30, 1000, 10, 50), (1, 3, 5, 1, 2)],
)
def test_seconds_left_follow_quota_or_pace(page, pages, a_minute, elapsed, expected):
    """The estimate is pages by the minute, or the pace so far if the quota does not bind."""
    assert seconds_left(page, pages, a_minute, elapsed) == pytest.approx(expected, abs=1)
