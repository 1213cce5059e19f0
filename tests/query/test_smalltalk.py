"""Questions and politeness around a query."""

from __future__ import annotations

import pytest

from bot.query import parse
from bot.query.model import Email, Filters, List, Name, Number, SingleQuery
from tests.query.queries import HELP, ME, abroad, numbers, read, several, us

JOHN = Name("john", "john")
JOHN_SMITH = Name("John Smith")


@pytest.mark.parametrize(
    "text",
    [
        "who 789",
        "who is 789",
        "who is 789?",
        "Who is 789 ?",
        "who's 789?",
        "whois 789",
        "Whois x789?",
        "who’s 789?",
        "whos 789",
        "who is x789",
        "who is ext. 789?",
        "who is extension 789?",
        "who is at 789",
        "who is on extension 789?",
        "who is behind 789?",
        "who is this: 789",
        "who has 789?",
        "who owns 789",
        "who uses extension 789?",
        "who does 789 belong to?",
        "who called me from 789?",
        "who is calling from 789",
        "who is the owner of 789?",
        "whose number is 789?",
        "whose extension is 789",
        "whose extension is this: 789?",
        "whose is 789?",
        "what is 789?",
        "find 789",
        "look up 789",
        "lookup 789",
        "search 789",
        "search for 789",
        "call 789",
        "dial 789",
        "show 789",
        "show me 789",
        "get me 789",
        "please find 789, thanks",
        "hey, who is 789 please?",
        "Hi! Who is 789?",
        "hello ext, who's 789?",
        "hey ext 789",
        "can you tell me who has 789?",
        "could someone please look up 789?",
        "do you know who 789 is?",
        "I want to know whose number is 789",
        "I need 789",
        "help me find 789",
        "/ext 789",
        "789 please",
        "789, thank you!",
        "*who* is *789*?",
        "👋 who is 789",
        ":wave: who is 789",
    ],
)
def test_question_about_number_is_a_lookup(text):
    """However somebody asks about 789, the query is 789."""
    assert read(text) == Number("789")


@pytest.mark.parametrize(
    "text",
    [
        "who is John Smith?",
        "who John Smith",
        "find John Smith",
        "look up John Smith",
        "call John Smith",
        "where is John Smith?",
        "what's the extension of John Smith?",
        "what is the extension number for John Smith?",
        "What is John Smith's extension?",
        "What is John Smith’s phone number?",
        "what number does John Smith have?",
        "which extension does John Smith have",
        "what extension is John Smith",
        "extension of John Smith",
        "the phone number for John Smith",
        "email of John Smith",
        "location of John Smith",
        "John Smith's extension",
        "John Smith extension",
        "how do I reach John Smith?",
        "I need to reach John Smith",
        "I'd like to call John Smith, please",
        "I'm looking for John Smith",
        "is there a John Smith?",
        "name: John Smith",
        "hi John Smith",
    ],
)
def test_question_about_person_is_a_lookup(text):
    """However somebody asks about John Smith, the query is that name."""
    assert read(text) == JOHN_SMITH


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("whose number is +1 415 555 0100?", abroad("14155550100")),
        ("who owns (415) 555-0100?", us("4155550100")),
        ("who is 789 and 790?", numbers("789", "790")),
        ("who are 789, 790 and 1001?", numbers("789", "790", "1001")),
        ("who is john@example.com?", Email("john@example.com")),
        ("john@example.com's extension", Email("john@example.com")),
        ("who is smith, john?", Name("john smith")),
        ("what is john's number", JOHN),
        ("who is john, 789", several(JOHN, Number("789"))),
        ("who is the receptionist?", Name("receptionist", "receptionist")),
        ("who is An Nguyen", Name("An Nguyen")),
        ("who is unassigned?", List(filters=Filters(unassigned=True), typed="")),
        ("who dnd:on", List(filters=Filters(dnd=True), typed="")),
        ("show me the list", List(typed="")),
        ("show page 2", List(page=2, typed="")),
    ],
)
def test_question_about_other_query_is_read(text, query):
    """Any kind of query can be asked for in a sentence."""
    assert read(text) == query


@pytest.mark.parametrize("word", ["status", "help", "list", "share", "refresh", "locations"])
def test_command_word_after_who_is_a_name(word):
    """After `who` a command word is a name, alone or with more of it."""
    assert read(f"who {word}") == Name(word, word)
    assert read(f"who is {word} jones?") == Name(f"{word} jones")
    assert read(f"find {word} jones") == Name(f"{word} jones")


@pytest.mark.parametrize(
    "text",
    [
        "me",
        "Me",
        "me!",
        "me please",
        "myself",
        "who am i",
        "whoami",
        "Whoami?",
        "whois me",
        "Who am I?",
        "who is me?",
        "my extension",
        "my own number",
        "what's my extension?",
        "what is my phone number",
        "show me",
        "show my card",
    ],
)
def test_words_for_oneself_mean_the_asker(text):
    """`me`, `my extension` and the like mean the person who asks."""
    assert read(text) == ME


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        "\u200b",
        "?",
        "???",
        "help",
        "HELP",
        "--help",
        "—help",
        "-help",
        "-h",
        "/ext --help",
        "Help!",
        "help please",
        "help me",
        "help list",
        "help with filters",
        "usage",
        "what can you do?",
        "how does this work?",
        "hi",
        "Hello!",
        "hey there",
        "hi all",
        "thanks",
        "thank you!",
        "ok",
        "please",
        "/ext",
    ],
)
def test_greeting_or_call_for_help_is_help(text):
    """An empty text, a greeting and a call for help all mean help."""
    assert read(text) == HELP


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("789", "789"),
        ("who is x789?", "x789"),
        ("ext. 789", "ext. 789"),
        ("Who is John  Smith's extension?", "John Smith"),
        ("<tel:+14155550100|+1 415 555 0100>", "+1 415 555 0100"),
        ("who am i?", "who am i"),
        ("who is <@U012AB3CD|ann>", "<@U012AB3CD>"),
        ("Smith, John", "Smith, John"),
    ],
)
def test_typed_text_of_item_leaves_the_question_out(text, typed):
    """An item keeps the text that was typed for it, without the question around it."""
    query = parse(text)
    assert isinstance(query, SingleQuery)
    assert query.typed == typed
