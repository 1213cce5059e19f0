"""Lists with every kind of faulty paging are read whole, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import limits
from bot.directory.sync.reader import Reader
from bot.errors import InconsistentList
from bot.models import Extension, Page

Numbers = Sequence[int]


@dataclass
class Api:
    """A list in pages, and its faults.

    `total` and `pages` are added to the true counts (`None`: not sent), `behind` is what comes
    after the last page, `holes` maps pages to the number of calls for which they come empty,
    `moves` maps calls to a change of the list just before them.
    """

    rows: list[int]
    size: int = 3
    total: int | None = 0
    pages: int | None = 0
    tells_size: bool = True
    links: bool = False
    behind: str = "empty"
    ignores_page: bool = False
    holes: dict[int, int] = field(default_factory=dict)
    moves: dict[int, Callable[[list[int]], list[int]]] = field(default_factory=dict)
    calls: int = 0

    async def __call__(self, number: int) -> Page[Extension]:
        """Return a page."""
        self.calls += 1
        if move := self.moves.get(self.calls):
            self.rows = move(self.rows)
        await asyncio.sleep(0)
        if self.holes.get(number, 0) > 0:
            self.holes[number] -= 1
            return Page((), page=number, total_pages=0, total_items=0)
        return self._page(number)

    def _page(self, number: int) -> Page[Extension]:
        last = max(-(-len(self.rows) // self.size), 1)
        shown = 1 if self.ignores_page else number
        if number > last and self.behind == "gone":
            return Page((), page=number, total_pages=0, total_items=0)  # a 404
        if number > last and self.behind == "nameless":
            return Page((), page=number)  # a 400
        if shown > last and self.behind in ("last", "first"):
            shown = last if self.behind == "last" else 1
        rows = self.rows[(shown - 1) * self.size : shown * self.size]
        return Page(
            tuple(Extension(str(each)) for each in rows),
            page=number,
            page_size=self.size if self.tells_size else None,
            total_pages=None if self.pages is None else max(last + self.pages, 0),
            total_items=None if self.total is None else max(len(self.rows) + self.total, 0),
            has_next=self.links and number < last,
        )


async def read(api: Api) -> set[int] | None:
    """Return the numbers that are read of a list; `None` if it is not believed."""
    taken: list[str] = []

    async def take(page: Page[Extension]) -> None:
        taken.extend(each.number for each in page.items)

    try:
        numbers = await Reader(api, take, page_size=api.size).read()
    except InconsistentList:
        return None
    assert numbers <= set(taken)
    return {int(each) for each in numbers}


def max_calls(api: Api) -> int:
    """Return how many calls a list may cost at most: every reading ends."""
    last = -(-len(api.rows) // api.size) + 1
    announced = last + max(api.pages or 0, 0)
    pages = min(announced, last + limits.MAX_PAGES_WITHOUT_NEW_ROWS)
    return limits.MAX_GROWING_LIST_PASSES * (pages + limits.MAX_PARALLEL_PAGES + 2)


rows = st.lists(st.integers(1, 60), unique=True, max_size=25)
size = st.integers(1, 7)
behind = st.sampled_from(["empty", "last", "first", "gone", "nameless"])
wrong_pages = st.sampled_from([-2, -1, 0, 1, 2, 40])
counted = st.sampled_from(
    [  # errors of the totals of rows and pages; at least one of them is right
        (0, 0),
        *((0, each) for each in (-2, -1, 1, 2, 40, None)),
        (None, 0),
    ]
)


@given(rows, size, counted, behind, st.tuples(st.booleans(), st.booleans()))
def test_steady_list_is_read_whole(rows, size, counts, behind, sends):
    """All rows are read once, whatever `total_pages` says and whatever follows the last page."""
    api = Api(rows, size, counts[0], counts[1], sends[0], sends[1], behind)
    assert asyncio.run(read(api)) == set(rows)
    assert api.calls <= max_calls(api)


@given(rows, size, behind, st.booleans())
def test_list_without_counts_is_read_to_its_end(rows, size, behind, links):
    """Without totals the list ends with a page that brings nothing new."""
    api = Api(rows, size, None, None, True, links, behind)
    found = asyncio.run(read(api))
    one_full_page_again = len(rows) == size and behind in ("last", "first")
    assert found == set(rows) or (found is None and one_full_page_again)
    assert api.calls <= max_calls(api)


@given(rows, size, st.tuples(st.sampled_from([1, 2, 40]), wrong_pages), behind, st.booleans())
def test_list_with_wrong_counts_is_read_whole_or_not_at_all(rows, size, wrong, behind, sends_size):
    """If rows are promised that never come, a part is still not taken for the whole."""
    api = Api(rows, size, wrong[0], wrong[1], sends_size, False, behind)
    assert asyncio.run(read(api)) in (set(rows), None)
    assert api.calls <= max_calls(api)


@given(
    st.lists(st.integers(1, 60), unique=True, min_size=2, max_size=25),
    size,
    counted,
    st.data(),
)
def test_same_page_for_every_number_is_not_believed(rows, size, counts, data):
    """The first page over and over is not the account, unless it is all of it."""
    total, pages = counts
    api = Api(rows, size, total, pages, ignores_page=True, links=data.draw(st.booleans()))
    found = asyncio.run(read(api))
    assert found in (set(rows), None)
    assert found is None or len(rows) <= size
    assert api.calls <= max_calls(api)


@given(
    st.lists(st.integers(1, 60), unique=True, min_size=4, max_size=25),
    st.integers(1, 4),
    st.data(),
)
def test_page_that_comes_empty_by_mistake_leaves_no_hole(rows, size, data):
    """A page that is refused, for a while or for good, is not a page without rows."""
    last = -(-len(rows) // size)
    hole = data.draw(st.integers(2, max(last, 2)))
    api = Api(rows, size, holes={hole: data.draw(st.sampled_from([1, 2, 3, 1000]))})
    assert asyncio.run(read(api)) in (set(rows), None)


@given(rows, size, st.sampled_from([-2, -1]), behind, st.booleans())
def test_total_that_is_too_low_cuts_nothing_off(rows, size, total, behind, tells_size):
    """Rows beyond the total are read too if the number of pages is right."""
    api = Api(rows, size, total, 0, tells_size, False, behind)
    assert asyncio.run(read(api)) == set(rows)


@given(
    st.lists(st.integers(1, 60), unique=True, min_size=3, max_size=25),
    size,
    st.dictionaries(st.integers(1, 25), st.integers(0, 10_000), max_size=6),
)
def test_rows_that_move_between_pages_are_all_read(rows, size, moves):
    """A list that is reordered while it is read is read again until all of it was seen."""

    def moved(by: int) -> Callable[[list[int]], list[int]]:
        return lambda rows: rows[by % len(rows) :] + rows[: by % len(rows)]

    api = Api(list(rows), size, moves={call: moved(by) for call, by in moves.items()})
    assert asyncio.run(read(api)) == set(rows)
    assert api.calls <= max_calls(api)


@given(
    st.lists(st.integers(1, 60), unique=True, min_size=1, max_size=25),
    size,
    st.sets(st.integers(1, 20), max_size=4),
    st.sampled_from(["first goes", "last goes", "one comes first", "one comes last"]),
)
def test_extensions_present_throughout_are_read(rows, size, calls, change):
    """When people come or go during a reading, those who stayed are read and no stranger is."""
    coming = iter(range(100, 200))
    ever = set(rows)

    def moved(change: str) -> Callable[[list[int]], list[int]]:
        def move(rows: list[int]) -> list[int]:
            if "goes" in change:
                return rows[1:] if change.startswith("first") else rows[:-1]
            ever.add(new := next(coming))
            return [new, *rows] if change.endswith("first") else [*rows, new]

        return move

    api = Api(list(rows), size, moves=dict.fromkeys(calls, moved(change)))
    found = asyncio.run(read(api))
    stayed = set(rows) & set(api.rows)
    assert found is None or stayed <= found <= ever


@pytest.mark.parametrize("copies", [2, 5])
async def test_row_that_comes_twice_is_read_once(copies):
    """This also holds if the API counts the row as often as it sends it."""
    rows = [1, 2, 3] + [4] * copies + [5, 6, 7]
    assert await read(Api(rows, 3)) == {1, 2, 3, 4, 5, 6, 7}
    assert await read(Api(rows, 3, pages=2)) == {1, 2, 3, 4, 5, 6, 7}


async def test_total_on_a_page_after_the_last_one_counts():
    """An endless list that ends when the API works again is not the whole list."""

    async def fetch(number: int) -> Page[Extension]:
        if number > 3:
            return Page((), page=number, total_items=250)
        return Page((Extension(str(number)),), page=number)

    with pytest.raises(InconsistentList):
        await Reader(fetch, lambda _: asyncio.sleep(0)).read()


async def test_endless_list_is_given_up(monkeypatch):
    """An API that invents rows forever is given up after a limited number of calls."""
    monkeypatch.setattr(limits, "MAX_EXTENSIONS", 500)
    calls = 0

    async def fetch(number: int) -> Page[Extension]:
        nonlocal calls
        calls += 1
        items = tuple(Extension(f"{number}-{each}") for each in range(10))
        return Page(items, page=number, page_size=10, has_next=True)

    async def take(page: Page[Extension]) -> None:
        pass

    with pytest.raises(InconsistentList):
        await Reader(fetch, take).read()
    assert calls < limits.MAX_LIST_PASSES * 60


async def test_failure_of_page_is_raised_and_cancels_other_requests():
    """Requests in flight are cancelled when a page fails."""
    ended = []

    async def fetch(number: int) -> Page[Extension]:
        if number == 2:
            raise InconsistentList
        try:
            await asyncio.sleep(0 if number == 1 else 3600)
        except asyncio.CancelledError:
            ended.append(number)
            raise
        return Page((Extension("1"),), page=1, page_size=1, total_pages=9, total_items=9)

    async def take(page: Page[Extension]) -> None:
        pass

    with pytest.raises(InconsistentList):
        await Reader(fetch, take).read()
    assert ended == [3, 4, 5, 6]
