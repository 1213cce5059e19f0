"""Lookups: whatever happens below, there is an answer, and nothing is raised."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.cards import change_list, not_found, notices, source_errors
from bot.errors import MustWait, SlackUnavailable, Unavailable
from bot.listeners.commands import pending_message
from bot.lookup.request import Outcome
from bot.lookup.service import Lookup
from bot.models import (
    AuditReport,
    ChangeList,
    Extension,
    Match,
    Missing,
    NotReady,
    Quota,
    Status,
)
from bot.slack.people import Asker
from tests.wording import start_of

ASKER = Asker("U1")
FOUND = Match(Extension("789"), 0.0)
HANGS = None
NOTHING_FOUND = start_of(not_found.NOTHING_FOUND)
STILL_READING = start_of(not_found.STILL_READING)


@dataclass
class StubDirectory:
    """A directory that finds the same for every query, fails always, or never answers.

    With `at_once` it answers without waiting.
    """

    finding: Any
    at_once: bool = False
    source_name: str = "Vonage"
    queries: list[object] = field(default_factory=list)

    async def find(self, query, *, deadline, refresh=False, excluded_fields=()):
        """Find the one finding."""
        if deadline is None and not self.at_once:
            raise MustWait
        self.queries.append(query)
        if isinstance(self.finding, Exception):
            raise self.finding
        if self.finding is HANGS:
            await asyncio.sleep(60)
        return self.finding

    async def locations(self, *, deadline, patience_s):
        """Return no locations."""
        return {}

    def status(self):
        """Return a healthy status."""
        return Status(Quota(10, 10))


class SilentSlack:
    """Slack users when Slack does not answer."""

    async def member(self, user_id, *, deadline):
        """Fail."""
        raise SlackUnavailable

    def known_member(self, user_id):
        """Know nobody."""

    def known_id(self, email):
        """Know no user id."""
        return ""


def lookup_of(finding: Any, *, users: Any = None, at_once: bool = False) -> Lookup:
    """Return a lookup in a directory that finds the same for every query."""
    directory: Any = StubDirectory(finding, at_once)
    return Lookup(directory, region="US", users=users)


async def answer_to(text, finding, *, seconds=3.0, users=None, at_once=False):
    """Return the answer to a line of text."""
    lookup = lookup_of(finding, users=users, at_once=at_once)
    deadline = asyncio.get_running_loop().time() + seconds
    return await lookup.answer(lookup.parse(text, ASKER), deadline=deadline)


@pytest.mark.parametrize("at_once", [False, True], ids=["after a wait", "at once"])
@pytest.mark.parametrize(
    ("text", "finding", "outcome", "expected"),
    [
        ("789", FOUND, Outcome.FOUND, "789"),
        ("789", Missing(), Outcome.MISSING, NOTHING_FOUND),
        ("789 790", Missing(), Outcome.MISSING, NOTHING_FOUND),
        ("789", Unavailable(), Outcome.FAILED, source_errors.UNAVAILABLE),
        ("789 790", Unavailable(), Outcome.FAILED, source_errors.UNAVAILABLE),
        ("789", KeyError("John"), Outcome.FAILED, notices.UNEXPECTED),
        ("789 790", KeyError("John"), Outcome.FAILED, notices.UNEXPECTED),
        ("list page zero", FOUND, Outcome.REFUSED, "zero"),
        ("help", FOUND, Outcome.INFO, "/ext"),
        ("status", FOUND, Outcome.INFO, "10 of 10"),
        ("me", FOUND, Outcome.MISSING, "email"),
        ("john smith", NotReady(), Outcome.FAILED, STILL_READING),
        ("export", NotReady(), Outcome.FAILED, STILL_READING),
        (
            "changes",
            ChangeList((), 0.0),
            Outcome.FOUND,
            start_of(change_list.NOTHING_CHANGED),
        ),
        ("audit", AuditReport((), 9, 0.0), Outcome.FOUND, "9 extensions"),
    ],
)
async def test_every_finding_and_failure_becomes_an_answer(
    text, finding, outcome, expected, at_once
):
    """A finding, a failure and an unexpected error each become an answer, at once or later."""
    answer = await answer_to(text, finding, at_once=at_once)
    assert answer.outcome is outcome
    assert expected in answer.message.text
    assert not answer.in_channel


async def test_lookup_that_hangs_is_answered_at_its_deadline():
    """A lookup that hangs in any layer is answered at the deadline."""
    answer = await answer_to("789", HANGS, seconds=0.05)
    assert answer.outcome is Outcome.FAILED


async def test_slack_that_does_not_answer_is_named():
    """`me` without Slack says so, and what works in its place."""
    answer = await answer_to("me", FOUND, users=SilentSlack())
    assert notices.SLACK_UNAVAILABLE in answer.message.text


@pytest.mark.parametrize("at_once", [False, True], ids=["after a wait", "at once"])
async def test_unexpected_error_is_logged_under_the_reference_of_its_notice(at_once, caplog):
    """The notice and the log share a reference, and the text of the error is in neither."""
    answer = await answer_to("789", KeyError("john.smith@example.com"), at_once=at_once)
    reference = answer.message.text.rpartition(" ")[2].strip("`.")
    assert reference in caplog.text.splitlines()[0]
    assert "john" not in answer.message.text
    assert not any("john" in record.getMessage() for record in caplog.records)


def test_unexpected_error_in_the_first_part_of_a_lookup_is_an_answer():
    """`answer_now` never raises: a listener would have no answer to give."""
    lookup = lookup_of(KeyError("john.smith@example.com"), at_once=True)
    answer = lookup.answer_now(lookup.parse("789", ASKER))
    assert answer is not None
    assert answer.outcome is Outcome.FAILED


async def test_lookup_is_logged_by_kind_and_outcome_only(caplog):
    """What was asked for stays out of the log."""
    caplog.set_level("DEBUG", logger="bot")
    await answer_to("who john.smith@example.com", FOUND)
    assert "Lookup (email): found" in caplog.text
    assert "john" not in caplog.text


@pytest.mark.parametrize("text", ["789 790", "share 789", "789"])
async def test_first_part_that_would_wait_starts_nothing(text):
    """`answer_now` gives up before its first wait, so that nothing is asked twice."""
    directory: Any = StubDirectory(FOUND)
    lookup = Lookup(directory, region="US")
    assert lookup.answer_now(lookup.parse(text, ASKER)) is None
    assert directory.queries == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("789", notices.LOOKING_UP.format(query="789")),
        ("who 14155550100", notices.LOOKING_UP.format(query="14155550100")),
        ("list page zero", notices.LOOKING_UP.format(query="that")),
        ("me", notices.LOOKING_UP.format(query="me")),
        ("list", notices.LOOKING_UP.format(query="list")),
    ],
)
def test_pending_message_repeats_what_was_asked(text, expected):
    """While the answer is on its way, the asker reads their own words."""
    lookup = lookup_of(FOUND)
    assert pending_message(lookup.parse(text, ASKER)).text == expected
