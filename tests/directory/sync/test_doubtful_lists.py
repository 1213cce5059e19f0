"""Readings that bring less than they should: what replaces no copy, and what answers meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from bot import limits
from bot.errors import InconsistentList, UnexpectedReply, UnreadableRows
from bot.models import ChangeList, Listing, LocationList, Match, Missing, NotReady, Problem
from bot.query import parse
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
UNREADABLE: tuple[Any, ...] = (None, "text", 17, {}, {"extension_number": None})


def account(people: int = 250) -> FakeVonage:
    """An account of three pages."""
    return FakeVonage([api_row(100 + each) for each in range(people)])


def full_name(number: int) -> str:
    """Return the full name of an extension's user."""
    return f"{name_of(number)} Van{name_of(number)}"


def document_mock(_page: int, document: Document) -> Document:
    """Answer as a mock of the published document does: the same row on each of ten pages."""
    row = {"extension_number": "789", "user": {"first_name": "John", "last_name": "Smith"}}
    counts = {"page": 1, "page_size": 10, "total_pages": 10, "total_items": 100}
    return {**document, **counts, "_embedded": {"extensions": [row]}}


def reading_starts(vonage: FakeVonage) -> list[float]:
    """Return when the first page was requested, in the loop's time."""
    return [at for at, path in vonage.calls if "page=1&page_size=100" in path]


async def wait_until(condition: Callable[[], Any], within_s: float = 7200.0) -> None:
    """Wait until something has happened."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110 - simulated time
            await asyncio.sleep(0.5)


async def change_total(running: RunningDirectory) -> int:
    """Return how many changes the directory has recorded."""
    changes = await running.find("changes")
    assert isinstance(changes, ChangeList)
    return changes.total


# Lists that contradict themselves


def test_list_that_contradicts_itself_is_read_less_and_less_often(tmp_path):
    """A list that never adds up costs a few dozen calls an hour at the start, then a few."""

    async def scenario() -> None:
        vonage = account()
        vonage.alter_page = document_mock
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await asyncio.sleep(6 * 3600)
            in_last_hours = [at for at, _ in vonage.calls if at > 3 * 3600]
            assert 3 <= len(in_last_hours) <= 4 * 40
            vonage.alter_page = lambda page, document: document
            await running.wait_for_copy()
            assert running.directory.status().extensions == 250

    run(scenario())


def test_status_names_list_that_contradicts_itself_until_it_adds_up(tmp_path):
    """The problem stays during the next attempt, the last failure stays for good."""

    async def scenario() -> None:
        vonage = account()
        vonage.alter_page = document_mock
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await wait_until(lambda: running.directory.status().problems)
            for _ in range(600):
                status = running.directory.status()
                assert status.problems == (Problem.INCONSISTENT_LIST,)
                assert isinstance(status.last_failure, InconsistentList)
                assert status.last_failure_at is not None
                assert (status.extensions, status.partial_extensions) == (None, 1)
                assert status.can_answer
                await asyncio.sleep(1)
            vonage.alter_page = lambda page, document: document
            await running.wait_for_copy()
            status = running.directory.status()
            assert (status.problems, status.partial_extensions) == ((), None)
            assert isinstance(status.last_failure, InconsistentList)

    run(scenario())


async def wait_for_provisional(running: RunningDirectory) -> None:
    """Wait until the first reading has been given up."""
    await wait_until(lambda: running.directory.status().partial_extensions)


@pytest.mark.parametrize("text", ["789", "john smith", "jhon smith", "smith"])
def test_row_of_list_that_contradicts_itself_is_found_with_a_warning(tmp_path, text):
    """What was read is better than nothing, before and during the next attempt."""

    async def scenario() -> None:
        vonage = account()
        vonage.alter_page = document_mock
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await wait_for_provisional(running)
            for _ in range(200):
                found = await running.find(text)
                assert isinstance(found, Match), found
                assert isinstance(found.failure, InconsistentList)
                await asyncio.sleep(1)
            assert not running.directory.has_copy

    run(scenario())


def test_answers_from_list_that_contradicts_itself_carry_the_failure(tmp_path):
    """Lists, locations and "nothing found" warn; what would look complete is not answered."""

    async def scenario() -> None:
        vonage = account()
        vonage.alter_page = document_mock
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await wait_for_provisional(running)
            for text in ("list", "list dnd:on"):
                listed = await running.find(text)
                assert isinstance(listed, Listing)
                assert isinstance(listed.failure, InconsistentList)
                assert all(isinstance(row.failure, InconsistentList) for row in listed.matches)
            locations = await running.find("locations")
            assert isinstance(locations, LocationList)
            assert isinstance(locations.failure, InconsistentList)
            assert {row.extensions for row in locations.locations} == {None}
            for text in ("nobody at all", "+1 212 555 0100", "nobody@example.com", "99999"):
                missing = await running.find(text)
                assert isinstance(missing, Missing)
                assert isinstance(missing.failure, InconsistentList)
                assert missing.read_at is not None
            for text in ("export", "changes", "audit"):
                with pytest.raises(InconsistentList):
                    await running.find(text)

    run(scenario())


def test_number_that_contradictory_list_lacks_is_looked_up_live(tmp_path):
    """Single calls work, so the answer is as good as ever."""

    async def scenario() -> None:
        vonage = account()
        vonage.alter_page = document_mock
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await wait_for_provisional(running)
            found = await running.find("105")
            assert isinstance(found, Match)
            assert (found.extension.number, found.failure) == ("105", None)

    run(scenario())


def test_contradictory_list_is_not_kept_over_restart(tmp_path):
    """It is never a complete copy, so nothing of it is in the folder that the next start reads."""

    async def scenario() -> None:
        vonage = account()
        vonage.alter_page = document_mock
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await wait_for_provisional(running)

    run(scenario())
    assert not list(tmp_path.glob("directory-*"))


def test_hidden_extension_of_contradictory_list_is_not_found(tmp_path):
    """Hidden extensions are left out of the pages, not only of a complete copy."""

    async def scenario() -> None:
        vonage = account()
        vonage.alter_page = document_mock
        async with run_directory(
            vonage, tmp_path, refresh_every_s=EVERY, hidden=["789", "100"]
        ) as running:
            await asyncio.sleep(60)
            for text in ("789", "john smith", "100", full_name(100)):
                with suppress(InconsistentList):
                    assert isinstance(await running.find(text), Missing | NotReady)
            assert running.directory.status().partial_extensions is None

    run(scenario())


@pytest.mark.parametrize(
    ("hidden", "missing"),
    [
        ("105", "9105"),
        ("login105", "login9105"),
        ("+14150000105", "+14150009105"),
        (f"{name_of(105).lower()}@example.com", "nobody@example.com"),
    ],
)
def test_hidden_extension_of_contradictory_list_costs_what_a_missing_one_does(
    tmp_path, hidden, missing
):
    """It was on a page that was read, and still can't be told from one that doesn't exist."""

    async def scenario() -> None:
        vonage = account()
        first_rows = vonage.rows[:100]
        vonage.alter_page = lambda page, document: {
            **document, "_embedded": {"extensions": first_rows}
        }  # fmt: skip
        async with run_directory(vonage, tmp_path, hidden=["105"]) as running:
            await wait_for_provisional(running)
            assert running.directory.status().partial_extensions == 99
            assert running.directory.status().sync_progress is None
            costs = []
            for text in (hidden, missing):
                calls = len(vonage.calls)
                assert isinstance(await running.find(text), Missing)
                costs.append(len(vonage.calls) - calls)
            assert costs[0] == costs[1]

    run(scenario())


@pytest.mark.parametrize("text", [full_name(105), f"login{105}", "+14150000105"])
def test_hidden_extension_is_not_stored_with_the_pages_read_so_far(tmp_path, text):
    """During the first reading its page answers queries, and must not answer this one."""

    async def scenario() -> None:
        vonage = account()
        vonage.alter_page = lambda page, document: (
            document if page == 1 else {"page": page}  # the second page never comes
        )
        async with run_directory(vonage, tmp_path, hidden=["105"]) as running:
            snapshots = running.directory._snapshots
            await wait_until(lambda: snapshots.building and snapshots.building.count())
            assert snapshots.building
            assert snapshots.building.by_number("105") is None
            query: Any = parse(text)
            warmup = running.directory._warmup
            assert warmup.find_among_read_pages(query, excluded_fields=()) is None

    run(scenario())


# Those who wait


@pytest.mark.parametrize("text", ["nobody at all", "list", "locations"])
def test_query_that_waits_is_answered_when_contradictory_list_is_given_up(tmp_path, text):
    """Whoever was promised an answer gets what there is, with the failure."""

    async def scenario() -> None:
        vonage = account()
        vonage.alter_page = document_mock
        async with run_directory(vonage, tmp_path, requests_per_minute=10) as running:
            assert isinstance(await running.find(text), NotReady)
            query: Any = parse(text)
            async with asyncio.timeout(600):
                found: Any = await running.directory.find_when_ready(query)
            assert isinstance(found.failure, InconsistentList)

    run(scenario())


def test_query_that_waits_hears_why_reading_was_given_up(tmp_path):
    """Without a page that could answer, the failure is the answer."""

    async def scenario() -> None:
        vonage = account()
        vonage.latency = 5.0
        vonage.alter_page = lambda page, document: document if page == 1 else {"page": page}
        async with run_directory(vonage, tmp_path) as running:
            assert isinstance(await running.find("nobody at all"), NotReady)
            query: Any = parse("nobody at all")
            with pytest.raises(UnexpectedReply):
                async with asyncio.timeout(600):
                    await running.directory.find_when_ready(query)

    run(scenario())


# Unreadable rows


def with_unreadable(count: int) -> Callable[[int, Document], Document]:
    """Return a fault that makes the first rows of each page unreadable."""

    def alter(_page: int, document: Document) -> Document:
        rows = document["_embedded"]["extensions"]
        bad = [UNREADABLE[each % len(UNREADABLE)] for each in range(min(count, len(rows)))]
        return {**document, "_embedded": {"extensions": [*bad, *rows[len(bad) :]]}}

    return alter


@pytest.mark.parametrize("people", [1, 2, 3, 100, 250])
def test_unreadable_pages_are_no_empty_account(tmp_path, people):
    """Without a copy nothing is published, however often the pages come unreadable."""

    async def scenario() -> None:
        vonage = account(people)
        vonage.alter_page = with_unreadable(100)
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await asyncio.sleep(4 * limits.SYNC_RETRY_S)
            status = running.directory.status()
            assert status.extensions is None
            assert status.problems == (Problem.UNREADABLE_LIST,)
            vonage.alter_page = lambda page, document: document
            await asyncio.sleep(2 * limits.SYNC_RETRY_S)
            assert running.directory.status().extensions == people

    run(scenario())


def test_page_that_was_unreadable_once_is_requested_again_at_once(tmp_path):
    """A short fault costs seconds, not a whole reading."""

    async def scenario() -> None:
        vonage = account()
        vonage.alter_page = with_unreadable(100)
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await asyncio.sleep(1)
            vonage.alter_page = lambda page, document: document
            await asyncio.sleep(5)
            assert running.directory.status().extensions == 250

    run(scenario())


@pytest.mark.parametrize("bad", [15, 40, 100])
def test_reading_with_many_unreadable_rows_replaces_no_copy(tmp_path, bad):
    """Nobody can tell whom the unreadable rows are about, so the copy stays."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await running.wait_for_copy()
            vonage.alter_page = with_unreadable(bad)
            await asyncio.sleep(4 * EVERY)
            assert running.directory.status().extensions == 250
            assert running.directory.status().problems == (Problem.UNREADABLE_LIST,)
            assert await change_total(running) == 0
            if bad == 15:  # more are most of the last page
                assert isinstance(running.directory._sync.given_up, UnreadableRows)

    run(scenario())


def test_person_whose_row_is_unreadable_stays_as_they_were(tmp_path):
    """Unreadable is not gone: the person is found with the age of the last good reading."""

    async def scenario() -> None:
        vonage = account()
        vonage.rows.append({"extension_number": None})  # was never readable
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await running.wait_for_copy()
            before = await running.find("105")
            assert isinstance(before, Match)
            row, vonage.rows[5] = vonage.rows[5], {"extension_number": None}
            await asyncio.sleep(3.5 * EVERY)
            found = await running.find(full_name(105))
            assert isinstance(found, Match)
            assert (found.extension, found.read_at) == (before.extension, before.read_at)
            other = await running.find("106")
            assert isinstance(other, Match)
            assert other.read_at > before.read_at
            assert await change_total(running) == 0
            del vonage.rows[5]  # now they have left
            await asyncio.sleep(2 * EVERY)
            assert running.directory.status().extensions == 249
            assert await change_total(running) == 1
            vonage.rows.append(row)

    run(scenario())


# Qualities

LOSSES: dict[str, tuple[str, Callable[[Document], Any]]] = {
    "users": ("users", lambda row: row.pop("user")),
    "names": ("names", lambda row: row["user"].update(first_name="", last_name=None)),
    "emails": ("email addresses", lambda row: row["user"].pop("email")),
    "logins": ("login names", lambda row: row["user"].update(login_name=None)),
    "direct numbers": ("direct numbers", lambda row: row.update(dids=[])),
    "locations": ("locations", lambda row: row.pop("location_id")),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_reading_that_lost_a_quality_must_be_confirmed(tmp_path, loss):
    """One reading without users or emails replaces nothing; the status says what is missing."""
    name, lose = LOSSES[loss]

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, refresh_every_s=EVERY) as running:
            await running.wait_for_copy()
            before = await running.find("105")
            good = vonage.rows
            vonage.rows = [api_row(100 + each) for each in range(250)]
            for row in vonage.rows[:200]:
                lose(row)
            await wait_until(lambda: running.directory.status().lost)
            status = running.directory.status()
            assert name in status.lost
            assert status.problems == (Problem.SUSPECT_UPDATE,)
            assert status.can_answer
            found = await running.find("105")
            assert isinstance(found, Match)
            assert isinstance(before, Match)
            assert found.extension == before.extension
            vonage.rows = good
            await asyncio.sleep(limits.SYNC_RETRY_S + 5)
            assert (running.directory.status().lost, await change_total(running)) == ((), 0)
            vonage.rows = [api_row(100 + each) for each in range(250)]
            for row in vonage.rows:
                lose(row)
            await wait_until(lambda: running.directory.status().lost)
            await asyncio.sleep(limits.SYNC_RETRY_S + 5)  # the second reading is the same
            changed = await running.find("105")
            assert isinstance(changed, Match)
            assert changed.extension != before.extension
            assert running.directory.status().problems == ()

    run(scenario())


# Counts


@pytest.mark.parametrize("count", [-80_026_884, -1, 0, 1, 10**18, "1e18", "NaN", "-inf"])
@pytest.mark.parametrize("name", ["total_items", "total_pages"])
def test_absurd_count_neither_stops_reading_nor_is_shown(tmp_path, name, count):
    """The list is read whole, and no page number or time that is shown is absurd."""

    async def scenario() -> None:
        vonage = account()
        vonage.alter_page = lambda page, document: {**document, name: count}
        async with run_directory(vonage, tmp_path, requests_per_minute=10) as running:
            while not running.directory.has_copy:
                progress = running.directory.status().sync_progress
                if progress and progress.pages is not None:
                    assert progress.page <= progress.pages <= 250
                if progress and progress.seconds_left is not None:
                    assert 0 <= progress.seconds_left <= 3600
                await asyncio.sleep(1)
            assert running.directory.status().extensions == 250
            assert len(reading_starts(vonage)) == 1  # an absent count needs no second pass

    run(scenario())
