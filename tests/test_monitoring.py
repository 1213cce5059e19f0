"""The alert rules and the dashboard in docs/monitoring: valid, and about metrics that exist."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import SLACK_REFUSED, Metrics
from bot.models import Problem
from tests.cli.running import ROOT

FOLDER = ROOT / "docs" / "monitoring"
RULES = yaml.safe_load((FOLDER / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
DASHBOARD = json.loads((FOLDER / "dashboard.json").read_text(encoding="utf-8"))
OPERATIONS = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

# Metrics of Prometheus itself, and of a process on Linux.
BUILT_IN = {"up", "process_max_fds"}
PROBLEMS = [*Problem, SLACK_REFUSED]
METRIC = re.compile(r"\b(?:ext|process)_[a-z_]+\b|\bup\b")
PROBLEM = re.compile(r'problem=(~?)"([^"]+)"')

# One rule's samples over time, and the alert that they must or must not raise.
# https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/
CASES = [
    ("ExtDown", 'up{job="ext"}', "0x10", "1x10"),
    ("ExtSlackTokenRefused", 'ext_problem{job="ext", problem="slack_refused"}', "1x10", "0x10"),
    ("ExtVonageRefuses", 'ext_problem{job="ext", problem="login_refused"}', "1x10", "0x10"),
    (
        "ExtVonageDown",
        'ext_vonage_calls_total{job="ext", outcome="unavailable"}',
        "0+1x60",
        "0+0x60",
    ),
    (
        "ExtQuotaExhausted",
        'ext_vonage_calls_total{job="ext", outcome="over_quota"}',
        "0+1x60",
        "0+0x60",
    ),
    ("ExtCopyOld", 'ext_directory_age_seconds{job="ext"}', "5000x60", "900x60"),
    ("ExtAnswersLost", 'ext_answers_total{job="ext", way="lost"}', "0+1x60", "7x60"),
]


def expressions() -> Iterator[str]:
    """Yield every PromQL expression of the rules and of the dashboard."""
    for rule in RULES:
        yield rule["expr"]
    for panel in DASHBOARD["panels"]:
        for target in panel["targets"]:
            yield target["expr"]


def exported() -> set[str]:
    """Return the names of all series that the bot exports, and of the histograms' buckets."""
    names = set(BUILT_IN)
    for family in text_string_to_metric_families(Metrics().text().decode()):
        names |= {family.name, f"{family.name}_total"}
        if family.type == "histogram":
            names.add(f"{family.name}_bucket")
    return names


@pytest.mark.parametrize("expression", list(expressions()))
def test_expression_reads_only_metrics_that_exist(expression):
    """A renamed metric would leave an alert silent and a panel empty."""
    assert set(METRIC.findall(expression)) <= exported()


def test_alerts_name_only_problems_that_exist():
    """A renamed problem would leave its alert silent."""
    for rule in RULES:
        for is_pattern, value in PROBLEM.findall(rule["expr"]):
            patterns = value.split("|") if is_pattern else [re.escape(value)]
            for pattern in patterns:
                assert any(re.fullmatch(pattern, problem) for problem in PROBLEMS), pattern


@pytest.mark.parametrize("problem", PROBLEMS)
def test_every_problem_raises_an_alert(problem):
    """Otherwise nobody would hear of it."""
    filters = [match for rule in RULES for match in PROBLEM.findall(rule["expr"])]
    assert any(re.fullmatch(pattern, problem) for _, pattern in filters)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_alert_says_what_is_wrong_and_where_to_read_on(rule):
    """Whoever is paged finds the section of the runbook."""
    annotations = rule["annotations"]
    assert annotations["summary"].endswith(".")
    path, _, anchor = annotations["runbook"].partition("#")
    assert path == "docs/operations.md"
    headings = re.findall(r"^#+ (.+)$", OPERATIONS, flags=re.MULTILINE)
    slugs = {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in headings}
    assert anchor in slugs
    assert rule["labels"]["severity"] in ("page", "ticket")


def test_dashboard_panels_do_not_overlap():
    """Each panel has an id, a title and a place of its own."""
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len({p["title"] for p in panels})
    cells: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        own = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not own & cells
        assert max(x for x, _ in own) < 24
        cells |= own


@pytest.fixture(scope="module")
def promtool() -> str:
    """The path of Prometheus' own checker."""
    path = shutil.which("promtool")
    if path is None:
        pytest.skip("promtool is not installed (apt-get install prometheus)")
    return path


def run(*command: str, cwd: Path) -> None:
    """Run a command, and show what it printed if it fails."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_accepts_the_rules(promtool):
    """Prometheus refuses to start with a rule that it can't parse."""
    run(promtool, "check", "rules", str(FOLDER / "alerts.yml"), cwd=ROOT)


def test_prometheus_accepts_the_expressions_of_the_dashboard(promtool, tmp_path):
    """Grafana's variables are replaced as Grafana does."""
    rules = []
    for index, expression in enumerate(expressions()):
        text = expression.replace("$job", ".*").replace("$__rate_interval", "5m")
        rules.append({"record": f"dashboard:{index}", "expr": text})
    file = tmp_path / "dashboard.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    run(promtool, "check", "rules", str(file), cwd=tmp_path)


@pytest.mark.parametrize("case", CASES, ids=[row[0] for row in CASES])
def test_alert_fires_on_its_fault_and_not_without(promtool, tmp_path, case):
    """Prometheus evaluates the rule over the samples, which are a minute apart."""
    alert, series, bad, good = case
    cases = [_case(alert, series, bad, fires=True), _case(alert, series, good, fires=False)]
    file = tmp_path / "test.yml"
    rule_file = str(FOLDER / "alerts.yml")
    file.write_text(yaml.safe_dump({"rule_files": [rule_file], "tests": cases}))
    run(promtool, "test", "rules", str(file), cwd=tmp_path)


def _case(alert: str, series: str, values: str, *, fires: bool) -> dict[str, Any]:
    """Return a test in promtool's form: whether the alert fires in the last minute."""
    minutes = int(values.partition("x")[2])
    expected = f'count(ALERTS{{alertname="{alert}", alertstate="firing"}}) or vector(0)'
    return {
        "interval": "1m",
        "input_series": [{"series": series, "values": values}],
        "promql_expr_test": [
            {
                "expr": expected,
                "eval_time": f"{minutes}m",
                "exp_samples": [{"labels": "{}", "value": int(fires)}],
            }
        ],
    }
