"""`.env`: every encoding that editors write, and nothing in it is skipped without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.limits import MAX_ENV_FILE_BYTES
from bot.setting_rules import env_file

TEXT = "PORT=4000\r\n# Ext\n\nVONAGE_PASSWORD='gr\u00fcn #1'\nexport LOG_LEVEL=ERROR\nADMINS=\n"
VALUES = {"PORT": "4000", "VONAGE_PASSWORD": "gr\u00fcn #1", "LOG_LEVEL": "ERROR"}


def written(content: bytes) -> env_file.EnvFile:
    """Write a file and read it."""
    path = Path(".env")
    path.write_bytes(content)
    return env_file.read(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_utf8_file_is_read_with_or_without_byte_order_mark(encoding):
    """Windows' editors put a mark first, which must not become a part of the first name."""
    assert written(TEXT.encode(encoding)) == env_file.EnvFile(VALUES)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (TEXT.encode("utf-16"), env_file.UTF16),
        (TEXT.encode("utf-16-le"), env_file.UTF16),
        (TEXT.encode("utf-16-be"), env_file.UTF16),
        (b"PORT=1\nNAME=\xe9\n", env_file.NOT_UTF8.replace("{line}", "2")),
        (b"\x7fELF\0\0\1", env_file.BINARY),
        (b"#" * (MAX_ENV_FILE_BYTES + 1), env_file.TOO_LARGE.replace("{kilobytes}", "1000")),
    ],
    ids=["utf-16", "utf-16-le", "utf-16-be", "latin-1", "binary", "large"],
)
def test_other_file_is_one_problem_and_has_no_values(content, problem):
    """What can't be read is said in one sentence, and says nothing about missing settings."""
    file = written(content)
    assert (file.values, file.is_readable) == ({}, False)
    assert file.problems == [problem.format(path=".env")]


def test_missing_file_has_no_values_and_no_problem():
    """Who sets everything in the environment needs no file."""
    assert env_file.read(Path(".env")) == env_file.EnvFile()


def test_folder_and_dangling_link_are_problems():
    """Neither is a missing file: somebody meant it to be there."""
    Path("folder").mkdir()
    Path("link").symlink_to("nowhere")
    for name, problem in (("folder", env_file.FOLDER), ("link", env_file.NO_TARGET)):
        assert env_file.read(Path(name)).problems == [problem.format(path=name)]


def test_file_that_the_system_refuses_to_open_is_a_problem_with_its_reason():
    """A link to itself stands for every refusal; the right to read is another one."""
    path = Path(".env")
    path.symlink_to(path)
    (problem,) = env_file.read(path).problems
    assert problem.startswith(".env can't be read (Too many levels of symbolic links)")


@pytest.mark.parametrize(
    "line", ["HIDDEN_EXTENSIONS: 790", "HIDDEN_EXTENSIONS", "HIDDEN_EXTENSIONS='790", "HID DEN=7"]
)
def test_unreadable_line_is_a_problem_with_its_number(line):
    """A line that is skipped could be the one that hides somebody."""
    file = written(f"PORT=1\n\n\n{line}\n".encode())
    assert file.problems == [env_file.NO_VALUE.format(line=4, path=".env")]
    assert file.values == {"PORT": "1"}


@pytest.mark.parametrize("second", ["", "791"])
def test_name_with_two_values_is_a_problem(second):
    """The last one would count, and would unhide what the first one hides."""
    file = written(f"HIDDEN_EXTENSIONS=790\nHIDDEN_EXTENSIONS={second}\n".encode())
    assert file.problems == [env_file.TWICE.format(name="HIDDEN_EXTENSIONS", path=".env")]


def test_name_that_is_repeated_or_filled_in_later_is_no_problem():
    """Values may stand below the empty lines of a copied .env.example."""
    file = written(b"PORT=\nPORT=4000\nPORT=4000\n")
    assert file == env_file.EnvFile({"PORT": "4000"})
