"""Every misconfiguration leads to its line, whatever else the doctor reports."""

from __future__ import annotations

import re

import pytest

from bot.cli.doctor import run_checks
from bot.cli.doctor.check import ALL_WELL, Grade, fix, render, summary
from bot.cli.doctor.vonage import CORRECT_LOGIN, REFUSED_BEFORE
from bot.sandbox.company.entries import Entry
from bot.sandbox.slack import members
from bot.setting_rules.names import NO_SETTING
from tests.cli.doctor.cases import CASES, Case, checks_of
from tests.cli.running import FakeServices


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_misconfiguration_is_reported_with_its_remedy(case, monkeypatch):
    """One check has the finding and the remedy, at one login and few calls at most."""
    async with checks_of(case, monkeypatch) as checks:
        lines = [f"{c.seen}\n{c.remedy}" for c in checks if c.grade is case.grade]
        assert any(all(part in line for part in case.expected) for line in lines), checks
        if case.grade is Grade.HINT and case.id != "a token that cannot be renewed":
            assert not any(check.grade is Grade.FIX for check in checks)


@pytest.mark.parametrize(
    "fault", ["wrong_user", "unauthorized", "down", "server_error", "malformed", "reset"]
)
async def test_failing_vonage_gets_the_password_only_once(fault, monkeypatch):
    """However the login or the token fails, the doctor logs in once: Vonage locks users."""
    arranged = []

    def arrange(services: FakeServices) -> None:
        services.vonage.faults.on("no_refresh_token")
        services.vonage.faults.on(fault)
        arranged.append(services)

    async with checks_of(Case("", (), arrange=arrange), monkeypatch) as checks:
        assert any(check.grade is Grade.FIX for check in checks)
        paths = [call.path for call in arranged[0].vonage.calls.latest]
        assert paths.count("/token") == 1


async def test_documented_envelope_is_reported(monkeypatch):
    """The report says which of the two envelopes the account sends."""

    def arrange(services: FakeServices) -> None:
        services.vonage.options.envelope = "document"

    async with checks_of(Case("", (), arrange=arrange), monkeypatch) as checks:
        assert any("_embedded.data" in check.seen for check in checks)
        assert summary(checks) == ALL_WELL


async def test_hidden_numbers_of_a_small_account_cost_no_call(monkeypatch):
    """If the first page is the whole account, no number is looked up by itself."""

    def arrange(services: FakeServices) -> None:
        services.vonage.set_entries(
            [Entry(number, f"x{number}", 145214) for number in ("100", "2001")]
        )

    hidden = Case("", (), {"HIDDEN_EXTENSIONS": "100,2001,7"}, arrange=arrange)
    async with checks_of(hidden, monkeypatch) as checks:
        (line,) = [check.seen for check in checks if check.label == "hidden"]
        assert line.startswith("HIDDEN_EXTENSIONS names 7,")


async def test_socket_mode_without_signing_secret_is_complete(monkeypatch):
    """With an app-level token, the signing secret isn't required."""
    app_token = {"SLACK_SIGNING_SECRET": "", "SLACK_APP_TOKEN": members.APP_TOKEN}
    async with checks_of(Case("", (), app_token), monkeypatch) as checks:
        assert summary(checks) == ALL_WELL
        assert any("Socket Mode" in check.seen for check in checks)


async def test_refused_login_is_reported_again_without_another_try(monkeypatch):
    """A second run of the doctor says when the login was refused and when it is tried again."""
    case = Case("", (), {"VONAGE_PASSWORD": "mistyped"})
    async with checks_of(case, monkeypatch) as checks:
        (first,) = [check for check in checks if check.label == "login"]
        (second,) = [check async for _, check in run_checks() if check.label == "login"]
    assert "invalid_grant" in first.seen
    assert re.fullmatch(
        REFUSED_BEFORE.format(refused=r"\d\d:\d\d", again=r"\d\d:\d\d"), second.seen
    )
    assert (second.remedy, second.grade) == (CORRECT_LOGIN, Grade.FIX)


@pytest.fixture
def env_file(tmp_path):
    """Write a `.env` with an unknown name and a misspelled one."""
    (tmp_path / ".env").write_text("WEBHOOK=x\nSLACK_SIGNIN_SECRET=y\n")


@pytest.mark.usefixtures("env_file")
async def test_unknown_names_in_env_file_are_reported(monkeypatch):
    """Every unknown name in `.env` is reported; of the environment only similar ones are."""
    monkeypatch.setenv("SLACK_WEBHOOK_URL", "https://hooks.example")
    case = Case("", (), {"SLACK_SIGNING_SECRET": ""})
    async with checks_of(case, monkeypatch) as checks:
        findings = " ".join(check.seen for check in checks)
        assert NO_SETTING.format(name="WEBHOOK") in findings
        assert NO_SETTING.format(name="SLACK_SIGNIN_SECRET") in findings
        assert "SLACK_WEBHOOK_URL" not in findings


def test_render_wraps_text_and_puts_the_remedy_below():
    """Lines are wrapped at the width, the remedy starts with one arrow, and color is optional."""
    check = fix("login", "word " * 30, "do " * 30)
    lines = render(check, width=60, color=False).splitlines()
    assert all(len(line) <= 60 for line in lines)
    assert lines[0].startswith("FIX   login       word word")
    assert sum(line.lstrip().startswith("→ ") for line in lines) == 1
    assert "\x1b[" in render(check, width=60, color=True)
