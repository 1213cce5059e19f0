"""What .env.example says about writing values holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import VONAGE, load
from tests.cli.running import ROOT

EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
REST = "VONAGE_CLIENT_ID=a\nVONAGE_CLIENT_SECRET=b\nVONAGE_USERNAME=c\n"


def test_the_example_of_a_password_in_quotes_is_read_whole():
    """Copied as it stands, the line gives what is between the quotes."""
    (line,) = re.findall(r"VONAGE_PASSWORD='.+'", EXAMPLE)
    password = line.partition("=")[2].strip("'")
    assert " #" in password
    assert _password(line) == password
    assert _password(line.replace("'", "")) == password.partition(" #")[0]


@pytest.mark.parametrize(
    ("written", "meant"), [(r"'it\'s'", "it's"), (r"'a\b $c \"d\"'", r"a\b $c \"d\"")]
)
def test_single_quotes_hold_every_other_sign(written, meant):
    """A single quote needs a backslash before it; nothing else does."""
    assert _password(f"VONAGE_PASSWORD={written}") == meant


def _password(line: str) -> str:
    file = Path("example.env")
    file.write_text(REST + line + "\n", encoding="utf-8")
    return load(needs=(VONAGE,), env_file=file).vonage_password.reveal()
