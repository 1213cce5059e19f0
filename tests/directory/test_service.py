"""What a query finds, and what it costs, with the invented API in the same process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx
import pytest

from bot.cache import Life
from bot.directory.service import Directory
from bot.errors import Unavailable
from bot.models import Listing, LocationList, Match, Missing, NotReady
from bot.query import parse
from bot.sandbox import credentials
from bot.sandbox.options import Options
from bot.sandbox.state import Sandbox
from bot.sandbox.vonage import BASE_PATH, create_vonage
from bot.settings import Secret
from bot.tasks import Tasks
from bot.vonage.auth import StaticToken
from bot.vonage.client import VonageClient


@dataclass
class Account:
    """A directory and the invented account behind it."""

    directory: Directory
    vonage: Sandbox

    async def find(self, text: str, *, anew: bool = False):
        """What a line of text finds."""
        deadline = asyncio.get_running_loop().time() + 5
        return await self.directory.find(parse(text), deadline=deadline, anew=anew)  # type: ignore[arg-type]

    @property
    def asked(self) -> list[str]:
        """The last parts of the paths that were called."""
        return [call.path.rpartition("/")[2] for call in self.vonage.calls.latest]


@asynccontextmanager
async def account(
    *,
    people: int = 250,
    per_minute: int = 1000,
    page_size: int = 100,
    hidden: frozenset[str] = frozenset(),
) -> AsyncIterator[Account]:
    """Open the directory of an invented account."""
    app = create_vonage(Options(people=people, quota=0))
    sandbox: Sandbox = app.state.sandbox
    tasks = Tasks()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as http:
        client = VonageClient(
            http,
            base_url=f"http://vonage{BASE_PATH}",
            account_id="self",
            auth=StaticToken(Secret(_token(sandbox))),
            requests_per_minute=per_minute,
            tasks=tasks,
        )
        directory = Directory(client, life=Life(), page_size=page_size, hidden=hidden)
        yield Account(directory, sandbox)
        await directory.close()
        await tasks.drain(0)


def _token(sandbox: Sandbox) -> str:
    form = {
        "grant_type": "password",
        "scope": "openid",
        "username": credentials.USERNAME,
        "password": credentials.PASSWORD,
        "client_id": credentials.CLIENT_ID,
        "client_secret": credentials.CLIENT_SECRET,
    }
    return str(sandbox.tokens.issue(form)["access_token"])


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


async def test_a_large_account_is_not_read_whole_for_one_question():
    """Where that would take many calls, the answer says how much was looked through."""
    async with account(people=2000) as it:
        found = await it.find("99999")
        assert found == Missing(checked=100, total=2000)
        assert it.asked == ["99999", "extensions"]


async def test_some_calls_are_left_for_others():
    """Looking through the list stops before it takes the last calls of the minute."""
    async with account(per_minute=6) as it:
        found = await it.find("99999")
        assert isinstance(found, Missing)
        assert found.checked == 100
        assert len(it.asked) <= 3


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
        assert isinstance(await it.find("nosuchlogin"), NotReady)
        assert isinstance(await it.find("john smith"), NotReady)
        assert it.asked == ["extensions", "extensions"]


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


async def test_a_large_list_by_our_own_filters_waits_for_the_search():
    """What the API cannot filter needs the whole directory."""
    async with account(people=2000) as it:
        assert isinstance(await it.find("list dnd:on"), NotReady)


async def test_ignored_filters_of_a_large_account_are_noticed():
    """A filter that the API ignores does not pass off others as matches."""
    async with account(people=2000) as it:
        it.vonage.faults.on("ignores_filters")
        assert isinstance(await it.find("list location:145214"), NotReady)
        found = await it.find("mary.obrien@example.com")
        assert found == Missing(checked=100, total=2000) or found.extension.number == "790"


async def test_a_location_goes_by_id_name_or_part():
    """An id needs no name, an unknown name is not found, an ambiguous one offers a choice."""
    async with account() as it:
        for text in ("location 145214", 'list location:"HOLMDEL hq"', "location holmdel"):
            found = await it.find(text)
            assert isinstance(found, Listing)
            assert {each.extension.location_id for each in found.matches} == {"145214"}
        assert await it.find("location atlantis") == Missing()
        choice = await it.find("location e")
        assert isinstance(choice, LocationList)
        assert len(choice.locations) > 1


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
    """Where the API gives five at a time and no totals, a part is read and said to be one."""
    async with account(people=120) as it:
        it.vonage.faults.on("no_totals")
        it.vonage.faults.on("ignores_page_size")
        found = await it.find("99999")
        assert found == Missing(checked=25, total=None)
