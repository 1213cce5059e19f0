"""The change signal wakes waiters and loses no change."""

from __future__ import annotations

import asyncio

from bot.sandbox.change_signal import ChangeSignal


async def test_wait_after_missed_change_returns_at_once():
    """A change before the wait isn't lost."""
    signal = ChangeSignal()
    signal.notify()
    assert await signal.wait(0, timeout_s=5) == 1


async def test_wait_without_change_times_out():
    """The latest count is returned unchanged."""
    signal = ChangeSignal()
    assert await signal.wait(0, timeout_s=0.01) == 0


async def test_notify_wakes_every_waiter():
    """Each page that is open has a wait of its own."""
    signal = ChangeSignal()
    waits = [asyncio.create_task(signal.wait(0, timeout_s=5)) for _ in range(3)]
    await asyncio.sleep(0)
    signal.notify()
    assert await asyncio.gather(*waits) == [1, 1, 1]
