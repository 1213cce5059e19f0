"""Every misconfiguration leads to its line, whatever else there is to say."""

from __future__ import annotations

import pytest

from bot.cli.doctor import check as checks
from bot.cli.doctor.check import Grade
from bot.sandbox.company.entries import Entry
from bot.sandbox.slack import members
from tests.cli.doctor.cases import CASES, Case, told_by
from tests.cli.running import World


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
async def test_each_misconfiguration_has_its_line(case, monkeypatch):
    """What was seen and what to do are said, with one login and few calls at most."""
    async with told_by(case, monkeypatch) as found:
        lines = [f"{each.seen}\n{each.remedy}" for each in found if each.grade is case.grade]
        assert any(all(part in line for part in case.said) for line in lines), found
        if case.grade is Grade.HINT and case.id != "a token that cannot be renewed":
            assert not any(each.grade is Grade.FIX for each in found)


@pytest.mark.parametrize(
    "fault", ["wrong_user", "unauthorised", "down", "server_error", "malformed", "reset"]
)
async def test_it_never_logs_in_twice(fault, monkeypatch):
    """Whatever is said of the token or of the login itself, the password is sent once."""
    worlds = []

    def arrange(it: World) -> None:
        it.vonage.faults.on("no_refresh_token")
        it.vonage.faults.on(fault)
        worlds.append(it)

    async with told_by(Case("", (), arrange=arrange), monkeypatch) as found:
        assert any(each.grade is Grade.FIX for each in found)
        asked = [call.path for call in worlds[0].vonage.calls.latest]
        assert asked.count("/token") == 1


async def test_the_published_envelope_is_told(monkeypatch):
    """Which of the two forms the account answers in."""

    def arrange(it: World) -> None:
        it.vonage.options.envelope = "document"

    async with told_by(Case("", (), arrange=arrange), monkeypatch) as found:
        assert any("_embedded.data" in each.seen for each in found)
        assert checks.summary(found) == checks.ALL_WELL


async def test_hidden_numbers_of_a_small_account_cost_no_call(monkeypatch):
    """What stands on the first page need not be asked for."""

    def arrange(it: World) -> None:
        it.vonage.set_entries([Entry(number, f"x{number}", 145214) for number in ("100", "2001")])

    hidden = Case("", (), {"HIDDEN_EXTENSIONS": "100,2001,7"}, arrange=arrange)
    async with told_by(hidden, monkeypatch) as found:
        (line,) = [each.seen for each in found if each.label == "hidden"]
        assert line.startswith("HIDDEN_EXTENSIONS names 7,")


async def test_socket_mode_needs_no_signing_secret(monkeypatch):
    """With an app-level token alone the settings are complete."""
    app_token = {"SLACK_SIGNING_SECRET": "", "SLACK_APP_TOKEN": members.APP_TOKEN}
    async with told_by(Case("", (), app_token), monkeypatch) as found:
        assert checks.summary(found) == checks.ALL_WELL
        assert any("Socket Mode" in each.seen for each in found)


@pytest.fixture
def env_file(tmp_path):
    """A `.env` with a name that is nobody's and one that is misspelt."""
    (tmp_path / ".env").write_text("WEBHOOK=x\nSLACK_SIGNIN_SECRET=y\n")


@pytest.mark.usefixtures("env_file")
async def test_names_in_the_file_are_looked_at_too(monkeypatch):
    """In `.env` every unknown name is told; the environment is others' too."""
    monkeypatch.setenv("SLACK_WEBHOOK_URL", "https://hooks.example")
    case = Case("", (), {"SLACK_SIGNING_SECRET": ""})
    async with told_by(case, monkeypatch) as found:
        said = " ".join(each.seen for each in found)
        assert "WEBHOOK is no setting" in said
        assert "SLACK_SIGNIN_SECRET is no setting" in said
        assert "SLACK_WEBHOOK_URL" not in said


def test_a_remedy_stands_below_and_fits():
    """Lines are broken at the width, and colour is for terminals."""
    check = checks.fix("login", "word " * 30, "do " * 30)
    lines = checks.shown(check, width=60, colour=False).splitlines()
    assert all(len(line) <= 60 for line in lines)
    assert lines[0].startswith("FIX   login       word word")
    assert sum(line.lstrip().startswith("→ ") for line in lines) == 1
    assert "\x1b[" in checks.shown(check, width=60, colour=True)
