"""The soak's rule and its checks of answers, with series and companies made by hand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random
from unittest.mock import Mock

import pytest

from bot.sandbox.company.people import build_company
from bot.sandbox.slack.workspace import Workspace
from bot.sandbox.vonage.state import FakeVonage
from tests.clock import Clock
from tests.running_bot import running_bot
from tests.soak import bad_requests, report, rule
from tests.soak.answer_checks import Expected, problems
from tests.soak.bot_process import BotProcess
from tests.soak.company import Company
from tests.soak.faults import SLACK, VONAGE, FaultSchedule
from tests.soak.inbox import PENDING, Inbox, Question
from tests.soak.rule import Tolerance

MEMORY = report.UNDER_LOAD["resident MB"]
SAMPLES = 900  # of half an hour
CARD = "John Smith, extension 789, direct number +1 415-555-0100. Read from Vonage just now."


def leak(percent_per_minute: float, minutes: float = 30) -> list[float]:
    """Return 100 MB that grow all the time."""
    return [100 + percent_per_minute * minutes * at / SAMPLES for at in range(SAMPLES)]


@pytest.mark.parametrize(
    ("series", "is_kept"),
    [
        ([100.0] * SAMPLES, True),
        ([100.0 + 6 * (at % 2) for at in range(SAMPLES)], True),
        ([70.0] * (SAMPLES // 4) + [100.0] * (3 * SAMPLES // 4), True),
        ([100.0] * (SAMPLES - 20) + [180.0] * 20, True),
        ([130.0 - at / 100 for at in range(SAMPLES)], True),
        (leak(1), False),
        (leak(2), False),
        ([100.0] * (SAMPLES // 2) + [120.0] * (SAMPLES // 2), False),
        ([100.0] * 7, False),
        ([], False),
    ],
    ids=[
        "flat", "noise", "step at the warm-up", "short peak", "shrinking",
        "1 % a minute", "2 % a minute", "step later", "too short", "empty",
    ],
)  # fmt: skip
def test_growth_after_the_warm_up_breaks_the_rule(series, is_kept):
    """Only a level that stays higher counts, and not the one that the warm-up leads to."""
    assert (rule.growth("memory", series, MEMORY) == []) is is_kept


def test_growth_is_reported_with_its_figures():
    """The sentence says what grew, from where, to where, and what is allowed."""
    (problem,) = rule.growth("memory", [1.0] * 8 + [100.0] * 8, Tolerance(0.1, 2))
    assert problem == (
        "memory grew from 1.0 to 100.0 between the second and the last quarter; 3.1 is allowed"
    )


def test_leftover_at_rest_breaks_the_rule():
    """A handle more than allowed is named; one less, or as many as allowed, is not."""
    tolerances = {"handles": Tolerance(0, 2), "tasks": Tolerance(0, 0)}
    before = {"handles": 20.0, "tasks": 0.0}
    assert rule.leftovers(before, {"handles": 22, "tasks": 0}, tolerances) == []
    assert rule.leftovers(before, {"handles": 3, "tasks": 0}, tolerances) == []
    (handles, tasks) = rule.leftovers(before, {"handles": 23, "tasks": 1}, tolerances)
    assert handles.startswith("handles at rest: 23.0 at the end")
    assert tasks.startswith("tasks at rest: 1.0 at the end")


def test_unknown_level_at_rest_breaks_the_rule():
    """A value that could not be measured is not a level that was kept."""
    assert rule.leftovers({"age": 1.0}, {"age": float("nan")}, {"age": Tolerance(9, 9)})


def test_count_beyond_its_limit_breaks_the_rule():
    """Limits themselves are allowed, on both sides."""
    assert rule.at_most("late", 1, 1) == rule.at_least("answers", 1, 1) == []
    assert rule.at_most("late", 2, 1)
    assert rule.at_least("answers", 0, 1)


def test_rule_states_its_figures():
    """The text that people read has the figures that are checked."""
    text = report.rule_text()
    assert "at most 5% and 8 MB above" in text
    assert f"{report.AT_REST['descriptors'].extra:g} descriptors" in text


@pytest.fixture
def clock() -> Clock:
    """The clock of the company."""
    return Clock()


@pytest.fixture
def company(clock) -> Company:
    """The invented company, and who had its numbers."""
    return Company(FakeVonage(entries=build_company()), Random(1), clock)


@pytest.mark.parametrize(
    ("text", "expected", "is_right"),
    [
        (CARD, Expected(("789",), only_these=True), True),
        (f"Shared by <@U0JOHN>. {CARD}", Expected(("789",), only_these=True), True),
        ("Extension 100, no user assigned.", Expected(("100",), only_these=True), True),
        ("Vonage isn't answering.", Expected(("789",)), True),
        ("Nothing found for 96000.", Expected(), True),
        ("Mary O&#x27;Brien, extension 790", Expected(("790",)), True),
        ("Mary O'Brien, extension 789", Expected(("789",)), False),
        ("Ann John Smithers, extension 789", Expected(("789",)), False),
        ("Extension 789, no user assigned.", Expected(("789",)), False),
        ("John Smith, extension 96000", Expected(), False),
        (CARD, Expected(("790",), only_these=True), False),
        (CARD, Expected(("789",), may_ask=False), False),
        ("Nothing found for 789.", Expected(("789",)), False),
    ],
)
def test_answer_is_compared_with_the_company(text, expected, is_right, company, clock):
    """A card, a row and a notice are right; somebody else's name or an untrue "no" is wrong."""
    clock.advance(100)
    assert (list(problems(text, expected, company, stale_s=10)) == []) is is_right


def test_change_of_the_company_is_known_with_its_time(company, clock):
    """An earlier owner is a right answer as long as the copy may be that old, and no longer."""
    before = {entry.number: entry for entry in company.entries}
    clock.advance(100)
    company.change()
    swapped = [
        each.number
        for each in company.entries
        if each.number in before and each.user != before[each.number].user
    ]
    assert len(swapped) == 2
    (gone,) = before.keys() - {entry.number for entry in company.entries}
    clock.advance(20)
    for number in swapped:
        assert len(company.owners(number, within_s=30)) == 2
        assert len(company.owners(number, within_s=10)) == 1
        assert not company.is_settled(number, 30)
        assert company.is_settled(number, 10)
    assert company.owners(gone, within_s=30)
    assert not company.owners(gone, within_s=10)
    assert not company.is_settled(gone, 10)


def inbox_of(company: Company, *, explained: bool = False) -> Inbox:
    """Return an inbox of a workspace in which nothing happened yet."""
    return Inbox(Workspace(), company, lambda _start, _end: explained)


def test_answer_before_the_acknowledgement_counts(company):
    """A thread's answer may arrive while its event is still being acknowledged."""
    inbox = inbox_of(company)
    inbox.slack.messages.add("C0GENERAL", {"text": CARD}, thread_ts="1.0", origin="api")
    inbox.read()
    inbox.wait_in_thread("C0GENERAL", "1.0", Question("mention", "789", Expected(("789",))))
    assert (inbox.checked, inbox.open_questions, inbox.wrong) == (1, 0, {})


@pytest.mark.parametrize("explained", [True, False])
def test_question_without_an_answer_is_noted_once_its_time_is_over(company, explained):
    """A pending message is no answer, and only a fault of Slack's explains that none came."""
    inbox = inbox_of(company, explained=explained)
    question = Question("number", "789", Expected(("789",)), asked_at=0)
    inbox.receive(question, f"{PENDING}789…")
    inbox.wait_by_url("R1", question)
    inbox.read()
    assert inbox.wrong == ({} if explained else {"a question was never answered": 1})


@pytest.mark.parametrize("explained", [True, False])
def test_second_answer_to_a_mention_is_noted(company, explained):
    """Slack delivers events again, and people must not be answered again."""
    inbox = inbox_of(company, explained=explained)
    question = Question("mention", "789", Expected(("789",)))
    inbox.receive(question, CARD)
    inbox.receive(question, CARD)
    assert inbox.wrong == ({} if explained else {"a question was answered twice": 1})


def log_line(level: str, message: str, at: str = "2026-11-28T06:12:00Z") -> str:
    """Return a line as the bot logs it with LOG_FORMAT=json."""
    return json.dumps({"at": at, "level": level, "logger": "bot", "message": message})


@pytest.mark.parametrize(
    ("line", "is_unexpected"),
    [
        (log_line("INFO", "Lookup (number): found in 12 ms"), False),
        (log_line("WARNING", "Vonage isn't answering"), False),
        (log_line("ERROR", "An answer could not be posted: status 503"), False),
        (log_line("ERROR", "An answer could not be posted: x", "2026-11-28T06:14:00Z"), True),
        (log_line("ERROR", "The task lookup failed"), True),
        (log_line("CRITICAL", "Out of memory"), True),
        ("Exception ignored in: <function f>", True),
        ("[]", True),
        ("{}", True),
    ],
)
def test_line_of_the_log_is_unexpected_unless_slack_explains_it(line, is_unexpected, tmp_path):
    """Errors and foreign lines count; a message that Slack's fault stopped at that time doesn't."""
    log = tmp_path / "log"
    log.write_text(f"{line}\n")
    bot = BotProcess(Mock(), "", tmp_path, tmp_path, log)
    fault_at = datetime(2026, 11, 28, 6, 12, tzinfo=UTC).timestamp()
    lines = list(bot.unexpected_log_lines(lambda at: at == fault_at))
    assert lines == ([line] if is_unexpected else [])


def test_loss_is_explained_only_near_a_fault_of_slack():
    """A fault explains what was asked while it lasted, and nothing long before or after."""
    faults = FaultSchedule(FakeVonage(entries=[]), Workspace(), Random(1), run_s=60)
    faults.slack_faults.append((100.0, 130.0))
    assert faults.explains(90, 110)
    assert faults.explains(125, 140)
    assert faults.explains(90, 140)
    assert not faults.explains(50, 99)
    assert not faults.explains(131, 140)


@pytest.mark.parametrize("build", bad_requests.KINDS)
async def test_bad_request_of_the_soak_is_refused(build):
    """Each kind gets a 4xx or a closed connection; anything else would be the bot's mistake."""
    async with running_bot() as bot:
        only_this = Mock(choice=Mock(return_value=build))
        assert await bad_requests.send_one(bot.http, bot.url, only_this) == ""
        good = Mock(choice=Mock(return_value=lambda http, url: http.build_request("GET", url)))
        assert "status 200" in await bad_requests.send_one(bot.http, bot.url + "/healthz?", good)


def test_every_scheduled_fault_exists():
    """A fault that was renamed would end the soak in its middle."""
    assert {fault.name for fault in VONAGE} <= FakeVonage(entries=[]).faults.table.keys()
    assert {fault.name for fault in SLACK} <= Workspace().faults.table.keys()
