"""The log: what may stand in it, in both its forms."""

from __future__ import annotations

import asyncio
import json
import logging
import re

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


def test_each_line_of_a_request_carries_its_id(lines):
    """Inside a request every line has its id, in both forms; outside there is none."""
    log.setup()
    with log.request() as first:
        logging.getLogger("bot.x").info("in")
    logging.getLogger("bot.x").info("out")
    log.setup(form="json")
    with log.request("from-the-router.1"):
        logging.getLogger("bot.x").info("in")
    logging.getLogger("bot.x").info("out")
    inside, outside, *objects = lines().splitlines()
    assert re.fullmatch("[0-9a-f]{8}", first)
    assert inside.endswith(f"INFO bot.x [{first}]: in")
    assert outside.endswith("INFO bot.x: out")
    assert [json.loads(each).get("request_id") for each in objects] == ["from-the-router.1", None]


@pytest.mark.parametrize(
    "given", ["", "a b", "é", "x" * 65, "-x", "a]: forged", "a\nforged", "a\n"], ids=repr
)
def test_an_odd_id_is_not_taken(given):
    """What could forge a line of the log is replaced by an id of our own."""
    with log.request(given) as taken:
        assert re.fullmatch("[0-9a-f]{8}", taken)


async def test_an_id_goes_with_the_tasks_of_its_request():
    """Two requests at a time keep apart, and what they begin goes on under their ids."""

    async def later():
        await asyncio.sleep(0)
        return log.request_id()

    async def asked(name):
        with log.request(name):
            return asyncio.create_task(later())

    first, second = await asyncio.gather(asked("one"), asked("two"))
    assert (await first, await second, log.request_id()) == ("one", "two", "")
