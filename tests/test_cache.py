"""The cache: lives, shared loads, and what happens when a load fails."""

from __future__ import annotations

import asyncio

import pytest

from bot.cache import Cache, TtlPolicy
from tests.clock import Clock

LIFE = TtlPolicy(found=100, missing=10, stale=50, stale_if_error=1000, retry_pause=5)


class Source:
    """A loader that counts its loads, and fails or waits when told to."""

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
        self.met: list[str] = []
        self.cache: Cache[str, str | None] = Cache(
            LIFE, size=size, count=self.met.append, clock=self.clock
        )

    async def get(self, key: str = "k", *, anew: bool = False):
        """Ask for a key."""
        return await self.cache.get(key, self.source.load, force=anew)


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


async def test_a_fresh_value_costs_no_load(rig):
    """Within its time a value is returned as it is."""
    await rig.get()
    rig.clock.advance(99)
    held = await rig.get()
    assert (held.value, held.at, rig.source.loads) == ("a", 1_000_000, 1)


async def test_a_missing_value_is_believed_for_a_shorter_time(rig):
    """That there is none is remembered too, and asked again sooner."""
    rig.source.value = None
    await rig.get()
    rig.clock.advance(9)
    await rig.get()
    assert rig.source.loads == 1
    rig.clock.advance(2)
    rig.source.value = "born"
    assert (await rig.get()).value == "born"


async def test_two_hundred_askers_share_one_load(rig):
    """However many ask for one cold key at once, it is loaded once."""
    rig.source.gate = asyncio.Event()
    asking = [asyncio.create_task(rig.get()) for _ in range(200)]
    await settle()
    rig.source.gate.set()
    assert {(await each).value for each in asking} == {"a"}
    assert rig.source.loads == 1


async def test_askers_of_other_keys_do_not_wait(rig):
    """A load under way holds up nobody else."""
    rig.source.gate = asyncio.Event()
    slow = asyncio.create_task(rig.get("slow"))
    await settle()
    rig.source.gate.set()
    rig.source.gate = None
    assert (await rig.get("quick")).value == "a"
    await slow


@pytest.mark.parametrize("cancelled", [0, 1])
async def test_a_cancelled_asker_does_not_cancel_the_others(rig, cancelled):
    """Whether the first or a later asker gives up, the rest get the value of the one load."""
    rig.source.gate = asyncio.Event()
    asking = [asyncio.create_task(rig.get()) for _ in range(3)]
    await settle()
    asking[cancelled].cancel()
    await settle()
    rig.source.gate.set()
    rest = [each for at, each in enumerate(asking) if at != cancelled]
    assert [(await each).value for each in rest] == ["a", "a"]
    assert asking[cancelled].cancelled()
    assert rig.source.loads == 1


async def test_a_load_that_everybody_left_still_counts(rig):
    """The value is there for the next asker, and a failure nobody heard disturbs nobody."""
    rig.source.gate = asyncio.Event()
    asker = asyncio.create_task(rig.get())
    await settle()
    asker.cancel()
    rig.source.gate.set()
    await settle()
    assert (await rig.get()).value == "a"
    assert rig.source.loads == 1


async def test_a_shared_failure_reaches_everybody_once(rig):
    """All who waited for a load that fails are told, and the next asker loads anew."""
    rig.source.failure = ValueError("down")
    told = await asyncio.gather(*(rig.get() for _ in range(5)), return_exceptions=True)
    assert [str(each) for each in told] == ["down"] * 5
    assert rig.source.loads == 1
    rig.source.failure = None
    assert (await rig.get()).value == "a"


async def test_a_stale_value_is_given_while_it_is_renewed(rig):
    """Somewhat past its time a value is given at once, and the next asker gets the new one."""
    await rig.get()
    rig.source.value = "b"
    rig.clock.advance(120)
    held = await rig.get()
    assert (held.value, held.at) == ("a", 1_000_000)
    await settle()
    held = await rig.get()
    assert (held.value, held.at, rig.source.loads) == ("b", 1_000_120, 2)


async def test_many_askers_of_a_stale_value_renew_it_once(rig):
    """One renewal is under way at a time."""
    await rig.get()
    rig.clock.advance(120)
    rig.source.gate = asyncio.Event()
    for _ in range(20):
        assert (await rig.get()).value == "a"
    await settle()
    assert rig.source.loads == 2
    rig.source.gate.set()


async def test_a_failed_renewal_is_told_and_not_hurried(rig):
    """The old value stays with the failure beside it, and the next try waits a little."""
    await rig.get()
    rig.clock.advance(120)
    rig.source.failure = ValueError("down")
    await rig.get()
    await settle()
    held = await rig.get()
    assert (held.value, str(held.failure), rig.source.loads) == ("a", "down", 2)
    await settle()
    assert rig.source.loads == 2
    rig.source.failure = None
    rig.clock.advance(6)
    await rig.get()
    await settle()
    held = await rig.get()
    assert (held.failure, rig.source.loads) == (None, 3)


async def test_an_old_value_is_given_only_where_a_load_fails(rig):
    """Long past its time a value is loaded anew; if that fails, the old one is told as such."""
    await rig.get()
    rig.clock.advance(500)
    rig.source.failure = ValueError("down")
    held = await rig.get()
    assert (held.value, held.at, str(held.failure)) == ("a", 1_000_000, "down")
    assert (await rig.get()).value == "a"
    assert rig.source.loads == 2, "nobody waits for the same failure at once again"
    rig.source.failure, rig.source.value = None, "b"
    rig.clock.advance(6)
    assert (await rig.get()).value == "b"


async def test_a_value_is_gone_at_last(rig):
    """What is too old to be told is not told."""
    await rig.get()
    rig.clock.advance(1200)
    rig.source.failure = ValueError("down")
    with pytest.raises(ValueError, match="down"):
        await rig.get()


async def test_that_there_is_none_is_not_told_in_place_of_a_failure(rig):
    """An old "there is none" is no answer when the load fails."""
    rig.source.value = None
    await rig.get()
    rig.clock.advance(11)
    rig.source.failure = ValueError("down")
    with pytest.raises(ValueError, match="down"):
        await rig.get()


async def test_anew_loads_a_fresh_value_and_falls_back_on_it(rig):
    """Asked for anew, a value is loaded whatever its age; a failure leaves it in place."""
    await rig.get()
    rig.source.value = "b"
    assert (await rig.get(anew=True)).value == "b"
    rig.source.failure = ValueError("down")
    held = await rig.get(anew=True)
    assert (held.value, str(held.failure)) == ("b", "down")


async def test_a_value_can_become_missing(rig):
    """A renewal that finds nothing replaces what was found."""
    await rig.get()
    rig.source.value = None
    assert (await rig.get(anew=True)).value is None
    assert (await rig.get()).value is None


async def test_the_size_is_bounded_and_the_least_used_goes():
    """The key that was not used for longest makes room."""
    rig = Rig(size=2)
    for key in ("a", "b", "a", "c"):
        await rig.get(key)
    assert len(rig.cache) == 2
    assert rig.cache.peek("a")
    assert not rig.cache.peek("b")


async def test_closing_ends_loads(rig):
    """Nothing is left under way."""
    rig.source.gate = asyncio.Event()
    asker = asyncio.create_task(rig.get())
    await settle()
    await rig.cache.close()
    with pytest.raises(asyncio.CancelledError):
        await asker


async def test_what_askers_meet_is_counted(rig):
    """A load, a fresh value, a stale one and an old one kept for want of better, each once."""
    await rig.get()
    await rig.get()
    rig.cache.fresh("k")
    rig.clock.advance(120)
    assert rig.cache.fresh("k") is None
    await rig.get()
    await settle()
    assert rig.met == ["miss", "hit", "hit", "stale"]
    rig.met.clear()
    rig.clock.advance(500)
    rig.source.failure = ValueError("down")
    await rig.get()
    await rig.get()
    assert rig.met == ["miss", "kept", "kept"]
    rig.met.clear()
    rig.source.failure = None
    await rig.get(anew=True)
    assert rig.met == ["miss"]
