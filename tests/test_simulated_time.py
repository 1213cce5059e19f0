"""The loop in which tests run: its time stands still, or jumps, and nothing is late."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests import simulated_time


def now() -> float:
    """Return the loop's time."""
    return asyncio.get_running_loop().time()


async def test_sleep_of_an_hour_jumps_to_its_end():
    """An hour passes on the loop's clock, and the test ends at once."""
    await asyncio.sleep(3600)
    assert 3600 <= now() < 3601


async def test_timers_go_off_in_order_of_their_time():
    """A jump goes to the nearest timer, not to the one that was set first."""
    woken = []

    async def wake_after(seconds: float) -> None:
        await asyncio.sleep(seconds)
        woken.append((seconds, round(now())))

    await asyncio.gather(*(wake_after(each) for each in (30, 10, 20)))
    assert woken == [(10, 10), (20, 20), (30, 30)]


async def test_thread_work_stops_the_clock():
    """A time-out cannot end what a thread does, however long that takes in real time."""
    async with asyncio.timeout(0.01):
        await asyncio.to_thread(time.sleep, 0.03)


async def test_reply_over_loopback_arrives_before_a_timeout():
    """Bytes between two ends in the same loop arrive before the loop jumps to a timer."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readline())
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        async with asyncio.timeout(1):
            writer.write(b"789\n")
            assert await reader.readline() == b"789\n"
        writer.close()
        await writer.wait_closed()


async def test_process_in_simulated_time_is_refused():
    """A process knows nothing of the simulated time, so the test has to go by the real one."""
    with pytest.raises(RuntimeError, match="real_time"):
        await asyncio.create_subprocess_exec("true")


def test_wall_clock_follows_the_loop():
    """Epoch seconds move with the simulated time."""

    async def after(seconds: float) -> float:
        await asyncio.sleep(seconds)
        return simulated_time.wall_clock()

    assert simulated_time.run(after(60)) == pytest.approx(simulated_time.EPOCH_S + 60, abs=0.1)


@pytest.mark.real_time
async def test_marked_test_goes_by_the_real_clock():
    """The marker gives a test asyncio's own loop."""
    assert not isinstance(asyncio.get_running_loop(), simulated_time.SimulatedLoop)
