"""Tasks that outlive their request."""

from __future__ import annotations

import asyncio

from bot.tasks import Tasks


async def test_drain_waits_for_running_tasks():
    """Running work is finished before the shutdown ends."""
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


async def test_drain_cancels_tasks_that_take_too_long(caplog):
    """After the time the rest is cancelled, and the log says how many tasks."""
    tasks = Tasks()
    stuck = tasks.start(asyncio.Event().wait(), name="stuck")
    await tasks.drain(0.01)
    assert stuck.cancelled()
    assert "1 tasks were not finished" in caplog.text


async def test_drain_cancels_background_tasks_at_once():
    """Watching and refreshing is cancelled without a wait and without a warning."""
    tasks = Tasks()
    watch = tasks.start(asyncio.Event().wait(), name="watch", background=True)
    await tasks.drain(60)
    assert watch.cancelled()


async def test_failed_task_is_logged_by_its_name(caplog):
    """An error in a task that nobody awaits is logged with the task's name."""
    tasks = Tasks()

    async def fail():
        raise ValueError

    tasks.start(fail(), name="follow-up")
    await tasks.drain(1)
    await asyncio.sleep(0)
    assert "follow-up failed" in caplog.text


async def test_counts_tell_the_kinds_of_tasks_apart():
    """A task that never ends shows in the metrics, whether `Tasks` started it or not."""
    tasks, end = Tasks(), asyncio.Event()
    before = tasks.counts()
    tasks.start(end.wait(), name="for a person")
    tasks.start(end.wait(), name="watch", background=True)
    other = asyncio.create_task(end.wait())
    assert tasks.counts() == {"foreground": 1, "background": 1, "other": before["other"] + 1}
    end.set()
    await other
    await tasks.drain(1)
    await asyncio.sleep(0)
    assert tasks.counts() == before
