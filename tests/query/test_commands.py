"""Commands other than lists."""

from __future__ import annotations

import pytest

from bot.query import (
    Audit,
    Changes,
    Email,
    Filters,
    Help,
    List,
    Name,
    Number,
    Person,
    Refresh,
    Share,
    Status,
    parse,
)
from tests.query.reading import ME, abroad, numbers, read, us


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
        ("share list page 2", List(page=2, words="")),
        ("share dnd:on", List(filters=Filters(dnd=True), words="")),
        ("share location 145214", List(filters=Filters(location="145214"), words="")),
        ("share help desk", Name("help desk")),
    ],
)
def test_what_can_be_shared(text, query):
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
def test_what_can_be_refreshed(text, query):
    """One number, phone number or email can be asked of Vonage now."""
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
def test_commands_without_arguments(text, query):
    """A command that takes nothing is one alone, and before words that go with it."""
    assert read(text) == query


@pytest.mark.parametrize(
    "text", ["status desk", "changes team", "audit team", "help desk", "Changes Page"]
)
def test_commands_without_arguments_can_begin_a_name(text):
    """Before other words the same command is part of a name."""
    assert read(text) == Name(text)


@pytest.mark.parametrize(
    "text", ["Shane 789", "Lisa 3", "Room 2", "lst", "shar john", "lst page 2 foo"]
)
def test_a_name_like_a_command_stays_a_name(text):
    """Only where nothing else makes sense is a word taken for a misspelt command."""
    assert isinstance(read(text), Name)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("share 789", "789"),
        ("please share who is x789?", "x789"),
        ("share list page 2", "list page 2"),
        ("share 789 790 here", "789 790"),
        ("refresh 789 now", "789"),
        ("update +1 415 555 0100", "+1 415 555 0100"),
    ],
)
def test_the_words_of_a_command_are_those_of_what_it_is_about(text, words):
    """To say what is looked up, the command before it is left out."""
    query = parse(text)
    assert isinstance(query, Share | Refresh)
    assert query.words == words
