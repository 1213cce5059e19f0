"""Runs the part of a lookup that needs no waiting, without a task of the event loop."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

from bot.errors import MustWait

T = TypeVar("T")


def run_without_waiting(coroutine: Coroutine[Any, Any, T]) -> T | None:
    """Return the result of a coroutine that needs no waiting, or `None` if it raises `MustWait`.

    Without a deadline, lookups raise `MustWait` before they would wait. A coroutine that never
    waits ends at its first `send`, which saves a task and a turn of the event loop.
    """
    try:
        coroutine.send(None)
    except StopIteration as finished:
        result: T = finished.value
        return result
    except MustWait:
        return None
    coroutine.close()
    raise RuntimeError("A lookup without a deadline waited instead of raising MustWait")
