"""The CSV file as a source: read again when it changes, and the last good copy kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app import open_directory
from bot.cards import source_errors
from bot.directory.csv_file.source import CsvSource
from bot.directory.locations import LocationCache
from bot.directory.service import Directory
from bot.errors import FileTooSlow, InvalidFile, NotFound
from bot.models import Extension, Listing, Location, Match, Missing
from bot.query import parse
from bot.settings import Settings
from bot.tasks import Tasks

HEADERS = "Extension,First name,Last name,Email,Login,Direct numbers,Location\n"
JOHN = "789,John,Smith,john.smith@example.com,jsmith,+1 415-555-0100,Holmdel HQ\n"
MARY = "790,Mary,O'Brien,mary@example.com,mobrien,(+1) 415-555-0101,London\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of two people."""
    path = tmp_path / "people.csv"
    path.write_text(HEADERS + JOHN + MARY)
    return path


def in_a_moment() -> float:
    """A deadline that no reading of a small file reaches."""
    return asyncio.get_running_loop().time() + 5


def csv_source(path: Path) -> CsvSource:
    """A source that does not wait for a file to be written."""
    return CsvSource(path, region="US", settle_s=0.0)


async def numbers(source: CsvSource, **filters) -> list[str]:
    """The extension numbers that filters find."""
    page = await source.extensions(deadline=in_a_moment(), **filters)
    return [extension.number for extension in page.items]


async def test_request_at_its_deadline_blames_the_file(path):
    """A file that can't be read in time is named as the reason, instead of Vonage."""
    source = csv_source(path)
    with pytest.raises(FileTooSlow) as failure:
        await source.extensions(deadline=asyncio.get_running_loop().time())
    assert source.last_failure is failure.value
    assert source_errors.what_happened(failure.value) == source_errors.FILE_TOO_SLOW
    assert await numbers(source) == ["789", "790"], "the next request reads it"


async def test_extensions_are_paged_in_the_order_of_the_file(path):
    """Counts say how many pages there are, and the last one has no next."""
    path.write_text(HEADERS + "".join(f"{number},,,,,,\n" for number in (3, 1, 2)))
    source = csv_source(path)
    first = await source.extensions(deadline=in_a_moment(), page=1, page_size=2)
    last = await source.extensions(deadline=in_a_moment(), page=2, page_size=2)
    assert first.items == (Extension("3"), Extension("1"))
    assert last.items == (Extension("2"),)
    assert (first.total_pages, first.total_items, first.has_next) == (2, 3, True)
    assert (last.page, last.has_next) == (2, False)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"phone_number": "14155550101"}, ["790"]),
        ({"phone_number": "4155550100"}, ["789"]),
        ({"email": "MARY@example.com"}, ["790"]),
        ({"login_name": "jsmith"}, ["789"]),
        ({"login_name": "jsmith", "email": "mary@example.com"}, []),
        ({}, ["789", "790"]),
    ],
)
async def test_extensions_match_all_filters(path, filters, expected):
    """Phone numbers match with or without their country code, texts in any case."""
    assert await numbers(csv_source(path), **filters) == expected


async def test_extension_by_number_and_locations(path):
    """One extension, and the locations that the rows name."""
    source = csv_source(path)
    assert (await source.extension("790", deadline=in_a_moment())).name == "Mary O'Brien"
    with pytest.raises(NotFound):
        await source.extension("791", deadline=in_a_moment())
    assert await source.locations(deadline=in_a_moment()) == (
        Location("Holmdel HQ", "Holmdel HQ"),
        Location("London", "London"),
    )


async def test_changed_file_is_read_again(path, monkeypatch):
    """An unchanged file is read once, however often it is asked for."""
    loads = []
    load = CsvSource._load

    async def counted(source: CsvSource) -> None:
        loads.append(source)
        await load(source)

    monkeypatch.setattr(CsvSource, "_load", counted)
    source = csv_source(path)
    assert await numbers(source) == await numbers(source) == ["789", "790"]
    assert len(loads) == 1
    path.write_text(HEADERS + JOHN)
    assert await numbers(source) == ["789"]
    assert len(loads) == 2


async def test_unusable_file_is_refused_until_it_is_corrected(path, caplog):
    """Each request says so; the log says it once, with the lines."""
    source = csv_source(path)
    await numbers(source)
    answered_at = source.last_answer_at
    path.write_text(HEADERS + JOHN + "x,,,,,,\n")
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            with pytest.raises(InvalidFile):
                await numbers(source)
    assert [record.getMessage() for record in caplog.records] == [
        "The CSV file has 1 problem. line 3: “Extension” must be a number such as 789."
    ]
    assert isinstance(source.last_failure, InvalidFile)
    assert source.last_failure_at is not None
    assert source.last_answer_at == answered_at
    path.write_text(HEADERS + MARY)
    assert await numbers(source) == ["790"]


async def test_missing_file_names_the_setting(tmp_path):
    """The file may appear later, for instance when a volume is mounted."""
    source = csv_source(tmp_path / "people.csv")
    with pytest.raises(InvalidFile) as failure:
        await numbers(source)
    assert "check its path (DIRECTORY_CSV)" in failure.value.problems[0]
    (tmp_path / "people.csv").write_text(HEADERS + JOHN)
    assert await numbers(source) == ["789"]


async def test_file_that_was_changed_just_now_is_waited_for(path, monkeypatch):
    """A file may be half written; it is read a second after its last change."""
    waits = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        path.write_text(HEADERS + JOHN + MARY + "791,,,,,,\n")

    monkeypatch.setattr(asyncio, "sleep", sleep)
    changed_at = path.stat().st_mtime
    source = CsvSource(path, region="US", settle_s=1.0, wall_clock=lambda: changed_at + 0.25)
    assert await numbers(source) == ["789", "790", "791"]
    assert waits == [pytest.approx(0.75, abs=0.01)]


@asynccontextmanager
async def opened(path: Path, **changes) -> AsyncIterator[Directory]:
    """The directory of a file, read."""
    tasks = Tasks()
    settings = Settings(directory_csv=path, data_dir=path.parent / "data", **changes)
    async with open_directory(settings, tasks) as directory:
        directory.start(tasks)
        async with asyncio.timeout(10):
            while not directory.has_copy:  # noqa: ASYNC110 - it sends no event
                await asyncio.sleep(0.005)
        yield directory
        await tasks.drain(0)


async def find(directory: Directory, text: str, *, refresh: bool = False):
    """What a line of text finds."""
    return await directory.find(parse(text), deadline=in_a_moment(), refresh=refresh)  # type: ignore[arg-type]


async def test_directory_of_a_file_answers_and_hides(path):
    """Numbers, phone numbers, names and lists; hidden extensions read as missing."""
    async with opened(path, hidden_extensions=frozenset({"790"})) as directory:
        for text in ("789", "who 4155550100", "jhon smith", "who john.smith@example.com"):
            found = await find(directory, text)
            match = found.matches[0] if isinstance(found, Listing) else found
            assert isinstance(match, Match), text
            assert match.extension.number == "789"
        assert isinstance(await find(directory, "790"), Missing)
        assert isinstance(await find(directory, "who 4155550101"), Missing)
        assert directory.status().quota is None
        assert directory.status().source_name == "the CSV file"


async def test_refresh_reads_an_edited_file(path):
    """Whoever edits the file sees it at once; the other rows follow with the next sync."""
    async with opened(path) as directory:
        path.write_text(HEADERS + JOHN.replace("Smith", "Smythe") + MARY)
        found = await find(directory, "789", refresh=True)
        assert isinstance(found, Match)
        assert found.extension.name == "John Smythe"


async def test_refresh_believes_an_edited_file_that_takes_something_away(path):
    """A file was read as a whole, so nobody needs to say twice that a user or a row is gone."""
    async with opened(path) as directory:
        path.write_text(HEADERS + "789\n" + MARY)
        found = await find(directory, "789", refresh=True)
        assert isinstance(found, Match)
        assert found.failure is None
        assert found.extension.user is None
        path.write_text(HEADERS + MARY)
        assert isinstance(await find(directory, "789", refresh=True), Missing)


async def test_renamed_location_is_read_with_the_next_sync(path):
    """The locations of an edited file are not kept for an hour, as those of Vonage are."""
    path.write_text("Extension,Location,Location id\n789,Holmdel,1\n")
    locations = LocationCache(csv_source(path))
    assert (await locations.get_or_empty())["1"].name == "Holmdel"
    path.write_text("Extension,Location,Location id\n789,Freehold,1\n")
    assert (await locations.get_or_empty())["1"].name == "Freehold"


async def test_unusable_file_keeps_the_last_good_copy(path):
    """The answer has the reason why it is old, as during an outage of Vonage."""
    async with opened(path) as directory:
        path.write_text("nonsense")
        found = await find(directory, "789")
        assert isinstance(found, Match)
        assert found.failure is None
        found = await find(directory, "789", refresh=True)
        assert isinstance(found, Match)
        assert isinstance(found.failure, InvalidFile)


def test_copy_of_one_file_is_not_used_for_another(tmp_path):
    """A copy belongs to its source: two files, or a file and an account, differ."""
    accounts = {
        Settings().account,
        Settings(directory_csv=tmp_path / "a.csv").account,
        Settings(directory_csv=tmp_path / "b.csv").account,
    }
    assert len(accounts) == 3
