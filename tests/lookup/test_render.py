"""Findings rendered as cards and notices, and which of them wait for locations."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.cards import headings, lists, not_found
from bot.cards.buttons import line_from_value
from bot.cards.terminal import render_text
from bot.errors import MustWait
from bot.lookup.render import Renderer
from bot.lookup.request import Answer, Outcome, Request
from bot.models import Extension, Listing, Location, Match, Missing, NotReady, SyncProgress, User
from bot.query import parse
from bot.query.model import Number
from bot.slack.people import Asker
from tests.wording import start_of

HOLMDEL = Location("145214", "Holmdel HQ")
JOHN = Extension("789", User("John", "Smith", "john.smith@example.com"), location_id="145214")
EIGHT = tuple(Match(replace(JOHN, number=str(n)), 0.0) for n in range(700, 708))


class StubDirectory:
    """A directory that only knows locations; `None` while they are loading."""

    source_name = "Vonage"

    def __init__(self, by_id: dict[str, Location] | None) -> None:
        self._by_id = by_id

    async def locations(self, *, deadline, patience_s):
        """Return the locations, or give up where they must be waited for."""
        if self._by_id is None and deadline is None:
            raise MustWait
        return self._by_id or {}


class StubUsers:
    """Slack users of whom nobody is known."""

    def known_id(self, email):
        """Know no user id."""
        return ""

    def known_workspace(self):
        """Know no workspace."""


def renderer_of(locations: dict[str, Location] | None = None, users: Any = None) -> Renderer:
    """Return a renderer for the findings of one directory, at epoch second 0."""
    directory: Any = StubDirectory(locations)
    return Renderer(directory, users, clock=lambda: 0.0)


async def render(finding, text, *, users=None) -> Answer:
    """Return the answer for a finding."""
    query: Any = parse(text)
    deadline = asyncio.get_running_loop().time() + 5
    request = Request(text, Asker("U1"), query=query, deadline=deadline)
    return await renderer_of({"145214": HOLMDEL}, users).render(finding, query, request)


async def render_now(match: Match, locations: dict[str, Location] | None) -> Answer:
    """Return the card of a match, rendered without waiting. Raises `MustWait`."""
    query = Number("789")
    return await renderer_of(locations).render(
        match, query, Request("789", Asker("U1"), query=query)
    )


@pytest.mark.parametrize(
    ("locations", "expected"),
    [
        ({"145214": HOLMDEL}, "Holmdel HQ"),
        ({}, "@example.com    145214\n"),
        ({"2": replace(HOLMDEL, id="2")}, "@example.com    145214\n"),
    ],
    ids=["location-known", "locations-not-available", "location-unknown"],
)
async def test_card_is_rendered_without_waiting_when_locations_are_known(locations, expected):
    """The card has the name of the location, or its id where there is no name to wait for."""
    answer = await render_now(Match(JOHN, 0.0), locations)
    assert expected in render_text(answer.message)


async def test_card_waits_for_locations_that_are_loading():
    """A name that is on its way is worth waiting for; an extension without a location is not."""
    with pytest.raises(MustWait):
        await render_now(Match(JOHN, 0.0), None)
    without_location = Match(replace(JOHN, location_id=""), 0.0)
    assert (await render_now(without_location, None)).outcome is Outcome.FOUND


@pytest.mark.parametrize(
    ("finding", "text", "outcome", "expected"),
    [
        (Listing((), total=0), "list voicemail:off", Outcome.MISSING, "found for list voicemail:"),
        (Listing((), total=0), "location 145214", Outcome.MISSING, "found for location 145214."),
        (Missing(location="99"), "location 99", Outcome.MISSING, start_of(not_found.NO_LOCATION)),
        (Listing((), total=0), "list", Outcome.MISSING, lists.NOTHING_HERE),
        (
            NotReady(),
            "john smith",
            Outcome.FAILED,
            start_of(not_found.WILL_ANSWER),
        ),
        (NotReady(SyncProgress(3, 30)), "list dnd:on", Outcome.FAILED, "directory (page 3 of 30)"),
        (
            Listing(EIGHT[:2], total=2),
            "list location:holmdel dnd:on",
            Outcome.FOUND,
            "Directory: location Holmdel HQ, Do Not Disturb on\n2 extensions",
        ),
        (
            Listing(EIGHT[:2], total=2),
            "0190",
            Outcome.FOUND,
            f"{headings.RESULTS_FOR.format(query='0190')}\n2 extensions",
        ),
        (Listing(EIGHT[:2], total=2), "me", Outcome.FOUND, f"{headings.YOURS}\n2 extensions"),
        (Listing(EIGHT[:2], total=2), "<@U0JOHN>", Outcome.FOUND, f"{headings.THEIRS}\n2 "),
    ],
)
async def test_answer_repeats_what_was_asked(finding, text, outcome, expected):
    """An empty list is a notice, and a heading names the filters of a list."""
    answer = await render(finding, text)
    assert answer.outcome is outcome
    assert expected in render_text(answer.message)


@pytest.mark.parametrize(
    ("text", "next_line"),
    [
        ("john.smith@example.com", "list page 2 email:john.smith@example.com after:707"),
        ("jsmith", "jsmith page 2"),
        ("14155550100", "list page 2 phone:14155550100 after:707"),
    ],
)
async def test_matches_beyond_the_first_page_have_a_pager(text, next_line):
    """A query that can be written as a list has pages."""
    finding = Listing(EIGHT, pages=3, total=20)
    answer = await render(finding, text, users=StubUsers())
    (pager,) = [block for block in answer.message.blocks if block["type"] == "actions"]
    assert [line_from_value(button["value"]) for button in pager["elements"]] == [next_line]
    assert "20 extensions · page 1 of 3" in render_text(answer.message)
    typed_line = next_line.partition(" after:")[0]  # a person types no internal filter
    assert f"Next page: /ext {typed_line}\n" in render_text((await render(finding, text)).message)


@pytest.mark.parametrize("text", ["0190", "me", "<@U0JOHN>"])
async def test_matches_without_pages_are_counted(text):
    """A reader sees that eight of twenty are shown."""
    answer = await render(Listing(EIGHT, pages=3, total=20), text, users=StubUsers())
    assert "8 of 20 extensions shown" in render_text(answer.message)
    assert "page" not in render_text(answer.message)
