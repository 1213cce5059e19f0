"""`demo --csv`: the demo with a CSV file as the company."""

from __future__ import annotations

import pytest

from bot.cli.demo import demo
from tests.cli.running import run

PEOPLE = "Extension,First name,Last name,Email\n4321,Ann,Lee,ann@example.com\n"


@pytest.fixture
def path(tmp_path):
    """A file of one person."""
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    return path


async def test_demo_answers_from_the_file(path):
    """A line is answered from the file, and nobody of the invented company is found."""
    code, out, err = await run("demo", "--csv", str(path), "--once", "/ext ann", environment={})
    assert (code, err) == (0, "")
    assert "Extension 4321" in out
    assert "Read from the CSV file just now" in out
    _, out, _ = await run("demo", "--csv", str(path), "--once", "/ext 789", environment={})
    assert "789" in out
    assert "John Smith" not in out


def test_demo_in_the_terminal_welcomes_with_the_file(path, monkeypatch, capsys):
    """The welcome names the file and an extension of it."""
    monkeypatch.setattr("builtins.input", lambda _prompt: "exit")
    assert demo(terminal=True, csv=path) == 0
    out = capsys.readouterr().out
    assert "1 extension" in out
    assert "/ext 4321" in out
    assert str(path) in out


def test_demo_with_an_unusable_file_names_its_lines(path, capsys):
    """Nothing is started, and the exit code is 2."""
    path.write_text(PEOPLE + "x,,,\n")
    assert demo(terminal=True, csv=path) == 2
    assert "line 3: “Extension” must be a number" in capsys.readouterr().err
