"""The arithmetic and the register of the bench. No figure is measured here, nothing is timed."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from bot.sandbox.server import serving
from bot.sandbox.slack.app import create_slack
from bot.sandbox.slack.workspace import Workspace
from tests import bench
from tests.bench import empty, micro, report
from tests.bench.__main__ import main
from tests.bench.figures import FIGURES, says
from tests.bench.load import UnexpectedAnswer, load, slash_command
from tests.running_bot import running_bot


def test_every_file_that_measures_is_registered_by_its_name():
    """A figure is named as its file, and no file is left out."""
    files = [each.stem for each in Path(bench.__file__).parent.glob("[!_]*.py")]
    modules = {name: import_module(f"tests.bench.{name}") for name in files}
    measuring = {name: each.measure for name, each in modules.items() if hasattr(each, "measure")}
    assert measuring == FIGURES


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_says_in_one_line_what_it_is(name, capsys):
    """`--help` tells of each figure."""
    assert 20 < len(says(name)) < 80
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    assert says(name) in capsys.readouterr().out


def test_an_unknown_figure_is_refused_with_those_there_are(capsys):
    """A slip in a name shows all names."""
    with pytest.raises(SystemExit, match="2"):
        main(["wram"])
    assert "wram is none of warm, cold" in capsys.readouterr().err


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
def test_a_percentile_is_a_value_that_was_measured(values, percent, expected):
    """So many percent of the values are no larger than it, and it is one of them."""
    assert report.percentile(values, percent) == expected


def test_rounds_are_compared_with_their_own_standard():
    """A busy round slows both, and its ratio stays."""
    assert report.ratios([10.0, 30.0], [20.0, 60.0]) == [0.5, 0.5]
    with pytest.raises(ValueError, match="zip"):
        report.ratios([1.0], [])


@pytest.mark.parametrize(
    ("figure", "holds"),
    [
        (report.at_least("rate", [0.1, 0.9, 0.8], 0.8, "×"), True),
        (report.at_least("rate", [0.9, 0.7, 0.7], 0.8, "×"), False),
        (report.at_most("time", [9.0, 1.5, 1.0], 1.5, "×"), True),
        (report.at_most("time", [1.0, 1.6, 1.7], 1.5, "×"), False),
        (report.at_most("time", [1.0, 2.0], 1.5, "×"), True),
        (report.told("time", [1.0], "ms"), None),
        (report.skipped("memory", "no /proc here"), None),
    ],
)
def test_the_median_of_the_rounds_is_held_against_the_bar(figure, holds):
    """One odd round decides nothing, and the bar itself is within."""
    assert figure.holds is holds


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.0586, "0.0586"), (1 / 8, "0.125"), (2, "2"), (17.34, "17.3"), (1849.4, "1,849")],
)
def test_numbers_show_three_digits_that_matter(value, shown):
    """Small or large, a number is as exact as it was measured."""
    assert report.number(value) == shown


def test_the_table_shows_measure_spread_bar_and_verdict():
    """What is over its bar stands out, and the end counts the bars."""
    figures = [
        report.at_most("start", [1.0, 2.0, 3.0], 1.5, "s"),
        report.at_most("memory", [66.0], 110, "MB"),
        report.told("half", [0.5], "×", note="9 µs"),
    ]
    lines = [line.split() for line in report.table(figures).splitlines()]
    assert lines[0] == ["figure", "measured", "spread", "bar"]
    assert lines[2] == ["start", "2", "s", "1", "–", "3", "≤", "1.5", "s", "OVER"]
    assert lines[3] == ["memory", "66", "MB", "≤", "110", "MB", "ok"]
    assert lines[4] == ["half", "0.5", "×,", "9", "µs"]
    assert report.verdict(figures) == "1 of 2 bars hold."


async def test_the_client_counts_the_answers_it_expects():
    """Every request is answered once, however many connections share them."""
    async with running_bot() as rig:
        port = int(rig.bot.rpartition(":")[2])
        asked = await load(port, [slash_command("789")] * 7, connections=3, expect=b"John Smith")
        assert len(asked.took) == 7
        assert min(asked.took) > 0
        assert asked.per_second == 7 / asked.seconds


async def test_the_client_takes_no_other_answer():
    """What is not the answer that is being measured ends the measurement, and so does a refusal."""
    async with running_bot() as rig:
        port = int(rig.bot.rpartition(":")[2])
        with pytest.raises(UnexpectedAnswer, match="200 OK"):
            await load(port, [slash_command("99999")], expect=b"John Smith")
        with pytest.raises(UnexpectedAnswer, match="401"):
            await load(port, [slash_command("789").replace(b"789", b"790")])


@pytest.mark.parametrize("kind", empty.KINDS)
async def test_the_empty_listener_checks_signatures_as_the_bot_does(kind):
    """What Ext is compared with answers signed commands with nothing, and others with 401."""
    async with (
        serving(create_slack(Workspace())) as slack,
        serving(empty.listener(kind, f"{slack}/api/")) as url,
    ):
        port = int(url.rpartition(":")[2])
        assert len((await load(port, [slash_command("789")] * 2)).took) == 2
        with pytest.raises(UnexpectedAnswer, match="401"):
            await load(port, [slash_command("789").replace(b"789", b"790")])


async def test_the_guard_lets_the_measured_request_through():
    """What is measured is the way of a good request."""
    door, scope, body = micro.signed_request()

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    sent = []

    async def send(message):
        sent.append(message)

    await door(scope, receive, send)
    assert sent[0]["status"] == 200
