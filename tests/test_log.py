"""The log: its two formats, and what never reaches it."""

from __future__ import annotations

import asyncio
import json
import logging
import re

import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot import log
from bot.errors import QueryError, UnexpectedReply
from bot.slack.users import SingleTokenAuthorize

ADDRESS = "john.smith@example.com"


@pytest.fixture
def lines(capsys):
    """Return what was logged since the test called `setup`; restores logging afterwards."""
    root, ours = logging.getLogger(), logging.getLogger("bot")
    before = (root.handlers[:], root.level, ours.level)
    yield lambda: capsys.readouterr().err
    root.handlers[:], ours.level = before[0], before[2]
    root.setLevel(before[1])


def log_failure(error):
    """Raise an error in a function of this file, and log it with its traceback."""

    def raise_it():
        raise error

    try:
        raise_it()
    except Exception:
        logging.getLogger("bot.x").exception("It failed")


@pytest.mark.parametrize("form", ["text", "json"])
def test_traceback_of_foreign_error_has_no_text(lines, form):
    """A traceback names places and types; texts, which quote values, are left out."""
    log.setup("INFO", form)
    log_failure(ValueError(ADDRESS))
    output = lines()
    assert "ValueError" in output
    assert "test_log.py" in output
    assert "john.smith" not in output


def test_traceback_of_cause_has_no_text(lines):
    """The chain of errors is kept, each by its type."""
    log.setup()
    error = UnexpectedReply("The reply is larger than 8 MB.")
    error.__cause__ = KeyError("John")
    log_failure(error)
    output = lines()
    assert "KeyError" in output
    assert "larger than 8 MB" in output
    assert "John" not in output


def test_json_format_prints_one_object_per_line(lines):
    """Each line parses, with time, level, logger and message."""
    log.setup("INFO", "json")
    logging.getLogger("bot.lookup").info("Lookup of a %s", "number")
    log_failure(QueryError("odd", text="", start=0, end=0, example="789"))
    first, second = map(json.loads, lines().splitlines())
    assert (first["level"], first["logger"], first["message"]) == (
        "INFO",
        "bot.lookup",
        "Lookup of a number",
    )
    assert first["at"].endswith("Z")
    assert "QueryError" in second["error"]


@pytest.mark.parametrize("name", ["httpx", "slack_bolt", "slack_sdk", "uvicorn.error", "asyncio"])
def test_library_at_info_is_not_logged_whatever_the_level(lines, name):
    """At INFO httpx logs whole addresses and Bolt whole bodies."""
    log.setup("DEBUG")
    logging.getLogger(name).info("https://api.example/extensions?email=john")
    logging.getLogger("bot.x").debug("ours")
    assert lines().endswith("DEBUG bot.x: ours\n")


def test_line_of_a_request_has_its_id(lines):
    """Inside a request every line has its id, in both formats; outside no line has one."""
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
def test_request_with_invalid_id_gets_a_fresh_one(given):
    """An id from outside that could forge a line of the log is replaced."""
    with log.request(given) as request_id:
        assert re.fullmatch("[0-9a-f]{8}", request_id)


async def test_task_inherits_the_id_of_its_request():
    """Concurrent requests keep their own ids, and so do the tasks that they start."""

    async def later():
        await asyncio.sleep(0)
        return log.request_id()

    async def started_task(name):
        with log.request(name):
            return asyncio.create_task(later())

    first, second = await asyncio.gather(started_task("one"), started_task("two"))
    assert (await first, await second, log.request_id()) == ("one", "two", "")


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("name", ["slack_bolt.AsyncApp", "slack_sdk.socket_mode", "app.py:answer"])
def test_message_of_library_is_withheld(lines, name, form):
    """Bolt and the SDK put an exception's text into their message; its type is printed."""
    log.setup("INFO", form)
    try:
        dict[str, str]()[ADDRESS]
    except KeyError as error:
        logging.getLogger(name).error(f"Failed to run an internal function ({error})")
    logging.getLogger(name).warning("Unhandled request (%s)", ADDRESS)
    output = lines()
    assert output.count(name) == 2
    assert "Failed to run an internal function: builtins.KeyError" in output
    assert "john.smith" not in output


def test_message_of_uvicorn_is_printed(lines):
    """Why a port can't be used stands in it, and nothing of any request."""
    log.setup()
    logging.getLogger("uvicorn.error").error("[Errno %d] address already in use", 98)
    assert lines().endswith("ERROR uvicorn.error: [Errno 98] address already in use\n")


async def test_exception_in_bolt_listener_prints_no_text(lines):
    """Bolt logs `Failed to run listener function (error: 'john.smith@example.com')`."""
    log.setup("DEBUG")
    app = AsyncApp(
        client=AsyncWebClient(),
        authorize=SingleTokenAuthorize("xoxb-1"),
        process_before_response=True,
        request_verification_enabled=False,
    )

    @app.command("/ext")
    async def answer(ack):
        raise KeyError(ADDRESS)  # a traceback quotes the line, which is no value

    await app.async_dispatch(AsyncBoltRequest(body="command=%2Fext&team_id=T1&user_id=U1"))
    output = lines()
    assert "builtins.KeyError" in output
    assert "in answer" in output
    assert "john.smith" not in output
