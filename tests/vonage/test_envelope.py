"""The envelope of a response in all its shapes."""

from __future__ import annotations

import pytest

from bot.errors import UnexpectedReply
from bot.vonage import envelope

NAMES = ("extensions", "data", "extension")


@pytest.mark.parametrize(
    ("embedded", "rows"),
    [
        ({"extensions": [1, 2]}, (1, 2)),
        ({"extension": {"a": 1}}, ({"a": 1},)),
        ({"data": {"a": 1}}, ({"a": 1},)),
        ({"data": [1]}, (1,)),
        ({"extensions": {"a": 1}}, ({"a": 1},)),
        ({"extensions": []}, ()),
        ({"extensions": None}, ()),
        ({"extensions": [None]}, (None,)),
    ],
)
def test_rows_are_read_from_each_envelope(embedded, rows):
    """The live envelope, the documented one, and an object in place of an array give rows."""
    assert envelope.rows({"_embedded": embedded}, NAMES).rows == rows


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"_embedded": None},
        {"_embedded": []},
        {"_embedded": {"users": []}},
        {"_embedded": {"extensions": "many"}},
        {"_embedded": {}},
        {"_embedded": {}, "page": 1, "total_pages": 1},
        {"_embedded": {}, "total_items": 3},
        {"total_items": 3, "page": 1, "total_pages": 1},
        {"_embedded": {"extensions": []}, "total_items": 3},
        {"_embedded": {"extensions": None}, "total_items": 3, "page": 1, "total_pages": 1},
        {"_embedded": {"extensions": []}, "total_items": 250, "page": 3, "total_pages": 3},
        {"_embedded": {"data": []}, "total_items": "250", "page": "1", "total_pages": "0"},
        {"_embedded": {"extensions": []}, "total_items": 250, "page": 3, "page_size": 100},
        {"_embedded": {"extensions": []}, "page": 1, "total_pages": 3},
        {"_embedded": {"extensions": []}, "total_page": 3},
        {"extensions": [1]},
    ],
)
def test_response_without_rows_is_not_an_empty_directory(body):
    """A response without rows that does not say that there are none is unexpected."""
    with pytest.raises(UnexpectedReply):
        envelope.rows(body, NAMES)


@pytest.mark.parametrize(
    "body",
    [
        {"total_items": 0},
        {"total_items": "0", "_embedded": None},
        {"total_items": 0, "_embedded": {}},
        {"total_items": 250, "page": 9, "total_pages": 3},
        {"total_items": 250, "page": 9, "total_pages": 3, "_embedded": {}},
        {"total_items": 250, "page": 4, "total_pages": 9, "page_size": 100, "_embedded": {}},
        {"total_items": 0, "_embedded": {"extensions": []}},
        {"total_items": 0, "page": 1, "total_pages": 1, "_embedded": {"extensions": None}},
        {"page": 1, "total_pages": 1, "_embedded": {"extensions": []}},
        {"page": 1, "total_pages": 0, "_embedded": {}},
        {"page": 7, "_embedded": {"extensions": []}},
    ],
)
def test_counts_can_say_that_there_are_no_rows(body):
    """Missing rows are accepted where the counts leave room for none."""
    assert envelope.rows(body, NAMES).rows == ()


def test_paging_is_read_from_numbers_and_texts():
    """Page numbers come as integers, floats or texts, and under the Reports API's name too."""
    body = {
        "_embedded": {"extensions": [1]},
        "page": "2",
        "page_size": 100.0,
        "total_page": 7,
        "total_items": "not a number",
    }
    assert envelope.rows(body, NAMES) == envelope.EnvelopeRows(
        (1,), page=2, page_size=100, total_pages=7, total_items=None
    )


@pytest.mark.parametrize("value", [True, None, "", "x", [], {}, float("inf"), float("nan")])
def test_count_that_is_no_integer_is_none(value):
    """A count that is not a number counts as missing."""
    assert envelope.to_int(value) is None
