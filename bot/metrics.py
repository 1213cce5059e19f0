"""The metrics of /metrics: how many questions people ask, how they end, and how long they take.

Each package counts by calling a method here. No label holds a name, a number or a text from
outside: each label has a few values, all of them written in the code.
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
from bot.models import Problem, Status

__all__ = ["CONTENT_TYPE", "Metrics"]

# The buckets' upper bounds; 3 seconds is Slack's limit for an acknowledgement.
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
_ABANDONED = "abandoned"  # the call was cancelled because nobody waits for it, or it hit a bug

# The `_created` series would double the number of lines, and nobody needs them.
disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """The metrics of one bot. Times are in seconds."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        counter = partial(Counter, registry=self._registry)
        histogram = partial(Histogram, registry=self._registry, buckets=SECONDS)
        gauge = partial(Gauge, registry=self._registry)

        self._lookups = counter(
            "ext_lookups",
            "Questions answered, by the kind of query and the outcome.",
            ("kind", "outcome"),
        )
        self._lookup_seconds = histogram(
            "ext_lookup_seconds", "Seconds from a question to its answer.", ("kind",)
        )
        self._lookup_children: dict[tuple[str, str], tuple[Counter, Histogram]] = {}
        self._answers = counter(
            "ext_answers",
            "Answers by how they reached Slack; `lost` ones reached nobody.",
            ("way",),
        )
        self._refused = counter(
            "ext_requests_refused", "Requests refused before any listener ran.", ("status",)
        )
        self._closed = counter(
            "ext_connections_closed",
            "Connections closed early: by the limit of open ones, or because of a slow client.",
            ("reason",),
        )
        self._cache = counter("ext_cache", "Cache lookups by their result.", ("cache", "result"))
        self._calls = counter("ext_vonage_calls", "Calls to the Vonage API.", ("outcome",))
        self._call_seconds = histogram(
            "ext_vonage_call_seconds", "Seconds from a call to its answer."
        )
        self._logins = counter("ext_vonage_logins", "Logins to Vonage.", ("grant", "outcome"))
        self._add_directory_gauges(gauge)

    def _add_directory_gauges(self, gauge: Callable[..., Gauge]) -> None:
        """Add the gauges that `watch` computes."""
        self._limit = gauge(
            "ext_vonage_quota_limit",
            "Calls to Vonage that are allowed in a minute; NaN without Vonage.",
        )
        self._left = gauge(
            "ext_vonage_quota_left", "Calls to Vonage that may be made now; NaN without Vonage."
        )
        self._extensions = gauge(
            "ext_directory_extensions", "Extensions in the copy of the directory; 0 without a copy."
        )
        self._age = gauge(
            "ext_directory_age_seconds",
            "Seconds since the copy of the directory was read; NaN without a copy.",
        )

        self._problems = gauge(
            "ext_problem",
            "1 while something is wrong with the directory or its source, else 0.",
            ("problem",),
        )

    def text(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self._registry)

    def lookup(self, kind: str, outcome: str, seconds: float) -> None:
        """Count a question by the kind of query and the outcome, and its time."""
        counter, histogram = self._lookup_metrics(kind, outcome)
        counter.inc()
        histogram.observe(seconds)

    def _lookup_metrics(self, kind: str, outcome: str) -> tuple[Counter, Histogram]:
        """Return a question's counter and histogram, cached: `labels` takes as long as `inc`."""
        if (kind, outcome) not in self._lookup_children:
            children = self._lookups.labels(kind, outcome), self._lookup_seconds.labels(kind)
            self._lookup_children[kind, outcome] = children
        return self._lookup_children[kind, outcome]

    def answered(self, way: str) -> None:
        """Count an answer by how it reached Slack: `ack`, `response_url`, `message` or `lost`."""
        self._answers.labels(way).inc()

    def refused(self, status: int) -> None:
        """Count a request that was refused, by its HTTP status."""
        self._refused.labels(str(status)).inc()

    def closed(self, reason: str) -> None:
        """Count a connection closed early: by `limit`, `slow_headers` or `slow_request`."""
        self._closed.labels(reason).inc()

    def cached(self, name: str) -> Callable[[str], None]:
        """Return the `count` function of the `Cache` of this name."""
        children = {result: self._cache.labels(name, result) for result in _CACHE_RESULTS}
        return lambda result: children[result].inc()

    @contextmanager
    def call(self) -> Iterator[None]:
        """Count one call to the API by the error that ends it, or `ok`, and measure its time."""
        started = time.perf_counter()
        with _counted(self._calls):
            try:
                yield
            finally:
                self._call_seconds.observe(time.perf_counter() - started)

    @contextmanager
    def login(self, grant: str) -> Iterator[None]:
        """Count one login by its grant and the error that ends it, or `ok`."""
        with _counted(self._logins, grant):
            yield

    def watch(self, read: Callable[[], Status], clock: Callable[[], float] = time.time) -> None:
        """Compute the gauges of the quota and of the copy from `read` at each scrape."""

        def age() -> float:
            read_at = read().read_at
            return math.nan if read_at is None else clock() - read_at

        def limit() -> float:
            return math.nan if (quota := read().quota) is None else quota.limit

        def left() -> float:
            return math.nan if (quota := read().quota) is None else quota.left

        def has(problem: Problem) -> bool:
            return problem in read().problems

        self._limit.set_function(limit)
        self._left.set_function(left)
        self._extensions.set_function(lambda: read().extensions or 0)
        self._age.set_function(age)
        for problem in Problem:
            self._problems.labels(problem).set_function(partial(has, problem))


@contextmanager
def _counted(counter: Counter, *labels: str) -> Iterator[None]:
    outcome = "ok"
    try:
        yield
    except BaseException as error:
        outcome = next((name for kind, name in _OUTCOMES if isinstance(error, kind)), _ABANDONED)
        raise
    finally:
        counter.labels(*labels, outcome).inc()
