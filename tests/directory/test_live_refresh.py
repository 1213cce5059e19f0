"""Calls beside the snapshot: rarely, once a question, and never twice in vain."""

from __future__ import annotations

import asyncio

import httpx

from bot.errors import Unavailable
from bot.models import Listing, Match, Missing, NotReady
from bot.query import parse
from tests.directory.fake_vonage import FakeVonage, api_row, name_of, run_directory
from tests.simulated_time import run


def account(people: int = 40) -> FakeVonage:
    """A small account."""
    return FakeVonage([api_row(100 + each) for each in range(people)])


def test_missing_numbers_are_confirmed_twice_a_minute(tmp_path):
    """All others are not found without a call, and each result is cached."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path) as running:
            await running.wait_for_copy()
            before = len(vonage.calls)
            for number in range(900, 950):
                assert await running.find(str(number)) == Missing()
                assert await running.find(f"+1415555{number:04}") == Missing()
            assert len(vonage.calls) - before == 2
            assert await running.find("900") == Missing()
            assert len(vonage.calls) - before == 2
            await asyncio.sleep(61)
            await running.find("970")
            await running.find("971")
            await running.find("972")
            assert len(vonage.calls) - before == 4

    run(scenario())


def test_new_number_is_found_and_stored(tmp_path):
    """Somebody who joined since the last reading is in the snapshot after the first query."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path) as running:
            await running.wait_for_copy()
            vonage.rows.append(api_row(500))
            assert isinstance(await running.find("500"), Match)
            calls = len(vonage.calls)
            for text in ("500", f"{name_of(500).lower()}@example.com", "login500", "+14150000500"):
                found = await running.find(text)
                assert isinstance(found, Match)
                assert found.extension.number == "500"
            assert len(vonage.calls) == calls

    run(scenario())


def test_queries_answered_from_snapshot_cost_no_call(tmp_path):
    """With a snapshot no key, name, list or count asks Vonage."""

    async def scenario() -> None:
        vonage = account(300)
        async with run_directory(vonage, tmp_path) as running:
            await running.wait_for_copy()
            calls = len(vonage.calls)
            for number in range(100, 400):
                for text in (str(number), f"+1415{number:07}", f"login{number}", name_of(number)):
                    assert isinstance(await running.find(text), Match | Listing)
            for text in ("list", "locations", "audit", "export", "changes", "nobody@example.com"):
                await running.find(text)
            assert len(vonage.calls) == calls

    run(scenario())


def test_refresh_of_shared_ending_keeps_matches(tmp_path):
    """A 404 for the ending of several direct numbers proves nothing."""

    async def scenario() -> None:
        vonage = account(5)
        for each in vonage.rows[:2]:
            each["dids"] = [{"phone_number": f"1{each['extension_number']}5550777"}]
        async with run_directory(vonage, tmp_path) as running:
            await running.wait_for_copy()
            await running.find("100", refresh=True)
            found = await running.find("0777", refresh=True)
            assert isinstance(found, Listing)
            assert found.total == 2

    run(scenario())


def test_refresh_of_removed_extension_removes_it(tmp_path):
    """If the account answers numbers, a 404 is proof, and the next reading agrees."""

    async def scenario() -> None:
        vonage = account(5)
        async with run_directory(vonage, tmp_path) as running:
            await running.wait_for_copy()
            await running.find("101", refresh=True)
            del vonage.rows[0]
            assert await running.find("100", refresh=True) == Missing()
            assert await running.find("list") == await running.find("list")
            listing = await running.find("list")
            assert isinstance(listing, Listing)
            assert listing.total == 4

    run(scenario())


def test_404_proves_nothing_if_no_number_was_ever_found(tmp_path):
    """Some accounts expect another id: a known extension stays known."""

    async def scenario() -> None:
        vonage = account(5)
        vonage.refuse = lambda path: (
            httpx.Response(404, content=b'{"msg":"Extension not found"}')
            if path.startswith("extensions/")
            else None
        )
        async with run_directory(vonage, tmp_path) as running:
            await running.wait_for_copy()
            for _ in range(2):
                found = await running.find("100", refresh=True)
                assert isinstance(found, Match)
            listing = await running.find("list")
            assert isinstance(listing, Listing)
            assert listing.total == 5

    run(scenario())


def test_key_without_snapshot_costs_one_call(tmp_path):
    """Number, direct number, email and login cost one call each, and none when repeated."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, with_sync=False) as running:
            for text in ("101", "+14150000102", f"{name_of(103).lower()}@example.com", "login104"):
                assert isinstance(await running.find(text), Match)
                assert isinstance(await running.find(text), Match)
            assert len(vonage.calls) == 4
            assert isinstance(await running.find(f"{name_of(105)} Van{name_of(105)}"), NotReady)
            assert len(vonage.calls) == 4

    run(scenario())


def test_name_while_reading_fails_carries_failure_and_is_found_later(tmp_path):
    """While Vonage fails, nobody is told that the directory is being read."""

    async def scenario() -> None:
        vonage = account()
        vonage.refuse = lambda path: httpx.Response(500, content=b"{}")
        async with run_directory(vonage, tmp_path) as running:
            await asyncio.sleep(30)
            found = await running.find(f"{name_of(105)} Van{name_of(105)}")
            assert isinstance(found, NotReady)
            assert isinstance(found.failure, Unavailable)
            vonage.refuse = lambda path: None
            query = parse(f"{name_of(105)} Van{name_of(105)}")
            found = await running.directory.find_when_ready(query)  # type: ignore[arg-type]
            assert isinstance(found, Match)

    run(scenario())


def test_unknown_name_is_answered_when_reading_ends(tmp_path):
    """Somebody who waits for a name that nobody has gets that answer at the end."""

    async def scenario() -> None:
        async with run_directory(account(1000), tmp_path, requests_per_minute=10) as running:
            text = parse("zzyzx quorvath")
            assert isinstance(await running.find("zzyzx quorvath"), NotReady)
            assert await running.directory.find_when_ready(text) == Missing()  # type: ignore[arg-type]
            assert running.directory.has_copy

    run(scenario())
