"""The table of commands, and the commands other than lists."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.query import EXAMPLES, command_of, parse
from bot.query.commands import COMMANDS, WORDS, Takes, has_pages, words_that_take
from bot.query.model import (
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
    PagedQuery,
    Person,
    Query,
    Refresh,
    Share,
    Status,
)
from tests.query.queries import ME, abroad, numbers, read, us, without_typed

# What each example of help is read as, in the order of help.
EXAMPLE_QUERIES = [
    Number("789"),
    Name("john smith"),
    Name("jhon smith"),
    Name("jsmith", "jsmith"),
    abroad("14155550100"),
    Email("john.smith@example.com"),
    numbers("789", "790", "1001"),
    ME,
    List(page=2, typed=""),
    List(filters=Filters(location="Holmdel HQ"), typed=""),
    List(filters=Filters(location="145214"), typed=""),
    Locations(),
    Share(Number("789")),
    Refresh(Number("789")),
    Status(),
    Help(),
    Export(),
    Changes(),
    Audit(),
]


def test_every_kind_of_query_has_one_row():
    """The table is complete, so a query always finds its row."""
    rows = [command.query_type for command in COMMANDS]
    assert len(rows) == len(set(rows))
    assert set(rows) == set(get_args(Query))


def test_every_word_stands_for_one_command():
    """No word is in the table twice, and all are in lower case, as the parser looks them up."""
    words = [text for row in COMMANDS for word in row.words for text in (word.text, *word.aliases)]
    assert len(words) == len(set(words)) == len(WORDS)
    assert all(word == word.lower() for word in words)


@pytest.mark.parametrize("query", EXAMPLE_QUERIES)
def test_row_of_query_is_the_one_of_its_type(query):
    """A query leads to the row of its own kind."""
    assert command_of(query).query_type is type(query)


def test_queries_for_admins_are_export_changes_and_audit():
    """Nothing else is kept from members, and none of these is open to them."""
    assert {row.query_type for row in COMMANDS if row.admins_only} == {Export, Changes, Audit}


def test_pageable_queries_are_those_with_a_page():
    """A query has pages if and only if it has a field for one, and its type says so."""
    pageable = {row.query_type for row in COMMANDS if row.pageable}
    assert pageable == {row.query_type for row in COMMANDS if hasattr(row.query_type, "page")}
    assert pageable == set(get_args(PagedQuery))
    assert has_pages(List())
    assert not has_pages(Number("789"))


def test_aliases_are_never_suggested():
    """Words for a misspelled one are the commands' own."""
    assert words_that_take(Takes.LOOKUP) == ("share", "refresh")
    assert words_that_take(Takes.FILTERS) == ("list", "export")
    assert words_that_take(Takes.LOCATION) == ("location",)


@pytest.mark.parametrize("word", WORDS)
def test_help_with_any_command_is_help(word):
    """`help` before a command asks for help, as there is no help for one command alone."""
    assert parse(f"help {word}") == Help()


def test_examples_are_read_as_their_rows_kind():
    """Each example of help is read as the query that it stands for."""
    queries = [without_typed(parse(example.text)) for example in EXAMPLES]
    assert queries == EXAMPLE_QUERIES
    rows = [row.query_type for row in COMMANDS for _ in row.examples]
    assert [type(query) for query in queries] == rows


def test_examples_have_a_short_meaning_and_no_duplicates():
    """Each example has a meaning of a few words, and none is there twice."""
    assert all(0 < len(example.meaning) <= 40 for example in EXAMPLES)
    assert len({example.text for example in EXAMPLES}) == len(EXAMPLES)


def test_examples_for_admins_come_last_and_say_so():
    """Everybody reads the help, so it says what is not for everybody."""
    admins = [example.admins for example in EXAMPLES]
    assert admins == sorted(admins)
    assert all(example.meaning.startswith("for admins: ") == example.admins for example in EXAMPLES)
    assert all(
        example.admins == command_of(parse(example.text)).admins_only for example in EXAMPLES
    )


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("share 789", Number("789")),
        ("Share: x789", Number("789")),
        ("please share 789", Number("789")),
        ("can you share 789, please?", Number("789")),
        ("share 789 here", Number("789")),
        ("share 789 with the team", Number("789")),
        ("share 789 in this channel", Number("789")),
        ("share who is 789?", Number("789")),
        ("share 789 790", numbers("789", "790")),
        ("share john smith", Name("john smith")),
        ("share <@U1>", Person("U1")),
        ("share me", ME),
        ("share john@example.com", Email("john@example.com")),
        ("share list page 2", List(page=2, typed="")),
        ("share dnd:on", List(filters=Filters(dnd=True), typed="")),
        ("share location 145214", List(filters=Filters(location="145214"), typed="")),
        ("share help desk", Name("help desk")),
    ],
)
def test_share_of_lookup_or_list_is_read(text, query):
    """A lookup or a list can be shared, however it is asked for."""
    assert read(text) == Share(query)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("refresh 789", Number("789")),
        ("refresh x789", Number("789")),
        ("refresh extension 789", Number("789")),
        ("Refresh: 789", Number("789")),
        ("refresh 789 now", Number("789")),
        ("refresh +1 415 555 0100", abroad("14155550100")),
        ("refresh (415) 555-0100", us("4155550100")),
        ("refresh <tel:+14155550100|+14155550100>", abroad("14155550100")),
        ("refresh john@example.com", Email("john@example.com")),
        ("please refresh 789", Number("789")),
        ("update 789", Number("789")),
        ("Update: x789", Number("789")),
    ],
)
def test_refresh_of_number_or_email_is_read(text, query):
    """One extension, phone number or email can be refreshed."""
    assert read(text) == Refresh(query)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("status", Status()),
        ("Status?", Status()),
        ("status please", Status()),
        ("status report", Status()),
        ("show status", Status()),
        ("show me the status", Status()),
        ("changes", Changes()),
        ("changes since monday", Changes()),
        ("changes page 2", Changes(2)),
        ("changes, page: 3", Changes(3)),
        ("show me the changes since monday, page 4", Changes(4)),
        ("audit", Audit()),
        ("audit now", Audit()),
        ("audit all", Audit()),
        ("audit report", Audit()),
        ("help audit", Help()),
    ],
)
def test_command_alone_or_with_fillers_is_read(text, query):
    """A command that takes nothing is read alone, and before words that add nothing to it."""
    assert read(text) == query


@pytest.mark.parametrize(
    "text", ["status desk", "changes team", "audit team", "help desk", "Changes Page"]
)
def test_command_word_before_other_words_is_a_name(text):
    """Before other words than its own a command is part of a name."""
    assert read(text) == Name(text)


@pytest.mark.parametrize(
    "text", ["Shane 789", "Lisa 3", "Room 2", "lst", "shar john", "lst page 2 foo"]
)
def test_name_like_a_command_stays_a_name(text):
    """A word is only taken for a misspelled command if nothing else makes sense."""
    assert isinstance(read(text), Name)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("share 789", "789"),
        ("please share who is x789?", "x789"),
        ("share list page 2", "list page 2"),
        ("share 789 790 here", "789 790"),
        ("refresh 789 now", "789"),
        ("update +1 415 555 0100", "+1 415 555 0100"),
    ],
)
def test_typed_text_of_command_leaves_the_command_out(text, typed):
    """A share or refresh keeps the text of its lookup, which answers repeat."""
    query = parse(text)
    assert isinstance(query, Share | Refresh)
    assert query.typed == typed
