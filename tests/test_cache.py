"""The cache: spans of time, shared loads, and what happens when a load fails."""

from __future__ import annotations

import asyncio

import pytest

from bot.cache import Cache, TtlPolicy
from tests.clock import Clock

TTL = TtlPolicy(found=100, missing=10, stale=50, stale_if_error=1000, retry_pause=5)


class Source:
    """A loader that counts its loads; it fails where `failure` is set and waits for `gate`."""

    def __init__(self) -> None:
        self.loads = 0
        self.value: str | None = "a"
        self.failure: Exception | None = None
        self.gate: asyncio.Event | None = None

    async def load(self) -> str | None:
        """Load once."""
        self.loads += 1
        value, failure = self.value, self.failure
        if self.gate:
            await self.gate.wait()
        if failure:
            raise failure
        return value


class LoadedCache:
    """A cache with its source and its clock."""

    def __init__(self, size: int = 100) -> None:
        self.clock = Clock()
        self.source = Source()
        self.results: list[str] = []
        self.cache: Cache[str, str | None] = Cache(
            TTL, size=size, count=self.results.append, clock=self.clock, wall_clock=self.clock
        )

    async def get(self, key: str = "k", *, force: bool = False):
        """Get a key."""
        return await self.cache.get(key, self.source.load, force=force)


@pytest.fixture
async def loaded_cache():
    """A cache that is closed afterwards."""
    loaded_cache = LoadedCache()
    yield loaded_cache
    await loaded_cache.cache.close()


async def settle():
    """Let tasks in the background run."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_fresh_value_is_returned_without_a_load(loaded_cache):
    """A value within its fresh span is returned as it is."""
    await loaded_cache.get()
    loaded_cache.clock.advance(99)
    entry = await loaded_cache.get()
    assert (entry.value, entry.at, loaded_cache.source.loads) == ("a", 1_000_000, 1)


async def test_missing_value_is_fresh_for_a_shorter_time(loaded_cache):
    """A missing value is cached as well, for a shorter time."""
    loaded_cache.source.value = None
    await loaded_cache.get()
    loaded_cache.clock.advance(9)
    await loaded_cache.get()
    assert loaded_cache.source.loads == 1
    loaded_cache.clock.advance(2)
    loaded_cache.source.value = "born"
    assert (await loaded_cache.get()).value == "born"


async def test_concurrent_callers_share_one_load(loaded_cache):
    """However many callers need one key at the same time, it is loaded once."""
    loaded_cache.source.gate = asyncio.Event()
    callers = [asyncio.create_task(loaded_cache.get()) for _ in range(200)]
    await settle()
    loaded_cache.source.gate.set()
    assert {(await caller).value for caller in callers} == {"a"}
    assert loaded_cache.source.loads == 1


async def test_load_of_one_key_does_not_delay_another(loaded_cache):
    """A load in flight makes no other caller wait."""
    loaded_cache.source.gate = asyncio.Event()
    slow = asyncio.create_task(loaded_cache.get("slow"))
    await settle()
    loaded_cache.source.gate.set()
    loaded_cache.source.gate = None
    assert (await loaded_cache.get("quick")).value == "a"
    await slow


@pytest.mark.parametrize("cancelled", [0, 1])
async def test_cancelled_caller_does_not_cancel_the_load(loaded_cache, cancelled):
    """Whichever caller is cancelled, the others get the value of the one load."""
    loaded_cache.source.gate = asyncio.Event()
    callers = [asyncio.create_task(loaded_cache.get()) for _ in range(3)]
    await settle()
    callers[cancelled].cancel()
    await settle()
    loaded_cache.source.gate.set()
    others = [caller for index, caller in enumerate(callers) if index != cancelled]
    assert [(await caller).value for caller in others] == ["a", "a"]
    assert callers[cancelled].cancelled()
    assert loaded_cache.source.loads == 1


async def test_load_without_callers_is_stored(loaded_cache):
    """The next caller gets the value of a load whose callers were all cancelled."""
    loaded_cache.source.gate = asyncio.Event()
    caller = asyncio.create_task(loaded_cache.get())
    await settle()
    caller.cancel()
    loaded_cache.source.gate.set()
    await settle()
    assert (await loaded_cache.get()).value == "a"
    assert loaded_cache.source.loads == 1


async def test_failed_load_raises_for_all_its_callers(loaded_cache):
    """All callers of a load that fails get the error, and the next caller loads again."""
    loaded_cache.source.failure = ValueError("down")
    errors = await asyncio.gather(*(loaded_cache.get() for _ in range(5)), return_exceptions=True)
    assert [str(error) for error in errors] == ["down"] * 5
    assert loaded_cache.source.loads == 1
    loaded_cache.source.failure = None
    assert (await loaded_cache.get()).value == "a"


async def test_stale_value_is_returned_while_it_is_reloaded(loaded_cache):
    """The caller gets the old value at once, and the next caller the new one."""
    await loaded_cache.get()
    loaded_cache.source.value = "b"
    loaded_cache.clock.advance(120)
    entry = await loaded_cache.get()
    assert (entry.value, entry.at) == ("a", 1_000_000)
    await settle()
    entry = await loaded_cache.get()
    assert (entry.value, entry.at, loaded_cache.source.loads) == ("b", 1_000_120, 2)


async def test_stale_value_is_reloaded_once(loaded_cache):
    """One reload is in flight at a time."""
    await loaded_cache.get()
    loaded_cache.clock.advance(120)
    loaded_cache.source.gate = asyncio.Event()
    for _ in range(20):
        assert (await loaded_cache.get()).value == "a"
    await settle()
    assert loaded_cache.source.loads == 2
    loaded_cache.source.gate.set()


async def test_failed_reload_is_reported_and_retried_after_a_pause(loaded_cache):
    """The old value has the failure, and the next try waits a little."""
    await loaded_cache.get()
    loaded_cache.clock.advance(120)
    loaded_cache.source.failure = ValueError("down")
    await loaded_cache.get()
    await settle()
    entry = await loaded_cache.get()
    assert (entry.value, str(entry.failure), loaded_cache.source.loads) == ("a", "down", 2)
    await settle()
    assert loaded_cache.source.loads == 2
    loaded_cache.source.failure = None
    loaded_cache.clock.advance(6)
    await loaded_cache.get()
    await settle()
    entry = await loaded_cache.get()
    assert (entry.failure, loaded_cache.source.loads) == (None, 3)


async def test_old_value_stands_in_for_a_failed_load(loaded_cache):
    """A value past its stale span is loaded first; if that fails, the old one has the failure."""
    await loaded_cache.get()
    loaded_cache.clock.advance(500)
    loaded_cache.source.failure = ValueError("down")
    entry = await loaded_cache.get()
    assert (entry.value, entry.at, str(entry.failure)) == ("a", 1_000_000, "down")
    assert (await loaded_cache.get()).value == "a"
    assert loaded_cache.source.loads == 2, "the failure is not repeated within the pause"
    loaded_cache.source.failure, loaded_cache.source.value = None, "b"
    loaded_cache.clock.advance(6)
    assert (await loaded_cache.get()).value == "b"


async def test_value_older_than_stale_if_error_is_not_returned(loaded_cache):
    """After `stale_if_error` a failed load raises its error."""
    await loaded_cache.get()
    loaded_cache.clock.advance(1200)
    loaded_cache.source.failure = ValueError("down")
    with pytest.raises(ValueError, match="down"):
        await loaded_cache.get()


async def test_missing_value_never_stands_in_for_a_failed_load(loaded_cache):
    """A missing value that has expired does not answer for a load that fails."""
    loaded_cache.source.value = None
    await loaded_cache.get()
    loaded_cache.clock.advance(11)
    loaded_cache.source.failure = ValueError("down")
    with pytest.raises(ValueError, match="down"):
        await loaded_cache.get()


async def test_force_loads_a_fresh_value_again(loaded_cache):
    """A forced load replaces a fresh value; a failed one leaves it in place."""
    await loaded_cache.get()
    loaded_cache.source.value = "b"
    assert (await loaded_cache.get(force=True)).value == "b"
    loaded_cache.source.failure = ValueError("down")
    entry = await loaded_cache.get(force=True)
    assert (entry.value, str(entry.failure)) == ("b", "down")


async def test_value_can_become_missing(loaded_cache):
    """A load that finds nothing replaces what was found."""
    await loaded_cache.get()
    loaded_cache.source.value = None
    assert (await loaded_cache.get(force=True)).value is None
    assert (await loaded_cache.get()).value is None


async def test_least_recently_used_key_is_evicted():
    """A cache that is full evicts the key that was used least recently."""
    loaded_cache = LoadedCache(size=2)
    for key in ("a", "b", "a", "c"):
        await loaded_cache.get(key)
    assert len(loaded_cache.cache) == 2
    assert loaded_cache.cache.peek("a")
    assert not loaded_cache.cache.peek("b")


async def test_close_cancels_loads(loaded_cache):
    """No load is in flight after the cache is closed."""
    loaded_cache.source.gate = asyncio.Event()
    caller = asyncio.create_task(loaded_cache.get())
    await settle()
    await loaded_cache.cache.close()
    with pytest.raises(asyncio.CancelledError):
        await caller


async def test_each_lookup_is_counted_by_its_result(loaded_cache):
    """A load, a fresh value, a stale one, and an old one in place of a failed load."""
    await loaded_cache.get()
    await loaded_cache.get()
    loaded_cache.cache.fresh("k")
    loaded_cache.clock.advance(120)
    assert loaded_cache.cache.fresh("k") is None
    await loaded_cache.get()
    await settle()
    assert loaded_cache.results == ["miss", "hit", "hit", "stale"]
    loaded_cache.results.clear()
    loaded_cache.clock.advance(500)
    loaded_cache.source.failure = ValueError("down")
    await loaded_cache.get()
    await loaded_cache.get()
    assert loaded_cache.results == ["miss", "kept", "kept"]
    loaded_cache.results.clear()
    loaded_cache.source.failure = None
    await loaded_cache.get(force=True)
    assert loaded_cache.results == ["miss"]


async def test_failure_without_a_value_is_cached_if_the_policy_says_so():
    """Many people who ask while Slack fails cost one call; a forced load asks again."""
    clock, source = Clock(), Source()
    cache: Cache[str, str | None] = Cache(TtlPolicy(failed=10), clock=clock, wall_clock=clock)
    source.failure = ValueError("down")
    for _ in range(3):
        with pytest.raises(ValueError, match="down"):
            await cache.get("a", source.load)
    assert source.loads == 1
    with pytest.raises(ValueError, match="down"):
        await cache.get("a", source.load, force=True)
    assert source.loads == 2
    clock.advance(10)
    source.failure = None
    assert (await cache.get("a", source.load)).value == "a"


async def test_value_that_is_put_outweighs_an_earlier_failure():
    """A value from elsewhere is used, although loads of the key failed a moment ago."""
    clock, source = Clock(), Source()
    cache: Cache[str, str | None] = Cache(TtlPolicy(failed=10), clock=clock, wall_clock=clock)
    source.failure = ValueError("down")
    with pytest.raises(ValueError, match="down"):
        await cache.get("a", source.load)
    cache.put("a", "b", clock())
    assert (await cache.get("a", source.load)).value == "b"
    assert source.loads == 1


async def test_failure_is_not_cached_without_a_span(loaded_cache):
    """By default the next query asks the source again."""
    loaded_cache.source.failure = ValueError("down")
    for _ in range(2):
        with pytest.raises(ValueError, match="down"):
            await loaded_cache.cache.get("a", loaded_cache.source.load)
    assert loaded_cache.source.loads == 2
