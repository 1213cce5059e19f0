"""Lists, several answers in one message, and the locations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import Message, action_ids, extension_card, lists, not_found
from bot.cards.message import BLOCK_LIMIT, TOO_MUCH
from bot.cards.terminal import render_text
from bot.errors import Unavailable
from bot.models import Listing, Location, LocationCount, LocationList, Match, User
from tests import strategies
from tests.cards.checked import buttons_of, checked, mrkdwn_of
from tests.cards.examples import BARE, HOLMDEL, JOHN, LOCATIONS, NOW, RING_GROUP

MARIE = replace(JOHN, number="790", user=User("Marie", "Müller"), dids=())
PAGE = (
    Match(JOHN, NOW - 250),
    Match(MARIE, NOW - 250),
    Match(RING_GROUP, NOW - 900),
    Match(BARE, NOW),
)


def test_a_page_of_the_directory() -> None:
    """Each row names somebody and one way to reach them; the foot says how to turn pages."""
    message = checked(
        lists.listing_message(
            Listing(PAGE, page=2, pages=151, total=1_204),
            locations=LOCATIONS,
            now=NOW,
            heading="Directory",
            next_query="/ext list page 3",
            previous_query="/ext list page 1",
        )
    )
    assert render_text(message) == (
        "Directory\n"
        "1,204 extensions · page 2 of 151\n"
        "\n"
        "John Smith  789\n"
        "+1 415-555-0100 (My Tag) · Holmdel HQ, Holmdel\n"
        "\n"
        "Marie Müller  790\n"
        "Holmdel HQ, Holmdel\n"
        "\n"
        "Extension  1001\n"
        "+1 415-555-0111 (Front desk) · and 1 more · Holmdel HQ, Holmdel\n"
        "\n"
        "Extension  55\n"
        "\n"
        "Next page: /ext list page 3\n"
        "Previous page: /ext list page 1\n"
        "From Vonage 15 min ago · 21 Sep 2026, 13:58 UTC"
    )
    assert message.text == (
        "Directory. 1,204 extensions, page 2 of 151. "
        "John Smith, extension 789, +1 415-555-0100 (My Tag), Holmdel HQ, Holmdel; "
        "Marie Müller, extension 790, Holmdel HQ, Holmdel; "
        "Extension 1001, +1 415-555-0111 (Front desk), and 1 more, Holmdel HQ, Holmdel; "
        "Extension 55. From Vonage 15 min ago."
    )


def test_a_page_with_buttons() -> None:
    """Each row can be pressed for its card, and the pager stands where the hints stood."""
    message = checked(
        lists.listing_message(
            Listing(PAGE, page=2, pages=151, total=1_204),
            locations=LOCATIONS,
            now=NOW,
            heading="Directory",
            next_query="list page 3 location:145214",
            previous_query="list page 1 location:145214",
            buttons=True,
        )
    )
    assert render_text(message) == (
        "Directory\n"
        "1,204 extensions · page 2 of 151\n"
        "\n"
        "John Smith  789  [Show]\n"
        "+1 415-555-0100 (My Tag) · Holmdel HQ, Holmdel\n"
        "\n"
        "Marie Müller  790  [Show]\n"
        "Holmdel HQ, Holmdel\n"
        "\n"
        "Extension  1001  [Show]\n"
        "+1 415-555-0111 (Front desk) · and 1 more · Holmdel HQ, Holmdel\n"
        "\n"
        "Extension  55  [Show]\n"
        "\n"
        "[Previous page: /ext list page 1 location:145214]\n"
        "[Next page: /ext list page 3 location:145214]\n"
        "\n"
        "From Vonage 15 min ago · 21 Sep 2026, 13:58 UTC"
    )
    carried = [
        (each["action_id"], action_ids.line_from_value(each["value"]), each["accessibility_label"])
        for each in buttons_of(message)
    ]
    assert carried == [
        ("ext_show", "789", "Show John Smith, extension 789"),
        ("ext_show", "790", "Show Marie Müller, extension 790"),
        ("ext_show", "1001", "Show extension 1001"),
        ("ext_show", "55", "Show extension 55"),
        ("ext_previous", "list page 1 location:145214", "Previous page, 1 of 151"),
        ("ext_next", "list page 3 location:145214", "Next page, 3 of 151"),
    ]


def test_a_page_reads_the_same_with_buttons_and_without() -> None:
    """Who hears a page hears all of it either way."""
    listed = [
        lists.listing_message(
            Listing(PAGE, page=2, pages=3),
            locations=LOCATIONS,
            now=NOW,
            heading="Directory",
            next_query="list page 3",
            buttons=buttons,
        ).text
        for buttons in (True, False)
    ]
    assert listed[0] == listed[1]


@pytest.mark.parametrize("number", ["", "x", "٧٨٩", "7 9", "1" * 16])
def test_a_row_without_a_proper_number_has_no_button(number) -> None:
    """What cannot be asked for by its number cannot be pressed either."""
    page = Listing((Match(replace(JOHN, number=number), NOW),))
    message = lists.listing_message(page, locations={}, now=NOW, heading="Directory", buttons=True)
    assert buttons_of(checked(message)) == []


def test_a_page_turns_also_where_rows_are_left_out() -> None:
    """The pager and the age end a page that one message cannot hold."""
    rows = tuple(Match(replace(JOHN, number=str(n)), NOW) for n in range(100, 200))
    message = checked(
        lists.listing_message(
            Listing(rows, page=1, pages=2),
            locations=LOCATIONS,
            now=NOW,
            heading="Directory",
            next_query="list page 2",
            buttons=True,
        )
    )
    shown = render_text(message)
    assert shown.endswith("From Vonage just now · 21 Sep 2026, 14:13 UTC")
    assert f"{TOO_MUCH}\n\n[Next page: /ext list page 2]\n" in shown


def test_a_page_without_what_is_hidden() -> None:
    """Name and number are left, for the ears too."""
    message = checked(
        lists.listing_message(
            Listing(PAGE), locations=LOCATIONS, now=NOW, heading="Found", hide={"dids", "location"}
        )
    )
    assert render_text(message).startswith("Found\n\nJohn Smith  789\n\nMarie Müller  790\n\n")
    assert message.text.startswith("Found. John Smith, extension 789; Marie Müller, extension 790;")


def test_one_page_that_is_all_needs_no_pages() -> None:
    """Nothing is said of pages where there is one, nor of a total that is not known."""
    message = lists.listing_message(
        Listing(PAGE[:1]), locations={}, now=NOW, heading="People called smith"
    )
    assert render_text(checked(message)).startswith("People called smith\n\nJohn Smith  789\n")
    assert "age" not in render_text(message).replace("ago", "").replace("Vonage", "")


def test_a_page_that_is_not_all_and_cannot_be_turned_says_how_much_it_is() -> None:
    """Where there are more than are shown, nobody takes them for all."""
    page = Listing(PAGE, total=20)
    shown = render_text(
        checked(lists.listing_message(page, locations={}, now=NOW, heading="Found for 0190"))
    )
    assert shown.startswith("Found for 0190\n4 of 20 extensions shown\n")


def test_an_empty_page_says_so() -> None:
    """A page beyond the last is no riddle."""
    message = lists.listing_message(
        Listing((), page=9, pages=3, total=20), locations={}, now=NOW, heading="Directory"
    )
    assert render_text(checked(message)) == (
        "Directory\n20 extensions · page 9 of 3\n\nThere is nothing on this page."
    )


def test_a_list_from_before_a_failure_says_so() -> None:
    """One failed row makes the whole page the last known."""
    page = Listing((PAGE[0], Match(MARIE, NOW - 7_300, Unavailable())))
    message = checked(
        lists.listing_message(page, locations=LOCATIONS, now=NOW, heading="Directory")
    )
    said = "Vonage is not answering. This is the last known answer, read 2 hours ago"
    assert said in render_text(message)
    assert said in message.text


@settings(max_examples=60)
@given(strategies.listing, strategies.locations, strategies.text, strategies.hide, strategies.line)
def test_any_page_is_one_that_slack_takes(page, locations, words, hide, line) -> None:
    """Limits hold whatever the directory holds."""
    for buttons in (True, False):
        checked(
            lists.listing_message(
                page,
                locations=locations,
                now=NOW,
                heading=words,
                next_query=line,
                previous_query=line,
                hide=hide,
                buttons=buttons,
            )
        )


def parts(count: int) -> list[tuple[str, Message]]:
    """As many answers as asked for, in the form that fits them, each with its buttons."""
    known: dict[str, Any] = {"locations": LOCATIONS, "now": NOW}
    whole: dict[str, Any] = {
        "shareable": True,
        "slack_id": "U012AB3CD",
        "profile_url": "https://acme.slack.com/",
    }
    form: Callable[..., Message] = extension_card.row_message
    if count <= lists.FULL_CARDS:
        form = partial(extension_card.card_message, **whole)
    numbers = [str(789 + n) for n in range(count)]
    return [
        (number, form(Match(replace(JOHN, number=number), NOW), **known, line=number))
        for number in numbers
    ]


def test_several_cards_each_keep_their_buttons() -> None:
    """Each card can be shared by itself; none has a button that would replace the others."""
    message = checked(lists.answers_message(parts(lists.FULL_CARDS)))
    pressed = [
        (each["text"]["text"], action_ids.line_from_value(each["value"]))
        for each in buttons_of(message)
        if "value" in each
    ]
    assert pressed == [("Share", number) for number in ("789", "790", "791")]
    assert sum(each["type"] == "actions" for each in message.blocks) == lists.FULL_CARDS
    assert "block_id" not in str(message.blocks), "Slack gives each its own"
    assert TOO_MUCH not in render_text(message)


def test_several_answers_stand_under_one_another() -> None:
    """Whole cards for a few, with a line between, and what was asked where it is not repeated."""
    card = extension_card.card_message(Match(BARE, NOW), locations={}, now=NOW)
    row = extension_card.row_message(Match(JOHN, NOW), locations=LOCATIONS, now=NOW)
    none = not_found.nothing_found("1002")
    message = checked(lists.answers_message([("55", card), ("14155550100", row), ("1002", none)]))
    line = "─" * 80
    assert render_text(message) == (
        "Extension 55\n"
        "Nobody is assigned to it: it may be a room, a ring group or a shared phone.\n"
        "\n"
        "From Vonage just now · 21 Sep 2026, 14:13 UTC\n"
        f"\n{line}\n\n"
        "14155550100\n"
        "\n"
        "John Smith  789\n"
        "+1 415-555-0100 (My Tag) · Holmdel HQ, Holmdel\n"
        "\n"
        "From Vonage just now · 21 Sep 2026, 14:13 UTC\n"
        f"\n{line}\n\n"
        "Nothing found for 1002.\n"
        "Please check it, or try a name, a number or an email: /ext help shows how."
    )
    assert message.text.split("\n")[0] == (
        "55: Extension 55, nobody assigned. From Vonage just now."
    )


def test_ten_answers_fit_into_one_message() -> None:
    """The most that can be asked at once is answered whole."""
    message = checked(lists.answers_message(parts(10)))
    for number in range(789, 799):
        assert f"`{number}`" in mrkdwn_of(message.payload())
        assert f"extension {number}" in message.text
    assert [action_ids.line_from_value(each["value"]) for each in buttons_of(message)] == [
        str(number) for number in range(789, 799)
    ]
    assert TOO_MUCH not in render_text(message)


def test_too_much_for_one_message_is_cut_and_said() -> None:
    """Slack would refuse the whole message, so it is cut, and says so."""
    cards = [answer for n in range(20) for answer in parts(3)]
    message = checked(lists.answers_message(cards))
    assert len(message.blocks) <= BLOCK_LIMIT
    assert render_text(message).endswith(TOO_MUCH)
    assert message.text.count("John Smith") == len(cards), "each is said, if shorter"


@settings(max_examples=40)
@given(st.lists(st.tuples(strategies.line, strategies.match), min_size=1, max_size=10))
def test_any_answers_are_a_message_that_slack_takes(asked) -> None:
    """Whole cards of the largest extensions too, with all their buttons."""
    known: dict[str, Any] = {"locations": {}, "now": NOW, "shareable": True}
    cards = [(line, extension_card.card_message(each, **known, line=line)) for line, each in asked]
    checked(lists.answers_message(cards))


def test_all_locations_by_name() -> None:
    """Each with its place, its time, its count and its id, and what is not known left out."""
    found = LocationList(
        (
            LocationCount(Location("3", "London", "Europe/London", "London", "UK")),
            LocationCount(HOLMDEL, 120),
            LocationCount(Location("2", time_zone="Mars/Olympus"), 1),
        ),
        NOW - 100,
    )
    message = checked(lists.locations_message(found, NOW))
    assert render_text(message) == (
        "3 locations\n"
        "\n"
        "Holmdel HQ                    Location 2\n"
        "Holmdel, US · Mon 10:13 AM    1 extension · 2\n"
        "120 extensions · 145214\n"
        "\n"
        "London\n"
        "London, UK · Mon 3:13 PM\n"
        "3\n"
        "\n"
        "From Vonage 1 min ago · 21 Sep 2026, 14:11 UTC"
    )
    assert message.text == (
        "3 locations. Holmdel HQ, Holmdel, US, Mon 10:13 AM, 120 extensions, 145214; "
        "Location 2, 1 extension; London, London, UK, Mon 3:13 PM, 3. From Vonage 1 min ago."
    )


def test_five_hundred_locations_are_cut_with_a_hint() -> None:
    """As many as fit are shown, the rest is counted, and how to see one is said."""
    rows = tuple(
        LocationCount(replace(HOLMDEL, id=str(n), name=f"Site {n:03}"), n) for n in range(500)
    )
    shown = render_text(checked(lists.locations_message(LocationList(rows, NOW), NOW)))
    named = shown.count("Site ")
    assert 50 < named < 500
    assert f"{500 - named} locations more: /ext location with a name or an id" in shown
    alone = render_text(checked(lists.locations_message(LocationList(rows, NOW), NOW, "")))
    assert "locations more: location with a name or an id" in alone


def test_locations_to_choose_from_say_what_they_fit() -> None:
    """What was asked is repeated, and how to say which one is meant."""
    rows = (
        LocationCount(Location("3", "London"), 2),
        LocationCount(Location("4", "Long Beach"), 1),
    )
    message = checked(lists.locations_message(LocationList(rows, NOW, asked="lon"), NOW))
    hint = "/ext location with a whole name or an id shows one of them."
    assert render_text(message).startswith("2 locations fit “lon”\n")
    assert hint in render_text(message)
    assert message.text.startswith("2 locations fit “lon”. London, 2 extensions, 3;")
    assert hint in message.text


def test_locations_that_are_not_counted_say_so() -> None:
    """That the counts are missing is no riddle."""
    message = checked(lists.locations_message(LocationList((LocationCount(HOLMDEL),), NOW), NOW))
    assert "left out: I could not read the whole directory." in render_text(message)
    assert "left out: I could not read the whole directory." in message.text


def test_a_person_who_was_asked_for_is_mentioned() -> None:
    """Above a part that does not name them, and for the ears; a user id in code is a riddle."""
    row = extension_card.row_message(Match(JOHN, NOW), locations={}, now=NOW)
    message = checked(lists.answers_message([("<@U012AB3CD>", row), ("789", row)]))
    assert mrkdwn_of(message.payload()).startswith("<@U012AB3CD>\n")
    assert message.text.startswith("<@U012AB3CD>: John Smith")


def test_no_locations_is_an_answer() -> None:
    """An account without any is told so."""
    message = checked(lists.locations_message(LocationList((), NOW, Unavailable()), NOW))
    assert render_text(message).startswith("Vonage lists no locations for this account.\n")
    assert "Vonage is not answering." in message.text


@settings(max_examples=60)
@given(strategies.location_list, strategies.moment)
def test_any_locations_are_a_message_that_slack_takes(found, now) -> None:
    """Limits hold whatever the locations are called."""
    checked(lists.locations_message(found, now))
