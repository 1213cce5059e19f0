"""What a query finds, and what it costs, with the invented API in the same process."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.errors import Unavailable
from bot.models import Listing, LocationList, Match, Missing, NotReady
from tests.directory.accounts import account


async def test_a_found_number_costs_one_call():
    """The single operation answers, and the list is not touched."""
    async with account() as it:
        found = await it.find("789")
        assert isinstance(found, Match)
        assert found.extension.name == "John Smith"
        assert it.asked == ["789"]


async def test_a_404_is_no_proof():
    """An account that answers single calls by another id is looked through."""
    async with account() as it:
        it.vonage.faults.on("by_external_id")
        assert isinstance(await it.find("789"), Match)
        assert it.asked == ["789", "extensions", "extensions", "extensions"]


async def test_what_was_looked_through_serves_the_next_question():
    """The pages of the list are remembered: another unknown number costs its own call only."""
    async with account() as it:
        assert await it.find("99999") == Missing()
        await it.find("99998")
        assert it.asked == ["99999", "extensions", "extensions", "extensions", "99998"]


async def test_a_short_number_can_be_an_ending():
    """Failing an extension, direct numbers that end so are found."""
    async with account() as it:
        found = await it.find("0100")
        assert isinstance(found, Match)
        assert found.extension.number == "789"


async def test_several_of_one_ending_are_a_list():
    """Where more than one direct number ends so, all are offered, in number order."""
    async with account() as it:
        many = await it.find("0190")
        assert isinstance(many, Listing)
        assert len(many.matches) > 1
        numbers = [int(each.extension.number) for each in many.matches]
        assert numbers == sorted(numbers)
        assert len(numbers) <= 8


async def test_the_list_that_fails_leaves_the_direct_answer():
    """A list that cannot be read is no reason to fail a question that was answered."""
    async with account(per_minute=1) as it:
        assert await it.find("99999") == Missing(checked=0)
        assert it.asked == ["99999"]


async def test_a_phone_number_falls_back_on_an_extension():
    """Seven digits or more that no direct number has can still be an extension."""
    async with account() as it:
        asked = await it.find("+1 201 555 9999")
        assert asked == Missing()
        assert "12015559999" not in it.asked
        await it.find("2015559999")
        assert "2015559999" in it.asked


async def test_a_login_name_costs_one_call_and_a_name_none():
    """One word may be a login name; several words wait for the search by name."""
    async with account() as it:
        assert isinstance(await it.find("jsmith"), Match)
        assert await it.find("john smith") == NotReady()
        assert it.asked == ["extensions"]


async def test_a_word_that_nobody_logs_in_with_is_told_as_such():
    """The list is looked through as for an email, and what was looked through is told."""
    async with account() as it:
        assert await it.find("nosuchlogin") == NotReady(login=Missing())
    async with account(people=10_000) as it:
        found = await it.find("nosuchlogin")
        assert found == NotReady(login=Missing(checked=100, total=10_000))


async def test_a_login_name_is_found_where_the_api_ignores_filters():
    """The list is looked through where the direct question finds nothing."""
    async with account() as it:
        it.vonage.faults.on("ignores_filters")
        number, user = max(
            ((int(each.number), each.user) for each in it.vonage.entries if each.user),
            key=lambda one: one[0],
        )
        found = await it.find(f"who {user.login_name}")
        assert isinstance(found, Match)
        assert found.extension.number == str(number)


async def test_one_email_of_several_extensions_is_a_list():
    """A person with two extensions gets both."""
    async with account() as it:
        john = next(each for each in it.vonage.entries if each.number == "789")
        it.vonage.staff([*it.vonage.entries, replace(john, number="7891")])
        found = await it.find("john.smith@example.com")
        assert isinstance(found, Listing)
        assert [each.extension.number for each in found.matches] == ["789", "7891"]


async def test_a_page_of_a_large_list_costs_one_call():
    """A large account is listed in the API's own order, by the page that holds the rows."""
    async with account(people=2000) as it:
        first = await it.find("list")
        later = await it.find("list page 40")
        assert isinstance(first, Listing)
        assert isinstance(later, Listing)
        assert (first.page, first.pages, first.total) == (1, 250, 2000)
        assert (later.page, len(later.matches)) == (40, 8)
        assert it.asked == ["extensions", "extensions"]
        crossing = await it.find("list page 13")
        assert isinstance(crossing, Listing)
        assert len(crossing.matches) == 8
        assert len(it.asked) == 3


async def test_a_list_by_our_own_filters_reads_the_directory_as_far_as_that_can_be():
    """What the API cannot filter needs all pages; where they are too many, that is said."""
    async with account(people=2000) as it:
        found = await it.find("list dnd:on")
        assert isinstance(found, Listing)
        assert all(each.extension.dnd_enabled for each in found.matches)
        assert len(it.asked) == 20
    async with account(people=2000, per_minute=10) as it:
        assert await it.find("list dnd:on") == NotReady(too_large=True)
        assert await it.find("list unassigned") == NotReady(too_large=True)


async def test_a_first_page_that_fits_by_chance_is_not_taken_for_a_narrowed_list():
    """The API cannot narrow by Do Not Disturb, whatever its first page looks like."""
    async with account(people=2000, per_minute=10) as it:
        everybody = it.vonage.entries
        it.vonage.staff([replace(each, dnd=n < 100) for n, each in enumerate(everybody)])
        assert await it.find("list dnd:on") == NotReady(too_large=True)


async def test_ignored_filters_of_a_large_account_are_noticed():
    """A filter that the API ignores does not pass off others as matches."""
    async with account(people=2000, per_minute=10) as it:
        it.vonage.faults.on("ignores_filters")
        assert await it.find("list location:145214") == NotReady(too_large=True)
    async with account(people=2000) as it:
        it.vonage.faults.on("ignores_filters")
        found = await it.find("list location:145214")
        assert isinstance(found, Listing)
        assert {each.extension.location_id for each in found.matches} == {"145214"}


async def test_a_location_goes_by_id_name_or_part():
    """An id needs no name, an unknown name is not found, an ambiguous one offers a choice."""
    async with account() as it:
        for text in ("location 145214", 'list location:"HOLMDEL hq"', "location holmdel"):
            found = await it.find(text)
            assert isinstance(found, Listing)
            assert {each.extension.location_id for each in found.matches} == {"145214"}
        choice = await it.find("location e")
        assert isinstance(choice, LocationList)
        assert choice.asked == "e"
        assert len(choice.locations) > 1


@pytest.mark.parametrize("text", ["location atlantis", "location 99", "list location:99 dnd:on"])
async def test_a_location_that_there_is_not_is_told_as_such(text):
    """An unknown name or id is no empty list."""
    async with account() as it:
        wanted = "atlantis" if "atlantis" in text else "99"
        assert await it.find(text) == Missing(location=wanted)


async def test_more_than_a_page_of_matches_says_how_many():
    """A person with twenty extensions gets the first eight, and the number of pages."""
    async with account() as it:
        john = next(each for each in it.vonage.entries if each.number == "789")
        more = [replace(john, number=f"9{n:03}") for n in range(19)]
        it.vonage.staff([*it.vonage.entries, *more])
        found = await it.find("john.smith@example.com")
        assert isinstance(found, Listing)
        assert (len(found.matches), found.page, found.pages, found.total) == (8, 1, 3, 20)
        listed = await it.find("list page 1 email:john.smith@example.com")
        assert isinstance(listed, Listing)
        numbers = [each.extension.number for each in found.matches]
        assert [each.extension.number for each in listed.matches] == numbers


async def test_an_id_works_without_the_names_of_locations():
    """Where /locations fails, a location's id still narrows the list."""
    async with account() as it:
        it.vonage.faults.on("not_subscribed", path="/locations")
        assert isinstance(await it.find("list location:145214"), Listing)
        assert await it.directory.locations(deadline=_soon(), patience=1) == {}


async def test_locations_are_counted():
    """Each location tells how many extensions it has; together they are all."""
    async with account() as it:
        found = await it.find("locations")
        assert isinstance(found, LocationList)
        assert sum(each.extensions or 0 for each in found.locations) == 250


async def test_hidden_numbers_cost_nothing_and_are_nowhere():
    """A hidden number is missing without a call, and left out of lists and counts."""
    async with account(hidden=frozenset({"789"})) as it:
        assert await it.find("789") == Missing()
        assert await it.find("789", anew=True) == Missing()
        assert it.asked == []
        assert await it.find("14155550100") == Missing()
        listed = await it.find("list login:jsmith")
        assert isinstance(listed, Listing)
        assert listed.matches == ()
        counted = await it.find("locations")
        assert isinstance(counted, LocationList)
        assert sum(each.extensions or 0 for each in counted.locations) == 249


async def test_the_last_known_answer_carries_the_failure():
    """Asked anew while Vonage is down, the earlier answer comes with its age and the reason."""
    async with account() as it:
        first = await it.find("789")
        it.vonage.faults.on("down")
        again = await it.find("789", anew=True)
        assert isinstance(first, Match)
        assert isinstance(again, Match)
        assert again.read_at == first.read_at
        assert isinstance(again.failure, Unavailable)
        with pytest.raises(Unavailable):
            await it.find("790")


def _soon() -> float:
    return asyncio.get_running_loop().time() + 5


@pytest.mark.parametrize(
    ("fault", "value"),
    [
        ("no_totals", None),
        ("total_page", None),
        ("repeats_last_page", None),
        ("wrong_total_pages", 1),
        ("foreign_links", None),
        ("moving_rows", 3),
    ],
)
async def test_a_small_account_is_listed_whole_whatever_its_paging_says(fault, value):
    """Absent totals, repeated or extra pages do not lose or repeat an extension."""
    async with account(people=120, page_size=50) as it:
        it.vonage.faults.on(fault, value)
        found = await it.find("list")
        assert isinstance(found, Listing)
        lost = 6 if fault == "moving_rows" else 0
        assert 120 - lost <= (found.total or 0) <= 120


async def test_tiny_pages_without_totals_are_read_as_far_as_is_reasonable():
    """Where the API gives five at a time and no totals, all is read, or a part said to be one."""
    async with account(people=120) as it:
        it.vonage.faults.on("no_totals")
        it.vonage.faults.on("ignores_page_size")
        found = await it.find("99999")
        assert found == Missing()
    async with account(people=120, per_minute=10) as it:
        it.vonage.faults.on("no_totals")
        it.vonage.faults.on("ignores_page_size")
        found = await it.find("99999")
        assert found == Missing(checked=30, total=None)
