"""The pager: buttons that keep their place, hints that people can type."""

from __future__ import annotations

import pytest

from bot.cards import Message
from bot.cards.buttons import line_from_value
from bot.cards.pager import pager_blocks, typed_query
from bot.cards.terminal import render_text
from bot.query import parse
from bot.query.model import Filters, List
from bot.query.unparse import unparse
from tests.cards.checked import buttons_of

QUERIES = {"previous_query": "list page 1 before:120", "next_query": "list page 3 after:173"}


def test_pager_buttons_carry_where_the_page_begins() -> None:
    """The page stays the same when somebody joins between two presses."""
    buttons = buttons_of(Message("", pager_blocks(2, 1_204, **QUERIES, buttons=True)))
    assert [line_from_value(each["value"]) for each in buttons] == [
        "list page 1 before:120",
        "list page 3 after:173",
    ]
    labels = [each["accessibility_label"] for each in buttons]
    assert labels == ["Previous page, 1 of 1,204", "Next page, 3 of 1,204"]


def test_pager_hints_are_what_people_type() -> None:
    """A hint has a page number, since `after:173` means nothing to a person."""
    queries = {name: f"/ext {query}" for name, query in QUERIES.items()}
    hints = Message("", pager_blocks(2, 3, **queries, buttons=False))
    assert render_text(hints) == "Next page: /ext list page 3\nPrevious page: /ext list page 1"


@pytest.mark.parametrize("buttons", [True, False])
def test_pager_of_a_single_page_is_empty(buttons) -> None:
    """There is nothing to press or to type."""
    assert pager_blocks(1, 1, previous_query="", next_query="", buttons=buttons) == []


@pytest.mark.parametrize(
    "filters",
    [Filters(), Filters(tag="after:5"), Filters(location="x before:7"), Filters(email="a@b.c")],
)
def test_typed_query_means_the_same_page_and_filters(filters) -> None:
    """Only the edge of the page is removed, not a filter that looks like one."""
    for edge in ({"after": "173"}, {"before": "120"}, {}):
        query = typed_query(unparse(List(filters=filters), page=3, **edge))
        assert parse(query) == List(page=3, filters=filters, typed=query)
