"""The line above an answer, what is said in place of an empty one, and who is answered later."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.cards import audit_report, headings, not_found, source_errors
from bot.errors import Unavailable
from bot.limits import FOLLOW_UP_LIMIT_S
from bot.lookup.headings import (
    can_follow_up,
    empty_list_message,
    is_empty_by_filter,
    list_heading,
    needs_whole_directory,
    not_found_message,
)
from bot.lookup.request import AnswerOptions, Request
from bot.models import Extension, Listing, Location, Match, Missing, NotReady, SyncProgress
from bot.query import parse
from bot.slack.people import Asker
from tests.cards.checked import checked

ASKER = Asker("U0ASKER")
ROWS = Listing((Match(Extension("789"), 0.0),), total=1)
EMPTY = Listing((), total=0)
HOLMDEL = Location("145214", "Holmdel HQ")
NOW = 10_000.0


def request_for(text: str, *, can_follow_up: bool = True) -> tuple[Any, Request]:
    """Return the query in a text, and its request."""
    query = parse(text)
    return query, Request(text, ASKER, AnswerOptions(can_follow_up=can_follow_up), query=query)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("list", headings.DIRECTORY),
        ("list location:145214", f"{headings.DIRECTORY}: location Holmdel HQ"),
        ("list dnd:on", f"{headings.DIRECTORY}: Do Not Disturb on"),
        ("audit dnd", headings.audit_heading("dnd")),
        ("me", headings.YOURS),
        ("<@U0JOHN>", headings.THEIRS),
        ("0190", headings.RESULTS_FOR.format(query="0190")),
    ],
)
def test_heading_names_what_was_asked_for(text, expected):
    """A list is headed by its filters, an audit by its check, and a search by its words."""
    query, _ = request_for(text)
    assert list_heading(query, ROWS, HOLMDEL) == expected


def test_heading_has_location_as_typed_where_its_name_is_unknown():
    """An id is better than no location."""
    query, _ = request_for("list location:145214")
    assert list_heading(query, ROWS, None).endswith("location 145214")


@pytest.mark.parametrize(
    ("text", "missing", "expected"),
    [
        ("me", Missing(), not_found.no_extension_of_yours()),
        ("<@U0JOHN>", Missing(), not_found.no_extension_of("U0JOHN")),
        ("list location:99", Missing(location="99"), not_found.no_location("99")),
        ("export location:99", Missing(location="99"), not_found.no_location("99")),
        ("789", Missing(), not_found.nothing_found("789")),
        ("jhon", Missing(), not_found.nothing_found("jhon")),
    ],
)
def test_notice_names_what_is_missing(text, missing, expected):
    """A person, a location and a text that nobody has are told apart."""
    query, request = request_for(text)
    assert checked(not_found_message(missing, query, request, NOW)) == expected


@pytest.mark.parametrize(
    ("missing", "is_warned"),
    [
        (Missing(failure=Unavailable(), read_at=0.0), True),
        (Missing(failure=Unavailable()), False),
        (Missing(read_at=0.0), False),
        (Missing(), False),
    ],
    ids=["old copy", "no copy", "fresh copy", "no age"],
)
@pytest.mark.parametrize("text", ["789", "me", "<@U2AB>", "list location:Nowhere"])
def test_notice_warns_of_old_copy(missing, is_warned, text):
    """Whoever is not found in an old copy may have joined since."""
    query, request = request_for(text)
    missing = replace(missing, location="Nowhere" if "location" in text else "")
    text = not_found_message(missing, query, request, NOW).text
    assert (source_errors.UNAVAILABLE in text) is is_warned


def test_empty_list_and_empty_check_have_their_own_notices():
    """A check that finds nothing is good news; a filter that finds nothing is not."""
    check, check_request = request_for("audit dnd")
    assert empty_list_message(EMPTY, check, check_request, NOW) == audit_report.no_findings_message(
        "dnd"
    )
    query, request = request_for("list dnd:on")
    notice = empty_list_message(EMPTY, query, request, NOW)
    assert notice == not_found.empty_list("list dnd:on")


@pytest.mark.parametrize(
    ("text", "listing", "expected"),
    [
        ("list dnd:on", EMPTY, True),
        ("audit dnd", EMPTY, True),
        ("list", EMPTY, False),
        ("list dnd:on", ROWS, False),
        ("list dnd:on page 9", Listing((), page=9, pages=2, total=20), False),
        ("john", EMPTY, False),
    ],
)
def test_list_is_empty_by_filter_only_where_nothing_matches_the_filter(text, listing, expected):
    """A page beyond the last one, and an empty directory, are not the filter's doing."""
    query, _ = request_for(text)
    assert is_empty_by_filter(listing, query) is expected


@pytest.mark.parametrize(
    ("seconds_left", "expected"),
    [
        (None, True),
        (0.0, True),
        (60.0, True),
        (FOLLOW_UP_LIMIT_S, True),
        (FOLLOW_UP_LIMIT_S + 1, False),
        (86_400.0, False),
    ],
)
def test_later_answer_is_promised_only_where_slack_still_takes_it(seconds_left, expected):
    """Slack takes messages for half an hour, and a first reading can take longer."""
    _, request = request_for("john smith")
    not_ready = NotReady(SyncProgress(3, 3_000, seconds_left))
    assert can_follow_up(not_ready, request) is expected


def test_later_answer_is_promised_before_the_first_reading_begins():
    """Without progress nothing says that the answer would come too late."""
    _, request = request_for("john smith")
    assert can_follow_up(NotReady(), request)


@pytest.mark.parametrize("not_ready", [NotReady(), NotReady(SyncProgress(3, 30, 60.0))])
def test_later_answer_is_not_promised_where_it_cannot_be_delivered(not_ready):
    """A button that replaces its message has no place for a second answer."""
    _, request = request_for("john smith", can_follow_up=False)
    assert not can_follow_up(not_ready, request)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("list", True),
        ("locations", True),
        ("export", True),
        ("changes", True),
        ("audit", True),
        ("789", False),
        ("john smith", False),
        ("me", False),
    ],
)
def test_reports_need_the_whole_directory(text, expected):
    """One person can be found on the first page; a list is complete on the last."""
    query, _ = request_for(text)
    assert needs_whole_directory(query) is expected
