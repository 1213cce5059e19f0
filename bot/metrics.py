"""What is counted, for /metrics: how much is asked, how it ends, and how long it takes.

Rooms count by calling a method here. No label holds a name, a number or a text that came
from outside: the values of each are few and written in the code.
https://prometheus.io/docs/practices/naming/
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE

from bot.errors import (
    BadParameters,
    Forbidden,
    NotAuthorized,
    NotFound,
    OverQuota,
    Unavailable,
    UnexpectedReply,
)
from bot.models import Status

__all__ = ["CONTENT_TYPE", "Metrics"]

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)

_OUTCOMES: tuple[tuple[type[Exception], str], ...] = (
    (NotFound, "not_found"),
    (BadParameters, "bad_parameters"),
    (NotAuthorized, "refused"),
    (Forbidden, "refused"),
    (OverQuota, "over_quota"),
    (Unavailable, "unavailable"),
    (UnexpectedReply, "unexpected"),
)
_CACHE_RESULTS = ("hit", "stale", "miss", "kept")
_ABANDONED = "abandoned"  # nobody waited for it any more, or a fault of ours

disable_created_metrics()  # type: ignore[no-untyped-call] # half of all lines, and nobody's business


class Metrics:
    """The counts of one bot. Times are in seconds."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        counter = partial(Counter, registry=self._registry)
        times = partial(Histogram, registry=self._registry, buckets=SECONDS)
        gauge = partial(Gauge, registry=self._registry)

        self._lookups = counter("ext_lookups", "Questions answered.", ("kind", "outcome"))
        self._lookup_seconds = times(
            "ext_lookup_seconds", "From a question to its answer.", ("kind",)
        )
        self._lookups_known: dict[tuple[str, str], tuple[Counter, Histogram]] = {}
        self._answers = counter(
            "ext_answers", "Answers by their way to Slack; lost ones reached nobody.", ("way",)
        )
        self._refused = counter(
            "ext_requests_refused", "Requests turned away at the door.", ("status",)
        )
        self._cache = counter(
            "ext_cache", "What a cache had when it was asked.", ("cache", "result")
        )
        self._calls = counter("ext_vonage_calls", "Calls of the Vonage API.", ("outcome",))
        self._call_seconds = times("ext_vonage_call_seconds", "From a call to its answer.")
        self._logins = counter("ext_vonage_logins", "Logins at Vonage.", ("grant", "outcome"))
        self._limit = gauge("ext_vonage_quota_limit", "Calls of the Vonage API in a minute.")
        self._left = gauge("ext_vonage_quota_left", "Calls that may be made now.")
        self._extensions = gauge(
            "ext_directory_extensions", "Extensions in the copy of the directory; 0: no copy."
        )
        self._age = gauge(
            "ext_directory_age_seconds", "Since the copy was read from Vonage; NaN: no copy."
        )

    def text(self) -> bytes:
        """Return everything in Prometheus' text form."""
        return generate_latest(self._registry)

    def lookup(self, kind: str, outcome: str, seconds: float) -> None:
        """Count a question: what kind of query it was, and how it ended."""
        counted, timed = self._lookup_of(kind, outcome)
        counted.inc()
        timed.observe(seconds)

    def _lookup_of(self, kind: str, outcome: str) -> tuple[Counter, Histogram]:
        """Return what counts such a question; finding it by its labels costs as much again."""
        if (kind, outcome) not in self._lookups_known:
            labelled = self._lookups.labels(kind, outcome), self._lookup_seconds.labels(kind)
            self._lookups_known[kind, outcome] = labelled
        return self._lookups_known[kind, outcome]

    def answered(self, way: str) -> None:
        """Count an answer: by `ack`, `response_url` or `message`, or `lost`."""
        self._answers.labels(way).inc()

    def refused(self, status: int) -> None:
        """Count a request that was turned away."""
        self._refused.labels(str(status)).inc()

    def cached(self, name: str) -> Callable[[str], None]:
        """Return what a cache of this name calls with each result, as `Cache` names them."""
        children = {result: self._cache.labels(name, result) for result in _CACHE_RESULTS}
        return lambda result: children[result].inc()

    @contextmanager
    def call(self) -> Iterator[None]:
        """Count and time one call of the API by the error that ends it, or none."""
        begun = time.perf_counter()
        with _noted(self._calls):
            try:
                yield
            finally:
                self._call_seconds.observe(time.perf_counter() - begun)

    @contextmanager
    def login(self, grant: str) -> Iterator[None]:
        """Count one login by the error that ends it, or none."""
        with _noted(self._logins, grant):
            yield

    def watch(self, read: Callable[[], Status], clock: Callable[[], float] = time.time) -> None:
        """Read the allowance and the copy's age anew whenever the metrics are asked for."""

        def age() -> float:
            read_at = read().read_at
            return math.nan if read_at is None else clock() - read_at

        def limit() -> float:
            return math.nan if (quota := read().quota) is None else quota.limit

        def left() -> float:
            return math.nan if (quota := read().quota) is None else quota.left

        self._limit.set_function(limit)
        self._left.set_function(left)
        self._extensions.set_function(lambda: read().extensions or 0)
        self._age.set_function(age)


@contextmanager
def _noted(counter: Counter, *labels: str) -> Iterator[None]:
    outcome = "ok"
    try:
        yield
    except BaseException as error:
        outcome = next((name for kind, name in _OUTCOMES if isinstance(error, kind)), _ABANDONED)
        raise
    finally:
        counter.labels(*labels, outcome).inc()
