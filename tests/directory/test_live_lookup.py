"""Live lookups: one call a key, checked rows, and what a 404 proves."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot import limits
from bot.cache import TtlPolicy
from bot.directory.live_lookup import LiveLookup
from bot.errors import NotFound, OtherExtension, Unavailable, UnexpectedReply
from bot.models import Did, Extension, Page, User
from bot.query.model import Email, Name, Number, Phone
from tests.clock import Clock

JOHN = Extension(
    "789", User("John", "Smith", "John.Smith@example.com", "JSmith"), (Did("14155550100"),)
)
JANE = Extension("790", User("Jane", "Roe", "jane@example.com", "jroe"), (Did("14155550101"),))


@dataclass
class StubSource:
    """A source that ignores filters: it returns all its rows for any of them."""

    rows: list[Extension]
    by_number: dict[str, Extension] = field(default_factory=dict)
    failure: Exception | None = None
    skipped: int = 0
    calls: list[Any] = field(default_factory=list)

    async def extension(self, number: str, *, deadline: float) -> Extension:
        """Return an extension by what the account takes for its number."""
        self.calls.append(number)
        if self.failure:
            raise self.failure
        if number not in self.by_number:
            raise NotFound
        if self.by_number[number].number != number:
            raise OtherExtension
        return self.by_number[number]

    async def extensions(self, *, deadline: float, **filters: Any) -> Page[Extension]:
        """Return all rows."""
        self.calls.append({name: value for name, value in filters.items() if value})
        return Page(tuple(self.rows), skipped=self.skipped)


def lookup_in(source: StubSource, clock: Clock | None = None) -> LiveLookup:
    """A live lookup of a source."""
    return LiveLookup(source, TtlPolicy(), clock=clock or Clock(), wall_clock=Clock())  # type: ignore[arg-type]


async def find(lookup: LiveLookup, key: Any, *, force: bool = False) -> tuple[Extension, ...]:
    """The extensions of a key."""
    deadline = asyncio.get_running_loop().time() + 5
    return (await lookup.find(key, deadline=deadline, force=force)).value


@pytest.mark.parametrize(
    ("key", "filters"),
    [
        (Phone("4155550100", ("14155550100", "4155550100")), {"phone_number": "14155550100"}),
        (Email("john.smith@example.com"), {"email": "john.smith@example.com"}),
        (Name("jsmith", login="jsmith"), {"login_name": "jsmith"}),
    ],
)
async def test_find_by_filter_checks_rows_of_source_that_ignores_it(key, filters):
    """Only rows with the key are believed, and few are requested."""
    source = StubSource([JANE, JOHN])
    assert await find(lookup_in(source), key) == (JOHN,)
    assert source.calls == [{"page": 1, "page_size": limits.LIVE_LOOKUP_MAX_ROWS, **filters}]


async def test_find_by_filter_with_unreadable_rows_only_is_a_failure():
    """A row that can't be read may be the one that was asked for, so it is not "nothing"."""
    lookup = lookup_in(StubSource([JANE], skipped=1))
    with pytest.raises(UnexpectedReply):
        await find(lookup, Email("john.smith@example.com"))
    assert await find(lookup, Email("jane@example.com")) == (JANE,)


async def test_find_by_number_with_other_extension_returned_is_a_failure():
    """An account that expects another id may return somebody else, who must not be shown."""
    lookup = lookup_in(StubSource([], {"789": JANE}))
    with pytest.raises(OtherExtension):
        await find(lookup, Number("789"))
    assert not lookup.answers_numbers
    assert lookup.denies_numbers


async def test_404_before_any_number_was_found_proves_nothing():
    """`denies_numbers` holds until the first number is found, and never again."""
    lookup = lookup_in(StubSource([], {"789": JOHN}))
    assert await find(lookup, Number("1")) == ()
    assert (lookup.answers_numbers, lookup.denies_numbers) == (False, True)
    assert await find(lookup, Number("789")) == (JOHN,)
    assert await find(lookup, Number("2")) == ()
    assert (lookup.answers_numbers, lookup.denies_numbers) == (True, False)


async def test_find_twice_costs_one_call_also_when_nothing_is_found():
    """A result and a missing one are cached by the key, whatever the person typed."""
    source = StubSource([JOHN], {"789": JOHN})
    lookup = lookup_in(source)
    for words in ("789", "ext 789"):
        assert await find(lookup, Number("789", words)) == (JOHN,)
        assert await find(lookup, Number("1", words)) == ()
        assert await find(lookup, Name("JSMITH", login="JSMITH", typed=words)) == (JOHN,)
    assert len(source.calls) == 3
    assert lookup.cached(Number("789"))
    assert lookup.cached(Number("2")) is None


async def test_find_with_force_asks_source_although_cached():
    """A refresh is never answered from the cache."""
    source = StubSource([], {"789": JOHN})
    lookup = lookup_in(source)
    await find(lookup, Number("789"))
    await find(lookup, Number("789"), force=True)
    assert source.calls == ["789", "789"]


async def test_find_while_source_fails_raises_without_earlier_result():
    """Without an earlier result there is nothing to answer."""
    with pytest.raises(Unavailable):
        await find(lookup_in(StubSource([], failure=Unavailable())), Number("789"))


async def test_find_with_force_while_source_fails_returns_earlier_result_with_failure():
    """The last known result carries the reason why it is not newer."""
    source = StubSource([], {"789": JOHN})
    lookup = lookup_in(source)
    await find(lookup, Number("789"))
    source.failure = Unavailable()
    deadline = asyncio.get_running_loop().time() + 5
    entry = await lookup.find(Number("789"), deadline=deadline, force=True)
    assert entry.value == (JOHN,)
    assert isinstance(entry.failure, Unavailable)
