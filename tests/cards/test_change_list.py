"""The answer to `changes`: what changed about extensions, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import action_ids, change_list
from bot.cards.buttons import line_from_value
from bot.cards.terminal import render_text
from bot.models import Change, ChangeList, Did, Extension, Location, User
from tests import strategies
from tests.cards.checked import buttons_of, checked, mrkdwn_of
from tests.cards.examples import HOLMDEL, NOW

PLACES = {"145214": HOLMDEL, "2": Location("2", "London")}
ANN = Extension("812", User("Ann", "Example", "ann@example.com", "aexample"))
BOB = Extension("790", User("Bob", "Fox"))
MARY = Extension("790", User("Mary", "O'Brien"), location_id="145214")
JOHN = Extension("789", User("John", "Smith", "john@example.com", "jsmith"))
LOBBY = Extension("1001")
DID, OTHER = Did("14155550100", "Sales"), Did("442079460000")


def change_text(was: Extension | None, now: Extension | None, **options) -> str:
    """Return the words for one change."""
    found = ChangeList((Change(NOW, was, now),), since=NOW)
    message = checked(change_list.changes_message(found, locations=PLACES, now=NOW, **options))
    (line,) = [line for line in mrkdwn_of(message.payload()).split("\n") if line[:1] == "•"]
    plain = message.text.removeprefix("Directory changes. just now: ")
    plain = plain.removesuffix(". Tracking since just now.")
    assert line[2:].replace("*", "") == plain
    return plain


@pytest.mark.parametrize(
    ("was", "now", "words"),
    [
        (None, ANN, "Ann Example joined, extension 812"),
        (BOB, None, "Bob Fox left (extension 790)"),
        (None, LOBBY, "Extension 1001 is new"),
        (LOBBY, None, "Extension 1001 is gone"),
        (MARY, replace(MARY, number="791"), "Mary O'Brien: 790 → 791"),
        (LOBBY, replace(LOBBY, number="1002"), "1002: 1001 → 1002"),
        (
            MARY,
            replace(MARY, location_id="2"),
            "Mary O'Brien (790): moved from Holmdel HQ, Holmdel to London",
        ),
        (
            MARY,
            replace(MARY, location_id=""),
            "Mary O'Brien (790): no longer at Holmdel HQ, Holmdel",
        ),
        (BOB, replace(BOB, location_id="2"), "Bob Fox (790): now at London"),
        (BOB, replace(BOB, location_id="99"), "Bob Fox (790): now at Location 99"),
        (JOHN, replace(JOHN, user=User("Mary", "Jones", "john@example.com", "jsmith")),
         "789: John Smith → Mary Jones"),
        (LOBBY, replace(LOBBY, user=User("Ann", "Example")), "1001: nobody → Ann Example"),
        (BOB, replace(BOB, user=None), "790: Bob Fox → nobody"),
        (BOB, replace(BOB, dids=(DID,)), "Bob Fox (790): direct number +1 415-555-0100 added"),
        (
            replace(BOB, dids=(DID,)),
            replace(BOB, dids=(OTHER,)),
            "Bob Fox (790): direct number +44 20 7946 0000 added; "
            "direct number +1 415-555-0100 removed",
        ),
        (
            replace(BOB, dids=(DID,)),
            replace(BOB, dids=(Did(DID.phone_number, "Support"),)),
            "Bob Fox (790): +1 415-555-0100 is tagged Sales → Support",
        ),
        (
            JOHN,
            replace(JOHN, user=User("John", "Smith", "js@example.com", "")),
            "John Smith (789): email john@example.com → js@example.com; login jsmith → none",
        ),
        (
            MARY,
            replace(MARY, number="791", location_id="2"),
            "Mary O'Brien: 790 → 791; moved from Holmdel HQ, Holmdel to London",
        ),
        (JOHN, JOHN, "John Smith (789): changed"),
        (None, None, "changed"),
    ],
)  # fmt: skip
def test_change_is_one_plain_sentence(was, now, words):
    """Who joined, left, moved or got another number; no visible change is no error."""
    assert change_text(was, now) == words


@pytest.mark.parametrize(
    ("field", "now", "secret"),
    [
        ("location", replace(JOHN, location_id="2"), "London"),
        ("dids", replace(JOHN, dids=(DID,)), "415"),
        ("email", replace(JOHN, user=User("John", "Smith", "x@example.com", "jsmith")), "x@ex"),
        ("login", replace(JOHN, user=User("John", "Smith", "john@example.com", "jx")), "jx"),
    ],
)
def test_hidden_field_is_left_out_of_a_change(field, now, secret):
    """The line says that something changed, but not what."""
    assert secret in change_text(JOHN, now)
    assert change_text(JOHN, now, excluded_fields={field}) == "John Smith (789): changed"


def test_change_of_many_numbers_names_a_few_and_counts_the_rest():
    """A line stays short however many numbers were added at once."""
    many = tuple(Did(f"1415555{n:04d}") for n in range(100, 140))
    words = change_text(BOB, replace(BOB, dids=many))
    assert words.count("+1 415") == 5
    assert "and 35 more" in words


PAGE = ChangeList(
    (
        Change(NOW - 30, None, ANN),
        Change(NOW - 30, BOB, None),
        Change(NOW - 7_300, MARY, replace(MARY, number="791")),
    ),
    since=NOW - 30 * 86_400,
    page=2,
    pages=3,
    total=43,
)


def test_page_of_changes_is_newest_first():
    """Changes are grouped by the moment of their sync; the foot says since when."""
    message = checked(change_list.changes_message(PAGE, locations=PLACES, now=NOW))
    assert render_text(message) == (
        "Directory changes\n"
        "43 changes · page 2 of 3\n"
        "\n"
        "Sep 21, 2026, 14:12 UTC\n"
        "• Ann Example joined, extension 812\n"
        "• Bob Fox left (extension 790)\n"
        "\n"
        "Sep 21, 2026, 12:11 UTC\n"
        "• Mary O'Brien: 790 → 791\n"
        "\n"
        "Next page: /ext changes page 3\n"
        "Previous page: /ext changes page 1\n"
        "Tracking since 30 days ago · Aug 22, 2026, 14:13 UTC"
    )
    assert message.text == (
        "Directory changes. 43 changes, page 2 of 3. "
        "just now: Ann Example joined, extension 812; Bob Fox left (extension 790). "
        "2 hours ago: Mary O'Brien: 790 → 791. Tracking since 30 days ago."
    )


def test_page_of_changes_has_buttons_for_the_pages_beside_it():
    """A single page has no buttons."""
    message = checked(change_list.changes_message(PAGE, locations=PLACES, now=NOW, buttons=True))
    assert [
        (each["action_id"], line_from_value(each["value"])) for each in buttons_of(message)
    ] == [
        (action_ids.PREVIOUS, "changes page 1"),
        (action_ids.NEXT, "changes page 3"),
    ]
    only = replace(PAGE, page=1, pages=1)
    assert (
        buttons_of(change_list.changes_message(only, locations=PLACES, now=NOW, buttons=True)) == []
    )


def test_no_changes_says_since_when():
    """The word belongs to Slack's date format: in front of it Slack writes "since Today"."""
    message = checked(
        change_list.changes_message(ChangeList((), NOW - 7_300), locations={}, now=NOW)
    )
    assert render_text(message) == "Nothing has changed since Sep 21, 2026, 12:11 UTC."
    assert message.text == "Nothing has changed since 2 hours ago."
    (block,) = message.blocks
    assert "changed <!date^1789992700^since {date_short_pretty} at {time}|" in block["text"]["text"]


def test_page_beyond_the_last_has_notice_instead_of_rows():
    """The button for the page before stays."""
    beyond = ChangeList((), NOW - 60, page=4, pages=3, total=43)
    shown = render_text(checked(change_list.changes_message(beyond, locations={}, now=NOW)))
    assert "There's nothing on this page." in shown
    assert "Previous page: /ext changes page 3" in shown


change = st.builds(
    Change, strategies.moment, st.none() | strategies.extension, st.none() | strategies.extension
)
change_lists = st.builds(
    ChangeList,
    st.lists(change, max_size=12).map(tuple) | change.map(lambda each: (each,) * 100),
    strategies.moment,
    st.integers(1, 9),
    st.integers(1, 9),
    st.integers(0, 10**6),
)


@settings(max_examples=100)
@given(
    found=change_lists,
    places=strategies.locations,
    excluded_fields=strategies.excluded_fields,
    buttons=st.booleans(),
)
def test_any_changes_are_safe_and_within_limits(found, places, excluded_fields, buttons):
    """No name breaks out of its place, and no page breaks one of Slack's limits."""
    checked(
        change_list.changes_message(
            found, locations=places, now=NOW, excluded_fields=excluded_fields, buttons=buttons
        )
    )
