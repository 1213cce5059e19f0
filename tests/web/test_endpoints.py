"""The operator's pages, and the one id that leads from Slack's request to Vonage's log."""

from __future__ import annotations

import json
import logging
import re

import pytest

from bot import log as log_lines
from bot.errors import LoginRefused, NotAuthorized, NotFound, SourceError, Unavailable
from bot.models import Quota, Status
from bot.web.endpoints import Health
from tests.running_bot import running_bot
from tests.test_metrics import counted_in


def health(
    failure: SourceError | None = None, *, answered: float = 5, failed: float = 10, code: str = ""
) -> Health:
    """A bot that is up, with what it last heard of Vonage and Slack."""
    status = Status(
        Quota(10, 10), last_answer_at=answered, last_failure=failure, last_failure_at=failed
    )
    return Health(up=True, slack_refusal=lambda: code, vonage=lambda: status)


@pytest.mark.parametrize(
    ("it", "said"),
    [
        (Health(), "starting"),
        (Health(up=True, stopping=True), "shutting down"),
        (health(code="token_revoked"), "token_revoked"),
        (health(LoginRefused()), "Vonage doesn't accept the login"),
        (health(NotAuthorized()), "Vonage doesn't accept the login"),
    ],
    ids=["starting", "stopping", "Slack's token", "login", "token"],
)
def test_what_keeps_it_from_answering_is_said(it, said):
    """One reason, in words, with what to do where there is something."""
    (reason,) = it.reasons()
    assert said in reason


@pytest.mark.parametrize(
    "it",
    [
        Health(up=True),
        health(),
        health(Unavailable()),
        health(NotFound()),
        health(LoginRefused(), answered=20),
    ],
    ids=["nothing known", "all well", "Vonage is down", "not found", "refused once, then good"],
)
def test_an_outage_of_vonage_is_no_reason(it):
    """Notices and known answers are given then, and a login that was mended counts no more."""
    assert it.reasons() == []


def test_all_reasons_are_told_at_once():
    """Both neighbours can refuse us."""
    assert len(health(LoginRefused(), code="invalid_auth").reasons()) == 2


async def test_the_pages_of_a_bot_that_runs():
    """Alive and ready, and each lookup is counted where it happens."""
    async with running_bot() as rig:
        assert (await rig.http.get(rig.url + "/healthz")).text == "ok\n"
        ready = await rig.http.get(rig.url + "/readyz")
        assert (ready.status_code, ready.json()) == (200, {"ready": True, "reasons": []})
        await rig.ext("789")
        await rig.ext("789")
        await rig.ext("99999")
        await rig.ext("99999")
        await rig.ext("list page zero")
        await rig.post(b"nonsense")
        page = await rig.http.get(rig.url + "/metrics")
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
    assert count("process_resident_memory_bytes")[""] > 1e6
    names = re.sub(r" \S+$", "", page.text, flags=re.MULTILINE)  # a value can be any number
    assert not re.search(r"John|789|example\.com|U0", names)


async def test_a_refused_login_and_a_refused_token_are_seen():
    """/readyz is 503 where nobody can be answered, whoever refuses us."""
    async with running_bot(faults={"login_refused": None}, warm=False) as rig:
        rig.slack.token = "xoxb-another"
        await rig.ext("789")
        ready = await rig.http.get(rig.url + "/readyz")
    assert ready.status_code == 503
    assert ready.json()["ready"] is False
    slack, vonage = ready.json()["reasons"]
    assert "SLACK_BOT_TOKEN (invalid_auth)" in slack
    assert "Vonage" in vonage


@pytest.fixture
def log_of(capsys):
    """What was logged until now, as JSON."""
    root, ours = logging.getLogger(), logging.getLogger("bot")
    before = (root.handlers[:], root.level, ours.level)
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    root.handlers[:], ours.level = before[0], before[2]
    root.setLevel(before[1])


async def test_one_id_leads_from_slack_to_vonage(log_of):
    """The router's id is in every line of its request and on its call of the API."""
    async with running_bot(log_format="json", log_level="DEBUG") as rig:
        log_of()
        rig.http.headers[log_lines.REQUEST_ID] = "router-7"
        before = len(rig.vonage.calls.latest)
        await rig.ext("refresh 789")
        lines, calls = log_of(), list(rig.vonage.calls.latest)[before:]
        assert lines
        assert {line["request_id"] for line in lines} == {"router-7"}
        assert {call.request_id for call in calls} == {"router-7"}
        del rig.http.headers[log_lines.REQUEST_ID]
        await rig.ext("refresh 790")
        await rig.ext("refresh 791")
        logged = [line["request_id"] for line in log_of()]
        sent = [call.request_id for call in list(rig.vonage.calls.latest)[before + 1 :]]
    assert len(set(logged)) == 2
    assert set(sent) == set(logged)
