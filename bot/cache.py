"""What was asked before, for a while: a cache for async loaders over a cachetools container.

It knows nothing of what it holds. A value has a life of three parts:

    loaded ──── fresh ────┬──── stale ────┬──────── kept ────────┐ gone
             as it is       at once, while   only if a new load
                            it is renewed    fails

Values that say "there is none" (`missing`) have a shorter fresh part and no other. Askers of
one key share one load; an asker who gives up does not end it for the others.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from cachetools import TLRUCache, TTLCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class TtlPolicy:
    """How long values live, in seconds after their load.

    `found` and `missing` are the fresh parts, `stale` follows `found`, and a found value is
    `kept` for the time when loads fail. After a failed load the next one waits `pause`, or,
    where nothing is kept, `failed`: the failure itself is remembered so long.
    """

    found: float = 300.0
    missing: float = 60.0
    stale: float = 300.0
    stale_if_error: float = 24 * HOUR
    retry_pause: float = 5.0
    failed: float = 0.0


@dataclass(frozen=True, slots=True)
class Entry(Generic[V]):
    """A value, when it was loaded (epoch seconds), and why no newer one could be had."""

    value: V
    at: float
    failure: Exception | None = None
    failed_at: float = 0.0


class Cache(Generic[K, V]):
    """A bounded cache; the least recently used goes first.

    `missing` tells of a value whether it says "there is none". `count` is called with what an
    asker met: `hit` (fresh), `stale`, `miss` (it was loaded), `kept` (loads fail, so that an
    old value was given).
    """

    def __init__(
        self,
        ttl: TtlPolicy,
        *,
        size: int = 10_000,
        missing: Callable[[V], bool] = lambda value: value is None,
        count: Callable[[str], None] = lambda result: None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._ttl = ttl
        self._is_missing = missing
        self._count = count
        self._clock = clock
        self._entries: TLRUCache[K, Entry[V]] = TLRUCache(size, ttu=self._expires_at, timer=clock)
        self._failures: TTLCache[K, Exception] = TTLCache(size, ttl.failed, timer=clock)
        self._loads: dict[K, asyncio.Task[Entry[V]]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def peek(self, key: K) -> Entry[V] | None:
        """Return what is held, fresh or not, without loading."""
        return self._entries.get(key)

    def fresh(self, key: K) -> Entry[V] | None:
        """Return what is held where it needs no load; that counts as a `hit`."""
        held = self._entries.get(key)
        if held is None or self._clock() - held.at >= self._fresh_for(held.value):
            return None
        self._count("hit")
        return held

    def put(self, key: K, value: V, at: float) -> None:
        """Hold a value that came otherwise, as if it had been loaded at `at`."""
        self._entries[key] = Entry(value, at)

    async def get(
        self, key: K, load: Callable[[], Awaitable[V]], *, force: bool = False
    ) -> Entry[V]:
        """Return the value of a key, loading it when there is need to.

        With `anew` a value that is fresh is loaded all the same. A load that fails raises,
        unless an earlier value is still kept: that is returned with its `failure`.
        """
        held = self._entries.get(key)
        met = "miss" if held is None or force else self._state(held)
        self._count(met)
        if held is None and not force and (failed := self._failures.get(key)):
            raise failed.with_traceback(None)
        if held is not None and met != "miss":
            if met == "stale":
                self._renew_in_background(key, load, held)
            return held
        try:
            return await self._shared_load(key, load)
        except Exception as failure:
            if held is None or self._is_missing(held.value):
                if self._ttl.failed:
                    self._failures[key] = failure
                raise
            self._count("kept")
            return self._record_failure(key, held, failure)

    async def close(self) -> None:
        """End the loads under way."""
        loads = tuple(self._loads.values())
        for load in loads:
            load.cancel()
        await asyncio.gather(*loads, return_exceptions=True)

    def _state(self, held: Entry[V]) -> str:
        """Return which part of its life a value is in: `miss` where a load must come first."""
        age = self._clock() - held.at
        if age < self._fresh_for(held.value):
            return "hit"
        if age < self._stale_for(held.value):
            return "stale"
        return "kept" if self._clock() < held.failed_at + self._ttl.retry_pause else "miss"

    def _fresh_for(self, value: V) -> float:
        return self._ttl.missing if self._is_missing(value) else self._ttl.found

    def _stale_for(self, value: V) -> float:
        return 0.0 if self._is_missing(value) else self._ttl.found + self._ttl.stale

    def _expires_at(self, _key: K, held: Entry[V], _now: float) -> float:
        return held.at + (
            self._ttl.missing
            if self._is_missing(held.value)
            else self._ttl.found + self._ttl.stale_if_error
        )

    def _renew_in_background(
        self, key: K, load: Callable[[], Awaitable[V]], held: Entry[V]
    ) -> None:
        """Load behind the asker's back; what fails is told with the next answer."""
        if key in self._loads or self._clock() < held.failed_at + self._ttl.retry_pause:
            return

        def ended(task: asyncio.Task[Entry[V]]) -> None:
            if not task.cancelled() and isinstance(failure := task.exception(), Exception):
                self._record_failure(key, held, failure)

        self._start_load(key, load).add_done_callback(ended)

    def _record_failure(self, key: K, held: Entry[V], failure: Exception) -> Entry[V]:
        told = replace(held, failure=failure, failed_at=self._clock())
        if self._entries.get(key) is held:
            self._entries[key] = told
        return told

    async def _shared_load(self, key: K, load: Callable[[], Awaitable[V]]) -> Entry[V]:
        return await asyncio.shield(self._loads.get(key) or self._start_load(key, load))

    def _start_load(self, key: K, load: Callable[[], Awaitable[V]]) -> asyncio.Task[Entry[V]]:
        async def run() -> Entry[V]:
            value = await load()
            held = Entry(value, self._clock())
            self._entries[key] = held
            return held

        def ended(task: asyncio.Task[Any]) -> None:
            if self._loads.get(key) is task:
                del self._loads[key]
            if not task.cancelled():
                task.exception()  # read here, so that one nobody waited for is not reported

        task = asyncio.create_task(run(), name="cache load")
        self._loads[key] = task
        task.add_done_callback(ended)
        return task
