"""A bounded cache for async loaders, over a cachetools container.

The cache knows nothing about the values that it holds. A value goes through three time spans:

    loaded ──── fresh ────┬──── stale ────┬──── stale if error ────┐ removed
             returned       returned, and   returned only if a new
             as it is       reloaded        load fails
                            meanwhile

A value that says "there is none" (`missing`) has a shorter fresh span and no others. All callers
of one key share one load; a caller that is cancelled does not cancel it for the others.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from cachetools import TLRUCache, TTLCache

from bot import limits
from bot.clocks import Clock, Clocks

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class TtlPolicy:
    """How long values are used, in seconds after their load.

    `found` and `missing` are the fresh spans. `stale` follows `found`. `stale_if_error` is how
    long after `found` a value may still replace the result of a failed load. After a failed load,
    the next one waits `retry_pause`. If there is no earlier value, the failure itself is cached
    for `failed`.
    """

    found: float = limits.CACHE_FOUND_S
    missing: float = limits.CACHE_MISSING_S
    stale: float = limits.CACHE_STALE_S
    stale_if_error: float = limits.CACHE_STALE_IF_ERROR_S
    retry_pause: float = limits.CACHE_RETRY_PAUSE_S
    failed: float = 0.0


@dataclass(frozen=True, slots=True)
class Entry(Generic[V]):
    """A value, when it was loaded, and why the latest load of it failed.

    `at` is in epoch seconds, for people; `loaded_at` and `failed_at` are by the cache's clock.
    """

    value: V
    at: float
    loaded_at: float
    failure: Exception | None = None
    failed_at: float = -math.inf


class Cache(Generic[K, V]):
    """A bounded cache that evicts the least recently used key.

    `missing` says whether a value means "there is none". `count` is called with the result of
    each lookup: `hit` (fresh), `stale`, `miss` (a load is needed), or `kept` (the load failed,
    so an old value was returned). `clock` measures durations; `wall_clock` gives epoch seconds.
    """

    def __init__(
        self,
        ttl: TtlPolicy,
        *,
        size: int = limits.MAX_CACHED,
        missing: Callable[[V], bool] = lambda value: value is None,
        count: Callable[[str], None] = lambda result: None,
        clock: Clock = time.monotonic,
        wall_clock: Clock = time.time,
    ) -> None:
        self._ttl = ttl
        self._is_missing = missing
        self._count = count
        self._clock = clock
        self._clocks = Clocks(clock, wall_clock)
        self._entries: TLRUCache[K, Entry[V]] = TLRUCache(size, ttu=self._expires_at, timer=clock)
        self._failures: TTLCache[K, Exception] = TTLCache(size, ttl.failed, timer=clock)
        self._loads: dict[K, asyncio.Task[Entry[V]]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def peek(self, key: K) -> Entry[V] | None:
        """Return a key's entry, fresh or not, without a load."""
        return self._entries.get(key)

    def fresh(self, key: K) -> Entry[V] | None:
        """Return a key's entry if it is fresh; that counts as a `hit`."""
        entry = self._entries.get(key)
        if entry is None or self._clock() - entry.loaded_at >= self._fresh_for(entry.value):
            return None
        self._count("hit")
        return entry

    def put(self, key: K, value: V, at: float) -> None:
        """Store a value from elsewhere, as if it had been loaded at `at` (epoch seconds)."""
        self._entries[key] = Entry(value, at, self._clocks.moment(at))

    async def get(
        self, key: K, load: Callable[[], Awaitable[V]], *, force: bool = False
    ) -> Entry[V]:
        """Return a key's entry; load it if that is needed, or always with `force`.

        Raises what `load` raises, unless an earlier value may stand in. That value is then
        returned with its `failure` set.
        """
        entry = self._entries.get(key)
        result = "miss" if entry is None or force else self._state(entry)
        self._count(result)
        if entry is None and not force and (cached_failure := self._failures.get(key)):
            raise cached_failure.with_traceback(None)
        if entry is not None and result != "miss":
            if result == "stale":
                self._renew_in_background(key, load, entry)
            return entry
        try:
            return await self._shared_load(key, load)
        except Exception as failure:
            if entry is None or self._is_missing(entry.value):
                if self._ttl.failed:
                    self._failures[key] = failure
                raise
            self._count("kept")
            return self._record_failure(key, entry, failure)

    async def close(self) -> None:
        """Cancel the loads in flight."""
        loads = tuple(self._loads.values())
        for load in loads:
            load.cancel()
        await asyncio.gather(*loads, return_exceptions=True)

    def _state(self, entry: Entry[V]) -> str:
        """Return how an entry may be used now; `miss` if a load must be tried first."""
        age = self._clock() - entry.loaded_at
        if age < self._fresh_for(entry.value):
            return "hit"
        if age < self._stale_for(entry.value):
            return "stale"
        return "kept" if self._clock() < entry.failed_at + self._ttl.retry_pause else "miss"

    def _fresh_for(self, value: V) -> float:
        return self._ttl.missing if self._is_missing(value) else self._ttl.found

    def _stale_for(self, value: V) -> float:
        return 0.0 if self._is_missing(value) else self._ttl.found + self._ttl.stale

    def _expires_at(self, _key: K, entry: Entry[V], _now: float) -> float:
        return entry.loaded_at + (
            self._ttl.missing
            if self._is_missing(entry.value)
            else self._ttl.found + self._ttl.stale_if_error
        )

    def _renew_in_background(
        self, key: K, load: Callable[[], Awaitable[V]], entry: Entry[V]
    ) -> None:
        """Start a load that no caller waits for; the next caller gets its value or failure."""
        if key in self._loads or self._clock() < entry.failed_at + self._ttl.retry_pause:
            return

        def record(task: asyncio.Task[Entry[V]]) -> None:
            if not task.cancelled() and isinstance(failure := task.exception(), Exception):
                self._record_failure(key, entry, failure)

        self._start_load(key, load).add_done_callback(record)

    def _record_failure(self, key: K, entry: Entry[V], failure: Exception) -> Entry[V]:
        failed = replace(entry, failure=failure, failed_at=self._clock())
        if self._entries.get(key) is entry:  # another load may have stored a newer value meanwhile
            self._entries[key] = failed
        return failed

    async def _shared_load(self, key: K, load: Callable[[], Awaitable[V]]) -> Entry[V]:
        # The shield keeps the load alive for other callers when this one is cancelled.
        return await asyncio.shield(self._loads.get(key) or self._start_load(key, load))

    def _start_load(self, key: K, load: Callable[[], Awaitable[V]]) -> asyncio.Task[Entry[V]]:
        async def run() -> Entry[V]:
            value = await load()
            now = self._clock()
            entry = Entry(value, self._clocks.epoch(now), now)
            self._entries[key] = entry
            return entry

        def forget(task: asyncio.Task[Any]) -> None:
            if self._loads.get(key) is task:
                del self._loads[key]
            if not task.cancelled():
                task.exception()  # retrieved, or asyncio would log it as never retrieved

        task = asyncio.create_task(run(), name="cache load")
        self._loads[key] = task
        task.add_done_callback(forget)
        return task
