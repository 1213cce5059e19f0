"""The log: what may stand in it, in both its forms."""

from __future__ import annotations

import json
import logging

import pytest

from bot import log
from bot.errors import QueryError, UnexpectedReply


@pytest.fixture
def lines(capsys):
    """What was logged, after setting the log up anew."""
    root, ours = logging.getLogger(), logging.getLogger("bot")
    before = (root.handlers[:], root.level, ours.level)
    yield lambda: capsys.readouterr().err
    root.handlers[:], ours.level = before[0], before[2]
    root.setLevel(before[1])


def fail(error):
    """Log an error with its traceback."""

    def place():
        raise error

    try:
        place()
    except Exception:
        logging.getLogger("bot.x").exception("It failed")


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_words_of_foreign_errors_are_not_logged(lines, form):
    """A traceback names places and types; messages that quote values stay out."""
    log.setup("INFO", form)
    fail(ValueError("john.smith@example.com"))
    said = lines()
    assert "ValueError" in said
    assert "test_log.py" in said
    assert "john.smith" not in said


def test_causes_are_told_without_their_words(lines):
    """The chain of errors is kept, each by its type."""
    log.setup()
    error = UnexpectedReply("The reply is larger than 8 MB.")
    error.__cause__ = KeyError("John")
    fail(error)
    said = lines()
    assert "KeyError" in said
    assert "larger than 8 MB" in said
    assert "John" not in said


def test_json_is_one_object_a_line(lines):
    """Each line parses, with time, level, logger and message."""
    log.setup("INFO", "json")
    logging.getLogger("bot.lookup").info("Lookup of a %s", "number")
    fail(QueryError("odd", text="", start=0, end=0, example="789"))
    first, second = map(json.loads, lines().splitlines())
    assert (first["level"], first["logger"], first["message"]) == (
        "INFO",
        "bot.lookup",
        "Lookup of a number",
    )
    assert first["at"].endswith("Z")
    assert "QueryError" in second["error"]


@pytest.mark.parametrize("name", ["httpx", "slack_bolt", "slack_sdk", "uvicorn.error", "asyncio"])
def test_libraries_stay_quiet_whatever_the_level(lines, name):
    """Whole addresses (httpx) and whole bodies (Bolt) at INFO are never heard."""
    log.setup("DEBUG")
    logging.getLogger(name).info("https://api.example/extensions?email=john")
    logging.getLogger("bot.x").debug("ours")
    assert lines().endswith("DEBUG bot.x: ours\n")
