"""Which given names belong together, in English and in other languages."""

from __future__ import annotations

import pytest

from bot import limits
from bot.directory.search.name_variants import GROUPS_OF_NAME
from bot.directory.search.nicknames import related_names
from bot.directory.search.normalize import normalize


@pytest.mark.parametrize(
    ("word", "close"),
    [("bob", "robert"), ("bill", "william"), ("robert", "bob"), ("kasia", "katarzyna"),
     ("katarzyna", "kasia"), ("pepe", "jose"), ("liz", "elizabeth")],
)  # fmt: skip
def test_related_names_of_nickname_and_full_name_are_close(word, close):
    """A nickname finds the full name, and the other way round."""
    assert close in related_names(word)[0]


@pytest.mark.parametrize(("word", "distant"), [("bob", "rob"), ("fred", "wilfred")])
def test_related_names_of_other_forms_are_at_least_distant(word, distant):
    """Two nicknames of one name are related, if less surely."""
    direct, others = related_names(word)
    assert distant in [*direct, *others]


@pytest.mark.parametrize("word", ["bob", "chris", "kasia", "sasha", "xyzzy", "o", ""])
def test_related_names_are_limited_distinct_and_without_the_word(word):
    """A name is in one of the two lists at most, and never related to itself."""
    close, distant = related_names(word)
    assert word not in [*close, *distant]
    assert len({*close, *distant}) == len(close) + len(distant)
    assert len(close) <= limits.MAX_NICKNAMES
    assert len(distant) <= limits.MAX_NICKNAMES


def test_related_names_of_unknown_word_are_none():
    """A surname has no nicknames."""
    assert related_names("xyzzy") == ([], [])


def test_name_variants_are_normalized():
    """A variant with an accent or a capital would never match a typed word."""
    assert [name for name in GROUPS_OF_NAME if normalize(name) != name] == []


def test_name_variants_of_ambiguous_name_are_in_each_group():
    """*sandra* is short for Alessandra, and *chris* for Christian, Christina and Christopher."""
    assert len(GROUPS_OF_NAME["chris"]) == 3
    assert all("chris" in group for group in GROUPS_OF_NAME["chris"])


def test_indented_line_continues_name_variants():
    """The long group of Margaret is one group over two lines."""
    (group,) = GROUPS_OF_NAME["peggy"]
    assert "malgorzata" in group
