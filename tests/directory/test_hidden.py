"""Hidden extensions are not found by any query, on any path, and cost what missing ones cost."""

from __future__ import annotations

import asyncio
import contextlib
import re
from pathlib import Path

import httpx
import pytest

from bot.directory.store.snapshot import Snapshot
from bot.errors import MustWait, SourceError
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
from tests.directory.fake_vonage import (
    FakeVonage,
    RunningDirectory,
    api_row,
    name_of,
    run_directory,
)
from tests.simulated_time import run

HIDDEN, VISIBLE = 105, 106
LOOKUPS = [
    str(HIDDEN),
    f"+1415{HIDDEN:07}",
    f"415-{HIDDEN:07}",
    f"{name_of(HIDDEN).lower()}@example.com",
    f"login{HIDDEN}",
]


FULL_NAME = f"{name_of(HIDDEN)} Van{name_of(HIDDEN)}"


def account() -> FakeVonage:
    """An account of thirty people, one of whom tests hide."""
    return FakeVonage([api_row(each) for each in range(100, 130)])


def any_file_contains(path: Path, text: str) -> bool:
    """Whether any file under a path contains a text."""
    return any(text.encode() in each.read_bytes() for each in path.rglob("*") if each.is_file())


def texts_and_times(seen: list[object]) -> tuple[list[str], list[float]]:
    """Split what was seen into texts and fractional numbers, all of which are seconds."""
    parts = re.split(r"(\d+\.\d+(?:e-\d+)?)", repr(seen))
    return parts[::2], [float(part) for part in parts[1::2]]


async def seen_by_asker(
    vonage: FakeVonage, data_dir: Path, text: str, *, refresh: bool, with_copy: bool
) -> list[object]:
    """Ask for a text again and again, and return everything that an asker can notice.

    The pauses are longer than a missing result is cached, and shorter than a found one is.
    """
    seen: list[object] = []
    async with run_directory(
        vonage, data_dir, hidden=[str(HIDDEN)], with_sync=with_copy, requests_per_minute=20
    ) as running:
        if with_copy:
            await running.wait_for_copy()
        for _ in range(4):
            calls, begun = len(vonage.calls), asyncio.get_running_loop().time()
            try:
                found: object = await running.find(text, refresh=refresh)
            except SourceError as error:
                found = type(error)
            took_s = asyncio.get_running_loop().time() - begun
            status = running.directory.status()
            seen.append((found, took_s, status.extensions, status.quota, status.last_answer_at))
            seen += vonage.paths[calls:]
            await asyncio.sleep(80)
    return seen


@pytest.mark.parametrize("with_copy", [True, False], ids=["with copy", "without copy"])
@pytest.mark.parametrize("refresh", [False, True], ids=["as known", "refreshed"])
@pytest.mark.parametrize("text", [*LOOKUPS, FULL_NAME, "1050", "list"])
def test_hidden_extension_seems_missing_in_answer_time_calls_and_quota(
    tmp_path, text, refresh, with_copy
):
    """Nobody can tell a hidden extension from one that Vonage doesn't have, however often."""
    rows = [*account().rows, api_row(200, dids=[{"phone_number": "14159999105"}])]
    without = [row for row in rows if row["extension_number"] != str(HIDDEN)]
    seen = [
        run(
            seen_by_asker(
                FakeVonage(each), tmp_path / name, text, refresh=refresh, with_copy=with_copy
            )
        )
        for name, each in (("hidden", rows), ("missing", without))
    ]
    texts, times = zip(*map(texts_and_times, seen), strict=True)
    assert texts[0] == texts[1]
    assert times[0] == pytest.approx(times[1], abs=0.1)


def test_hidden_number_finds_direct_number_of_visible_extension(tmp_path):
    """Digits that are hidden as an extension still find somebody else's direct number."""

    async def scenario() -> None:
        vonage = FakeVonage([*account().rows, api_row(200, dids=[{"phone_number": "14159999105"}])])
        async with run_directory(vonage, tmp_path, hidden=[str(HIDDEN)]) as running:
            await running.wait_for_copy()
            found = await running.find(str(HIDDEN))
            assert isinstance(found, Match)
            assert found.extension.number == "200"

    run(scenario())


def test_search_for_hidden_name_finds_others_at_most(tmp_path):
    """Somebody with a similar name may be found, the hidden person is not."""

    async def scenario() -> None:
        async with run_directory(account(), tmp_path, hidden=[str(HIDDEN)]) as running:
            await running.wait_for_copy()
            for text in (name_of(HIDDEN), f"{name_of(HIDDEN)} Van{name_of(HIDDEN)}"):
                found = await running.find(text)
                rows = found.matches if isinstance(found, Listing) else [found]
                for each in rows:
                    assert isinstance(each, Match)
                    assert each.extension.number != str(HIDDEN)

    run(scenario())


def test_lists_counts_and_files_hold_nothing_of_hidden_extension(tmp_path):
    """Lists, locations, audits, exports and the files on the disk hold no trace."""

    async def scenario() -> None:
        async with run_directory(account(), tmp_path, hidden=[str(HIDDEN)]) as running:
            await running.wait_for_copy()
            listing = await running.find(f"list email:{name_of(HIDDEN).lower()}@example.com")
            assert isinstance(listing, Listing)
            assert listing.total == 0
            locations = await running.find("locations")
            assert isinstance(locations, LocationList)
            assert locations.locations[0].extensions == 29
            report = await running.find("audit")
            assert isinstance(report, AuditReport)
            assert report.total == 29
            everything = await running.find("export")
            assert isinstance(everything, DirectoryExport)
            assert str(HIDDEN) not in [each.extension.number for each in everything.matches]
            assert running.directory.status().extensions == 29
        for text in (name_of(HIDDEN), f"1415{HIDDEN:07}", f"login{HIDDEN}"):
            assert not any_file_contains(tmp_path, text)
            assert not any_file_contains(tmp_path, text[::-1])
            assert not any_file_contains(tmp_path, text.lower())
        assert any_file_contains(tmp_path, name_of(VISIBLE))

    run(scenario())


def test_snapshot_made_before_hiding_is_removed(tmp_path):
    """A snapshot made while the extension was visible is removed with its history."""

    async def scenario() -> None:
        async with run_directory(account(), tmp_path) as running:
            await running.wait_for_copy()
        assert any_file_contains(tmp_path, name_of(HIDDEN))
        async with run_directory(
            account(), tmp_path, hidden=[str(HIDDEN)], with_sync=False
        ) as running:
            assert not running.directory.has_copy
            assert not any_file_contains(tmp_path, name_of(HIDDEN))

    run(scenario())


def test_changes_of_hidden_extension_are_not_recorded(tmp_path):
    """Neither joining, leaving nor changing is recorded."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, hidden=[str(HIDDEN), "777"]) as running:
            await running.wait_for_copy()
            vonage.rows = [each for each in vonage.rows if each["extension_number"] != str(HIDDEN)]
            vonage.rows.append(api_row(777))
            await asyncio.sleep(1000)
            vonage.rows.append(api_row(HIDDEN, dids=[]))
            await asyncio.sleep(1000)
            changes = await running.find("changes")
            assert isinstance(changes, ChangeList)
            assert changes.total == 0

    run(scenario())


@pytest.mark.parametrize("text", LOOKUPS)
def test_live_lookup_of_hidden_extension_shows_and_stores_nothing(tmp_path, text):
    """What Vonage says of a hidden extension goes nowhere, before and after there is a copy."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(
            vonage, tmp_path, hidden=[str(HIDDEN)], with_sync=False
        ) as running:
            assert isinstance(await running.find(text), NotReady)
            assert vonage.single, "Vonage was asked, as for a missing one"
            assert not any_file_contains(tmp_path, name_of(HIDDEN))

    run(scenario())


def refuse_page_2(path: str) -> httpx.Response | None:
    """Let the first page of the list come, and no other."""
    return httpx.Response(500, content=b"{}") if "page=2&" in path else None


async def wait_for_first_page(running: RunningDirectory) -> Snapshot:
    """Wait until a page has been stored; return the snapshot that is being filled."""
    async with asyncio.timeout(600):
        while (building := running.directory._snapshots.building) is None or not building.count():  # noqa: ASYNC110 - simulated time
            await asyncio.sleep(0.1)
    return building


@pytest.mark.parametrize("refresh", [False, True], ids=["as known", "refreshed"])
@pytest.mark.parametrize("text", [*LOOKUPS, FULL_NAME, name_of(HIDDEN), "list", "export"])
def test_query_during_first_reading_with_hidden_on_read_page_finds_nobody(tmp_path, text, refresh):
    """The first page has the hidden extension, the reading goes on, and no query finds it."""

    async def scenario() -> None:
        vonage = account()
        vonage.refuse = refuse_page_2
        async with run_directory(vonage, tmp_path, page_size=20, hidden=[str(HIDDEN)]) as running:
            await wait_for_first_page(running)
            with contextlib.suppress(SourceError):
                found = await running.find(text, refresh=refresh)
                assert isinstance(found, Missing | NotReady), found
            with pytest.raises(MustWait):
                await running.directory.find(parse(text), deadline=None)  # type: ignore[arg-type]
            assert not running.directory.has_copy

    run(scenario())


def test_search_during_first_reading_with_hidden_on_read_page_has_no_hit(tmp_path):
    """Neither search nor typeahead over the pages read so far finds the hidden extension."""

    async def scenario() -> None:
        vonage = account()
        vonage.refuse = refuse_page_2
        async with run_directory(vonage, tmp_path, page_size=20, hidden=[str(HIDDEN)]) as running:
            building = await wait_for_first_page(running)
            assert building.count() == 19
            for text in (*LOOKUPS, FULL_NAME, name_of(HIDDEN), name_of(HIDDEN)[:-1]):
                hits = [
                    *building.index.search(text, limit=50).hits,
                    *building.index.typeahead(text, limit=50),
                ]
                assert str(HIDDEN) not in [hit.extension.number for hit in hits], text
            assert building.index.typeahead(name_of(VISIBLE)), "others on the page are found"

    run(scenario())


def test_live_answer_after_publishing_keeps_hidden_extension_out(tmp_path):
    """A call that was under way when the snapshot was published does not add the extension."""

    async def scenario() -> None:
        vonage = account()
        async with run_directory(vonage, tmp_path, hidden=[str(HIDDEN)]) as running:
            pending = asyncio.create_task(
                running.find(f"{name_of(HIDDEN).lower()}@example.com", timeout_s=30)
            )
            await running.wait_for_copy()
            assert await pending in (Missing(), NotReady())
            copy = running.directory._snapshots.current
            assert copy
            assert copy.by_key(parse(str(HIDDEN))) == []  # type: ignore[arg-type]

    run(scenario())


def test_key_shared_with_hidden_extension_finds_visible_one(tmp_path):
    """A direct number, email or login that a visible extension also has finds that one."""

    async def scenario() -> None:
        vonage = account()
        vonage.rows[HIDDEN - 100] = api_row(VISIBLE) | {"extension_number": str(HIDDEN)}
        async with run_directory(vonage, tmp_path, hidden=[str(HIDDEN)]) as running:
            await running.wait_for_copy()
            for text in (
                f"+1415{VISIBLE:07}",
                f"{name_of(VISIBLE).lower()}@example.com",
                f"login{VISIBLE}",
            ):
                found = await running.find(text)
                assert getattr(found, "extension", None) is not None, text
                assert found.extension.number == str(VISIBLE)  # type: ignore[union-attr]
            refreshed = await running.find(f"+1415{VISIBLE:07}", refresh=True)
            assert refreshed.extension.number == str(VISIBLE)  # type: ignore[union-attr]

    run(scenario())
