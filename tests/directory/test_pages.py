"""How far the list is read for one question, and what that leaves for others."""

from __future__ import annotations

from bot.models import Match, Missing
from tests.directory.accounts import account


async def test_an_account_of_many_small_pages_is_looked_through_whole():
    """Where the allowance is large, eight pages of five are no reason to give up."""
    async with account(people=40) as it:
        it.vonage.faults.on("ignores_page_size")
        assert await it.find("99999") == Missing()
        assert it.asked == ["99999", *["extensions"] * 8]


async def test_looking_through_goes_as_far_as_the_allowance_lets_it():
    """Half of a minute's calls at most; the next who asks reads on from there."""
    async with account(people=2000, per_minute=10) as it:
        assert await it.find("99999") == Missing(checked=600, total=2000)
        assert it.asked == ["99999", *["extensions"] * 6]
        assert await it.find("99998") == Missing(checked=600, total=2000)
        assert it.asked[7:] == ["99998"], "what is left is for others"


async def test_what_is_remembered_is_looked_through_at_no_call():
    """With nothing left to spend, the pages that were read still answer."""
    async with account(people=2000, per_minute=10) as it:
        await it.find("99999")
        it.vonage.faults.on("by_external_id")
        there = it.vonage.entries[550].number
        assert isinstance(await it.find(there), Match)
        assert it.asked[7:] == [there]


async def test_of_a_huge_account_only_the_first_page_is_read():
    """What cannot be read to its end is not begun."""
    async with account(people=10_000) as it:
        assert await it.find("99999") == Missing(checked=100, total=10_000)
        assert it.asked == ["99999", "extensions"]


async def test_some_calls_are_left_for_others():
    """Looking through the list stops before it takes the last calls of the minute."""
    async with account(per_minute=6) as it:
        assert await it.find("99999") == Missing(checked=200, total=250)
        assert it.asked == ["99999", "extensions", "extensions"]


async def test_a_page_that_fails_leaves_what_was_read():
    """Rows that were read are looked through, and no further page is asked for."""
    async with account(people=2000) as it:
        it.vonage.options.quota = 8
        assert await it.find("99999") == Missing(checked=700, total=2000)
        assert len(it.asked) <= 12
