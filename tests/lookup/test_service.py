"""The spine: whatever happens below it, there is an answer."""

from __future__ import annotations

import asyncio

import pytest

from bot.cards import source_errors
from bot.errors import SlackUnavailable, Unavailable
from bot.lookup.request import Outcome
from bot.lookup.service import Lookup
from bot.models import AuditReport, ChangeList, Extension, Match, Missing, NotReady, Quota, Status
from bot.slack.people import Asker

ASKER = Asker("U1")


class Directory:
    """A directory of one answer, which may be an error or never come."""

    def __init__(self, answer: object) -> None:
        self.answer = answer
        self.asked: list[object] = []

    async def find(self, query, *, deadline, refresh=False, excluded_fields=()):
        """Answer anything."""
        self.asked.append(query)
        if isinstance(self.answer, Exception):
            raise self.answer
        if self.answer is None:
            await asyncio.sleep(60)
        return self.answer

    async def locations(self, *, deadline, patience):
        """Know no locations."""
        return {}

    def status(self):
        """Be well."""
        return Status(Quota(10, 10))


class Profiles:
    """A Slack that does not answer."""

    async def member(self, user_id, *, deadline):
        """Fail."""
        raise SlackUnavailable

    def known_id(self, email):
        """Know nobody."""
        return ""


async def answered(text, answer, *, seconds=3.0, profiles=None):
    """The answer to a line of text, from a directory of one answer."""
    lookup = Lookup(Directory(answer), region="US", profiles=profiles)  # type: ignore[arg-type]
    deadline = asyncio.get_running_loop().time() + seconds
    return await lookup.answer(text, ASKER, deadline=deadline)


FOUND = Match(Extension("789"), 0.0)


@pytest.mark.parametrize(
    ("text", "answer", "outcome", "said"),
    [
        ("789", FOUND, Outcome.FOUND, "789"),
        ("789", Missing(), Outcome.MISSING, "Nothing found"),
        ("789 790", Missing(), Outcome.MISSING, "Nothing found"),
        ("789", Unavailable(), Outcome.FAILED, source_errors.UNAVAILABLE),
        ("789 790", Unavailable(), Outcome.FAILED, source_errors.UNAVAILABLE),
        ("789", KeyError("John"), Outcome.FAILED, "Reference"),
        ("789 790", KeyError("John"), Outcome.FAILED, "Reference"),
        ("list page zero", FOUND, Outcome.REFUSED, "clear"),
        ("help", FOUND, Outcome.INFO, "/ext"),
        ("status", FOUND, Outcome.INFO, "10 of 10"),
        ("me", FOUND, Outcome.MISSING, "email"),
        ("john smith", NotReady(), Outcome.FAILED, "still reading the directory"),
        ("export", NotReady(), Outcome.FAILED, "still reading the directory"),
        ("changes", ChangeList((), 0.0), Outcome.FOUND, "Nothing has changed"),
        ("audit", AuditReport((), 9, 0.0), Outcome.FOUND, "9 extensions"),
    ],
)
async def test_every_way_ends_in_words(text, answer, outcome, said):
    """A finding, a failure and a fault of ours each become an answer; nothing is raised."""
    got = await answered(text, answer)
    assert got.outcome is outcome
    assert said in got.message.text
    assert not got.in_channel


async def test_the_deadline_ends_a_lookup_that_does_not():
    """Whatever hangs below, the answer comes."""
    got = await answered("789", None, seconds=0.05)
    assert got.outcome is Outcome.FAILED


async def test_slack_that_does_not_answer_gets_its_own_words():
    """`me` without Slack says so, and what works instead."""
    got = await answered("me", FOUND, profiles=Profiles())
    assert "Slack" in got.message.text


async def test_an_unexpected_fault_is_in_the_log_by_its_reference(caplog):
    """The notice and the log share a reference; the words of the fault stay out of both."""
    got = await answered("789", KeyError("John"))
    reference = got.message.text.rpartition(" ")[2].strip("`")
    assert reference in caplog.text
    assert "John" not in got.message.text


async def test_a_lookup_is_logged_by_kind_and_outcome_only(caplog):
    """What was asked for is nobody's business but the asker's."""
    caplog.set_level("INFO", logger="bot")
    await answered("who john.smith@example.com", FOUND)
    assert "Lookup (email): found" in caplog.text
    assert "john" not in caplog.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("789", "Looking up 789…"),
        ("who 14155550100", "Looking up 14155550100…"),
        ("list page zero", "Looking up that…"),
        ("me", "Looking up me…"),
        ("list", "Looking up list…"),
    ],
)
def test_waiting_repeats_what_was_asked(text, said):
    """While the answer is on its way the asker reads their own words."""
    lookup = Lookup(Directory(FOUND), region="US")  # type: ignore[arg-type]
    assert lookup.pending_message(text).text == said
