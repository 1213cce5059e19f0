"""Hidden extensions: not found by anything, on no path, at no call."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from bot.directory import snapshot_queries
from bot.errors import MustWait
from bot.models import (
    AuditReport,
    ChangeList,
    DirectoryExport,
    Listing,
    LocationList,
    Match,
    Missing,
    NotReady,
)
from bot.query import parse
from tests.directory.invented import Vonage, name, opened, row
from tests.directory.simulated_time import run

SECRET, OPEN = 105, 106
BY_MARK = [
    str(SECRET),
    f"+1415{SECRET:07}",
    f"415-{SECRET:07}",
    f"{name(SECRET).lower()}@example.com",
    f"login{SECRET}",
]


def account() -> Vonage:
    """An account with somebody who is hidden."""
    return Vonage([row(each) for each in range(100, 130)])


def holds(path: Path, text: str) -> bool:
    """Whether a text is in any of the files."""
    return any(text.encode() in each.read_bytes() for each in path.rglob("*") if each.is_file())


@pytest.mark.parametrize("anew", [False, True], ids=["as it is", "refreshed"])
@pytest.mark.parametrize("text", BY_MARK)
def test_no_mark_finds_them_and_none_costs_a_call(tmp_path, text, anew):
    """By number, direct number, email, login and name, also after a restart."""

    async def story() -> None:
        vonage = account()
        for _ in range(2):
            async with opened(vonage, tmp_path, hidden=[str(SECRET)]) as it:
                await it.whole()
                before = len(vonage.calls)
                if not (anew and text in BY_MARK[-1:]):  # logins are not asked for anew
                    assert await it.find(text, anew=anew) == Missing()
                    with contextlib.suppress(MustWait):
                        found = await it.directory.find(parse(text), deadline=None)  # type: ignore[arg-type]
                        assert found == Missing()
                assert len(vonage.calls) == before

    run(story())


def test_their_name_finds_others_at_most(tmp_path):
    """Whoever has a name like theirs can be meant, and they are not."""

    async def story() -> None:
        async with opened(account(), tmp_path, hidden=[str(SECRET)]) as it:
            await it.whole()
            for text in (name(SECRET), f"{name(SECRET)} Van{name(SECRET)}"):
                found = await it.find(text)
                rows = found.matches if isinstance(found, Listing) else [found]
                for each in rows:
                    assert isinstance(each, Match)
                    assert each.extension.number != str(SECRET)

    run(story())


def test_no_list_count_or_file_has_them(tmp_path):
    """Lists, locations, audits, exports, changes and what is written hold no trace of them."""

    async def story() -> None:
        async with opened(account(), tmp_path, hidden=[str(SECRET)]) as it:
            await it.whole()
            listing = await it.find(f"list email:{name(SECRET).lower()}@example.com")
            assert isinstance(listing, Listing)
            assert listing.total == 0
            locations = await it.find("locations")
            assert isinstance(locations, LocationList)
            assert locations.locations[0].extensions == 29
            report = await it.find("audit")
            assert isinstance(report, AuditReport)
            assert report.total == 29
            everything = await it.find("export")
            assert isinstance(everything, DirectoryExport)
            assert str(SECRET) not in [each.extension.number for each in everything.matches]
            assert it.directory.status().extensions == 29
        for text in (name(SECRET), f"1415{SECRET:07}", f"login{SECRET}"):
            assert not holds(tmp_path, text)
            assert not holds(tmp_path, text[::-1])
            assert not holds(tmp_path, text.lower())
        assert holds(tmp_path, name(OPEN))

    run(story())


def test_who_is_hidden_from_now_on_leaves_no_trace(tmp_path):
    """A copy that was made while they were shown goes, with all that it remembers."""

    async def story() -> None:
        async with opened(account(), tmp_path) as it:
            await it.whole()
        assert holds(tmp_path, name(SECRET))
        async with opened(account(), tmp_path, hidden=[str(SECRET)], runs=False) as it:
            assert not it.directory.has_copy
            assert not holds(tmp_path, name(SECRET))

    run(story())


def test_their_changes_are_nobodys_news(tmp_path):
    """Neither that they come or go, nor what becomes of them."""

    async def story() -> None:
        vonage = account()
        async with opened(vonage, tmp_path, hidden=[str(SECRET), "777"]) as it:
            await it.whole()
            vonage.rows = [each for each in vonage.rows if each["extension_number"] != str(SECRET)]
            vonage.rows.append(row(777))
            await asyncio.sleep(1000)
            vonage.rows.append(row(SECRET, dids=[]))
            await asyncio.sleep(1000)
            changes = await it.find("changes")
            assert isinstance(changes, ChangeList)
            assert changes.total == 0

    run(story())


def test_before_the_copy_is_there_they_are_not_found_either(tmp_path):
    """What Vonage says of them is not shown, and asked for once only."""

    async def story() -> None:
        vonage = account()
        vonage.refuse = lambda path: None
        async with opened(vonage, tmp_path, hidden=[str(SECRET)], runs=False) as it:
            assert await it.find(BY_MARK[0]) == Missing()
            assert vonage.calls == []
            for text in BY_MARK[1:]:
                assert isinstance(await it.find(text), NotReady)
            asked = len(vonage.calls)
            for text in BY_MARK:
                assert isinstance(await it.find(text), NotReady | Missing)
            assert len(vonage.calls) == asked

    run(story())


def test_an_answer_that_lands_late_brings_none_of_them(tmp_path):
    """A call that was under way when the copy came is kept out of it too."""

    async def story() -> None:
        vonage = account()
        async with opened(vonage, tmp_path, hidden=[str(SECRET)]) as it:
            asked = asyncio.create_task(it.find(f"{name(SECRET).lower()}@example.com", seconds=30))
            await it.whole()
            assert await asked in (Missing(), NotReady())
            copy = it.directory._snapshots.current
            assert copy
            assert snapshot_queries.by_key(copy, parse(str(SECRET))) == []  # type: ignore[arg-type]

    run(story())


def test_a_number_shared_with_somebody_hidden_is_still_the_others(tmp_path):
    """Who is not hidden is found by a direct number, email or login that a hidden one has too."""

    async def story() -> None:
        vonage = account()
        vonage.rows[SECRET - 100] = row(OPEN) | {"extension_number": str(SECRET)}
        async with opened(vonage, tmp_path, hidden=[str(SECRET)]) as it:
            await it.whole()
            for text in (f"+1415{OPEN:07}", f"{name(OPEN).lower()}@example.com", f"login{OPEN}"):
                found = await it.find(text)
                assert getattr(found, "extension", None) is not None, text
                assert found.extension.number == str(OPEN)  # type: ignore[union-attr]
            refreshed = await it.find(f"+1415{OPEN:07}", anew=True)
            assert refreshed.extension.number == str(OPEN)  # type: ignore[union-attr]

    run(story())
