"""The names of what can be pressed, and what a button carries."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from bot import limits
from bot.cards import Message, action_ids, extension_card, lists, notices
from bot.cards.buttons import button_value, line_from_value
from bot.models import Listing, Match
from tests import strategies
from tests.cards.checked import buttons_of, checked
from tests.cards.examples import JOHN, LOCATIONS, NOW


@settings(max_examples=100)
@given(strategies.text)
def test_query_survives_the_button_value(line) -> None:
    """Quotes, brackets and letters of every alphabet survive the JSON of the value."""
    value = button_value(line)
    assert line_from_value(value) == (line if len(value) <= limits.MAX_BUTTON_VALUE_CHARS else None)


def test_button_value_has_a_version() -> None:
    """A later release can tell what an older one meant."""
    assert button_value('who "Zoë"') == '{"v":1,"q":"who \\"Zoë\\""}'


@pytest.mark.parametrize(
    "value",
    [
        *("", "789", "{", "null", "[]", "[" * 2_000, '"789"'),
        *('{"q":"789"}', '{"v":0,"q":"789"}', '{"v":2,"q":"789"}', '{"v":"1","q":"789"}'),
        *('{"v":1}', '{"v":1,"q":null}', '{"v":1,"q":789}', '{"v":1,"q":["789"]}'),
    ],
)
def test_value_of_another_version_is_none(value) -> None:
    """The query of another version's button is not guessed."""
    assert line_from_value(value) is None


def messages_with_every_button() -> list[Message]:
    """Return messages that have every button."""
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


def test_each_action_id_has_a_button_and_each_button_an_action_id() -> None:
    """No action id is left over from an older release."""
    pressed = [
        each for message in messages_with_every_button() for each in buttons_of(checked(message))
    ]
    assert sorted(each["action_id"] for each in pressed) == sorted(action_ids.ALL)


def test_each_button_has_a_query_or_url_and_its_own_label() -> None:
    """A screen reader says what a button does without the text around it."""
    for message in messages_with_every_button():
        buttons = buttons_of(message)
        for each in buttons:
            assert line_from_value(each.get("value", "")) or each["url"].startswith("https://")
            assert each["accessibility_label"] != each["text"]["text"]
        assert len({each["accessibility_label"] for each in buttons}) == len(buttons)
