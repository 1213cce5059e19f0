"""One quota for all processes and restarts: the slots in the file of calls."""

from __future__ import annotations

import asyncio
import contextlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import OverQuota
from bot.limits import LOCK_POLL_S, MAX_SHARED_PER_MINUTE
from bot.vonage.call_log import LONGEST_SLOT_S, CallLog
from bot.vonage.rate_limiter import RateLimiter
from bot.vonage.shared_clock import SharedClock
from bot.vonage.transport import ConnectFailed
from tests.clock import Clock
from tests.vonage.test_rate_limiter import call

LIMIT = 10


def process(path, clock, *, limit=LIMIT, wall=None):
    """The rate limiter of one process, with its own view of the file."""
    log = CallLog(path / "calls", clock=SharedClock(wall or clock, clock))
    return RateLimiter(limit, call_log=log, clock=clock, sleep=clock.sleep)


async def test_calls_of_two_processes_count_together(tmp_path):
    """Six calls of one and four of the other leave none to either."""
    clock = Clock()
    first, second = process(tmp_path, clock), process(tmp_path, clock)
    for limiter, calls in ((first, 6), (second, 4)):
        for _ in range(calls):
            await call(limiter, clock)
    for limiter in (first, second):
        assert limiter.state().left == 0
        with pytest.raises(OverQuota) as raised:
            await call(limiter, clock)
        assert raised.value.retry_after == pytest.approx(60, abs=0.1)
    clock.advance(61)
    assert second.state().left == LIMIT


async def test_call_in_flight_in_another_process_counts(tmp_path):
    """A call counts from before it is sent until a minute after it ended."""
    clock = Clock()
    first, second = process(tmp_path, clock, limit=1), process(tmp_path, clock, limit=1)
    async with first.slot(1):
        assert second.state().left == 0
        clock.advance(8)
    clock.advance(59)
    assert second.state().left == 0
    clock.advance(2)
    assert second.state().left == 1


async def test_killed_process_leaves_its_call_counted_to_its_latest_end(tmp_path):
    """A call that nobody saw end may have been answered just before its time-out."""
    clock = Clock()
    async with process(tmp_path, clock, limit=1).slot(1):
        next_process = process(tmp_path, clock, limit=1)  # the first one is never heard of again
        clock.advance(LONGEST_SLOT_S - 1)
        assert next_process.state().left == 0
        clock.advance(2)
        assert next_process.state().left == 1


async def test_unsent_call_is_free_for_other_processes(tmp_path):
    """While Vonage can't be reached, no process uses up the quota."""
    clock = Clock()
    first, second = process(tmp_path, clock), process(tmp_path, clock)
    for _ in range(3):
        with pytest.raises(ConnectFailed):
            async with first.slot(1):
                raise ConnectFailed
    assert second.state().left == LIMIT


async def test_background_calls_of_another_process_leave_the_reserve(tmp_path):
    """Two syncs together leave as many slots to people as one."""
    clock = Clock()
    first, second = process(tmp_path, clock), process(tmp_path, clock)
    for limiter, calls in ((first, 4), (second, 3)):
        for _ in range(calls):
            async with limiter.slot(1, reserve=3):
                pass
    for limiter in (first, second):
        with pytest.raises(OverQuota):
            async with limiter.slot(1, reserve=3):
                pass
    for limiter in (first, second, first):
        await call(limiter, clock)
    assert first.state().left == second.state().left == 0


async def test_call_waits_while_another_process_holds_the_lock(tmp_path):
    """Nobody calls while another process decides, and the lock is tried again soon."""
    clock = Clock()
    limiter = process(tmp_path, clock)
    with CallLog(tmp_path / "calls").locked() as is_locked:
        assert is_locked
        with pytest.raises(OverQuota):
            await call(limiter, clock, seconds=LOCK_POLL_S * 2.5)
    assert clock.slept == [LOCK_POLL_S, LOCK_POLL_S]
    await call(limiter, clock)


async def test_end_that_could_not_be_saved_is_saved_with_the_next_call(tmp_path):
    """If the lock is taken when a call ends, other processes learn of the end later."""
    clock = Clock()
    first, second = process(tmp_path, clock), process(tmp_path, clock)
    with contextlib.ExitStack() as stack:
        async with first.slot(1):
            stack.enter_context(CallLog(tmp_path / "calls").locked())
    assert second.state().left == LIMIT - 1
    clock.advance(30)
    await call(first, clock)
    clock.advance(31)
    assert second.state().left == LIMIT - 1  # of the two, the first is over


@pytest.mark.parametrize("jump_s", [-86_400.0, -30.0, 30.0, 86_400.0])
async def test_set_wall_clock_changes_nothing_between_running_processes(tmp_path, jump_s):
    """The monotonic clock goes on, so neither more calls are made nor fewer."""
    clock, wall = Clock(), Clock(1_800_000_000.0)
    first, second = (process(tmp_path, clock, wall=wall) for _ in range(2))
    for _ in range(LIMIT):
        await call(first, clock)
    assert second.state().left == 0
    wall.advance(jump_s)
    assert second.state().left == 0
    assert process(tmp_path, clock, wall=wall).state().left == 0
    clock.advance(61)
    wall.advance(61)
    assert second.state().left == LIMIT


@pytest.mark.parametrize("is_writable", [True, False])
async def test_both_clocks_set_back_block_no_longer_than_one_slot(tmp_path, is_writable):
    """After a start on a machine whose clock is behind, the calls count once more, not for ever."""
    clock, wall = Clock(), Clock(1_800_000_000.0)
    for _ in range(LIMIT):
        await call(process(tmp_path, clock, wall=wall), clock)
    behind, wall_behind = Clock(10.0), Clock(1_700_000_000.0)
    limiter = process(tmp_path, behind, wall=wall_behind)
    assert limiter.state().left == 0
    if not is_writable:
        (tmp_path / "calls.new").mkdir()
    for each in (behind, wall_behind):
        each.advance(LONGEST_SLOT_S + 1)
    await call(limiter, behind, seconds=0)
    left = process(tmp_path, behind, wall=wall_behind).state().left
    assert left == (LIMIT - 1 if is_writable else 0)


@pytest.mark.parametrize(
    "content", [b"", b"x", b"\0" * 1000, b"slot" * 500, bytes(range(256)) * 40, b"[1, 2, 3]" * 50]
)
async def test_foreign_or_damaged_file_blocks_nothing_for_ever(tmp_path, content):
    """What is not a slot is left out, and replaced at the next call."""
    clock = Clock()
    (tmp_path / "calls").write_bytes(content)
    limiter = process(tmp_path, clock)
    if not content.startswith(b"slot"):
        assert limiter.state().left == LIMIT
    await call(limiter, clock, seconds=LONGEST_SLOT_S + 1)
    assert process(tmp_path, clock).state().left == LIMIT - 1


async def test_unwritable_disk_leaves_each_process_its_own_quota(tmp_path):
    """A disk that can't be used does not stop the calls."""
    (tmp_path / "calls.new").mkdir()
    clock = Clock()
    limiter = process(tmp_path, clock)
    for _ in range(LIMIT):
        await call(limiter, clock)
    with pytest.raises(OverQuota):
        await call(limiter, clock)


async def test_large_quota_is_not_written_down(tmp_path):
    """Whoever may make thousands of calls a minute pays nothing for a limit that is never met."""
    clock = Clock()
    await call(process(tmp_path, clock, limit=MAX_SHARED_PER_MINUTE + 1), clock)
    assert not (tmp_path / "calls").exists()


@given(
    limit=st.integers(1, 12),
    steps=st.lists(
        st.tuples(st.integers(0, 2), st.floats(0, 20), st.floats(0, 9), st.booleans()), max_size=60
    ),
)
def test_no_minute_has_more_calls_than_the_limit_in_all_processes(tmp_path_factory, limit, steps):
    """Three processes call, with pauses, slow calls, and restarts, however these interleave."""
    path = tmp_path_factory.mktemp("data")

    async def run():
        clock = Clock()
        processes = [process(path, clock, limit=limit) for _ in range(3)]
        times: list[float] = []
        for which, pause, lasting, is_killed in steps:
            clock.advance(pause)
            with contextlib.suppress(OverQuota):
                await call(processes[which], clock, lasting=lasting, times=times)
            if is_killed:
                processes[which] = process(path, clock, limit=limit)
        return times

    times = asyncio.run(run())
    for start in times:
        assert sum(start <= each < start + 60 for each in times) <= limit


async def test_concurrent_callers_of_two_processes_share_the_quota(tmp_path):
    """Callers of both processes, waiting at the same time, get each slot once."""
    loop = asyncio.get_running_loop()
    log_clock = SharedClock(loop.time, loop.time)
    limiters = [
        RateLimiter(5, call_log=CallLog(tmp_path / "calls", clock=log_clock), clock=loop.time)
        for _ in range(2)
    ]
    times: list[float] = []

    async def caller(limiter, seed):
        pauses = random.Random(seed)
        for _ in range(8):
            await asyncio.sleep(pauses.uniform(0, 20))
            with contextlib.suppress(OverQuota):
                async with limiter.slot(30):
                    times.append(loop.time())
                    await asyncio.sleep(pauses.uniform(0, 3))

    await asyncio.gather(*(caller(limiters[seed % 2], seed) for seed in range(12)))
    assert len(times) > 10
    for start in times:
        assert sum(start <= each < start + 60 for each in times) <= 5
