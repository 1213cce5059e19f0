"""What the directory finds, and the calls it makes, with the sandbox's API in the same process."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import httpx
import pytest

from bot.errors import Unavailable
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
from tests.directory.accounts import open_account
from tests.directory.fake_vonage import FakeVonage, api_row, run_directory
from tests.simulated_time import run, wall_clock


@pytest.mark.parametrize(
    "text",
    [
        *("789", "0100", "14155550100", "+1 415 555 0100", "john.smith@example.com"),
        *("jsmith", "john smith", "jhon smith", "smith, john"),
    ],
)
async def test_extension_in_snapshot_is_found_by_each_lookup_key_without_a_call(text):
    """The snapshot answers number, ending, direct number, email, login and name."""
    async with open_account() as running:
        found = await running.find(text)
        assert isinstance(found, Match)
        assert found.extension.number == "789"
        assert running.called_paths == []


async def test_missing_numbers_are_confirmed_once_each_and_two_a_minute():
    """A missing number may be new, but random numbers must not use up the quota."""
    async with open_account() as running:
        for number in ("99999", "99999", "99998", "99997", "99996"):
            assert await running.find(number) == Missing()
        assert running.called_paths == ["99999", "99998"]


async def test_new_number_is_stored_once_it_is_confirmed():
    """The confirmed extension is found by its name too, and the changes list it."""
    async with open_account() as running:
        john = next(entry for entry in running.vonage.entries if entry.number == "789")
        user = replace(john.user, first_name="Zebedee", last_name="Quux") if john.user else None
        running.vonage.set_entries(
            [*running.vonage.entries, replace(john, number="99999", user=user)]
        )
        assert isinstance(await running.find("99999"), Match)
        found = await running.find("zebedee quux")
        assert isinstance(found, Match)
        assert found.extension.number == "99999"
        assert running.called_paths == ["99999"]
        changed = await running.find("changes")
        assert isinstance(changed, ChangeList)
        assert [change.was for change in changed.changes] == [None]


async def test_ending_of_several_direct_numbers_returns_list():
    """All extensions whose direct number ends with the digits are listed in number order."""
    async with open_account() as running:
        many = await running.find("0190")
        assert isinstance(many, Listing)
        numbers = [int(match.extension.number) for match in many.matches]
        assert 1 < len(numbers) <= 8
        assert numbers == sorted(numbers)


async def test_phone_number_without_match_finds_extension_of_same_digits():
    """An extension number can have seven digits or more, but no country code."""
    async with open_account(with_copy=False) as running:
        john = next(entry for entry in running.vonage.entries if entry.number == "789")
        running.vonage.set_entries(
            [*running.vonage.entries, replace(john, number="2015559999", dids=())]
        )
        await running.read_copy()
        found = await running.find("201-555-9999")
        assert isinstance(found, Match)
        assert found.extension.number == "2015559999"
        assert await running.find("+1 201 555 9999") == Missing()


async def test_email_of_several_extensions_returns_list():
    """Both extensions of one person are listed."""
    async with open_account(with_copy=False) as running:
        john = next(entry for entry in running.vonage.entries if entry.number == "789")
        running.vonage.set_entries([*running.vonage.entries, replace(john, number="7891")])
        await running.read_copy()
        found = await running.find("john.smith@example.com")
        assert isinstance(found, Listing)
        assert [match.extension.number for match in found.matches] == ["789", "7891"]


async def test_next_page_of_list_continues_after_last_row_when_rows_are_added():
    """Pages are anchored at a row, so a new extension makes no row appear twice or be skipped."""
    async with open_account() as running:
        first = await running.find("list")
        assert isinstance(first, Listing)
        assert (first.page, first.pages, first.total) == (1, 32, 250)
        last = first.matches[-1].extension.number
        john = next(entry for entry in running.vonage.entries if entry.number == "789")
        running.vonage.set_entries([*running.vonage.entries, replace(john, number="1")])
        assert isinstance(await running.find("1"), Match)
        following = await running.find(f"list page 2 after:{last}")
        assert isinstance(following, Listing)
        assert int(following.matches[0].extension.number) > int(last)
        back = await running.find(f"list page 1 before:{following.matches[0].extension.number}")
        assert isinstance(back, Listing)
        assert back.matches[-1].extension.number == last
        assert running.called_paths == ["1"]


async def test_page_beyond_the_last_returns_last_page():
    """The last page says how many pages there are."""
    async with open_account() as running:
        for text, pages in (("list page 999", 32), ("smith page 99", None)):
            found = await running.find(text)
            assert isinstance(found, Listing)
            assert found.page == found.pages == (pages or found.pages)
            assert found.matches


@pytest.mark.parametrize(
    ("text", "is_match"),
    [
        ("list dnd:on", lambda extension: extension.dnd_enabled),
        ("list dnd:off", lambda extension: extension.dnd_enabled is False),
        ("list voicemail:off", lambda extension: extension.vtt_enabled is False),
        ("list unassigned", lambda extension: extension.user is None),
        ("list location:145214", lambda extension: extension.location_id == "145214"),
        ("list location:holmdel dnd:on", lambda extension: extension.location_id == "145214"),
        ("list login:jsmith", lambda extension: extension.number == "789"),
        ("list email:john.smith@example.com", lambda extension: extension.number == "789"),
        ("list phone:4155550100", lambda extension: extension.number == "789"),
        ('list tag:"my tag"', lambda extension: extension.dids[0].custom_tag == "My Tag"),
    ],
)
async def test_filtered_list_has_only_matching_rows(text, is_match):
    """Every filter holds for every row, and the list makes no call."""
    async with open_account() as running:
        found = await running.find(text)
        assert isinstance(found, Listing)
        assert found.matches
        assert all(is_match(match.extension) for match in found.matches)
        assert running.called_paths == []


async def test_location_is_found_by_id_name_or_part_of_name():
    """A part that several names have returns a list of these locations."""
    async with open_account() as running:
        for text in ("location 145214", 'list location:"HOLMDEL hq"', "location holmdel"):
            found = await running.find(text)
            assert isinstance(found, Listing)
            assert {match.extension.location_id for match in found.matches} == {"145214"}
        choice = await running.find("location e")
        assert isinstance(choice, LocationList)
        assert choice.query_text == "e"
        assert len(choice.locations) > 1


@pytest.mark.parametrize("text", ["location atlantis", "location 99", "list location:99 dnd:on"])
async def test_unknown_location_returns_missing_location(text):
    """The answer to an unknown name or id names the location instead of being an empty list."""
    async with open_account() as running:
        wanted = "atlantis" if "atlantis" in text else "99"
        assert await running.find(text) == Missing(location=wanted)


async def test_location_id_filters_list_when_locations_cannot_be_loaded():
    """A failure of /locations stops neither the sync nor a list filtered by id."""
    async with open_account(with_copy=False) as running:
        running.vonage.faults.on("not_subscribed", path="/locations")
        await running.read_copy()
        assert isinstance(await running.find("list location:145214"), Listing)


async def test_locations_have_extension_counts():
    """The counts of all locations add up to the whole directory."""
    async with open_account() as running:
        found = await running.find("locations")
        assert isinstance(found, LocationList)
        assert sum(location.extensions or 0 for location in found.locations) == 250


async def test_audit_counts_equal_the_lists_of_its_checks():
    """The list of each check has as many extensions as the audit counts."""
    async with open_account() as running:
        report = await running.find("audit")
        assert isinstance(report, AuditReport)
        assert report.total == 250
        counted = dict(report.counts)
        assert counted["unassigned"] > 0
        for check, count in counted.items():
            listed = await running.find(f"audit {check}")
            assert isinstance(listed, Listing)
            assert listed.total == count


async def test_export_has_each_extension_once_in_number_order():
    """The export has all rows, and the locations that they refer to."""
    async with open_account() as running:
        found = await running.find("export")
        assert isinstance(found, DirectoryExport)
        numbers = [match.extension.number for match in found.matches]
        assert len(numbers) == found.total == 250
        assert numbers == sorted(numbers, key=lambda number: (len(number), number))
        assert found.locations["145214"].name == "Holmdel HQ"


async def test_hidden_number_is_missing_everywhere():
    """A hidden number is left out of lookups, lists and counts."""
    async with open_account(hidden=frozenset({"789"})) as running:
        for text in ("789", "jsmith", "john.smith@example.com", "0100"):
            found = await running.find(text)
            assert "789" not in str(found), text
        assert await running.find("789", refresh=True) == Missing()
        assert await running.find("14155550100") == Missing()
        listed = await running.find("list login:jsmith")
        assert isinstance(listed, Listing)
        assert listed.matches == ()
        counted = await running.find("locations")
        assert isinstance(counted, LocationList)
        assert sum(location.extensions or 0 for location in counted.locations) == 249


async def test_failed_refresh_returns_last_known_answer_with_failure():
    """While Vonage is down, the earlier answer has its age and the failure."""
    async with open_account() as running:
        first = await running.find("789")
        running.vonage.faults.on("down")
        again = await running.find("789", refresh=True)
        assert isinstance(first, Match)
        assert isinstance(again, Match)
        assert again.read_at == first.read_at
        assert isinstance(again.failure, Unavailable)
        with pytest.raises(Unavailable):
            await running.find("99999", refresh=True)


async def test_lookup_before_first_snapshot_makes_one_call_per_key():
    """The API is asked in the most direct way, and its answer is cached."""
    async with open_account(with_copy=False) as running:
        for text in ("789", "790", "14155550100", "john.smith@example.com", "jsmith") * 2:
            assert isinstance(await running.find(text), Match)
        assert running.called_paths == ["789", "790", "extensions", "extensions", "extensions"]


async def test_name_before_first_snapshot_returns_not_ready_without_a_call():
    """The API can't look up names, so the answer has to wait for the page with the name."""
    async with open_account(with_copy=False, faults={"latency": 0.2}) as running:
        assert await running.find("john smith") == NotReady()
        assert running.called_paths == []


async def test_number_with_404_before_first_snapshot_is_found_in_list():
    """Some accounts answer single calls by another id only, but list all their numbers."""
    async with open_account(faults={"by_external_id": None}) as running:
        assert isinstance(await running.find("789"), Match)
        assert running.called_paths == []


@pytest.mark.parametrize(
    ("fault", "value"),
    [
        ("no_totals", None),
        ("total_page", None),
        ("repeats_last_page", None),
        ("wrong_total_pages", 1),
        ("foreign_links", None),
        ("moving_rows", 3),
        ("ignores_page_size", None),
        ("ignores_filters", None),
        ("by_external_id", None),
    ],
)
async def test_account_with_faulty_paging_is_read_completely(fault, value):
    """Missing totals and repeated, moving or extra pages lose or repeat no extension."""
    async with open_account(people=120, page_size=50, faults={fault: value}) as running:
        found = await running.find("list")
        assert isinstance(found, Listing)
        assert found.total == 120


@pytest.mark.parametrize(("intervals", "is_late"), [(1.4, False), (1.6, True)])
def test_copy_is_late_after_one_and_a_half_intervals(tmp_path, intervals, is_late):
    """A smaller age is the jitter between two syncs; a larger one means that syncs fail."""

    async def scenario() -> None:
        vonage = FakeVonage([api_row(100 + each) for each in range(5)])
        async with run_directory(vonage, tmp_path, refresh_every_s=900.0) as running:
            await running.wait_for_copy()
            read_at = running.directory.status().read_at
            assert read_at is not None
            vonage.refuse = lambda path: httpx.Response(503, content=b"{}")
            await asyncio.sleep(read_at + intervals * 900.0 - wall_clock())
            found = await running.find("101")
            assert isinstance(found, Match)
            assert isinstance(found.failure, Unavailable) is is_late

    run(scenario())
