"""What Vonage is asked in spite of the copy: seldom, once, and never in vain twice."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot.errors import SourceError
from bot.models import Listing, Match, Missing, NotReady
from bot.query import parse
from tests.directory.invented import Vonage, name, opened, row
from tests.directory.simulated_time import run


def account(people: int = 40) -> Vonage:
    """A small account."""
    return Vonage([row(100 + each) for each in range(people)])


def test_two_missing_numbers_a_minute_are_confirmed(tmp_path):
    """All others are not found at no call, and each answer is remembered for a while."""

    async def story() -> None:
        vonage = account()
        async with opened(vonage, tmp_path) as it:
            await it.whole()
            before = len(vonage.calls)
            for number in range(900, 950):
                assert await it.find(str(number)) == Missing()
                assert await it.find(f"+1415555{number:04}") == Missing()
            assert len(vonage.calls) - before == 2
            assert await it.find("900") == Missing()
            assert len(vonage.calls) - before == 2
            await asyncio.sleep(61)
            await it.find("970")
            await it.find("971")
            await it.find("972")
            assert len(vonage.calls) - before == 4

    run(story())


def test_a_number_that_is_new_is_found_and_known_from_then_on(tmp_path):
    """Whoever joined since the last reading is in the copy after the first who asks."""

    async def story() -> None:
        vonage = account()
        async with opened(vonage, tmp_path) as it:
            await it.whole()
            vonage.rows.append(row(500))
            assert isinstance(await it.find("500"), Match)
            calls = len(vonage.calls)
            for text in ("500", f"{name(500).lower()}@example.com", "login500", "+14150000500"):
                found = await it.find(text)
                assert isinstance(found, Match)
                assert found.extension.number == "500"
            assert len(vonage.calls) == calls

    run(story())


def test_most_questions_cost_nothing(tmp_path):
    """With the copy there, no mark, name, list or count asks Vonage."""

    async def story() -> None:
        vonage = account(300)
        async with opened(vonage, tmp_path) as it:
            await it.whole()
            calls = len(vonage.calls)
            for number in range(100, 400):
                for text in (str(number), f"+1415{number:07}", f"login{number}", name(number)):
                    assert isinstance(await it.find(text), Match | Listing)
            for text in ("list", "locations", "audit", "export", "changes", "nobody@example.com"):
                await it.find(text)
            assert len(vonage.calls) == calls

    run(story())


def test_a_refresh_of_several_by_one_ending_keeps_them(tmp_path):
    """That no extension has the number that several direct numbers end with proves nothing."""

    async def story() -> None:
        vonage = account(5)
        for each in vonage.rows[:2]:
            each["dids"] = [{"phone_number": f"1{each['extension_number']}5550777"}]
        async with opened(vonage, tmp_path) as it:
            await it.whole()
            await it.find("100", anew=True)
            found = await it.find("0777", anew=True)
            assert isinstance(found, Listing)
            assert found.total == 2

    run(story())


def test_a_refresh_of_who_has_left_takes_them_out(tmp_path):
    """Where the account answers numbers, a 404 is the end; the next reading agrees."""

    async def story() -> None:
        vonage = account(5)
        async with opened(vonage, tmp_path) as it:
            await it.whole()
            await it.find("101", anew=True)
            del vonage.rows[0]
            assert await it.find("100", anew=True) == Missing()
            assert await it.find("list") == await it.find("list")
            listing = await it.find("list")
            assert isinstance(listing, Listing)
            assert listing.total == 4

    run(story())


def test_a_404_proves_nothing_where_no_number_was_ever_answered(tmp_path):
    """Some accounts answer by another id: who is known stays known."""

    async def story() -> None:
        vonage = account(5)
        vonage.refuse = lambda path: (
            httpx.Response(404, content=b'{"msg":"Extension not found"}')
            if path.startswith("extensions/")
            else None
        )
        async with opened(vonage, tmp_path) as it:
            await it.whole()
            for _ in range(2):
                found = await it.find("100", anew=True)
                assert isinstance(found, Match)
            listing = await it.find("list")
            assert isinstance(listing, Listing)
            assert listing.total == 5

    run(story())


def test_marks_are_answered_by_single_calls_before_there_is_a_copy(tmp_path):
    """Number, direct number, email and login cost one call each, and the same again none."""

    async def story() -> None:
        vonage = account()
        async with opened(vonage, tmp_path, runs=False) as it:
            for text in ("101", "+14150000102", f"{name(103).lower()}@example.com", "login104"):
                assert isinstance(await it.find(text), Match)
                assert isinstance(await it.find(text), Match)
            assert len(vonage.calls) == 4
            assert isinstance(await it.find(f"{name(105)} Van{name(105)}"), NotReady)
            assert len(vonage.calls) == 4

    run(story())


def test_who_waits_is_told_why_where_the_reading_does_not_go_on(tmp_path):
    """While Vonage fails nobody is told to wait for a page."""

    async def story() -> None:
        vonage = account()
        vonage.refuse = lambda path: httpx.Response(500, content=b"{}")
        async with opened(vonage, tmp_path) as it:
            await asyncio.sleep(30)
            with pytest.raises(SourceError):
                await it.find(f"{name(105)} Van{name(105)}")
            vonage.refuse = lambda path: None
            found = await it.directory.find_when_ready(parse(f"{name(105)} Van{name(105)}"))  # type: ignore[arg-type]
            assert isinstance(found, Match)

    run(story())


def test_a_name_that_nobody_has_is_answered_when_all_is_read(tmp_path):
    """Whoever waits for nothing gets that answer at the end of the reading."""

    async def story() -> None:
        async with opened(account(1000), tmp_path, limit=10) as it:
            text = parse("zzyzx quorvath")
            assert isinstance(await it.find("zzyzx quorvath"), NotReady)
            assert await it.directory.find_when_ready(text) == Missing()  # type: ignore[arg-type]
            assert it.directory.has_copy

    run(story())
