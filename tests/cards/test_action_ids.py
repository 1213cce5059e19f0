"""The names of what can be pressed, and what a button carries."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from bot.cards import Message, action_ids, extension_card, lists, notices
from bot.models import Listing, Match
from tests import strategies
from tests.cards.checked import buttons_of, checked
from tests.cards.examples import JOHN, LOCATIONS, NOW


@settings(max_examples=100)
@given(strategies.text)
def test_a_line_comes_back_as_it_was(line) -> None:
    """Quotes, brackets and letters of every alphabet pass through a value."""
    value = action_ids.button_value(line)
    assert action_ids.line_from_value(value) == (line if len(value) <= action_ids.LIMIT else None)


def test_a_value_says_its_version() -> None:
    """A later release can tell what an older one meant."""
    assert action_ids.button_value('who "Zoë"') == '{"v":1,"q":"who \\"Zoë\\""}'


@pytest.mark.parametrize(
    "value",
    [
        *("", "789", "{", "null", "[]", "[" * 2_000, '"789"'),
        *('{"q":"789"}', '{"v":0,"q":"789"}', '{"v":2,"q":"789"}', '{"v":"1","q":"789"}'),
        *('{"v":1}', '{"v":1,"q":null}', '{"v":1,"q":789}', '{"v":1,"q":["789"]}'),
    ],
)
def test_what_another_version_said_is_not_understood(value) -> None:
    """It is not guessed at, and breaks nothing."""
    assert action_ids.line_from_value(value) is None


def everything_to_press() -> list[Message]:
    """Messages that have every button there is."""
    match = Match(JOHN, NOW)
    card = extension_card.card_message(
        match,
        locations=LOCATIONS,
        now=NOW,
        slack_id="U012AB3CD",
        profile_url="https://acme.slack.com/team/U012AB3CD",
        line="789",
        shareable=True,
    )
    page = lists.listing_message(
        Listing((match,), page=2, pages=3),
        locations=LOCATIONS,
        now=NOW,
        heading="Directory",
        next_query="list page 3",
        previous_query="list page 1",
        buttons=True,
    )
    return [card, page, notices.share_question("789", "789", has_outsiders=True)]


def test_every_name_is_that_of_a_button_and_the_reverse() -> None:
    """Nothing can be pressed that has no name here, and no name is left from former times."""
    pressed = [each for message in everything_to_press() for each in buttons_of(checked(message))]
    assert sorted(each["action_id"] for each in pressed) == sorted(action_ids.ALL)


def test_every_button_carries_a_line_or_an_address_and_a_label_of_its_own() -> None:
    """Without what stands around it, a screen reader still says what a button does."""
    for message in everything_to_press():
        buttons = buttons_of(message)
        for each in buttons:
            assert action_ids.line_from_value(each.get("value", "")) or each["url"].startswith(
                "https://"
            )
            assert each["accessibility_label"] != each["text"]["text"]
        assert len({each["accessibility_label"] for each in buttons}) == len(buttons)
