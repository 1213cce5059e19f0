"""The cached locations: a failing or hanging load is neither repeated nor waited for often."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.directory.locations import LocationCache
from bot.errors import Forbidden, SourceError, Unavailable
from bot.models import Location
from tests.clock import Clock

HOLMDEL = Location("145214", "Holmdel HQ")


class StubSource:
    """A source with one location that fails, or hangs until `gate` is set."""

    def __init__(self, failure: SourceError | None = None) -> None:
        self.failure = failure
        self.gate = asyncio.Event()
        self.gate.set()
        self.calls = 0

    async def locations(self, *, deadline: float) -> tuple[Location, ...]:
        """Return the location, or raise the failure."""
        self.calls += 1
        await self.gate.wait()
        if self.failure:
            raise self.failure
        return (HOLMDEL,)


def location_cache(client: StubSource, clock: Callable[[], float]) -> LocationCache:
    """A cache of the locations of a source."""
    return LocationCache(client, clock=clock, wall_clock=clock)  # type: ignore[arg-type]


async def get_within(cache: LocationCache, patience: float = 1.0):
    """The locations that a card gets."""
    return await cache.get_within(patience, deadline=_soon())


def _soon() -> float:
    return asyncio.get_running_loop().time() + 5


async def test_loaded_locations_are_returned_without_call():
    """One call serves every card after it."""
    client = StubSource()
    cache = location_cache(client, Clock())
    assert cache.get_now(patience_s=1) is None
    assert await get_within(cache) == {"145214": HOLMDEL}
    assert cache.get_now(patience_s=1) == {"145214": HOLMDEL}
    assert client.calls == 1


@pytest.mark.parametrize(
    ("failure", "pause"), [(Unavailable(), 60), (Forbidden(), 600)], ids=["passing", "lasting"]
)
async def test_failed_load_is_not_repeated_for_cards(failure, pause):
    """Cards do without names, at no call and no wait, until a retry is worth it."""
    clock, client = Clock(), StubSource(failure)
    cache = location_cache(client, clock)
    assert await get_within(cache) == {}
    clock.advance(pause - 1)
    assert cache.get_now(patience_s=1) == {}
    assert await get_within(cache) == {}
    assert client.calls == 1
    clock.advance(1)
    client.failure = None
    assert cache.get_now(patience_s=1) is None
    assert await get_within(cache) == {"145214": HOLMDEL}


async def test_get_after_failure_retries_after_seconds():
    """For a few seconds the same failure is raised; then Vonage is asked again."""
    clock, client = Clock(), StubSource(Forbidden())
    cache = location_cache(client, clock)
    for _ in range(3):
        with pytest.raises(Forbidden):
            await cache.get(deadline=_soon())
    assert client.calls == 1
    clock.advance(5)
    client.failure = None
    assert (await cache.get(deadline=_soon())).value == {"145214": HOLMDEL}
    assert cache.get_now(patience_s=1) == {"145214": HOLMDEL}, "cards have them from then on"


async def test_load_that_hangs_is_waited_for_once():
    """Later callers do without; the result is there for those after it came."""
    clock, client = Clock(), StubSource()
    client.gate.clear()
    cache = location_cache(client, clock)
    assert await get_within(cache, 0.01) == {}
    assert cache.get_now(patience_s=1) is None, "it may still come in time"
    clock.advance(1)
    assert cache.get_now(patience_s=1) == {}
    assert await get_within(cache) == {}
    assert client.calls == 1
    client.gate.set()
    assert (await cache.get(deadline=_soon())).value == {"145214": HOLMDEL}
    assert cache.get_now(patience_s=1) == {"145214": HOLMDEL}
    await cache.close()


async def test_get_of_load_that_hangs_raises_at_deadline():
    """A load that does not end in time is a failure like any other."""
    client = StubSource()
    client.gate.clear()
    cache = location_cache(client, Clock())
    with pytest.raises(Unavailable):
        await cache.get(deadline=asyncio.get_running_loop().time() + 0.01)
    await cache.close()
