"""Lists, several answers in one message, and the locations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import limits
from bot.cards import Message, extension_card, extension_row, lists, not_found
from bot.cards.blocks import TOO_MUCH
from bot.cards.buttons import line_from_value
from bot.cards.terminal import render_text
from bot.errors import Unavailable
from bot.models import Listing, Location, LocationCount, LocationList, Match, User
from tests import strategies
from tests.cards.checked import buttons_of, checked, mrkdwn_of
from tests.cards.examples import BARE, HOLMDEL, JOHN, LOCATIONS, NOW, RING_GROUP

MARIE = replace(JOHN, number="790", user=User("Marie", "Müller"), dids=())
CONTEXT: dict[str, Any] = {"locations": LOCATIONS, "now": NOW}
PAGE = (
    Match(JOHN, NOW - 250),
    Match(MARIE, NOW - 250),
    Match(RING_GROUP, NOW - 900),
    Match(BARE, NOW),
)


def test_page_shows_rows_counts_and_hints() -> None:
    """Each row has a name and one way to call; the foot says how to see other pages."""
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
        "Read from Vonage 15 min ago · Sep 21, 2026, 13:58 UTC"
    )
    assert message.text == (
        "Directory. 1,204 extensions, page 2 of 151. "
        "John Smith, extension 789, +1 415-555-0100 (My Tag), Holmdel HQ, Holmdel; "
        "Marie Müller, extension 790, Holmdel HQ, Holmdel; "
        "Extension 1001, +1 415-555-0111 (Front desk), and 1 more, Holmdel HQ, Holmdel; "
        "Extension 55. Read from Vonage 15 min ago."
    )


def test_page_with_buttons_has_a_pager() -> None:
    """Each row has a button for its card, and the pager replaces the hints."""
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
        "Read from Vonage 15 min ago · Sep 21, 2026, 13:58 UTC"
    )
    carried = [
        (each["action_id"], line_from_value(each["value"]), each["accessibility_label"])
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


def test_page_text_is_the_same_with_and_without_buttons() -> None:
    """A screen reader reads the whole page either way."""
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
def test_row_without_a_proper_number_has_no_button(number) -> None:
    """A text that is no number can't be looked up, so a button would not work."""
    page = Listing((Match(replace(JOHN, number=number), NOW),))
    message = lists.listing_message(page, locations={}, now=NOW, heading="Directory", buttons=True)
    assert buttons_of(checked(message)) == []


def test_page_with_too_many_rows_keeps_its_pager() -> None:
    """The pager and the age end a page that one message can't hold."""
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
    assert shown.endswith("Read from Vonage just now · Sep 21, 2026, 14:13 UTC")
    assert f"{TOO_MUCH}\n\n[Next page: /ext list page 2]\n" in shown


def test_page_leaves_out_excluded_fields() -> None:
    """Name and number stay, in blocks and in text."""
    message = checked(
        lists.listing_message(
            Listing(PAGE),
            locations=LOCATIONS,
            now=NOW,
            heading="Found",
            excluded_fields={"dids", "location"},
        )
    )
    assert render_text(message).startswith("Found\n\nJohn Smith  789\n\nMarie Müller  790\n\n")
    assert message.text.startswith("Found. John Smith, extension 789; Marie Müller, extension 790;")


def test_single_page_has_no_page_number() -> None:
    """An unknown total is left out as well."""
    message = lists.listing_message(
        Listing(PAGE[:1]), locations={}, now=NOW, heading="People called smith"
    )
    assert render_text(checked(message)).startswith("People called smith\n\nJohn Smith  789\n")
    assert "age" not in render_text(message).replace("ago", "").replace("Vonage", "")


def test_single_page_of_more_results_says_how_many_there_are() -> None:
    """The heading says that there are more results than this page has."""
    page = Listing(PAGE, total=20)
    shown = render_text(
        checked(lists.listing_message(page, locations={}, now=NOW, heading="Results for “0190”"))
    )
    assert shown.startswith("Results for “0190”\n4 of 20 extensions shown\n")


def test_page_beyond_the_last_has_notice_instead_of_rows() -> None:
    """The heading still has the counts."""
    message = lists.listing_message(
        Listing((), page=9, pages=3, total=20), locations={}, now=NOW, heading="Directory"
    )
    assert render_text(checked(message)) == (
        "Directory\n20 extensions · page 9 of 3\n\nThere's nothing on this page."
    )


def test_page_with_a_failed_row_says_so() -> None:
    """One failed row makes the whole page the last known answer."""
    page = Listing((PAGE[0], Match(MARIE, NOW - 7_300, Unavailable())))
    message = checked(
        lists.listing_message(page, locations=LOCATIONS, now=NOW, heading="Directory")
    )
    said = "Vonage isn't answering. This is the last answer I have, read 2 hours ago"
    assert said in render_text(message)
    assert said in message.text


@settings(max_examples=60)
@given(
    strategies.listing,
    strategies.locations,
    strategies.text,
    strategies.excluded_fields,
    strategies.line,
)
def test_any_page_is_safe_and_within_limits(page, locations, words, excluded_fields, line) -> None:
    """No directory text breaks out of its place or breaks one of Slack's limits."""
    for buttons in (True, False):
        checked(
            lists.listing_message(
                page,
                locations=locations,
                now=NOW,
                heading=words,
                next_query=line,
                previous_query=line,
                excluded_fields=excluded_fields,
                buttons=buttons,
            )
        )


def answer_parts(count: int) -> list[tuple[str, Message]]:
    """Return `count` queries with their answers, as cards or rows, with their buttons."""
    card_options: dict[str, Any] = {
        "shareable": True,
        "slack_id": "U012AB3CD",
        "profile_url": "https://acme.slack.com/",
    }
    form: Callable[..., Message] = extension_row.row_message
    if count <= limits.MAX_FULL_CARDS:
        form = partial(extension_card.card_message, **card_options)
    numbers = [str(789 + n) for n in range(count)]
    return [
        (number, form(Match(replace(JOHN, number=number), NOW), **CONTEXT, line=number))
        for number in numbers
    ]


def test_several_cards_keep_only_their_share_buttons() -> None:
    """Refresh would replace the other cards as well."""
    message = checked(lists.answers_message(answer_parts(limits.MAX_FULL_CARDS)))
    pressed = [
        (each["text"]["text"], line_from_value(each["value"]))
        for each in buttons_of(message)
        if "value" in each
    ]
    assert pressed == [("Share", number) for number in ("789", "790", "791")]
    assert sum(each["type"] == "actions" for each in message.blocks) == limits.MAX_FULL_CARDS
    assert "block_id" not in str(message.blocks), "Slack gives each its own"
    assert TOO_MUCH not in render_text(message)


def test_several_answers_are_below_each_other() -> None:
    """A query is above its answer if the answer doesn't repeat it; the age is said once."""
    card = extension_card.card_message(Match(BARE, NOW), locations={}, now=NOW)
    row = extension_row.row_message(Match(JOHN, NOW), locations=LOCATIONS, now=NOW)
    none = not_found.nothing_found("1002")
    message = checked(lists.answers_message([("55", card), ("14155550100", row), ("1002", none)]))
    line = "─" * 80
    assert render_text(message) == (
        "Extension 55\n"
        "No user is assigned. It may be a room, a ring group or a shared phone.\n"
        f"\n{line}\n\n"
        "14155550100\n"
        "\n"
        "John Smith  789\n"
        "+1 415-555-0100 (My Tag) · Holmdel HQ, Holmdel\n"
        f"\n{line}\n\n"
        "Nothing found for 1002.\n"
        "Check the spelling, or try a name, number or email. Examples: /ext help\n"
        f"\n{line}\n\n"
        "Read from Vonage just now · Sep 21, 2026, 14:13 UTC"
    )
    texts = message.text.split("\n")
    assert texts[0] == "55: Extension 55, no user assigned."
    assert texts[-1] == "Read from Vonage just now."


def freshness_lines(messages: list[Message]) -> list[str]:
    """Return the lines about the age of several answers in one message."""
    message = checked(lists.answers_message([(str(i), each) for i, each in enumerate(messages)]))
    shown = render_text(message).split("\n")
    assert message.text.count("from Vonage") == sum("from Vonage" in line for line in shown)
    return [line for line in shown if "Vonage" in line]


def test_equally_old_answers_say_their_age_once_with_the_oldest_date() -> None:
    """Four rows of one copy would repeat the same line four times."""
    ages = (250, 290, 260, 255)
    rows = [extension_row.row_message(Match(JOHN, NOW - age), **CONTEXT) for age in ages]
    assert freshness_lines(rows) == ["Read from Vonage 4 min ago · Sep 21, 2026, 14:08 UTC"]


def test_answers_of_different_ages_each_say_their_age() -> None:
    """One age for all would be wrong for some of them."""
    rows = [extension_row.row_message(Match(JOHN, NOW - age), **CONTEXT) for age in (0, 250)]
    assert [line.split(" ·")[0] for line in freshness_lines(rows)] == [
        "Read from Vonage just now",
        "Read from Vonage 4 min ago",
    ]
    failed = extension_row.row_message(Match(JOHN, NOW, Unavailable()), **CONTEXT)
    assert len(freshness_lines([rows[0], failed])) == 2


def test_one_answer_among_notices_keeps_its_age() -> None:
    """An age at the end would seem to belong to the notices as well."""
    row = extension_row.row_message(Match(JOHN, NOW), **CONTEXT)
    message = lists.answers_message([("789", row), ("1", not_found.nothing_found("1"))])
    assert message.freshness is None
    assert message.text.startswith(f"789: {row.text}\n")


def test_ten_answers_fit_into_one_message() -> None:
    """Ten is the most that a person can ask at once."""
    message = checked(lists.answers_message(answer_parts(10)))
    for number in range(789, 799):
        assert f"`{number}`" in mrkdwn_of(message.payload())
        assert f"extension {number}" in message.text
    assert [line_from_value(each["value"]) for each in buttons_of(message)] == [
        str(number) for number in range(789, 799)
    ]
    assert TOO_MUCH not in render_text(message)


def test_answers_that_do_not_fit_are_cut() -> None:
    """Slack would refuse the whole message."""
    cards = [answer for n in range(20) for answer in answer_parts(3)]
    message = checked(lists.answers_message(cards))
    assert len(message.blocks) <= limits.MAX_MESSAGE_BLOCKS
    assert f"\n{TOO_MUCH}\n" in render_text(message)
    assert message.text.count("John Smith") == len(cards), "each is said, if shorter"


@settings(max_examples=40)
@given(st.lists(st.tuples(strategies.line, strategies.match), min_size=1, max_size=10))
def test_any_answers_are_safe_and_within_limits(answers) -> None:
    """Even whole cards of the largest extensions with all their buttons fit."""
    context: dict[str, Any] = {"locations": {}, "now": NOW, "shareable": True}
    cards = [
        (line, extension_card.card_message(match, **context, line=line)) for line, match in answers
    ]
    checked(lists.answers_message(cards))


def test_locations_are_sorted_by_name() -> None:
    """Each has its city, local time, count and id, as far as they are known."""
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
        "Read from Vonage 1 min ago · Sep 21, 2026, 14:11 UTC"
    )
    assert message.text == (
        "3 locations. Holmdel HQ, Holmdel, US, Mon 10:13 AM, 120 extensions, 145214; "
        "Location 2, 1 extension; London, London, UK, Mon 3:13 PM, 3. Read from Vonage 1 min ago."
    )


def test_locations_that_do_not_fit_are_counted() -> None:
    """A hint says how to see one of them."""
    rows = tuple(
        LocationCount(replace(HOLMDEL, id=str(n), name=f"Site {n:03}"), n) for n in range(500)
    )
    shown = render_text(checked(lists.locations_message(LocationList(rows, NOW), NOW)))
    named = shown.count("Site ")
    assert 50 < named < 500
    assert f"{500 - named} locations more. See one with /ext location and its name" in shown
    alone = render_text(checked(lists.locations_message(LocationList(rows, NOW), NOW, "")))
    assert "locations more. See one with location and its name" in alone


def test_matching_locations_repeat_the_query() -> None:
    """A hint says how to choose one."""
    rows = (
        LocationCount(Location("3", "London"), 2),
        LocationCount(Location("4", "Long Beach"), 1),
    )
    message = checked(lists.locations_message(LocationList(rows, NOW, query_text="lon"), NOW))
    hint = "See one with /ext location and its full name or ID."
    assert render_text(message).startswith("2 locations match “lon”\n")
    assert hint in render_text(message)
    assert message.text.startswith("2 locations match “lon”. London, 2 extensions, 3;")
    assert hint in message.text


def test_locations_without_counts_say_why() -> None:
    """The directory couldn't be read."""
    message = checked(lists.locations_message(LocationList((LocationCount(HOLMDEL),), NOW), NOW))
    assert lists.NOT_COUNTED in render_text(message)
    assert lists.NOT_COUNTED in message.text


def test_location_with_its_name_as_id_says_it_once() -> None:
    """Locations of a CSV file have no ids of their own."""
    rows = (LocationCount(Location("Holmdel HQ", "Holmdel HQ"), 2),)
    message = checked(lists.locations_message(LocationList(rows, NOW), NOW))
    assert "\nHolmdel HQ\n2 extensions\n" in render_text(message)


def test_query_for_a_person_is_a_mention() -> None:
    """In a code span people would see a user id."""
    row = extension_row.row_message(Match(JOHN, NOW), locations={}, now=NOW)
    message = checked(lists.answers_message([("<@U012AB3CD>", row), ("789", row)]))
    assert mrkdwn_of(message.payload()).startswith("<@U012AB3CD>\n")
    assert message.text.startswith("<@U012AB3CD>: John Smith")


def test_account_without_locations_says_so() -> None:
    """A failure is still shown."""
    message = checked(lists.locations_message(LocationList((), NOW, Unavailable()), NOW))
    assert render_text(message).startswith("This account has no locations.\n")
    assert "Vonage isn't answering." in message.text


@settings(max_examples=60)
@given(strategies.location_list, strategies.moment)
def test_any_locations_are_safe_and_within_limits(found, now) -> None:
    """No name breaks out of its place or breaks one of Slack's limits."""
    checked(lists.locations_message(found, now))
