"""Nobody who may not ask costs a call to Vonage, whatever they ask and wherever."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import SlackUnavailable
from bot.lookup.access import Access, Rules
from bot.lookup.request import AnswerOptions, Outcome
from bot.lookup.service import Lookup
from bot.slack.api import SlackRefused
from bot.slack.people import Asker, Member, Workspace
from tests.directory.fake_vonage import FakeVonage, api_row, name_of, run_directory
from tests.simulated_time import run

TEAM = "T0EXT"
ASKER = Asker("U0ASKER", TEAM, "C0GENERAL")
SLACK_S = 1.0  # longer than a call to Vonage takes

COMMANDS = [
    *("105", "999", "105 106", "+14150000105", "415 000 0105", "login105", "@U0OTHER"),
    *(f"{name_of(105).lower()}@example.com", f"{name_of(105)} Van{name_of(105)}", "me"),
    *("<@U0OTHER>", "list", "list dnd:on", "list page 2", "locations", "location holmdel"),
    *("share 105", "refresh 105", "refresh 999", "refresh +14150000105", "export", "changes"),
    *("audit", "audit dnd", "status", "help"),
]
REFUSED = {
    "guest": Member("U0ASKER", "guest@example.com", TEAM, is_guest=True),
    "outsider": Member("U0ASKER", "else@example.com", "T0ELSE"),
    "stranger": Member("U0ASKER", "else@example.com", TEAM, is_stranger=True),
    "deleted": Member("U0ASKER", "left@example.com", TEAM, deleted=True),
    "bot": Member("U0ASKER", "", TEAM, is_bot=True),
    "unknown": None,
    "slack is down": SlackUnavailable(),
    "slack refuses": SlackRefused("missing_scope"),
    "slack hangs": TimeoutError(),
}


class SlowUsers:
    """Slack users who aren't cached, of whom Slack tells after a second."""

    def __init__(self, member: Member | Exception | None) -> None:
        self._member = member

    async def member(self, user_id: str, *, deadline: float) -> Member | None:
        """Return the user, or raise what Slack raises."""
        if isinstance(self._member, TimeoutError):
            await asyncio.sleep(3600)
        await asyncio.sleep(SLACK_S)
        if isinstance(self._member, Exception):
            raise self._member
        return self._member

    async def workspace(self, *, deadline: float) -> Workspace:
        """Return where Ext is installed."""
        return Workspace(TEAM)

    def known_member(self, user_id: str) -> None:
        """Know nobody."""

    def known_workspace(self) -> Workspace:
        """Return where Ext is installed."""
        return Workspace(TEAM)

    def known_id(self, email: str) -> str:
        """Know no user id."""
        return ""


def lookup_of(directory, member: Member | Exception | None, **rules) -> Lookup:
    """Return a lookup for one asker."""
    users = SlowUsers(member)
    access = Access(users, Rules(**rules))  # type: ignore[arg-type]
    return Lookup(directory, region="US", users=users, access=access)  # type: ignore[arg-type]


async def calls_for(data_dir, member, *, with_copy: bool, **rules):
    """Ask every command, and return the outcomes and the calls to Vonage that they cost."""
    vonage = FakeVonage([api_row(each) for each in range(100, 130)])
    async with run_directory(vonage, data_dir, with_sync=with_copy) as running:
        if with_copy:
            await running.wait_for_copy()
        lookup, calls, outcomes = (
            lookup_of(running.directory, member, **rules),
            len(vonage.calls),
            [],
        )
        for line in COMMANDS:
            for options in (AnswerOptions(), AnswerOptions(command="", public=True)):
                deadline = asyncio.get_running_loop().time() + 5
                request = lookup.parse(line, ASKER, options)
                answer = await lookup.answer(request, deadline=deadline)
                outcomes.append(answer.outcome)
        return outcomes, vonage.paths[calls:]


@pytest.mark.parametrize("with_copy", [True, False], ids=["with copy", "without copy"])
@pytest.mark.parametrize("kind", REFUSED)
def test_refused_asker_costs_no_call_for_any_command(tmp_path, kind, with_copy):
    """Until Slack has said that somebody may ask, nothing is looked up for them."""
    outcomes, paths = run(
        calls_for(tmp_path, REFUSED[kind], with_copy=with_copy, lookups_per_minute=10**9)
    )
    assert set(outcomes) <= {Outcome.REFUSED, Outcome.FAILED}
    assert paths == []


def test_asker_above_their_limit_costs_no_further_call(tmp_path):
    """The limit of lookups a minute is checked before anything is looked up."""

    async def scenario() -> None:
        vonage = FakeVonage([api_row(each) for each in range(100, 130)])
        async with run_directory(vonage, tmp_path) as running:
            await running.wait_for_copy()
            member = Member("U0ASKER", "john@example.com", TEAM)
            lookup = lookup_of(running.directory, member, lookups_per_minute=1)
            calls = len(vonage.calls)
            for line in ("refresh 105", *COMMANDS):
                deadline = asyncio.get_running_loop().time() + 5
                await lookup.answer(lookup.parse(line, ASKER), deadline=deadline)
            assert vonage.paths[calls:] == ["extensions/105"]

    run(scenario())


def test_member_may_cause_calls_by_the_same_commands(tmp_path):
    """The commands of the tests above do call Vonage for people who may ask."""
    member = Member("U0ASKER", "john@example.com", TEAM)
    _, paths = run(calls_for(tmp_path, member, with_copy=False, lookups_per_minute=10**9))
    assert len(paths) > len(COMMANDS) / 2
