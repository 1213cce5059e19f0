"""Answers during the first reading: what the pages read so far prove, and who has to wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx
import pytest

from bot import limits
from bot.directory.warmup import ChangeSignal
from bot.errors import Forbidden, NotAuthorized, ShuttingDown, Unavailable
from bot.models import Match, Missing, NotReady
from bot.query import parse
from tests.directory.fake_vonage import (
    FakeVonage,
    RunningDirectory,
    api_row,
    name_of,
    run_directory,
)
from tests.simulated_time import run

EMAIL = f"{name_of(105).lower()}@example.com"
FULL_NAME = f"{name_of(105)} Van{name_of(105)}"


async def test_signal_wakes_all_who_wait_and_no_later_caller():
    """Each notification is for those who wait at that moment."""
    signal = ChangeSignal()
    waiting = [asyncio.create_task(signal.wait()) for _ in range(3)]
    await asyncio.sleep(0)
    signal.notify()
    await asyncio.gather(*waiting)
    later = asyncio.create_task(signal.wait())
    await asyncio.sleep(0)
    assert not later.done()
    later.cancel()


async def test_closed_signal_raises_for_present_and_later_callers():
    """Nobody waits for a process that is shutting down."""
    signal = ChangeSignal()
    waiting = asyncio.create_task(signal.wait())
    await asyncio.sleep(0)
    signal.close()
    with pytest.raises(ShuttingDown):
        await waiting
    with pytest.raises(ShuttingDown):
        await signal.wait()


def refuse_page_2(path: str) -> httpx.Response | None:
    """Let the first page of the list come, and no other."""
    return httpx.Response(500, content=b"{}") if "page=2&" in path else None


def account() -> FakeVonage:
    """An account of two pages, of which only the first comes for now."""
    return FakeVonage([api_row(each) for each in range(100, 140)], refuse=refuse_page_2)


async def wait_for_first_page(running: RunningDirectory) -> None:
    """Wait until the first page has been stored."""
    async with asyncio.timeout(600):
        while not ((building := running.directory._snapshots.building) and building.count()):  # noqa: ASYNC110 - simulated time
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("text", ["105", "+14150000105", EMAIL, FULL_NAME])
def test_query_for_extension_on_read_page_is_answered_without_call(tmp_path, text):
    """A key or an exact name on a page that was read needs no call and no wait."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, page_size=20) as running:
            await wait_for_first_page(running)
            single_calls = len(vonage.single)
            found = await running.directory.find(parse(text), deadline=None)  # type: ignore[arg-type]
            assert isinstance(found, Match)
            assert found.extension.number == "105"
            assert len(vonage.single) == single_calls
            assert not running.directory.has_copy

    run(scenario())


@pytest.mark.parametrize("text", ["0000105", name_of(105)[:-1], "list", "locations", "audit"])
def test_query_that_later_pages_can_change_is_not_answered_from_read_pages(tmp_path, text):
    """An ending, the beginning of a name or a list needs the whole directory."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, page_size=20) as running:
            await wait_for_first_page(running)
            warmup, query = running.directory._warmup, parse(text)
            found = warmup.find_among_read_pages(query, excluded_fields=())  # type: ignore[arg-type]
            assert found is None

    run(scenario())


@pytest.mark.parametrize(
    ("text", "field"), [("+14150000105", "dids"), (EMAIL, "email"), ("login105", "login")]
)
def test_read_pages_and_vonage_are_not_searched_by_excluded_field(tmp_path, text, field):
    """What one may not see one can't find by, while the directory is being read either."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, page_size=20) as running:
            await wait_for_first_page(running)
            single_calls = len(vonage.single)
            deadline = asyncio.get_running_loop().time() + 2.0
            found = await running.directory.find(
                parse(text),  # type: ignore[arg-type]
                deadline=deadline,
                excluded_fields={field},
            )
            assert isinstance(found, Missing | NotReady)
            assert len(vonage.single) == single_calls
            vonage.refuse = lambda path: None
            found = await running.directory.find_when_ready(
                parse(text),  # type: ignore[arg-type]
                excluded_fields={field},
            )
            assert found == Missing()

    run(scenario())


def test_exact_name_on_read_page_says_how_far_reading_is(tmp_path):
    """Others with the same name may follow, so the match carries the progress."""

    async def scenario() -> None:
        async with run_directory(account(), tmp_path, page_size=20) as running:
            await wait_for_first_page(running)
            found = await running.find(FULL_NAME)
            assert isinstance(found, Match)
            assert found.sync_progress is not None
            assert (found.sync_progress.page, found.sync_progress.pages) == (1, 2)

    run(scenario())


def test_name_of_later_page_waits_a_moment_and_returns_progress(tmp_path):
    """The wait leaves time to answer within the acknowledgement."""

    async def scenario() -> None:
        vonage = FakeVonage([api_row(each) for each in range(100, 140)], latency=5.0)
        async with run_directory(vonage, tmp_path, page_size=20) as running:
            begun = asyncio.get_running_loop().time()
            found = await running.find(f"{name_of(135)} Van{name_of(135)}")
            waited = asyncio.get_running_loop().time() - begun
            assert isinstance(found, NotReady)
            assert waited == pytest.approx(limits.WARMUP_WAIT_S, abs=0.01)

    run(scenario())


QUERIES = ["105", "+14150000105", EMAIL, "login105", FULL_NAME, "list", "locations", "audit"]


def refuse_all(status: int, content: bytes = b"{}") -> Callable[[str], httpx.Response]:
    """Refuse every call in one way."""
    return lambda path: httpx.Response(status, content=content)


@pytest.mark.parametrize("text", QUERIES)
def test_query_while_vonage_is_down_says_so_and_is_answered_when_it_is_back(tmp_path, text):
    """A number, a name and a list wait in the same way for Vonage to answer again."""

    async def scenario() -> None:
        vonage = account()
        vonage.refuse = refuse_all(500)
        async with run_directory(vonage, tmp_path, page_size=20) as running:
            await asyncio.sleep(5)
            found = await running.find(text, timeout_s=30.0)
            assert isinstance(found, NotReady)
            assert isinstance(found.failure, Unavailable)
            waiting = asyncio.create_task(running.directory.find_when_ready(parse(text)))  # type: ignore[arg-type]
            await asyncio.sleep(600)
            assert not waiting.done()
            vonage.refuse = lambda path: None
            async with asyncio.timeout(60):
                assert not isinstance(await waiting, Missing | NotReady)

    run(scenario())


def test_number_of_last_page_is_answered_as_soon_as_vonage_is_back(tmp_path):
    """Its page may come minutes later, so Vonage is asked for the number itself."""

    async def scenario() -> None:
        vonage = FakeVonage([api_row(each) for each in range(1000, 3000)])
        vonage.refuse = refuse_all(500)
        async with run_directory(vonage, tmp_path, requests_per_minute=10) as running:
            await asyncio.sleep(5)
            assert isinstance(await running.find("2999", timeout_s=30.0), NotReady)
            waiting = asyncio.create_task(running.directory.find_when_ready(parse("2999")))  # type: ignore[arg-type]
            await asyncio.sleep(300)
            vonage.refuse = lambda path: None
            async with asyncio.timeout(60):
                assert isinstance(await waiting, Match)
            assert not running.directory.has_copy

    run(scenario())


@pytest.mark.parametrize("text", QUERIES)
@pytest.mark.parametrize(("status", "failure"), [(401, NotAuthorized), (403, Forbidden)])
def test_query_while_vonage_refuses_for_good_raises_refusal(tmp_path, text, status, failure):
    """Waiting won't help until somebody has put it right, so nobody is told to wait."""

    async def scenario() -> None:
        vonage = account()
        vonage.refuse = refuse_all(status)
        async with run_directory(vonage, tmp_path, page_size=20) as running:
            await asyncio.sleep(5)
            with pytest.raises(failure):
                await running.find(text, timeout_s=30.0)

    run(scenario())


def test_waiting_query_ends_with_a_refusal_that_stays(tmp_path):
    """Whoever was promised an answer hears that it won't come."""

    async def scenario() -> None:
        vonage = account()
        vonage.refuse = refuse_all(500)
        async with run_directory(vonage, tmp_path, page_size=20) as running:
            await asyncio.sleep(5)
            waiting = asyncio.create_task(running.directory.find_when_ready(parse(FULL_NAME)))  # type: ignore[arg-type]
            await asyncio.sleep(60)
            vonage.refuse = refuse_all(403)
            with pytest.raises(Forbidden):
                async with asyncio.timeout(60):
                    await waiting

    run(scenario())
