"""Work that outlives its request."""

from __future__ import annotations

import asyncio

from bot.tasks import Tasks


async def test_draining_waits_for_what_was_begun():
    """Work under way is finished before the end."""
    done = []
    tasks = Tasks()

    async def work():
        await asyncio.sleep(0.01)
        done.append(1)

    tasks.start(work(), name="work")
    assert len(tasks) == 1
    await tasks.drain(5)
    assert done == [1]
    assert len(tasks) == 0


async def test_draining_ends_what_takes_too_long(caplog):
    """After its time the rest is cancelled, and the log says how many."""
    tasks = Tasks()
    stuck = tasks.start(asyncio.Event().wait(), name="stuck")
    await tasks.drain(0.01)
    assert stuck.cancelled()
    assert "1 tasks were not finished" in caplog.text


async def test_nobody_waits_for_the_background():
    """Watching and warming end at once, without a word."""
    tasks = Tasks()
    watch = tasks.start(asyncio.Event().wait(), name="watch", background=True)
    await tasks.drain(60)
    assert watch.cancelled()


async def test_a_failure_reaches_the_log(caplog):
    """An error in a task that nobody waits for is logged with the task's name."""
    tasks = Tasks()

    async def fail():
        raise ValueError

    tasks.start(fail(), name="follow-up")
    await tasks.drain(1)
    await asyncio.sleep(0)
    assert "follow-up failed" in caplog.text
