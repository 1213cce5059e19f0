"""Pages of names: `john page 2`."""

from __future__ import annotations

import pytest

from bot.errors import QueryError
from bot.query import parse
from bot.query.model import Email, Name, Number, Share, Status
from bot.query.problems import NOT_A_PAGE
from tests.query.reading import numbers, read


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("john page 2", Name("john", "john", page=2)),
        ("who john smith page 3", Name("john smith", page=3)),
        ("who is jhon smith? page 2", Name("jhon smith", page=2)),
        ("smith, john, page 2", Name("john smith", page=2)),
        ("smith, john page:2", Name("john smith", page=2)),
        ("John Page 02", Name("John", "John", page=2)),
        ("john page 2, please", Name("john", "john", page=2)),
        ("who is john's extension page 2?", Name("john", "john", page=2)),
        ("Larry Page", Name("Larry Page")),
        ("Larry Page page 2", Name("Larry Page", page=2)),
        ("who status page 2", Name("status", "status", page=2)),
        ("who page 2", Name("page 2")),
        ("homepage 2", Name("homepage 2")),
        ("john page 2nd", Name("john page 2nd")),
        ("Conference Room 789 page 2", Name("Conference Room 789", page=2)),
        ('who "smith, john" page 2', Name("smith, john", page=2)),
        ("田中 page 2", Name("田中", page=2)),
        ("share john smith page 2", Share(Name("john smith", page=2))),
    ],
)
def test_a_name_can_have_a_page(text, name):
    """The page behind a name is which of those found are shown, and no part of the name."""
    assert read(text) == name


def test_the_words_of_a_paged_name_are_the_name_alone():
    """So that a heading can repeat them beside the page."""
    query = parse("who is Jhon  Smith, page 2")
    assert isinstance(query, Name)
    assert query.words == "Jhon Smith"


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("status page 2", Status()),
        ("789 page 2", Name("789 page 2")),
        ("ext 789 page 2", Number("789")),
        ("ext 789, ext 790 page 2", numbers("789", "790")),
        ("john@example.com page 2", Email("john@example.com")),
    ],
)
def test_what_is_no_name_has_no_pages(text, query):
    """Numbers and emails are read as before."""
    assert read(text) == query


@pytest.mark.parametrize("text", ["john page 0", "who john smith page -1", "john page 12345678"])
def test_a_page_that_cannot_be_is_refused(text):
    """The error points at the number."""
    with pytest.raises(QueryError) as caught:
        parse(text)
    error = caught.value
    assert error.problem == NOT_A_PAGE.message
    assert error.text[error.start : error.end] == text.rpartition(" ")[2]
