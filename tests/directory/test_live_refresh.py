"""Calls beside the snapshot: rarely, once a question, and never twice in vain."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from bot import limits
from bot.errors import Contradiction, Unavailable, UnexpectedReply
from bot.models import ChangeList, Listing, Match, Missing, NotReady
from bot.query import parse
from tests.directory.fake_vonage import (
    FakeVonage,
    RunningDirectory,
    api_row,
    name_of,
    run_directory,
)
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


GONE = httpx.Response(404, content=b'{"msg":"Extension not found","status":404}')
FRAMEWORK_404 = httpx.Response(404, content=b'{"status":404,"error":"Not Found","path":"/x"}')
EMPTY = httpx.Response(200, content=b'{"total_items":0}')


def one(row: Any) -> httpx.Response:
    """A single extension as the API answers."""
    return httpx.Response(200, content=json.dumps({"_embedded": {"extension": row}}).encode())


NOBODY = {name: value for name, value in api_row(100).items() if name != "user"}
NAMELESS = api_row(100, user={"email": f"{name_of(100).lower()}@example.com"})


def answer_singles(vonage: FakeVonage, response: httpx.Response | None) -> None:
    """Answer every request for a single extension with this response."""
    vonage.refuse = lambda path: response if path.startswith("extensions/") else None


async def start_with_answered_number(running: RunningDirectory) -> Match:
    """Wait for the copy, and let the account answer a number once; return the card of 100."""
    await running.wait_for_copy()
    await running.find("101", refresh=True)
    found = await running.find("100")
    assert isinstance(found, Match)
    return found


async def count_changes(running: RunningDirectory) -> int:
    """Return how many changes are recorded."""
    found = await running.find("changes")
    assert isinstance(found, ChangeList)
    return found.total


@pytest.mark.parametrize(
    ("response", "lost"),
    [
        (GONE, {"extension"}),
        (one(NOBODY), {"user"}),
        (one({"extension_number": "100"}), {"user", "dids"}),
        (one(NAMELESS), {"name", "login_name"}),
        (one(api_row(100, dids=[])), {"dids"}),
    ],
    ids=["gone", "nobody", "nothing", "nameless", "no numbers"],
)
def test_contradicting_answer_is_believed_after_the_second_one(tmp_path, response, lost):
    """The known card stays, with the reason, until a second answer a minute later agrees."""

    async def scenario() -> None:
        vonage = account(5)
        async with run_directory(vonage, tmp_path) as running:
            card = await start_with_answered_number(running)
            answer_singles(vonage, response)
            for _ in range(3):
                found = await running.find("100", refresh=True)
                assert isinstance(found, Match)
                assert found.extension == card.extension
                assert isinstance(found.failure, Contradiction)
                assert found.failure.lost == lost
                assert await running.find("100") == card
                await asyncio.sleep(5)
            assert await count_changes(running) == 0
            calls = len(vonage.single)
            await asyncio.sleep(limits.CONTRADICTION_PAUSE_S)
            assert len(vonage.single) == calls + 1  # the bot's own second call
            found = await running.find("100")
            assert found != card
            assert not isinstance(found, Match) or found.failure is None

    run(scenario())


@pytest.mark.parametrize(
    "response",
    [
        FRAMEWORK_404,
        EMPTY,
        one({"error": "internal"}),
        one({**api_row(100), "user": "John"}),
        one({**api_row(100), "dids": {}}),
        one(api_row(101)),
        httpx.Response(200, content=b'{"_embedded":{"extension":null}}'),
    ],
    ids=["404", "empty", "error", "user", "dids", "other", "null"],
)
def test_unreadable_answer_is_never_believed(tmp_path, response):
    """However often it comes, the last known card stays, with the reason, and nothing changes."""

    async def scenario() -> None:
        vonage = account(5)
        async with run_directory(vonage, tmp_path) as running:
            card = await start_with_answered_number(running)
            answer_singles(vonage, response)
            for _ in range(4):
                found = await running.find("100", refresh=True)
                assert isinstance(found, Match)
                assert found.extension == card.extension
                assert isinstance(found.failure, UnexpectedReply)
                assert not isinstance(found.failure, Contradiction)
                assert await running.find("100") == card
                await asyncio.sleep(70)
            assert await count_changes(running) == 0

    run(scenario())


@pytest.mark.parametrize(
    "changes",
    [
        {"user": {"first_name": "Jane", "last_name": "Roe", "email": "j@x.org", "login_name": "j"}},
        {"dids": [{"phone_number": "14150009999"}]},
        {"location_id": 7},
        {"dnd_enabled": True},
    ],
)
def test_normal_change_is_believed_at_once(tmp_path, changes):
    """Another name, number, location or setting needs no second answer."""

    async def scenario() -> None:
        vonage = account(5)
        async with run_directory(vonage, tmp_path) as running:
            card = await start_with_answered_number(running)
            answer_singles(vonage, one(api_row(100, **changes)))
            found = await running.find("100", refresh=True)
            assert isinstance(found, Match)
            assert found.failure is None
            assert found.extension != card.extension
            stored = await running.find("100")
            assert isinstance(stored, Match)
            assert stored.extension == found.extension

    run(scenario())


def test_good_answer_between_two_contradictions_is_believed(tmp_path):
    """Two faults with a good answer in between don't confirm each other."""

    async def scenario() -> None:
        vonage = account(5)
        async with run_directory(vonage, tmp_path, with_sync=True) as running:
            card = await start_with_answered_number(running)
            for response in (GONE, None, GONE, None):
                answer_singles(vonage, response)
                found = await running.find("100", refresh=True)
                assert isinstance(found, Match)
                assert (found.failure is None) is (response is None)
                answer_singles(vonage, None)  # the bot's own second call is answered well
                await asyncio.sleep(70)
            found = await running.find("100")
            assert isinstance(found, Match)
            assert found.extension == card.extension
            assert await count_changes(running) == 0

    run(scenario())


def test_contradiction_found_by_email_keeps_the_known_card(tmp_path):
    """An account that finds nobody by number is asked by email, and is doubted as well."""

    async def scenario() -> None:
        vonage = account(5)
        answer_singles(vonage, GONE)
        async with run_directory(vonage, tmp_path) as running:
            await running.wait_for_copy()
            card = await running.find("100", refresh=True)
            assert isinstance(card, Match)
            vonage.rows[0]["dids"] = []
            found = await running.find("100", refresh=True)
            assert isinstance(found, Match)
            assert found.extension == card.extension
            assert isinstance(found.failure, Contradiction)
            await asyncio.sleep(70)
            found = await running.find("100")
            assert isinstance(found, Match)
            assert found.extension.dids == ()

    run(scenario())


def test_many_contradictions_keep_to_a_few_calls(tmp_path):
    """If a whole back end is down, the second calls don't use up the quota."""

    async def scenario() -> None:
        vonage = account(40)
        async with run_directory(vonage, tmp_path) as running:
            await start_with_answered_number(running)
            answer_singles(vonage, GONE)
            for number in range(100, 130):
                await running.find(str(number), refresh=True)
            calls = len(vonage.single)
            await asyncio.sleep(2 * limits.CONTRADICTION_PAUSE_S)
            assert len(vonage.single) == calls + limits.MAX_PENDING_CONTRADICTIONS

    run(scenario())


def test_contradiction_before_the_first_copy_keeps_the_known_card(tmp_path):
    """A card that was only looked up is not replaced by "nobody" either."""

    async def scenario() -> None:
        vonage = account(5)
        async with run_directory(vonage, tmp_path, with_sync=False) as running:
            card = await running.find("100")
            assert isinstance(card, Match)
            answer_singles(vonage, one(NOBODY))
            found = await running.find("100", refresh=True)
            assert isinstance(found, Match)
            assert found.extension == card.extension
            assert isinstance(found.failure, Contradiction)

    run(scenario())


def test_refresh_of_removed_extension_removes_it(tmp_path):
    """If the account answers numbers, a second 404 is proof, and the next reading agrees."""

    async def scenario() -> None:
        vonage = account(5)
        async with run_directory(vonage, tmp_path) as running:
            await start_with_answered_number(running)
            del vonage.rows[0]
            assert isinstance(await running.find("100", refresh=True), Match)
            await asyncio.sleep(limits.CONTRADICTION_PAUSE_S)
            assert await running.find("100", refresh=True) == Missing()
            listing = await running.find("list")
            assert isinstance(listing, Listing)
            assert listing.total == 4

    run(scenario())


def test_404_proves_nothing_if_no_number_was_ever_found(tmp_path):
    """Some accounts expect another id: a known extension stays known."""

    async def scenario() -> None:
        vonage = account(5)
        vonage.refuse = lambda path: (
            httpx.Response(404, content=b'{"msg":"Extension not found","status":404}')
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
