"""The allowance: never above it in any minute, and nobody waits in vain."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import OverQuota
from bot.vonage.rate_limiter import RateLimiter
from bot.vonage.transport import ConnectFailed
from tests.clock import Clock


def allowance(limit=10):
    """An allowance and the clock that it goes by."""
    clock = Clock()
    return RateLimiter(limit, clock=clock, sleep=clock.sleep), clock


async def call(places, clock, *, seconds=9.0, lasting=0.0, times=None):
    """Make one call that lasts some seconds, and note when it began."""
    async with places.slot(seconds):
        if times is not None:
            times.append(clock())
        clock.advance(lasting)


async def test_the_eleventh_call_is_refused_with_a_time():
    """Where the wait is longer than the asker has, the refusal comes at once and says when."""
    places, clock = allowance()
    for _ in range(10):
        await call(places, clock)
    with pytest.raises(OverQuota) as raised:
        await call(places, clock)
    assert raised.value.retry_after == pytest.approx(60, abs=0.1)
    assert clock.slept == []


async def test_a_short_wait_is_waited():
    """A place that is free within the asker's time is waited for."""
    places, clock = allowance()
    for _ in range(10):
        await call(places, clock)
    clock.advance(55)
    await call(places, clock)
    assert clock.slept == [pytest.approx(5.05)]


async def test_a_call_holds_its_place_until_a_minute_after_it_ended():
    """Vonage may count a slow call at its end, so its place is not free sooner."""
    places, clock = allowance(1)
    await call(places, clock, lasting=30)
    clock.advance(55)
    assert places.state().left == 0
    clock.advance(6)
    assert places.state().left == 1


async def test_calls_under_way_count():
    """Ten calls that are not answered yet leave no place for another."""
    places, clock = allowance()
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(10):
            await stack.enter_async_context(places.slot(1))
        assert places.state().left == 0
        with pytest.raises(OverQuota):
            await call(places, clock)


async def test_a_call_that_was_never_sent_gives_its_place_back():
    """While Vonage cannot be reached the quota stays whole."""
    places, _ = allowance(1)
    for _ in range(5):
        with pytest.raises(ConnectFailed):
            async with places.slot(1):
                raise ConnectFailed
    assert places.state().left == 1


async def test_a_failed_or_cancelled_call_keeps_its_place():
    """A call that ended badly may have been counted."""
    places, _ = allowance(2)
    for error in (ValueError, asyncio.CancelledError):
        with pytest.raises(error):
            async with places.slot(1):
                raise error
    assert places.state().left == 0


async def test_what_the_api_says_goes_before_our_own_count():
    """After a 429 no call passes until the time that it named."""
    places, clock = allowance()
    places.close_for(30)
    with pytest.raises(OverQuota) as raised:
        await call(places, clock)
    assert raised.value.retry_after == pytest.approx(30)
    clock.advance(25)
    await call(places, clock)
    assert clock.slept == [pytest.approx(5)]


async def test_one_who_gives_up_waiting_leaves_the_line():
    """A cancelled waiter's place goes to the next."""
    places, clock = allowance(1)
    await call(places, clock)
    clock.advance(59)

    async def forever(_seconds):
        await asyncio.Event().wait()

    slow = RateLimiter(1, clock=clock, sleep=forever)
    await call(slow, clock)
    waiter = asyncio.create_task(call(slow, clock, seconds=100))
    await asyncio.sleep(0)
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    clock.advance(61)
    assert slow.state().left == 1


async def test_the_second_in_line_waits_for_the_second_place():
    """Those who wait are told of different places, so that none waits for one that is taken."""
    clock = Clock()
    gate = asyncio.Event()

    async def sleep(seconds):
        clock.slept.append(seconds)
        await gate.wait()

    places = RateLimiter(2, clock=clock, sleep=sleep)
    await call(places, clock)
    clock.advance(4)
    await call(places, clock)
    clock.advance(52)
    first = asyncio.create_task(call(places, clock, seconds=10))
    await asyncio.sleep(0)
    second = asyncio.create_task(call(places, clock, seconds=10))
    await asyncio.sleep(0)
    assert clock.slept == [pytest.approx(4.05), pytest.approx(8.05)]
    clock.advance(9)
    gate.set()
    await asyncio.gather(first, second)


@given(
    limit=st.integers(1, 12),
    steps=st.lists(st.tuples(st.floats(0, 30), st.floats(0, 8)), max_size=80),
)
def test_no_minute_ever_has_more_calls_than_allowed(limit, steps):
    """Whatever the pauses and the calls' lengths, no 60 s hold more calls than the limit."""

    async def run():
        places, clock = allowance(limit)
        times: list[float] = []
        for pause, lasting in steps:
            clock.advance(pause)
            with contextlib.suppress(OverQuota):
                await call(places, clock, lasting=lasting, times=times)
        return times

    times = asyncio.run(run())
    for start in times:
        assert sum(start <= each < start + 60 for each in times) <= limit
