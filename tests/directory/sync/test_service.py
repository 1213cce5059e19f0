"""The copy is read again and again: when, through what failures, and what never replaces it."""

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
from tests.directory import simulated_time
from tests.directory.invented import Document, Opened, Vonage, name, opened, row
from tests.directory.simulated_time import run

EVERY = 900.0


def account(people: int = 250) -> Vonage:
    """An account of three pages."""
    return Vonage([row(100 + each) for each in range(people)])


def readings(vonage: Vonage) -> list[float]:
    """When the account was begun to be read."""
    return [at for at, path in vonage.calls if "page=1&page_size=100" in path]


async def another_reading(vonage: Vonage) -> None:
    """Wait until the account was read once more."""
    before = len(readings(vonage))
    while len(readings(vonage)) == before:  # noqa: ASYNC110 - its time is wound
        await asyncio.sleep(1)
    await asyncio.sleep(10)


def extensions(it: Opened) -> int | None:
    """How many extensions are known."""
    return it.directory.status().extensions


def refusal(status: int, body: Document | str, **headers: str) -> httpx.Response:
    """A refusal of Vonage's."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, headers=named, content=json.dumps(body).encode())


def test_it_is_read_every_interval_and_again_after_a_restart_when_due(tmp_path):
    """The interval varies a little, and goes on over a restart."""

    async def story() -> None:
        vonage = account()
        async with opened(vonage, tmp_path, every=EVERY) as it:
            await it.whole()
            await asyncio.sleep(5 * EVERY)
            await another_reading(vonage)
            began = readings(vonage)
            between = [after - before for before, after in pairwise(began)]
            assert all(0.89 * EVERY <= each <= 1.11 * EVERY for each in between)
            assert len(set(between)) == len(between)
            status = it.directory.status()
            assert status.next_at is not None
            assert 0 < status.next_at - simulated_time.wall_clock() <= 1.1 * EVERY
        before = len(readings(vonage))
        await asyncio.sleep(1)
        async with opened(vonage, tmp_path, every=EVERY) as it:
            assert extensions(it) == 250
            await asyncio.sleep(5)
            assert len(readings(vonage)) == before
            await asyncio.sleep(EVERY)
            assert len(readings(vonage)) == before + 1

    run(story())


def test_one_reading_ends_before_the_next_begins(tmp_path):
    """Also where the account is too large for the quota and the interval."""

    async def story() -> None:
        vonage = Vonage([row(10_000 + each) for each in range(1000)])
        async with opened(vonage, tmp_path, limit=4, every=60.0) as it:
            it.directory.status()
            await asyncio.sleep(3600)
            pages = [path for path in vonage.paths if path.startswith("extensions?page=")]
            numbers = [int(path.partition("page=")[2].partition("&")[0]) for path in pages]
            expected = [*range(1, 11)] * (len(numbers) // 10 + 1)
            assert numbers == expected[: len(numbers)]
            assert len(numbers) > 50
            assert vonage.most_in_a_minute() <= 4
            assert extensions(it) == 1000

    run(story())


def test_an_old_copy_answers_at_once_and_is_renewed(tmp_path):
    """After a night on the disk it is told as it is, and read again without being asked to."""

    async def story() -> None:
        vonage = account()
        async with opened(vonage, tmp_path, every=EVERY) as it:
            await it.whole()
        await asyncio.sleep(12 * 3600)
        vonage.rows.append(row(999))
        async with opened(vonage, tmp_path, every=EVERY) as it:
            calls = len(vonage.calls)
            found = await it.find("101")
            assert isinstance(found, Match)
            assert simulated_time.wall_clock() - found.read_at > 11 * 3600
            assert len(vonage.calls) == calls
            await asyncio.sleep(5)
            assert extensions(it) == 251

    run(story())


@pytest.mark.parametrize("hours", [1, 24 * 400])
def test_a_clock_that_is_set_back_does_not_stop_it(tmp_path, hours):
    """While it runs and over a restart: it is read as if the clock had gone on."""

    async def story() -> None:
        vonage, back = account(), 0.0

        def clock() -> float:
            return simulated_time.wall_clock() - back

        async with opened(vonage, tmp_path, every=EVERY, clock=clock) as it:
            await it.whole()
            back = hours * 3600.0
            await asyncio.sleep(4 * EVERY)
            assert len(readings(vonage)) >= 4
        back *= 2
        async with opened(vonage, tmp_path, every=EVERY, clock=clock) as it:
            before = len(readings(vonage))
            await asyncio.sleep(2.3 * EVERY)
            assert len(readings(vonage)) >= before + 2
            missing = [await it.find(str(number)) for number in range(900, 904)]
            assert missing == [Missing()] * 4

    run(story())


def test_a_list_that_is_suddenly_empty_replaces_nothing(tmp_path):
    """Nor does it after many tries: what was known answers, and why it is old is known."""

    async def story() -> None:
        vonage = account()
        async with opened(vonage, tmp_path, every=EVERY) as it:
            await it.whole()
            rows, vonage.rows = vonage.rows, []
            await asyncio.sleep(3 * EVERY)
            assert extensions(it) == 250
            found = await it.find("101")
            assert isinstance(found, Match)
            vonage.rows = rows[:249]
            await asyncio.sleep(2 * limits.SYNC_RETRY_S)
            assert extensions(it) == 249

    run(story())


def test_a_first_list_that_is_empty_is_read_twice(tmp_path):
    """An account without anybody is possible, and a fault is likelier."""

    async def story() -> None:
        vonage = Vonage([])
        async with opened(vonage, tmp_path, every=EVERY) as it:
            await asyncio.sleep(limits.SYNC_RETRY_S / 2)
            assert not it.directory.has_copy
            await asyncio.sleep(limits.SYNC_RETRY_S)
            assert extensions(it) == 0
        async with opened(Vonage([]), tmp_path / "other", every=EVERY) as it:
            await asyncio.sleep(limits.SYNC_RETRY_S / 2)
            it.vonage.rows = account().rows
            await asyncio.sleep(limits.SYNC_RETRY_S)
            assert extensions(it) == 250

    run(story())


def test_an_account_that_shrank_by_more_than_half_is_read_again_first(tmp_path):
    """A fault that passes changes nothing; where the next reading agrees, it is so."""

    async def story() -> None:
        vonage = account()
        async with opened(vonage, tmp_path, every=EVERY) as it:
            await it.whole()
            rows, vonage.rows = vonage.rows, vonage.rows[:100]
            await another_reading(vonage)
            vonage.rows = rows[150:]  # a small one too, but another
            await another_reading(vonage)
            assert extensions(it) == 250
            vonage.rows = rows
            await another_reading(vonage)
            assert extensions(it) == 250
            vonage.rows = rows[:100]
            await another_reading(vonage)
            assert extensions(it) == 250
            await another_reading(vonage)
            assert extensions(it) == 100
            changes = await it.find("changes")
            assert isinstance(changes, ChangeList)
            assert changes.total == 150

    run(story())


FAULTS: dict[str, tuple[int, Document | str, dict[str, str]]] = {
    "a server's fault": (500, {}, {}),
    "a throttle": (429, {}, {"Retry_After": "20"}),
    "no subscription": (403, {"fault": {"code": 900908}}, {}),
    "nonsense": (200, "<html>", {}),
    "no rows and no word of it": (200, {"page": 2}, {}),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("had_copy", [False, True], ids=["at first", "later"])
def test_a_page_that_fails_for_a_while_is_asked_for_until_it_comes(tmp_path, fault, had_copy):
    """Nothing is taken for the whole before; then it goes on where it stopped."""
    status, body, headers = FAULTS[fault]

    async def story() -> None:
        vonage = account()
        async with opened(vonage, tmp_path, every=EVERY) as it:
            if had_copy:
                await it.whole()
                vonage.rows.append(row(999))
                await asyncio.sleep(EVERY / 2)
            vonage.refuse = lambda path: (
                refusal(status, body, **headers) if "page=2&" in path else None
            )
            await asyncio.sleep(2 * EVERY)
            assert extensions(it) == (250 if had_copy else None)
            with suppress(SourceError):  # nothing is known, and why
                assert not isinstance(await it.find("101"), Missing)
            vonage.refuse = lambda path: None
            await asyncio.sleep(200)
            assert extensions(it) == (251 if had_copy else 250)
            assert it.directory._sync.failure is None

    run(story())


def test_a_login_that_is_refused_in_the_middle_is_waited_for(tmp_path):
    """The reading stops with it, says so, and goes on where it was when it is accepted again."""

    async def story() -> None:
        vonage = account()
        async with opened(vonage, tmp_path, every=EVERY) as it:
            vonage.twist = _refuses_page_2
            await asyncio.sleep(60)
            assert not it.directory.has_copy
            with pytest.raises(NotAuthorized):
                await it.find("name that nobody has")
            vonage.twist = lambda page, document: document
            await asyncio.sleep(600)
            assert extensions(it) == 250
            assert sum("page=1&page_size=100" in path for path in vonage.paths) == 1

    run(story())


def _refuses_page_2(page: int, document: Document) -> Document | httpx.Response:
    return refusal(401, {"fault": {"code": 900901}}) if page == 2 else document


def test_a_throttle_is_kept_to(tmp_path):
    """After a 429 with a `Retry-After` nothing at all is asked for that long."""

    async def story() -> None:
        vonage = account()
        refused: list[float] = []

        def refuse(path: str) -> httpx.Response | None:
            if "page=2&" in path and not refused:
                refused.append(asyncio.get_running_loop().time())
                return refusal(429, {}, Retry_After="45")
            return None

        vonage.refuse = refuse
        async with opened(vonage, tmp_path, every=EVERY) as it:
            await it.whole()
            later = [at for at, _ in vonage.calls if at > refused[0] + 1]
            assert min(later) >= refused[0] + 45
            assert extensions(it) == 250

    run(story())


def spoilt(path: Path) -> None:
    """Damage every page of the tables of a copy that is in use."""
    for each in path.glob("directory-*.sqlite3*"):
        size = each.stat().st_size
        with each.open("r+b") as file:
            if each.suffix == ".sqlite3":
                file.seek(100)
                file.write(b"\x5a" * (size - 100))
            elif each.name.endswith("-wal"):
                file.truncate(0)


@pytest.mark.parametrize("how", ["find", "find now", "status", "restart"])
def test_a_copy_that_is_damaged_while_it_is_used_is_read_anew(tmp_path, how):
    """Whoever notices it is answered as well as can be, and soon there is another."""

    async def story() -> None:
        vonage = account()
        async with opened(vonage, tmp_path, every=EVERY) as it:
            await it.whole()
            copy = it.directory._snapshots.current
            assert copy
            copy.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            copy.db.execute("PRAGMA cache_size = 0")
            spoilt(tmp_path)
            if how == "find":
                found = await it.find("101")
                assert isinstance(found, Match)
            elif how == "find now":
                with pytest.raises(MustWait):
                    await it.directory.find(parse("101"), deadline=None)  # type: ignore[arg-type]
            elif how == "status":
                assert extensions(it) is None
            else:
                await it.directory.close()
                return
            await asyncio.sleep(60)
            assert extensions(it) == 250
            assert it.directory._snapshots.current is not copy

    run(story())
    if how == "restart":

        async def again() -> None:
            async with opened(account(), tmp_path, every=EVERY) as it:
                await asyncio.sleep(60)
                assert extensions(it) == 250

        run(again())


def test_rows_that_lack_everything_do_not_stop_it(tmp_path):
    """Absent keys, nulls, halves of characters, a number twice: the rest is read, once each."""

    async def story() -> None:
        vonage = account()
        vonage.rows += [
            {"extension_number": "5001"},
            {"extension_number": None, "user": None},
            {"extension_number": 5002, "user": None, "dids": None, "location_id": None},
            row(5003, user={"first_name": "\ud800", "last_name": "\x00", "email": None}),
            row(5004, dids=[{"phone_number": None}, "14155550100", None]),
            row(5004, caller_id="the second one"),
            {},
        ]  # fmt: skip
        async with opened(vonage, tmp_path, every=EVERY) as it:
            await it.whole()
            assert extensions(it) == 254
            found = await it.find("5004")
            assert isinstance(found, Match)
            assert found.extension.caller_id == "the second one"
            await asyncio.sleep(3 * EVERY)
            changes = await it.find("changes")
            assert isinstance(changes, ChangeList)
            assert changes.total == 0

    run(story())


def test_a_page_size_that_vonage_cuts_is_read_all_the_same(tmp_path):
    """Where it gives five rows at a time, there are more pages."""

    async def story() -> None:
        vonage = account()
        vonage.largest = 5
        async with opened(vonage, tmp_path, every=EVERY) as it:
            await it.whole()
            assert extensions(it) == 250
            assert isinstance(await it.find(name(349)), Match | Listing)

    run(story())


@pytest.mark.parametrize(
    ("page", "pages", "a_minute", "elapsed", "expected"),
    [(1, 30, 5, 1, 299), (30, 30, 5, 300, 0), (5, 30, 1000, 10, 50), (1, 3, 5, 1, 2)],
)
def test_how_long_it_still_takes_goes_by_the_quota(page, pages, a_minute, elapsed, expected):
    """So many pages a minute, or the pace until now."""
    assert seconds_left(page, pages, a_minute, elapsed) == pytest.approx(expected, abs=1)
