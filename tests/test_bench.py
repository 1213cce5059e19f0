"""The arithmetic and the parts of the bench. No figure is measured here, nothing is timed."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from bot.sandbox.server import serving
from bot.sandbox.slack.app import create_slack
from bot.sandbox.slack.workspace import Workspace
from tests import bench
from tests.bench import empty_listener, micro, report
from tests.bench.__main__ import main
from tests.bench.figures import FIGURES, summary
from tests.bench.load import UnexpectedAnswer, load, slash_command
from tests.running_bot import running_bot


def test_file_with_measure_is_registered_under_its_name():
    """A figure has the name of its file, and no file with a `measure` is left out."""
    files = [path.stem for path in Path(bench.__file__).parent.glob("[!_]*.py")]
    modules = {name: import_module(f"tests.bench.{name}") for name in files}
    measuring = {
        name: module.measure for name, module in modules.items() if hasattr(module, "measure")
    }
    assert measuring == FIGURES


@pytest.mark.parametrize("name", FIGURES)
def test_help_lists_figure_with_one_line_of_summary(name, capsys):
    """`--help` says what each figure measures."""
    assert 20 < len(summary(name)) < 80
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    assert summary(name) in capsys.readouterr().out


def test_unknown_figure_is_refused_with_the_known_names(capsys):
    """A typo in a name shows all names."""
    with pytest.raises(SystemExit, match="2"):
        main(["wram"])
    assert "there is no figure wram; the figures are warm, cold" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("values", "percent", "expected"),
    [
        ([5.0], 50, 5.0),
        ([3.0, 1.0, 2.0], 50, 2.0),
        ([1.0, 2.0, 3.0, 4.0], 50, 2.0),
        (list(range(1, 101)), 99, 99),
        (list(range(1, 101)), 100, 100),
        (list(range(1, 1001)), 99.9, 999),
        ([1.0, 2.0], 0, 1.0),
    ],
)
def test_percentile_is_a_measured_value(values, percent, expected):
    """The given percentage of the values is not larger, and the result is one of the values."""
    assert report.percentile(values, percent) == expected


def test_ratio_compares_values_of_the_same_round():
    """A busy machine slows both values of a round, and their ratio stays."""
    assert report.ratios([10.0, 30.0], [20.0, 60.0]) == [0.5, 0.5]
    with pytest.raises(ValueError, match="zip"):
        report.ratios([1.0], [])


@pytest.mark.parametrize(
    ("figure", "is_met"),
    [
        (report.at_least("rate", [0.1, 0.9, 0.8], 0.8, "×"), True),
        (report.at_least("rate", [0.9, 0.7, 0.7], 0.8, "×"), False),
        (report.at_most("time", [9.0, 1.5, 1.0], 1.5, "×"), True),
        (report.at_most("time", [1.0, 1.6, 1.7], 1.5, "×"), False),
        (report.at_most("time", [1.0, 2.0], 1.5, "×"), True),
        (report.info("time", [1.0], "ms"), None),
        (report.skipped("memory", "no /proc here"), None),
    ],
)
def test_median_of_rounds_decides_whether_target_is_met(figure, is_met):
    """One odd round decides nothing, and the target itself is met."""
    assert figure.is_met is is_met


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0586, "0.0586"), (1 / 8, "0.125"), (2, "2"), (17.34, "17.3"), (1849.4, "1,849")],
)
def test_number_has_three_significant_digits(value, shown):
    """Small and large numbers are equally precise."""
    assert report.format_number(value) == shown


def test_table_shows_measure_spread_target_and_verdict():
    """A missed target stands out, and the last line counts the targets."""
    figures = [
        report.at_most("start", [1.0, 2.0, 3.0], 1.5, "s"),
        report.at_most("memory", [66.0], 110, "MB"),
        report.info("half", [0.5], "×", note="9 µs"),
    ]
    lines = [line.split() for line in report.table(figures).splitlines()]
    assert lines[0] == ["figure", "measured", "spread", "target"]
    assert lines[2] == ["start", "2", "s", "1", "–", "3", "≤", "1.5", "s", "MISSED"]
    assert lines[3] == ["memory", "66", "MB", "≤", "110", "MB", "ok"]
    assert lines[4] == ["half", "0.5", "×,", "9", "µs"]
    assert report.verdict(figures) == "1 of 2 targets met."


async def test_load_times_each_answer():
    """Every request is answered once, over any number of connections."""
    async with running_bot() as rig:
        port = int(rig.url.rpartition(":")[2])
        result = await load(port, [slash_command("789")] * 7, connections=3, expect=b"John Smith")
        assert len(result.seconds_each) == 7
        assert min(result.seconds_each) > 0
        assert result.per_second == 7 / result.seconds


async def test_load_with_unexpected_answer_fails():
    """An answer without the expected text ends the measurement, and so does a refusal."""
    async with running_bot() as rig:
        port = int(rig.url.rpartition(":")[2])
        with pytest.raises(UnexpectedAnswer, match="200 OK"):
            await load(port, [slash_command("99999")], expect=b"John Smith")
        with pytest.raises(UnexpectedAnswer, match="401"):
            await load(port, [slash_command("789").replace(b"789", b"790")])


@pytest.mark.parametrize("kind", empty_listener.KINDS)
async def test_empty_listener_checks_signatures_like_the_bot(kind):
    """The listener that Ext is compared with acknowledges signed commands only."""
    async with (
        serving(create_slack(Workspace())) as slack,
        serving(empty_listener.create_listener(kind, f"{slack}/api/")) as url,
    ):
        port = int(url.rpartition(":")[2])
        assert len((await load(port, [slash_command("789")] * 2)).seconds_each) == 2
        with pytest.raises(UnexpectedAnswer, match="401"):
            await load(port, [slash_command("789").replace(b"789", b"790")])


async def test_guard_accepts_the_measured_request():
    """The figure of the guard is for a request that passes it."""
    guard, scope, body = micro.signed_request()

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    sent = []

    async def send(message):
        sent.append(message)

    await guard(scope, receive, send)
    assert sent[0]["status"] == 200
