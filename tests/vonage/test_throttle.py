"""After a throttle: no call before its time, and single calls if it names none."""

from __future__ import annotations

import asyncio
import contextlib
import copy

import pytest

from bot.errors import NotFound, OverQuota, Unavailable, UnexpectedReply
from bot.limits import THROTTLE_PAUSES_S, THROTTLE_RECHECK_S
from bot.vonage.rate_limiter import RateLimiter
from bot.vonage.transport import ConnectFailed, TimedOut
from tests.clock import Clock


class Api:
    """An API behind a rate limiter, which refuses calls with `error` until it is `None`."""

    def __init__(self, error: Exception | None = None, *, limit: int = 100) -> None:
        self.clock = Clock(0.0)
        self.limiter = RateLimiter(limit, clock=self.clock, sleep=self.clock.sleep)
        self.error = error
        self.times: list[float] = []

    async def call(self, patience_s: float = 0.0, *, reserve: int | None = None) -> None:
        """Make one call."""
        async with self.limiter.slot(patience_s, reserve=reserve):
            self.times.append(self.clock())
            if self.error:
                raise copy.copy(self.error)

    async def fail(self, error: Exception, patience_s: float = 0.0) -> None:
        """Make one call that ends with this error, if it is made at all."""
        self.error = error
        with contextlib.suppress(type(error), OverQuota):
            await self.call(patience_s)

    async def refusal(self) -> float:
        """Return the seconds after which a caller is told to come again."""
        with pytest.raises(OverQuota) as raised:
            await self.call()
        return raised.value.retry_after or 0.0


async def test_throttle_without_a_time_is_probed_by_single_calls():
    """However many call each second, one call goes out after 5, 10, 20, 40 and then 60 seconds."""
    api = Api(limit=1_000)
    for _ in range(300):
        for _ in range(3):
            await api.fail(OverQuota())
        api.clock.advance(1)
    assert api.times == [0, 5, 15, 35, 75, 135, 195, 255]


async def test_refused_caller_gets_the_time_of_the_next_probe():
    """The wait in a refusal is the time until a call may be made, also for the refused call."""
    api = Api(OverQuota())
    assert await api.refusal() == THROTTLE_PAUSES_S[0]
    api.clock.advance(2)
    assert await api.refusal() == THROTTLE_PAUSES_S[0] - 2
    assert api.limiter.state().seconds_to_next == THROTTLE_PAUSES_S[0] - 2
    api.clock.advance(3)
    assert await api.refusal() == THROTTLE_PAUSES_S[1]


@pytest.mark.parametrize("reserve", [None, 3])
@pytest.mark.parametrize("outcome", [None, NotFound(), UnexpectedReply()])
async def test_answered_probe_opens_fully(reserve, outcome):
    """A person's call or the sync's may be the probe; any answer but a throttle ends it."""
    api = Api()
    await api.fail(OverQuota())
    api.clock.advance(THROTTLE_PAUSES_S[0])
    api.error = outcome
    for _ in range(10):
        with contextlib.suppress(NotFound, UnexpectedReply):
            await api.call(reserve=reserve)
    assert len(api.times) == 11
    await api.fail(OverQuota())
    assert await api.refusal() == THROTTLE_PAUSES_S[0]


@pytest.mark.parametrize(
    "outcome", [Unavailable(), TimedOut(), ConnectFailed(), asyncio.CancelledError(), KeyError()]
)
async def test_probe_without_an_answer_is_repeated_after_the_same_pause(outcome):
    """A failed or cancelled probe says nothing about the throttle, and blocks nobody for ever."""
    api = Api()
    await api.fail(OverQuota())
    for seconds in (5, 5, 5):
        api.clock.advance(seconds - 0.1)
        assert await api.refusal() == pytest.approx(0.1)
        api.clock.advance(0.1)
        await api.fail(outcome)
    api.clock.advance(5)
    await api.fail(OverQuota())
    assert await api.refusal() == THROTTLE_PAUSES_S[1]


async def test_callers_wait_while_a_probe_is_under_way():
    """Exactly one call is made; the others look again soon, and go on once it is answered."""
    api = Api()
    await api.fail(OverQuota())
    api.clock.advance(5)
    async with api.limiter.slot(0):
        assert await api.refusal() == THROTTLE_RECHECK_S
        api.error = None
        waiting = [asyncio.create_task(api.call(9)) for _ in range(5)]
        for _ in range(5):
            await asyncio.sleep(0)
        assert len(api.times) == 1
    await asyncio.gather(*waiting)
    assert len(api.times) == 6


@pytest.mark.parametrize("outcome", [None, OverQuota(), NotFound(), Unavailable(), KeyError()])
async def test_older_call_that_ends_during_a_probe_starts_no_second_one(outcome):
    """A call from before the throttle says nothing about it, so the probe stays the only call."""
    api = Api()
    ended = asyncio.Event()

    async def older_call() -> None:
        async with api.limiter.slot(0):
            await ended.wait()
            if outcome:
                raise outcome

    call = asyncio.create_task(older_call())
    await asyncio.sleep(0)
    await api.fail(OverQuota())
    api.clock.advance(5)
    async with api.limiter.slot(0):
        ended.set()
        await asyncio.gather(call, return_exceptions=True)
        assert await api.refusal() == THROTTLE_RECHECK_S
    assert api.times == [0]


async def test_calls_refused_together_are_one_throttle():
    """The pauses grow by a refused probe, not by the number of calls that were in flight."""
    api = Api()
    sent = asyncio.Event()

    async def refused_call() -> None:
        async with api.limiter.slot(0):
            await sent.wait()
            raise OverQuota

    calls = [asyncio.create_task(refused_call()) for _ in range(5)]
    await asyncio.sleep(0)
    sent.set()
    refusals = await asyncio.gather(*calls, return_exceptions=True)
    assert {getattr(each, "retry_after", None) for each in refusals} == {THROTTLE_PAUSES_S[0]}
    assert await api.refusal() == THROTTLE_PAUSES_S[0]


async def test_throttle_with_a_time_waits_for_that_time():
    """After the time that the API names all calls are made again, not single ones."""
    api = Api(OverQuota(retry_after=30))
    assert await api.refusal() == 30
    api.clock.advance(29)
    assert await api.refusal() == 1
    api.clock.advance(1)
    api.error = None
    async with api.limiter.slot(0):
        await api.call()
    assert api.times == [0, 30]


async def test_time_named_for_a_probe_ends_the_probing():
    """What the API says counts more than our pauses."""
    api = Api(OverQuota())
    await api.refusal()
    api.clock.advance(5)
    api.error = OverQuota(retry_after=40)
    assert await api.refusal() == 40
    api.clock.advance(40)
    api.error = None
    async with api.limiter.slot(0):
        await api.call()


async def test_short_wait_for_a_probe_is_waited():
    """A caller with enough time makes the probe itself."""
    api = Api()
    await api.fail(OverQuota())
    api.error = None
    await api.call(patience_s=9)
    assert api.times == [0, 5]


async def test_probes_stay_within_the_quota():
    """A probe occupies a slot like any other call."""
    api = Api(OverQuota(), limit=2)
    await api.refusal()
    api.clock.advance(5)
    await api.refusal()
    api.clock.advance(10)
    assert await api.refusal() == pytest.approx(45, abs=0.1)
    assert api.times == [0, 5]
