"""The rate limiter: never more calls than the limit in any minute, and nobody waits in vain."""

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


def limiter_and_clock(limit=10):
    """A rate limiter and its clock."""
    clock = Clock()
    return RateLimiter(limit, clock=clock, sleep=clock.sleep), clock


async def call(limiter, clock, *, seconds=9.0, lasting=0.0, times=None):
    """Make one call that lasts some seconds; add its start to `times`."""
    async with limiter.slot(seconds):
        if times is not None:
            times.append(clock())
        clock.advance(lasting)


async def test_call_above_the_limit_is_refused_with_a_time():
    """Where the wait is longer than the caller has, the refusal comes at once and says when."""
    limiter, clock = limiter_and_clock()
    for _ in range(10):
        await call(limiter, clock)
    with pytest.raises(OverQuota) as raised:
        await call(limiter, clock)
    assert raised.value.retry_after == pytest.approx(60, abs=0.1)
    assert clock.slept == []


async def test_short_wait_is_waited():
    """A slot that is free within the caller's time is waited for."""
    limiter, clock = limiter_and_clock()
    for _ in range(10):
        await call(limiter, clock)
    clock.advance(55)
    await call(limiter, clock)
    assert clock.slept == [pytest.approx(5.05)]


async def test_call_occupies_its_slot_until_a_minute_after_its_end():
    """Vonage may count a slow call at its end, so its slot is not free sooner."""
    limiter, clock = limiter_and_clock(1)
    await call(limiter, clock, lasting=30)
    clock.advance(55)
    assert limiter.state().left == 0
    clock.advance(6)
    assert limiter.state().left == 1


async def test_calls_in_flight_count():
    """Ten calls without an answer yet leave no slot for another."""
    limiter, clock = limiter_and_clock()
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(10):
            await stack.enter_async_context(limiter.slot(1))
        assert limiter.state().left == 0
        with pytest.raises(OverQuota):
            await call(limiter, clock)


async def test_unsent_call_frees_its_slot():
    """While Vonage can't be reached the whole quota stays."""
    limiter, _ = limiter_and_clock(1)
    for _ in range(5):
        with pytest.raises(ConnectFailed):
            async with limiter.slot(1):
                raise ConnectFailed
    assert limiter.state().left == 1


async def test_failed_or_cancelled_call_keeps_its_slot():
    """Vonage may have counted a call that ended badly."""
    limiter, _ = limiter_and_clock(2)
    for error in (ValueError, asyncio.CancelledError):
        with pytest.raises(error):
            async with limiter.slot(1):
                raise error
    assert limiter.state().left == 0


async def test_cancelled_waiter_leaves_the_queue():
    """A cancelled waiter's slot goes to the next."""
    limiter, clock = limiter_and_clock(1)
    await call(limiter, clock)
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


async def test_second_waiter_waits_for_the_second_slot():
    """Waiters wait for different slots, so none wakes for one that is taken."""
    clock = Clock()
    gate = asyncio.Event()

    async def sleep(seconds):
        clock.slept.append(seconds)
        await gate.wait()

    limiter = RateLimiter(2, clock=clock, sleep=sleep)
    await call(limiter, clock)
    clock.advance(4)
    await call(limiter, clock)
    clock.advance(52)
    first = asyncio.create_task(call(limiter, clock, seconds=10))
    await asyncio.sleep(0)
    second = asyncio.create_task(call(limiter, clock, seconds=10))
    await asyncio.sleep(0)
    assert clock.slept == [pytest.approx(4.05), pytest.approx(8.05)]
    clock.advance(9)
    gate.set()
    await asyncio.gather(first, second)


@given(
    limit=st.integers(1, 12),
    steps=st.lists(st.tuples(st.floats(0, 30), st.floats(0, 8)), max_size=80),
)
def test_no_minute_has_more_calls_than_the_limit(limit, steps):
    """Whatever the pauses and the calls' lengths, no 60 s hold more calls than the limit."""

    async def run():
        limiter, clock = limiter_and_clock(limit)
        times: list[float] = []
        for pause, lasting in steps:
            clock.advance(pause)
            with contextlib.suppress(OverQuota):
                await call(limiter, clock, lasting=lasting, times=times)
        return times

    times = asyncio.run(run())
    for start in times:
        assert sum(start <= each < start + 60 for each in times) <= limit
