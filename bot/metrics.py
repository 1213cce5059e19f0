"""The metrics of /metrics: how many questions people ask, how they end, and how long they take.

Each package counts by calling a method here. No label holds a name, a number or a text from
outside: each label has a few values, all of them written in the code.
https://prometheus.io/docs/practices/naming/
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client.registry import Collector

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
# The problem, beside those of the directory, that Slack refuses the bot's token.
SLACK_REFUSED = "slack_refused"
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
        self._directory = _DirectoryCollector()
        self._registry.register(self._directory)
        self._tasks = _TasksCollector()
        self._registry.register(self._tasks)

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

    def watch(
        self,
        read: Callable[[], Status],
        slack_refusal: Callable[[], str] = lambda: "",
        tasks: Callable[[], Mapping[str, int]] = dict,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Export the quota, the copy, the problems and the tasks, as they are at each scrape.

        `read` returns the directory's status, `slack_refusal` Slack's error code while Slack
        refuses the token, else an empty text, and `tasks` the number of tasks that run, by kind.
        """
        self._directory.read, self._directory.slack_refusal = read, slack_refusal
        self._directory.clock = clock
        self._tasks.counts = tasks


class _TasksCollector(Collector):
    """The gauge of the tasks that run; a kind that only rises shows tasks that never end."""

    def __init__(self) -> None:
        self.counts: Callable[[], Mapping[str, int]] = dict

    def collect(self) -> Iterator[Metric]:
        """Yield the gauge; without a value before the services run."""
        gauge = GaugeMetricFamily(
            "ext_tasks",
            "Tasks that run: for people who wait (`foreground`), for the bot itself, and others.",
            labels=["kind"],
        )
        for kind, count in self.counts().items():
            gauge.add_metric([kind], count)
        yield gauge


class _DirectoryCollector(Collector):
    """The gauges of the directory; its status is read once for each scrape."""

    def __init__(self) -> None:
        self.read: Callable[[], Status] | None = None
        self.slack_refusal: Callable[[], str] = lambda: ""
        self.clock: Callable[[], float] = time.time

    def collect(self) -> Iterator[Metric]:
        """Yield each gauge; without a value before the services run."""
        status = self.read() if self.read else None
        for name, explanation, value in _GAUGES:
            gauge = GaugeMetricFamily(name, explanation)
            if status:
                gauge.add_metric([], value(status, self.clock()))
            yield gauge
        yield self._problems(status)

    def _problems(self, status: Status | None) -> Metric:
        gauge = GaugeMetricFamily(
            "ext_problem",
            "1 while the directory, its source or Slack has this problem, else 0.",
            labels=["problem"],
        )
        if status:
            for problem in Problem:
                gauge.add_metric([problem], problem in status.problems)
            gauge.add_metric([SLACK_REFUSED], bool(self.slack_refusal()))
        return gauge


def _age(status: Status, now: float) -> float:
    return math.nan if status.read_at is None else max(now - status.read_at, 0.0)


_GAUGES: tuple[tuple[str, str, Callable[[Status, float], float]], ...] = (
    (
        "ext_vonage_quota_limit",
        "Calls to Vonage that are allowed in a minute; NaN without Vonage.",
        lambda status, _: status.quota.limit if status.quota else math.nan,
    ),
    (
        "ext_vonage_quota_left",
        "Calls to Vonage that may be made now; NaN without Vonage.",
        lambda status, _: status.quota.left if status.quota else math.nan,
    ),
    (
        "ext_directory_extensions",
        "Extensions in the copy of the directory; 0 without a copy.",
        lambda status, _: status.extensions or 0,
    ),
    (
        "ext_directory_age_seconds",
        "Seconds since the copy of the directory was read; NaN without a copy.",
        _age,
    ),
)


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
