"""The rules for writing values that .env.example states."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import VONAGE, load
from tests.cli.running import ROOT

EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
OTHER_SETTINGS = "VONAGE_CLIENT_ID=a\nVONAGE_CLIENT_SECRET=b\nVONAGE_USERNAME=c\n"


def test_quoted_password_of_the_example_is_read_whole():
    """The example's line gives everything between the quotes; without quotes it is cut at #."""
    (line,) = re.findall(r"VONAGE_PASSWORD='.+'", EXAMPLE)
    password = line.partition("=")[2].strip("'")
    assert " #" in password
    assert _password(line) == password
    assert _password(line.replace("'", "")) == password.partition(" #")[0]


@pytest.mark.parametrize(
    ("written", "expected"), [(r"'it\'s'", "it's"), (r"'a\b $c \"d\"'", r"a\b $c \"d\"")]
)
def test_single_quoted_value_needs_only_single_quotes_escaped(written, expected):
    """A single quote needs a backslash before it; no other character does."""
    assert _password(f"VONAGE_PASSWORD={written}") == expected


def _password(line: str) -> str:
    file = Path("example.env")
    file.write_text(OTHER_SETTINGS + line + "\n", encoding="utf-8")
    return load(needs=(VONAGE,), env_file=file).vonage_password.reveal()
