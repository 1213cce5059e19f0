"""The operator's endpoints, and the request id from Slack's request to the call of Vonage."""

from __future__ import annotations

import asyncio
import json
import logging
import re

import pytest

from bot.cards import source_errors
from bot.log import REQUEST_ID
from bot.models import BLOCKING_PROBLEMS, Problem, Quota, Status
from bot.web.endpoints import NEXT_LOGIN, PROBLEMS, SLACK_REFUSES, STARTING, STOPPING, Health
from tests.running_bot import running_bot
from tests.test_metrics import counted_in


def health(*problems: Problem, copy: bool = False, code: str = "") -> Health:
    """Return the health of a bot that is up, with these problems, and perhaps a copy."""
    status = Status(Quota(10, 10), extensions=250 if copy else None, problems=problems)
    return Health(up=True, slack_refusal=lambda: code, directory_status=lambda: status)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (Health(), STARTING),
        (Health(up=True, stopping=True), STOPPING),
        (health(code="token_revoked"), SLACK_REFUSES.format(code="token_revoked")),
        (health(code="token_revoked", copy=True), SLACK_REFUSES.format(code="token_revoked")),
        *((health(problem), PROBLEMS[problem]) for problem in sorted(BLOCKING_PROBLEMS)),
    ],
)
def test_bot_that_can_answer_nobody_is_not_ready(state, expected):
    """The reason is a sentence, with what to do where the operator can do something."""
    assert not state.is_ready()
    assert state.reasons() == [expected]


def test_wrong_path_is_blocking():
    """Without a copy nobody can be answered from an address that Vonage doesn't know."""
    assert Problem.WRONG_PATH in BLOCKING_PROBLEMS
    assert "VONAGE_BASE_URL" in PROBLEMS[Problem.WRONG_PATH]


@pytest.mark.parametrize("fault", ["framework_404", "gone", "no_resource"])
async def test_bot_with_a_wrong_path_is_not_ready(fault):
    """A wrong VONAGE_BASE_URL is no empty directory: nobody can be answered, and why is said."""
    async with running_bot(faults={fault: None}, warm=False) as bot:
        await bot.ext("789")
        ready = await bot.http.get(bot.url + "/readyz")
        status = await bot.ext("status")
    assert (ready.status_code, ready.json()["ready"]) == (503, False)
    assert ready.json()["reasons"] == [PROBLEMS[Problem.WRONG_PATH]]
    assert source_errors.WRONG_PATH in status.text


@pytest.mark.parametrize("problem", Problem)
def test_bot_with_a_copy_is_ready_and_names_its_problem(problem):
    """If a platform restarted the bot over a refused login, each start would log in again."""
    state = health(problem, copy=True)
    assert state.is_ready()
    assert state.reasons() == [PROBLEMS[problem]]


@pytest.mark.parametrize("state", [Health(up=True), health(), health(copy=True)])
def test_bot_without_problems_is_ready(state):
    """Nothing is known yet, or all is well."""
    assert (state.is_ready(), state.reasons()) == (True, [])


def test_all_reasons_are_given_at_once():
    """Slack and Vonage can both refuse the bot."""
    assert len(health(Problem.LOGIN_REFUSED, code="invalid_auth").reasons()) == 2


async def test_running_bot_is_alive_ready_and_counts_lookups():
    """Lookups, answers and calls are in the metrics, without a name or number in them."""
    async with running_bot() as bot:
        assert (await bot.http.get(bot.url + "/healthz")).text == "ok\n"
        ready = await bot.http.get(bot.url + "/readyz")
        assert (ready.status_code, ready.json()) == (200, {"ready": True, "reasons": []})
        await bot.ext("789")
        await bot.ext("789")
        await bot.ext("99999")
        await bot.ext("99999")
        await bot.ext("list page zero")
        await bot.post(b"nonsense")
        page = await bot.http.get(bot.url + "/metrics")
    assert page.headers["content-type"].startswith("text/plain; version=0.0.4")
    count = counted_in(page.content)
    assert count("ext_lookups_total") == {
        "number found": 2,
        "number missing": 2,
        "line of text refused": 1,
    }
    assert count("ext_lookup_seconds_count")["number"] == 4
    assert count("ext_answers_total") == {"ack": 5}
    assert count("ext_requests_refused_total") == {"400": 1}
    assert count("ext_cache_total")["extensions hit"] == 1
    assert count("ext_directory_extensions")[""] == 250
    assert 0 <= count("ext_directory_age_seconds")[""] < 60
    assert count("ext_vonage_calls_total")["ok"] >= 2
    assert count("ext_vonage_calls_total")["not_found"] == 1
    assert count("ext_vonage_logins_total") == {"password ok": 1}
    assert count("ext_vonage_quota_limit") == {"": 1000}
    assert 900 < count("ext_vonage_quota_left")[""] < 1000
    assert count("ext_tasks")["foreground"] == 0
    assert count("ext_tasks")["background"] >= 1
    assert count("process_resident_memory_bytes")[""] > 1e6
    names = re.sub(r" \S+$", "", page.text, flags=re.MULTILINE)  # a value can be any number
    assert not re.search(r"John|789|example\.com|U0", names)


async def test_bot_with_refused_login_and_token_is_not_ready():
    """/readyz is 503 where nobody can be answered, and names all reasons."""
    async with running_bot(faults={"login_refused": None}, warm=False) as bot:
        bot.slack.token = "xoxb-another"
        await bot.ext("789")
        async with asyncio.timeout(20):
            while len((ready := await bot.http.get(bot.url + "/readyz")).json()["reasons"]) < 3:
                pass  # the login is under way
    assert ready.status_code == 503
    assert ready.json()["ready"] is False
    *reasons, next_login = ready.json()["reasons"]
    assert reasons == [SLACK_REFUSES.format(code="invalid_auth"), PROBLEMS[Problem.LOGIN_REFUSED]]
    assert re.fullmatch(re.escape(NEXT_LOGIN).replace(r"\{time\}", r"\d\d:\d\d"), next_login)


@pytest.fixture
def read_log(capsys):
    """A function that returns what was logged since it was last called, as JSON."""
    root, bot_log = logging.getLogger(), logging.getLogger("bot")
    handlers, root_level, bot_level = root.handlers[:], root.level, bot_log.level
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    root.handlers[:] = handlers
    root.setLevel(root_level)
    bot_log.setLevel(bot_level)


async def test_request_id_is_in_the_log_and_on_calls_of_vonage(read_log):
    """A router's id is in every line of its request and on its call of the API."""
    async with running_bot(log_format="json", log_level="DEBUG") as bot:
        read_log()
        bot.http.headers[REQUEST_ID] = "router-7"
        before = len(bot.vonage.calls.latest)
        await bot.ext("refresh 789")
        lines, calls = read_log(), list(bot.vonage.calls.latest)[before:]
        assert lines
        assert {line["request_id"] for line in lines} == {"router-7"}
        assert {call.request_id for call in calls} == {"router-7"}
        del bot.http.headers[REQUEST_ID]
        await bot.ext("refresh 790")
        await bot.ext("refresh 791")
        logged_ids = [line["request_id"] for line in read_log()]
        sent_ids = [call.request_id for call in list(bot.vonage.calls.latest)[before + 1 :]]
    assert len(set(logged_ids)) == 2
    assert set(sent_ids) == set(logged_ids)
