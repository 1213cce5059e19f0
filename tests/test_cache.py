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


class Rig:
    """A cache, its source and its clock."""

    def __init__(self, size: int = 100) -> None:
        self.clock = Clock()
        self.source = Source()
        self.results: list[str] = []
        self.cache: Cache[str, str | None] = Cache(
            TTL, size=size, count=self.results.append, clock=self.clock
        )

    async def get(self, key: str = "k", *, force: bool = False):
        """Get a key."""
        return await self.cache.get(key, self.source.load, force=force)


@pytest.fixture
async def rig():
    """A rig that is closed afterwards."""
    rig = Rig()
    yield rig
    await rig.cache.close()


async def settle():
    """Let tasks in the background run."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_fresh_value_is_returned_without_a_load(rig):
    """Within its time a value is returned as it is."""
    await rig.get()
    rig.clock.advance(99)
    entry = await rig.get()
    assert (entry.value, entry.at, rig.source.loads) == ("a", 1_000_000, 1)


async def test_missing_value_is_fresh_for_a_shorter_time(rig):
    """That there is none is cached too, and loaded again sooner."""
    rig.source.value = None
    await rig.get()
    rig.clock.advance(9)
    await rig.get()
    assert rig.source.loads == 1
    rig.clock.advance(2)
    rig.source.value = "born"
    assert (await rig.get()).value == "born"


async def test_concurrent_callers_share_one_load(rig):
    """However many callers need one key at the same time, it is loaded once."""
    rig.source.gate = asyncio.Event()
    callers = [asyncio.create_task(rig.get()) for _ in range(200)]
    await settle()
    rig.source.gate.set()
    assert {(await caller).value for caller in callers} == {"a"}
    assert rig.source.loads == 1


async def test_load_of_one_key_does_not_delay_another(rig):
    """A load in flight makes no other caller wait."""
    rig.source.gate = asyncio.Event()
    slow = asyncio.create_task(rig.get("slow"))
    await settle()
    rig.source.gate.set()
    rig.source.gate = None
    assert (await rig.get("quick")).value == "a"
    await slow


@pytest.mark.parametrize("cancelled", [0, 1])
async def test_cancelled_caller_does_not_cancel_the_load(rig, cancelled):
    """Whichever caller is cancelled, the others get the value of the one load."""
    rig.source.gate = asyncio.Event()
    callers = [asyncio.create_task(rig.get()) for _ in range(3)]
    await settle()
    callers[cancelled].cancel()
    await settle()
    rig.source.gate.set()
    others = [caller for index, caller in enumerate(callers) if index != cancelled]
    assert [(await caller).value for caller in others] == ["a", "a"]
    assert callers[cancelled].cancelled()
    assert rig.source.loads == 1


async def test_load_without_callers_is_stored(rig):
    """The next caller gets the value of a load whose callers were all cancelled."""
    rig.source.gate = asyncio.Event()
    caller = asyncio.create_task(rig.get())
    await settle()
    caller.cancel()
    rig.source.gate.set()
    await settle()
    assert (await rig.get()).value == "a"
    assert rig.source.loads == 1


async def test_failed_load_raises_for_all_its_callers(rig):
    """All callers of a load that fails get the error, and the next caller loads again."""
    rig.source.failure = ValueError("down")
    errors = await asyncio.gather(*(rig.get() for _ in range(5)), return_exceptions=True)
    assert [str(error) for error in errors] == ["down"] * 5
    assert rig.source.loads == 1
    rig.source.failure = None
    assert (await rig.get()).value == "a"


async def test_stale_value_is_returned_while_it_is_reloaded(rig):
    """The caller gets the old value at once, and the next caller the new one."""
    await rig.get()
    rig.source.value = "b"
    rig.clock.advance(120)
    entry = await rig.get()
    assert (entry.value, entry.at) == ("a", 1_000_000)
    await settle()
    entry = await rig.get()
    assert (entry.value, entry.at, rig.source.loads) == ("b", 1_000_120, 2)


async def test_stale_value_is_reloaded_once(rig):
    """One reload is in flight at a time."""
    await rig.get()
    rig.clock.advance(120)
    rig.source.gate = asyncio.Event()
    for _ in range(20):
        assert (await rig.get()).value == "a"
    await settle()
    assert rig.source.loads == 2
    rig.source.gate.set()


async def test_failed_reload_is_reported_and_retried_after_a_pause(rig):
    """The old value has the failure, and the next try waits a little."""
    await rig.get()
    rig.clock.advance(120)
    rig.source.failure = ValueError("down")
    await rig.get()
    await settle()
    entry = await rig.get()
    assert (entry.value, str(entry.failure), rig.source.loads) == ("a", "down", 2)
    await settle()
    assert rig.source.loads == 2
    rig.source.failure = None
    rig.clock.advance(6)
    await rig.get()
    await settle()
    entry = await rig.get()
    assert (entry.failure, rig.source.loads) == (None, 3)


async def test_old_value_stands_in_for_a_failed_load(rig):
    """A value past its stale span is loaded first; if that fails, the old one has the failure."""
    await rig.get()
    rig.clock.advance(500)
    rig.source.failure = ValueError("down")
    entry = await rig.get()
    assert (entry.value, entry.at, str(entry.failure)) == ("a", 1_000_000, "down")
    assert (await rig.get()).value == "a"
    assert rig.source.loads == 2, "the failure is not repeated within the pause"
    rig.source.failure, rig.source.value = None, "b"
    rig.clock.advance(6)
    assert (await rig.get()).value == "b"


async def test_value_is_removed_at_last(rig):
    """After `stale_if_error` no value stands in."""
    await rig.get()
    rig.clock.advance(1200)
    rig.source.failure = ValueError("down")
    with pytest.raises(ValueError, match="down"):
        await rig.get()


async def test_missing_value_never_stands_in_for_a_failed_load(rig):
    """An old "there is none" is no answer when the load fails."""
    rig.source.value = None
    await rig.get()
    rig.clock.advance(11)
    rig.source.failure = ValueError("down")
    with pytest.raises(ValueError, match="down"):
        await rig.get()


async def test_force_loads_a_fresh_value_again(rig):
    """A forced load replaces a fresh value; a failed one leaves it in place."""
    await rig.get()
    rig.source.value = "b"
    assert (await rig.get(force=True)).value == "b"
    rig.source.failure = ValueError("down")
    entry = await rig.get(force=True)
    assert (entry.value, str(entry.failure)) == ("b", "down")


async def test_value_can_become_missing(rig):
    """A load that finds nothing replaces what was found."""
    await rig.get()
    rig.source.value = None
    assert (await rig.get(force=True)).value is None
    assert (await rig.get()).value is None


async def test_least_recently_used_key_is_evicted():
    """The cache's size is bounded."""
    rig = Rig(size=2)
    for key in ("a", "b", "a", "c"):
        await rig.get(key)
    assert len(rig.cache) == 2
    assert rig.cache.peek("a")
    assert not rig.cache.peek("b")


async def test_close_cancels_loads(rig):
    """No load is in flight afterwards."""
    rig.source.gate = asyncio.Event()
    caller = asyncio.create_task(rig.get())
    await settle()
    await rig.cache.close()
    with pytest.raises(asyncio.CancelledError):
        await caller


async def test_each_lookup_is_counted_by_its_result(rig):
    """A load, a fresh value, a stale one, and an old one in place of a failed load."""
    await rig.get()
    await rig.get()
    rig.cache.fresh("k")
    rig.clock.advance(120)
    assert rig.cache.fresh("k") is None
    await rig.get()
    await settle()
    assert rig.results == ["miss", "hit", "hit", "stale"]
    rig.results.clear()
    rig.clock.advance(500)
    rig.source.failure = ValueError("down")
    await rig.get()
    await rig.get()
    assert rig.results == ["miss", "kept", "kept"]
    rig.results.clear()
    rig.source.failure = None
    await rig.get(force=True)
    assert rig.results == ["miss"]
