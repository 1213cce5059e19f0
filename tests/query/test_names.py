"""Names, login names, emails and people."""

from __future__ import annotations

import pytest

from bot.query.model import Email, Name, Number, Person
from tests.query.reading import ME, abroad, names, read, several


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("john smith", "john smith"),
        ("John  Smith", "John Smith"),
        ("smith, john", "john smith"),
        ("Smith,John", "John Smith"),
        ("Smith, John Paul", "John Paul Smith"),
        ("van der Berg, Anna", "Anna van der Berg"),
        ("John Smith, Jr.", "John Smith Jr"),
        ("O'Brien", "O'Brien"),
        ("O’Brien, Conan", "Conan O'Brien"),
        ("'O'Brien'", "O'Brien"),
        ("José Wałęsa", "José Wałęsa"),
        ("Jose\u0301 Garci\u0301a", "José García"),
        ("Müller", "Müller"),
        ("田中", "田中"),
        ("田中 太郎", "田中 太郎"),
        ("Ελένη", "Ελένη"),
        ("रवि", "रवि"),
        ("محمد علي", "محمد علي"),
        ("Kealiʻi", "Kealiʻi"),
        ("J. Smith", "J. Smith"),
        ("Dr. Smith", "Dr. Smith"),
        ("John Smith (Sales)", "John Smith Sales"),
        ("Conference Room 3", "Conference Room 3"),
        ("Room 12b", "Room 12b"),
        ("Room #3", "Room 3"),
        ("Meeting Room No. 3", "Meeting Room No. 3"),
        ("1001 Main", "1001 Main"),
        ("789 john smith", "789 john smith"),
        ("Phone 3", "Phone 3"),
        ("Suite x12", "Suite x12"),
        ("R&D", "R&D"),
        ("R&amp;D", "R&D"),
        ("R & D", "R & D"),
        ('"john smith"', "john smith"),
        ("'john smith'", "john smith"),
        ("“john smith”", "john smith"),
        ("Attn: John", "Attn John"),
        ("@Ann Smith", "Ann Smith"),
        ("Will Status", "Will Status"),
        ("Helen List", "Helen List"),
        ("Mark Refresh", "Mark Refresh"),
        ("Larry Page", "Larry Page"),
        ("call center", "call center"),
        ("help desk", "help desk"),
        ("Audit Team", "Audit Team"),
        ("me linh", "me linh"),
        ("fax number", "fax number"),
        ("login desk team", "login desk team"),
        ("789 Share Team", "789 Share Team"),
        ("Anna Share", "Anna Share"),
        ("who is login jsmith", "login jsmith"),
    ],
)
def test_words_are_a_name(text, name):
    """Words are a name as typed, the first name first."""
    assert read(text) == Name(name)


@pytest.mark.parametrize(
    "word",
    ["jsmith", "j.smith", "jsmith2", "j_smith", "j-smith", "JSmith", "smith", "789a", "hlep", "x"],
)
def test_one_word_can_be_a_login_name(word):
    """One word of letters, digits, dots, dashes and underscores can be a login name too."""
    assert read(word) == Name(word, login=word)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("John and Mary", names("John", "Mary")),
        ("john, mary, bob", names("john", "mary", "bob")),
        ("john, mary and bob", names("john", "mary", "bob")),
        ("john, mary, and bob", names("john", "mary", "bob")),
        ("john; mary", names("john", "mary")),
        ("john\nmary", names("john", "mary")),
        ("@ann @bob", names("ann", "bob")),
        ("john smith, mary jones", several(Name("john smith"), Name("mary jones"))),
        ('"john smith" "mary jones"', several(Name("john smith"), Name("mary jones"))),
        ("john smith and mary jones", several(Name("john smith"), Name("mary jones"))),
        ("smith, john; doe, jane", several(Name("john smith"), Name("jane doe"))),
        ("smith, john\ndoe, jane", several(Name("john smith"), Name("jane doe"))),
        ("smith, john and doe, jane", several(Name("john smith"), Name("jane doe"))),
        ("Sales & Marketing", names("Sales", "Marketing")),
        ("john, John, JOHN", Name("john", "john")),
        ("john and 789", several(Name("john", "john"), Number("789"))),
        ("me, 789", several(ME, Number("789"))),
        ("me, john", several(ME, Name("john", "john"))),
    ],
)
def test_several_names(text, query):
    """Commas, semicolons, line breaks and `and` stand between names; `smith, john` is one."""
    assert read(text) == query


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
def test_an_email_is_recognised(text, address):
    """An email is one in lower case, and says more than the name beside it."""
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
def test_people_are_recognised(text, query):
    """A person is who Slack says it is; a name that Slack did not know stays a name."""
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
def test_what_is_sure_counts_more_than_a_name_beside_it(text, query):
    """Words around a number that can be nothing else are not looked up."""
    assert read(text) == query
