"""The first pages of a list are compared with what the list says of itself."""

from __future__ import annotations

import pytest

from bot.directory.sync.sample import ListSample, read_sample
from tests.directory.sync.test_reader import Api


async def sample_of(api: Api, max_pages: int = 2) -> ListSample:
    """Return the sample of a list."""
    return await read_sample(await api(1), api, page_size=api.size, max_pages=max_pages)


@pytest.mark.parametrize("behind", ["empty", "last", "gone"])
@pytest.mark.parametrize("rows", [1, 3, 6, 50])
async def test_sample_of_good_list_finds_nothing_in_two_calls(rows, behind):
    """Whether the list ends within the sample or later, nothing contradicts."""
    api = Api(list(range(rows)), behind=behind)
    sample = await sample_of(api)
    found = (sample.repeats, sample.is_wrong_total, sample.has_impossible_count)
    assert not any(found)
    assert api.calls <= 2


async def test_sample_of_same_page_for_every_number_repeats():
    """The first page again is no second page."""
    sample = await sample_of(Api(list(range(12)), ignores_page=True))
    assert (sample.repeats, sample.pages, sample.rows, sample.total) == (True, 2, 3, 12)


@pytest.mark.parametrize("total", [2, 4])
async def test_sample_of_list_that_ends_early_has_wrong_total(total):
    """More or fewer rows are promised than the pages have."""
    sample = await sample_of(Api(list(range(5)), total=total), max_pages=5)
    assert sample.is_wrong_total
    assert (sample.rows, sample.total) == (5, 5 + total)


async def test_sample_with_absurd_total_says_so():
    """The counts are given as they came."""
    api = Api([1, 2], total=10**18)
    sample = await sample_of(api)
    assert sample.has_impossible_count
    assert not sample.is_wrong_total
    assert sample.total == 10**18 + 2
