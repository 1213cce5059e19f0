"""Names and login names."""

from __future__ import annotations

import pytest

from bot.query.model import Name, Number
from tests.query.queries import ME, names, read, several


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
        ('john "the dnd:on room"', "john the dnd:on room"),
        ("/john smith`|(", "john smith"),
        ('"john ; " smith', "john ; smith"),
        ('page ] " [ two', "page two"),
    ],
)
def test_words_are_a_name_first_name_first(text, name):
    """Words are a name as typed, with the first name first."""
    assert read(text) == Name(name)


@pytest.mark.parametrize(
    "word",
    ["jsmith", "j.smith", "jsmith2", "j_smith", "j-smith", "JSmith", "smith", "789a", "hlep", "x"],
)
def test_single_word_may_be_a_login_name(word):
    """One word of letters, digits, dots, dashes and underscores may be a login name too."""
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
def test_separators_stand_between_names(text, query):
    """Commas, semicolons, line breaks and `and` separate names; `smith, john` is one name."""
    assert read(text) == query
