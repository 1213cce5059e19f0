"""The metrics: their names, and that the API client counts its calls and logins."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import (
    BadParameters,
    Forbidden,
    LoginRefused,
    NotAuthorized,
    NotFound,
    OverQuota,
    SourceError,
    Unavailable,
    UnexpectedReply,
)
from bot.metrics import Metrics
from bot.models import Problem, Quota, Status
from bot.vonage.transport import TimedOut
from tests.clock import Clock
from tests.vonage.api import Api, client_of, granted, login_of, refused, soon
from tests.vonage.samples import JOHN, fault, live_one, reply

Count = Callable[[str], dict[str, float]]


def counted_in(page: bytes) -> Count:
    """Return a function from a name to its samples: label values, joined by spaces, to count."""
    families = list(text_string_to_metric_families(page.decode()))
    return lambda name: {
        " ".join(sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
        if sample.name == name
    }


def counted(metrics: Metrics, name: str) -> dict[str, float]:
    """Return the samples of this name now."""
    return counted_in(metrics.text())(name)


def test_lookup_is_counted_and_timed():
    """Lookups are counted by kind and outcome, in buckets that fit Slack's limits."""
    metrics = Metrics()
    metrics.lookup("number", "found", 0.003)
    metrics.lookup("number", "missing", 2.5)
    assert counted(metrics, "ext_lookups_total") == {"number found": 1, "number missing": 1}
    steps = counted(metrics, "ext_lookup_seconds_bucket")
    assert (steps["number 0.005"], steps["number 2.0"], steps["number 3.0"]) == (1, 1, 2)
    assert steps["number 10.0"] == steps["number +Inf"] == 2
    assert counted(metrics, "ext_lookup_seconds_count") == {"number": 2}


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (NotFound(), "not_found"),
        (BadParameters(), "bad_parameters"),
        (NotAuthorized(), "refused"),
        (LoginRefused(), "refused"),
        (Forbidden(), "refused"),
        (OverQuota(), "over_quota"),
        (Unavailable(), "unavailable"),
        (TimedOut(), "unavailable"),
        (UnexpectedReply(), "unexpected"),
        (asyncio.CancelledError(), "abandoned"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_call_is_counted_by_its_outcome(error, outcome):
    """Every error of the API has an outcome, and so have its subclasses."""
    metrics = Metrics()
    with pytest.raises(type(error)), metrics.call():
        raise error
    with metrics.call():
        pass
    assert counted(metrics, "ext_vonage_calls_total") == {outcome: 1, "ok": 1}
    assert counted(metrics, "ext_vonage_call_seconds_count") == {"": 2}


def test_every_source_error_has_an_outcome():
    """A new error does not end up among the abandoned calls."""
    metrics = Metrics()
    for kind in SourceError.__subclasses__():
        with pytest.raises(kind), metrics.call():
            raise kind
    assert "abandoned" not in counted(metrics, "ext_vonage_calls_total")


def test_quota_of_an_unlimited_source_is_not_a_number():
    """A CSV file has no quota, and 0 would raise an operator's alarm."""
    metrics = Metrics()
    metrics.watch(lambda: Status(None))
    assert math.isnan(counted(metrics, "ext_vonage_quota_left")[""])
    assert math.isnan(counted(metrics, "ext_vonage_quota_limit")[""])


def test_quota_is_read_at_each_scrape():
    """The gauges show what is left at the time of the scrape."""
    metrics, left = Metrics(), [7]
    metrics.watch(lambda: Status(Quota(limit=10, left=left[0])))
    left[0] = 3
    assert counted(metrics, "ext_vonage_quota_left") == {"": 3}
    assert counted(metrics, "ext_vonage_quota_limit") == {"": 10}


def test_problems_are_read_at_each_scrape():
    """A problem is 1 while it lasts; the others are 0, so that an alert can end."""
    metrics = Metrics()
    problems, code = [Problem.LOGIN_REFUSED], [""]
    metrics.watch(lambda: Status(None, problems=tuple(problems)), lambda: code[0])
    others = {str(problem): 0.0 for problem in Problem if problem is not Problem.LOGIN_REFUSED}
    assert counted(metrics, "ext_problem") == {**others, "login_refused": 1, "slack_refused": 0}
    problems.clear()
    code[0] = "token_revoked"
    assert counted(metrics, "ext_problem") == {**others, "login_refused": 0, "slack_refused": 1}


def test_tasks_are_counted_at_each_scrape():
    """The gauge has no value before the services run, and then the counts of the moment."""
    metrics, counts = Metrics(), {"foreground": 2, "background": 1}
    assert counted(metrics, "ext_tasks") == {}
    metrics.watch(lambda: Status(None), tasks=lambda: counts)
    counts["foreground"] = 0
    assert counted(metrics, "ext_tasks") == {"foreground": 0, "background": 1}


def test_cache_results_are_exported_from_the_start():
    """A result that did not happen yet is exported as zero, so that a rate can be computed."""
    metrics = Metrics()
    count = metrics.cached("extensions")
    count("hit")
    assert counted(metrics, "ext_cache_total") == {
        "extensions hit": 1,
        "extensions stale": 0,
        "extensions miss": 0,
        "extensions kept": 0,
    }


def test_answers_and_refused_requests_are_counted():
    """Answers are counted by how they reached Slack, refused requests by their status."""
    metrics = Metrics()
    metrics.answered("ack")
    metrics.refused(401)
    assert counted(metrics, "ext_answers_total") == {"ack": 1}
    assert counted(metrics, "ext_requests_refused_total") == {"401": 1}


def test_every_metric_is_documented():
    """docs/deploy.md explains what /metrics shows, and nothing else."""
    page = (Path(__file__).parents[1] / "docs" / "deploy.md").read_text(encoding="utf-8")
    families = text_string_to_metric_families(Metrics().text().decode())
    shown = {family.name for family in families if family.name.startswith("ext_")}
    documented = {name.removesuffix("_total") for name in re.findall(r"\bext_[a-z_]+", page)}
    assert documented == shown


async def test_client_counts_only_calls_that_are_sent():
    """A call that the rate limiter refuses does not count; a renewed token makes two calls."""
    metrics = Metrics()
    api = Api(reply(401, fault(900901)), reply(200, live_one(JOHN)))
    async with client_of(api, per_minute=2, metrics=metrics) as client:
        await client.extension("789", deadline=soon())
        with pytest.raises(OverQuota):
            await client.extension("790", deadline=soon(1))
    assert counted(metrics, "ext_vonage_calls_total") == {"refused": 1, "ok": 1}


async def test_logins_are_counted_by_grant():
    """Logins by password, by refresh token, and refused ones."""
    metrics, clock = Metrics(), Clock()
    api = Api(tokens=[granted("a", refresh="r"), refused(), refused()])
    async with login_of(api, clock, metrics=metrics) as login:
        await login.token(soon())
        clock.advance(86400)
        with pytest.raises(LoginRefused):
            await login.token(soon())
    assert counted(metrics, "ext_vonage_logins_total") == {
        "password ok": 1,
        "refresh_token refused": 1,
        "password refused": 1,
    }
