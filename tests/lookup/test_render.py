"""Findings in words, and cards that need not wait for what cannot be had."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.cards import action_ids
from bot.cards.pager import typed_query
from bot.cards.terminal import render_text
from bot.lookup.render import Renderer
from bot.lookup.request import Outcome, Request
from bot.models import Extension, Listing, Location, Match, Missing, NotReady, SyncProgress, User
from bot.query import parse
from bot.slack.people import Asker

HOLMDEL = Location("145214", "Holmdel HQ")
JOHN = Extension("789", User("John", "Smith", "john.smith@example.com"), location_id="145214")
EIGHT = tuple(Match(replace(JOHN, number=str(n)), 0.0) for n in range(700, 708))


class Directory:
    """A directory that only knows locations; `None`: not yet."""

    def __init__(self, known: dict[str, Location] | None) -> None:
        self.known = known

    def known_locations(self, *, patience):
        """Return what is known."""
        return self.known

    async def locations(self, *, deadline, patience):
        """Return what is known."""
        return self.known or {}


class Profiles:
    """A Slack that knows nobody."""

    def known_id(self, email):
        """Know nobody."""
        return ""

    def known_workspace(self):
        """Know nothing."""


def telling(known: dict[str, Location] | None = None, profiles: Profiles | None = None) -> Renderer:
    """Words for the findings of one directory."""
    return Renderer(Directory(known), profiles, None, clock=lambda: 0.0)  # type: ignore[arg-type]


async def told(found, text, *, profiles=None):
    """The answer that a finding is."""
    deadline = asyncio.get_running_loop().time() + 5
    words = telling({"145214": HOLMDEL}, profiles)
    request = Request(Asker("U1"), deadline, text)
    return await words.render(found, parse(text), request)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({"145214": HOLMDEL}, "Holmdel HQ"),
        ({}, "@example.com    145214\n"),
        ({"2": replace(HOLMDEL, id="2")}, "@example.com    145214\n"),
    ],
    ids=["known", "not-to-be-had", "no-such-office"],
)
def test_a_card_is_given_at_once_where_there_is_nothing_to_wait_for(known, shown):
    """With the name of the office, or without one that cannot be had."""
    answer = telling(known).render_card_now(Match(JOHN, 0.0), Request(Asker("U1"), 0.0))
    assert answer is not None
    assert shown in render_text(answer.message)


def test_a_card_waits_for_locations_that_are_on_their_way():
    """What may be known in a moment is worth the longer way; an extension without any is not."""
    assert telling(None).render_card_now(Match(JOHN, 0.0), Request(Asker("U1"), 0.0)) is None
    nowhere = Match(replace(JOHN, location_id=""), 0.0)
    assert telling(None).render_card_now(nowhere, Request(Asker("U1"), 0.0)) is not None


@pytest.mark.parametrize(
    ("found", "text", "outcome", "said"),
    [
        (Listing((), total=0), "list voicemail:off", Outcome.MISSING, "found for list voicemail:"),
        (Listing((), total=0), "location 145214", Outcome.MISSING, "found for location 145214."),
        (Missing(location="99"), "location 99", Outcome.MISSING, "There’s no location 99."),
        (Listing((), total=0), "list", Outcome.MISSING, "nothing on this page"),
        (
            NotReady(),
            "john smith",
            Outcome.FAILED,
            "still reading the directory.\nI’ll answer as soon as",
        ),
        (NotReady(SyncProgress(3, 30)), "list dnd:on", Outcome.FAILED, "directory (page 3 of 30)"),
        (
            Listing(EIGHT[:2], total=2),
            "list location:holmdel dnd:on",
            Outcome.FOUND,
            "Directory: location Holmdel HQ, Do Not Disturb on\n2 extensions",
        ),
        (Listing(EIGHT[:2], total=2), "0190", Outcome.FOUND, "Results for “0190”\n2 extensions"),
        (Listing(EIGHT[:2], total=2), "me", Outcome.FOUND, "Your extensions\n2 extensions"),
        (Listing(EIGHT[:2], total=2), "<@U0JOHN>", Outcome.FOUND, "Their extensions\n2 "),
    ],
)
async def test_what_is_said_repeats_what_was_asked(found, text, outcome, said):
    """An empty list is a notice, and a heading says what a list was narrowed to."""
    answer = await told(found, text)
    assert answer.outcome is outcome
    assert said in render_text(answer.message)


@pytest.mark.parametrize(
    ("text", "onward"),
    [
        ("john.smith@example.com", "list page 2 email:john.smith@example.com after:707"),
        ("jsmith", "jsmith page 2"),
        ("14155550100", "list page 2 phone:14155550100 after:707"),
    ],
)
async def test_matches_beyond_the_first_page_can_be_turned_to(text, onward):
    """What can be written as a list has its pages."""
    found = Listing(EIGHT, pages=3, total=20)
    answer = await told(found, text, profiles=Profiles())
    (pager,) = [each for each in answer.message.blocks if each["type"] == "actions"]
    assert [action_ids.line_from_value(each["value"]) for each in pager["elements"]] == [onward]
    assert "20 extensions · page 1 of 3" in render_text(answer.message)
    assert f"/ext {typed_query(onward)}" in render_text((await told(found, text)).message)


@pytest.mark.parametrize("text", ["0190", "me", "<@U0JOHN>"])
async def test_matches_that_cannot_be_turned_to_are_counted(text):
    """Nobody takes eight of twenty for all."""
    answer = await told(Listing(EIGHT, pages=3, total=20), text, profiles=Profiles())
    assert "8 of 20 extensions shown" in render_text(answer.message)
    assert "page" not in render_text(answer.message)
