"""Buttons that ask for a line of text, and links."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import query
from bot.cards import Message, action_ids
from bot.cards.buttons import actions_block, button, link_button
from bot.errors import QueryError
from tests import strategies
from tests.cards.checked import checked


def test_a_button_as_slack_takes_it() -> None:
    """Its name for the eyes, its label for the ears, and the line that it asks for."""
    built = button(action_ids.SHOW, "Show", line=" 789\n", accessibility_label="Show <John>")
    assert built == {
        "type": "button",
        "action_id": "ext_show",
        "text": {"type": "plain_text", "text": "Show"},
        "accessibility_label": "Show <John>",
        "value": '{"v":1,"q":"789"}',
    }
    assert button(
        action_ids.SHOW, "Show", line="789", accessibility_label="Show <John>", style="danger"
    ) == built | {"style": "danger"}


def test_a_link_as_slack_takes_it() -> None:
    """It opens an address and asks for nothing."""
    url = "https://acme.slack.com/team/U012AB3CD"
    assert link_button(
        action_ids.MESSAGE, "Message", url=url, accessibility_label="Message John"
    ) == {
        "type": "button",
        "action_id": "ext_message",
        "text": {"type": "plain_text", "text": "Message"},
        "accessibility_label": "Message John",
        "url": url,
    }


@pytest.mark.parametrize(
    "url",
    [
        *("", "acme.slack.com", "javascript:alert(1)", "slack://user?id=U1", "tel:+14155550100"),
        *("https://", "https://a b", "https://a\n", "https://é.example", "https://" + "a" * 501),
    ],
)
def test_only_web_addresses_are_opened(url) -> None:
    """Anything else gets no button, rather than have Slack refuse the message."""
    assert link_button(action_ids.MESSAGE, "Message", url=url, accessibility_label="x") is None


def test_a_row_of_buttons_leaves_out_what_is_not_there() -> None:
    """Whoever puts a row together need not look which buttons there are."""
    built = button(action_ids.SHOW, "Show", line="789", accessibility_label="Show")
    assert actions_block(None, built, None) == {"type": "actions", "elements": [built]}


def test_a_line_that_is_cut_is_never_another_question() -> None:
    """What is left of a line that is too long is still too long to be answered."""
    for line in ("789 " * 300, "john " * 300, "x" * 5_000):
        value = button(action_ids.SHOW, "Show", line=line, accessibility_label="Show")["value"]
        with pytest.raises(QueryError):
            query.parse(action_ids.line_from_value(value) or "", region="US")


@settings(max_examples=150)
@given(strategies.line, strategies.text, strategies.text)
def test_any_button_is_one_that_slack_takes(line, says, url) -> None:
    """Limits hold whatever is asked for, of whomever."""
    built = button(action_ids.REFRESH, "Refresh", line=line, accessibility_label=f"Refresh {says}")
    link = link_button(
        action_ids.MESSAGE, "Message", url=f"https://{url}", accessibility_label=f"Message {says}"
    )
    checked(Message("text", [actions_block(built, link)]))
    assert action_ids.line_from_value(built["value"]) is not None


@settings(max_examples=50)
@given(st.text(alphabet='"\\', min_size=350, max_size=600))
def test_a_value_stays_small(line) -> None:
    """Two of the longest leave room for a whole card."""
    assert (
        len(button(action_ids.SHARE, "Share", line=line, accessibility_label="Share")["value"])
        < 900
    )
