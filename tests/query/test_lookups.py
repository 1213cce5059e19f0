"""Emails, people, and items of different kinds beside each other."""

from __future__ import annotations

import pytest

from bot.query.model import Email, Name, Number, Person
from tests.query.queries import abroad, read, several, us

LONDON = "442079460958"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("john.smith@example.com", "john.smith@example.com"),
        ("John.Smith@Example.COM", "john.smith@example.com"),
        ("john+test@example.co.uk", "john+test@example.co.uk"),
        ("o'brien@example.com", "o'brien@example.com"),
        ("ü.ñ@bücher.de", "ü.ñ@bücher.de"),
        ("<john@example.com>", "john@example.com"),
        ("(john@example.com)", "john@example.com"),
        ("john@example.com.", "john@example.com"),
        ("mailto:john@example.com", "john@example.com"),
        ("<mailto:john@example.com|john@example.com>", "john@example.com"),
        ("<mailto:john@example.com>", "john@example.com"),
        ("<mailto:john%2Bx@example.com?subject=Hi>", "john+x@example.com"),
        ("<mailto:john@example.com|John Smith>", "john@example.com"),
        ("John Smith <mailto:john@example.com|john@example.com>", "john@example.com"),
        ("John Smith <john@example.com>", "john@example.com"),
        ("email john@example.com", "john@example.com"),
    ],
)
def test_email_is_read_in_lower_case(text, address):
    """An email is read in lower case, and counts more than the name beside it."""
    assert read(text) == Email(address)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("<@U012AB3CD>", Person("U012AB3CD")),
        ("<@U012AB3CD|ann>", Person("U012AB3CD")),
        ("<@W012AB3CD>", Person("W012AB3CD")),
        ("who is <@U012AB3CD>?", Person("U012AB3CD")),
        ("<@U012AB3CD>'s extension", Person("U012AB3CD")),
        ("<@U1><@U2>", several(Person("U1"), Person("U2"))),
        ("who <@U1|ann> <@U2|bob>", several(Person("U1"), Person("U2"))),
        ("<@U1>, <@U2> and 789", several(Person("U1"), Person("U2"), Number("789"))),
        ("<@U1> <@U1>", Person("U1")),
        ("@ann", Name("ann", "ann")),
    ],
)
def test_person_is_read_by_slack_id(text, query):
    """A person is read by Slack's user ID; a name that Slack did not know stays a name."""
    assert read(text) == query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("john smith ext 789", Number("789")),
        ("John Smith, extension 789", several(Name("John Smith"), Number("789"))),
        ("call John at +1 415 555 0100", abroad("14155550100")),
        ("Sales +1 415 555 0100", abroad("14155550100")),
        ("John Smith <@U1>", Person("U1")),
    ],
)
def test_unambiguous_item_counts_more_than_name_beside_it(text, query):
    """Words around an unambiguous number are not looked up."""
    assert read(text) == query


MIXED = [
    ("+14155550100 789", (abroad("14155550100"), Number("789"))),
    ("+1 415 555 0100 789", (abroad("14155550100"), Number("789"))),
    ("+14155550100 +14155550101", (abroad("14155550100"), abroad("14155550101"))),
    ("+44 20 7946 0958 +1 415 555 0100", (abroad(LONDON), abroad("14155550100"))),
    ("(415) 555-0100 (415) 555-0101", (us("4155550100"), us("4155550101"))),
    (
        "415 555 0100 415 555 0101",
        (us("4155550100", "415", "555", "0100"), us("4155550101", "415", "555", "0101")),
    ),
    ("789 415-555-0100", (Number("789"), us("4155550100"))),
    ("789 14155550100", (Number("789"), abroad("14155550100"))),
    ("+1 415 555 0100 x789", (abroad("14155550100"), Number("789"))),
    ("415-555-0100 ext. 789", (us("4155550100"), Number("789"))),
    ("415-555-0100x789", (us("4155550100"), Number("789"))),
    ("+1-415-555-0100;ext=789", (abroad("14155550100"), Number("789"))),
    ("415 555 0100, 789", (us("4155550100", "415", "555", "0100"), Number("789"))),
    ("789, john@example.com", (Number("789"), Email("john@example.com"))),
    ("789 john@example.com", (Number("789"), Email("john@example.com"))),
    ("john smith, 789", (Name("john smith"), Number("789"))),
    ("789 and john smith", (Number("789"), Name("john smith"))),
]


@pytest.mark.parametrize(("text", "items"), MIXED)
def test_different_kinds_of_items_are_read_together(text, items):
    """Numbers, phone numbers with extensions, emails and names can stand in one line."""
    assert read(text) == several(*items)
