"""What is said about text that cannot be read."""

from __future__ import annotations

import pytest

from bot.query import parse, problems
from bot.query.filters import NAMES, example_of
from bot.query.model import Filters, List
from bot.query.problems import Problem

PROBLEMS = {name: value for name, value in vars(problems).items() if isinstance(value, Problem)}


@pytest.mark.parametrize("name", PROBLEMS)
def test_problem_example_can_be_read(name):
    """Every problem ends in a query that the grammar reads."""
    parse(PROBLEMS[name].example)


@pytest.mark.parametrize("name", PROBLEMS)
def test_problem_message_is_one_short_text(name):
    """A message fits beside the person's text on a phone, and ends like a sentence."""
    message = PROBLEMS[name].message
    assert len(message) <= 80
    assert message.endswith((".", "?"))


@pytest.mark.parametrize("name", NAMES)
def test_filter_example_sets_that_filter(name):
    """The example for each filter is a list with exactly that filter."""
    query = parse(example_of(name))
    assert isinstance(query, List)
    unset = Filters()
    changed = [field for field in NAMES if getattr(query.filters, field) != getattr(unset, field)]
    assert changed == [name]
