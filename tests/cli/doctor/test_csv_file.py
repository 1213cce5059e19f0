"""What the doctor says about DIRECTORY_CSV."""

from __future__ import annotations

from bot import limits
from bot.cli.doctor import csv_file
from bot.cli.doctor.check import Grade
from bot.settings import Settings
from tests.cli.running import run


def checks(path, content: str | None = None, **changes) -> list[tuple[Grade, str, str]]:
    """Check a file with this content; without content there is no file."""
    if content is not None:
        path.write_text(content)
    found = csv_file.checks(path, Settings(directory_csv=path, **changes))
    return [(check.grade, check.seen, check.remedy) for check in found]


def test_usable_file_is_counted(tmp_path):
    """A good file is one line of the report."""
    path = tmp_path / "people.csv"
    assert checks(path, "Extension\n789\n790\n") == [(Grade.OK, "2 in people.csv", "")]


def test_bad_rows_are_named_with_their_remedy(tmp_path):
    """Each row that keeps the file from being used has a line; very many are counted."""
    found = checks(tmp_path / "people.csv", "Extension,Do Not Disturb\n1,maybe\n789\n789\n")
    assert found == [
        (
            Grade.FIX,
            "line 2: “Do Not Disturb” can't be read",
            "Write on or off, or leave it empty.",
        ),
        (Grade.FIX, "line 4: this extension is on line 3 too", "Keep one row."),
    ]
    many = checks(tmp_path / "people.csv", "Extension\n" + "x\n" * 30)
    assert len(many) == limits.DOCTOR_MAX_CSV_PROBLEMS + 1
    assert many[-1][1] == "10 more problems"


def test_missing_file_names_the_setting(tmp_path):
    """The remedy is to correct DIRECTORY_CSV."""
    [(grade, seen, remedy)] = checks(tmp_path / "people.csv")
    assert (grade, remedy) == (Grade.FIX, "Check its path (DIRECTORY_CSV).")
    assert "No such file" in seen


def test_ignored_columns_and_unknown_hidden_extensions_are_hints(tmp_path):
    """A misspelled header, or a hidden number with a typo, is worth a look."""
    content = "Extension,Fist name\n789,John\n"
    found = checks(tmp_path / "people.csv", content, hidden_extensions=frozenset({"100"}))
    assert [grade for grade, _, _ in found] == [Grade.OK, Grade.HINT, Grade.HINT]
    assert "Fist name" in found[1][1]
    assert "100" in found[2][1]


async def test_doctor_and_ask_need_no_vonage_settings(tmp_path):
    """With DIRECTORY_CSV the file is checked and asked in place of Vonage."""
    path = tmp_path / "people.csv"
    path.write_text("Extension,First name,Last name\n789,John,Smith\n")
    environment = {"DIRECTORY_CSV": str(path), "DATA_DIR": str(tmp_path / "data")}
    _, out, _ = await run("doctor", environment=environment)
    assert "1 in people.csv" in out
    assert "VONAGE" not in out
    code, out, err = await run("ask", "jhon smith", environment=environment)
    assert (code, err) == (0, "")
    assert "Extension 789" in out
    assert "Read from the CSV file just now" in out
