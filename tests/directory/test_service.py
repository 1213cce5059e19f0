"""What a query finds, and what it costs, with the invented API in the same process."""

from __future__ import annotations

from dataclasses import replace

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


@pytest.mark.parametrize(
    "text",
    [
        *("789", "0100", "14155550100", "+1 415 555 0100", "john.smith@example.com"),
        *("jsmith", "john smith", "jhon smith", "smith, john"),
    ],
)
async def test_what_was_read_is_found_by_each_mark_at_no_call(text):
    """Number, ending, direct number, email, login and name, all from the copy."""
    async with open_account() as running:
        found = await running.find(text)
        assert isinstance(found, Match)
        assert found.extension.number == "789"
        assert running.called_paths == []


async def test_a_missing_number_is_confirmed_once_and_two_in_a_minute_at_most():
    """It may be new; but whoever types numbers at random does not spend the quota."""
    async with open_account() as running:
        for number in ("99999", "99999", "99998", "99997", "99996"):
            assert await running.find(number) == Missing()
        assert running.called_paths == ["99999", "99998"]


async def test_a_number_that_is_new_is_known_from_then_on():
    """What a confirmation brings is taken into the copy, with all its marks."""
    async with open_account() as running:
        john = next(each for each in running.vonage.entries if each.number == "789")
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
        assert [each.was for each in changed.changes] == [None]


async def test_several_of_one_ending_are_a_list():
    """Where more than one direct number ends so, all are offered, in number order."""
    async with open_account() as running:
        many = await running.find("0190")
        assert isinstance(many, Listing)
        numbers = [int(each.extension.number) for each in many.matches]
        assert 1 < len(numbers) <= 8
        assert numbers == sorted(numbers)


async def test_a_phone_number_falls_back_on_an_extension():
    """Seven digits or more that no direct number has can still be an extension."""
    async with open_account(with_copy=False) as running:
        john = next(each for each in running.vonage.entries if each.number == "789")
        running.vonage.set_entries(
            [*running.vonage.entries, replace(john, number="2015559999", dids=())]
        )
        await running.read_copy()
        found = await running.find("201-555-9999")
        assert isinstance(found, Match)
        assert found.extension.number == "2015559999"
        assert await running.find("+1 201 555 9999") == Missing()


async def test_one_email_of_several_extensions_is_a_list():
    """A person with two extensions gets both."""
    async with open_account(with_copy=False) as running:
        john = next(each for each in running.vonage.entries if each.number == "789")
        running.vonage.set_entries([*running.vonage.entries, replace(john, number="7891")])
        await running.read_copy()
        found = await running.find("john.smith@example.com")
        assert isinstance(found, Listing)
        assert [each.extension.number for each in found.matches] == ["789", "7891"]


async def test_a_page_of_a_list_stays_where_it_was_while_others_come():
    """What comes after a row is asked by that row, so nobody is shown twice or skipped."""
    async with open_account() as running:
        first = await running.find("list")
        assert isinstance(first, Listing)
        assert (first.page, first.pages, first.total) == (1, 32, 250)
        last = first.matches[-1].extension.number
        john = next(each for each in running.vonage.entries if each.number == "789")
        running.vonage.set_entries([*running.vonage.entries, replace(john, number="1")])
        assert isinstance(await running.find("1"), Match)
        following = await running.find(f"list page 2 after:{last}")
        assert isinstance(following, Listing)
        assert int(following.matches[0].extension.number) > int(last)
        back = await running.find(f"list page 1 before:{following.matches[0].extension.number}")
        assert isinstance(back, Listing)
        assert back.matches[-1].extension.number == last
        assert running.called_paths == ["1"]


async def test_a_page_behind_the_last_is_the_last():
    """Whoever turns too far sees the end, and learns how many pages there are."""
    async with open_account() as running:
        for text, pages in (("list page 999", 32), ("smith page 99", None)):
            found = await running.find(text)
            assert isinstance(found, Listing)
            assert found.page == found.pages == (pages or found.pages)
            assert found.matches


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("list dnd:on", lambda one: one.dnd_enabled),
        ("list dnd:off", lambda one: one.dnd_enabled is False),
        ("list voicemail:off", lambda one: one.vtt_enabled is False),
        ("list unassigned", lambda one: one.user is None),
        ("list location:145214", lambda one: one.location_id == "145214"),
        ("list location:holmdel dnd:on", lambda one: one.location_id == "145214"),
        ("list login:jsmith", lambda one: one.number == "789"),
        ("list email:john.smith@example.com", lambda one: one.number == "789"),
        ("list phone:4155550100", lambda one: one.number == "789"),
        ('list tag:"my tag"', lambda one: one.dids[0].custom_tag == "My Tag"),
    ],
)
async def test_all_rows_of_a_narrowed_list_are_what_was_asked_for(text, holds):
    """Each filter holds for each row, and costs no call."""
    async with open_account() as running:
        found = await running.find(text)
        assert isinstance(found, Listing)
        assert found.matches
        assert all(holds(each.extension) for each in found.matches)
        assert running.called_paths == []


async def test_a_location_goes_by_id_name_or_part():
    """An id needs no name, an unknown name is not found, an ambiguous one offers a choice."""
    async with open_account() as running:
        for text in ("location 145214", 'list location:"HOLMDEL hq"', "location holmdel"):
            found = await running.find(text)
            assert isinstance(found, Listing)
            assert {each.extension.location_id for each in found.matches} == {"145214"}
        choice = await running.find("location e")
        assert isinstance(choice, LocationList)
        assert choice.query_text == "e"
        assert len(choice.locations) > 1


@pytest.mark.parametrize("text", ["location atlantis", "location 99", "list location:99 dnd:on"])
async def test_a_location_that_there_is_not_is_told_as_such(text):
    """An unknown name or id is no empty list."""
    async with open_account() as running:
        wanted = "atlantis" if "atlantis" in text else "99"
        assert await running.find(text) == Missing(location=wanted)


async def test_an_id_works_without_the_names_of_locations():
    """Where /locations fails, the directory is read all the same, and an id narrows the list."""
    async with open_account(with_copy=False) as running:
        running.vonage.faults.on("not_subscribed", path="/locations")
        await running.read_copy()
        assert isinstance(await running.find("list location:145214"), Listing)


async def test_locations_are_counted():
    """Each location tells how many extensions it has; together they are all."""
    async with open_account() as running:
        found = await running.find("locations")
        assert isinstance(found, LocationList)
        assert sum(each.extensions or 0 for each in found.locations) == 250


async def test_an_audit_counts_and_lists():
    """Each count opens as a list of as many."""
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


async def test_an_export_is_everybody_once_in_number_order():
    """All rows, and the locations they are in."""
    async with open_account() as running:
        found = await running.find("export")
        assert isinstance(found, DirectoryExport)
        numbers = [each.extension.number for each in found.matches]
        assert len(numbers) == found.total == 250
        assert numbers == sorted(numbers, key=lambda number: (len(number), number))
        assert found.locations["145214"].name == "Holmdel HQ"


async def test_hidden_numbers_cost_nothing_and_are_nowhere():
    """A hidden number is missing without a call, and left out of lists, counts and exports."""
    async with open_account(hidden=frozenset({"789"})) as running:
        for text in ("789", "jsmith", "john.smith@example.com", "0100"):
            found = await running.find(text)
            assert "789" not in str(found), text
        assert await running.find("789", refresh=True) == Missing()
        assert not [each for each in running.called_paths if each == "789"]
        assert await running.find("14155550100") == Missing()
        listed = await running.find("list login:jsmith")
        assert isinstance(listed, Listing)
        assert listed.matches == ()
        counted = await running.find("locations")
        assert isinstance(counted, LocationList)
        assert sum(each.extensions or 0 for each in counted.locations) == 249


async def test_the_last_known_answer_carries_the_failure():
    """Asked anew while Vonage is down, the earlier answer comes with its age and the reason."""
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


async def test_before_the_copy_numbers_emails_and_logins_cost_one_call_each():
    """Each is asked as directly as the API can be, and remembered."""
    async with open_account(with_copy=False) as running:
        for text in ("789", "790", "14155550100", "john.smith@example.com", "jsmith") * 2:
            assert isinstance(await running.find(text), Match)
        assert running.called_paths == ["789", "790", "extensions", "extensions", "extensions"]


async def test_before_the_copy_a_name_is_told_to_wait_and_followed_up():
    """Nothing can be asked of the API by name; when the page with it lands, it is known."""
    async with open_account(with_copy=False, faults={"latency": 0.2}) as running:
        assert await running.find("john smith") == NotReady()
        assert running.called_paths == []


async def test_a_404_before_the_copy_is_no_proof():
    """An account that answers single calls by another id still has its numbers on the list."""
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
async def test_an_account_is_read_whole_whatever_its_paging_says(fault, value):
    """Absent totals, repeated, moving or extra pages do not lose or repeat an extension."""
    async with open_account(people=120, page_size=50, faults={fault: value}) as running:
        found = await running.find("list")
        assert isinstance(found, Listing)
        assert found.total == 120
