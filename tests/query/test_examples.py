"""The examples that help shows."""

from __future__ import annotations

import pytest

from bot.errors import QueryError
from bot.query import (
    EXAMPLES,
    Audit,
    Changes,
    Email,
    Export,
    Filters,
    Help,
    List,
    Locations,
    Name,
    Number,
    Refresh,
    Share,
    Status,
    parse,
    problems,
)
from bot.query.problems import Problem
from tests.query.reading import ME, abroad, numbers, wordless

MEANT = [
    Number("789"),
    Name("john smith"),
    abroad("14155550100"),
    Email("john.smith@example.com"),
    Name("jhon smith"),
    Name("jsmith", "jsmith"),
    numbers("789", "790", "1001"),
    ME,
    List(page=2, words=""),
    List(filters=Filters(location="Holmdel HQ"), words=""),
    List(filters=Filters(location="145214"), words=""),
    Locations(),
    Share(Number("789")),
    Refresh(Number("789")),
    Status(),
    Help(),
    Export(),
    Changes(),
    Audit(),
]


def test_every_example_means_what_it_should():
    """Each example is read as the kind of query that it stands for."""
    assert [wordless(parse(example.text)) for example in EXAMPLES] == MEANT


def test_every_example_says_what_it_gives():
    """Each example has a meaning of a few words, and none is there twice."""
    assert all(0 < len(example.meaning) <= 40 for example in EXAMPLES)
    assert len({example.text for example in EXAMPLES}) == len(EXAMPLES)


def test_what_admins_alone_may_ask_stands_last_and_says_so():
    """Everybody reads the help, so it says what is not for everybody."""
    marked = [example.admins for example in EXAMPLES]
    assert marked == sorted(marked)
    assert {example.text for example in EXAMPLES if example.admins} == {
        "export",
        "changes",
        "audit",
    }
    assert all(("admins" in example.meaning) == example.admins for example in EXAMPLES)


PROBLEMS = {name: each for name, each in vars(problems).items() if isinstance(each, Problem)}


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_problem_has_an_example_that_works(name):
    """What is said about words that cannot be read ends in a query that can."""
    try:
        parse(PROBLEMS[name].example)
    except QueryError as error:
        pytest.fail(f"{name}: {error}")
