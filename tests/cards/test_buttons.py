"""Buttons that ask for a line of text, and links."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import query
from bot.cards import Message, action_ids
from bot.cards.buttons import actions_block, button, line_from_value, link_button
from bot.errors import QueryError
from tests import strategies
from tests.cards.checked import checked


def test_button_has_name_label_and_query() -> None:
    """The label is for screen readers."""
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


def test_link_button_opens_an_address() -> None:
    """It asks no query."""
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
def test_link_button_of_no_web_address_is_none(url) -> None:
    """Slack would refuse the whole message."""
    assert link_button(action_ids.MESSAGE, "Message", url=url, accessibility_label="x") is None


def test_actions_block_leaves_out_none() -> None:
    """Callers needn't check which buttons exist."""
    built = button(action_ids.SHOW, "Show", line="789", accessibility_label="Show")
    assert actions_block(None, built, None) == {"type": "actions", "elements": [built]}


def test_query_that_is_cut_is_still_too_long() -> None:
    """A shorter rest could be another query."""
    for line in ("789 " * 300, "john " * 300, "x" * 5_000):
        value = button(action_ids.SHOW, "Show", line=line, accessibility_label="Show")["value"]
        with pytest.raises(QueryError):
            query.parse(line_from_value(value) or "", region="US")


@settings(max_examples=150)
@given(strategies.line, strategies.text, strategies.text)
def test_any_button_is_within_limits(line, says, url) -> None:
    """No query, name or address breaks one of Slack's limits."""
    built = button(action_ids.REFRESH, "Refresh", line=line, accessibility_label=f"Refresh {says}")
    link = link_button(
        action_ids.MESSAGE, "Message", url=f"https://{url}", accessibility_label=f"Message {says}"
    )
    checked(Message("text", [actions_block(built, link)]))
    assert line_from_value(built["value"]) is not None


@settings(max_examples=50)
@given(st.text(alphabet='"\\', min_size=350, max_size=600))
def test_button_value_stays_small(line) -> None:
    """Two of the longest leave space for a whole card."""
    assert (
        len(button(action_ids.SHARE, "Share", line=line, accessibility_label="Share")["value"])
        < 900
    )
