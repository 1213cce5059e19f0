"""Extensions and phone numbers, in the ways that people write them."""

from __future__ import annotations

import pytest

from bot.query.model import Email, Name, Number, Phone
from tests.query.reading import abroad, numbers, read, several, us

LONDON = "442079460958"


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("789", "789"),
        ("7", "7"),
        ("123456", "123456"),
        ("007", "007"),
        ("000", "000"),
        ("x789", "789"),
        ("X789", "789"),
        ("x 789", "789"),
        ("x-789", "789"),
        ("x.789", "789"),
        ("ext 789", "789"),
        ("ext. 789", "789"),
        ("ext.789", "789"),
        ("ext789", "789"),
        ("EXT 789", "789"),
        ("Ext: 789", "789"),
        ("ext:789", "789"),
        ("ext=789", "789"),
        ("ext #789", "789"),
        ("extn 789", "789"),
        ("extension 789", "789"),
        ("Extension: 789", "789"),
        ("extension:789", "789"),
        ("number:789", "789"),
        ("phone 789", "789"),
        ("extension789", "789"),
        ("extension number 789", "789"),
        ("extension no. 789", "789"),
        ("#789", "789"),
        ("# 789", "789"),
        ("##789", "789"),
        ("789#", "789"),
        ("no. 789", "789"),
        ("No 789", "789"),
        ("no.789", "789"),
        ("nr. 789", "789"),
        ("number 789", "789"),
        ("№ 789", "789"),
        ("789.", "789"),
        ("789?!", "789"),
        ("(789)", "789"),
        ("[789]", "789"),
        ("<789>", "789"),
        ('"789"', "789"),
        ("'789'", "789"),
        ("- 789", "789"),
        ("-789", "789"),
        ("12-34", "1234"),
        ("7.8.9", "789"),
        ("789, 789", "789"),
        ("789, x789", "789"),
        ("789 789 789", "789"),
    ],
)
def test_up_to_six_digits_are_an_extension(text, digits):
    """Up to six digits are an extension, whatever is written before them; zeros stay."""
    assert read(text) == Number(digits)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("789 790 1001", ("789", "790", "1001")),
        ("789,790,1001", ("789", "790", "1001")),
        ("789, 790; 1001", ("789", "790", "1001")),
        ("789\n790\r\n1001", ("789", "790", "1001")),
        ("789 and 790", ("789", "790")),
        ("789, 790 and 1001", ("789", "790", "1001")),
        ("789, 790, and 1001", ("789", "790", "1001")),
        ("789 & 790", ("789", "790")),
        ("789&790", ("789", "790")),
        ("789 &amp; 790", ("789", "790")),
        ("789/790", ("789", "790")),
        ("1001/1002", ("1001", "1002")),
        ("789 or 790", ("789", "790")),
        ("789 AND 790", ("789", "790")),
        ("x789 x790", ("789", "790")),
        ("ext 789 ext 790", ("789", "790")),
        ("extensions 789 and 790", ("789", "790")),
        ("#789, #790", ("789", "790")),
        ("- 789\n- 790", ("789", "790")),
        ("• 789\n• 790", ("789", "790")),
        ("789 , 790 ,", ("789", "790")),
        (",789,,790", ("789", "790")),
        ("1 2 3 4 5 6 7 8 9 10", (*"123456789", "10")),
        ("789 789 790", ("789", "790")),
        ("(789) (790)", ("789", "790")),
        ("(415) 555", ("415", "555")),
        ("1,001", ("1", "001")),
        ("201 202", ("201", "202")),
        ("555 0100", ("555", "0100")),
        ("1001 1002 1003", ("1001", "1002", "1003")),
        ("415 555 0100 789", ("415", "555", "0100", "789")),
    ],
)
def test_several_numbers_are_looked_up_each(text, digits):
    """Numbers between blanks, commas, line breaks and words of listing are as many lookups."""
    assert read(text) == numbers(*digits)


@pytest.mark.parametrize(
    "text",
    [
        "4155550100",
        "(415) 555-0100",
        "(415)555-0100",
        "415-555-0100",
        "415.555.0100",
        "415/555-0100",
        "415 555-0100",
        "(415) 555 0100",
        "[415] 555-0100",
        "tel 415-555-0100",
        "tel: 415-555-0100",
        "tel:4155550100",
        "phone 4155550100",
        "phone number (415) 555-0100",
        "ext 4155550100",
        "415 5550100",
    ],
)
def test_ten_digits_mean_the_country_code_too(text):
    """A national number means the one with its country code first, then the digits as typed."""
    assert read(text) == us("4155550100")


@pytest.mark.parametrize(
    "text",
    [
        "14155550100",
        "+14155550100",
        "+1 415 555 0100",
        "+1 (415) 555-0100",
        "+1-415-555-0100",
        "+1.415.555.0100",
        "(+1) 415 555 0100",
        "1-415-555-0100",
        "1 (415) 555-0100",
        "1 4155550100",
        "tel:+1-415-555-0100",
    ],
)
def test_a_country_code_needs_no_guess(text):
    """With its country code a number has one meaning, with plus or without."""
    assert read(text) == abroad("14155550100")


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("415 555 0100", ("415", "555", "0100")),
        ("20123 20124", ("20123", "20124")),
        ("201 202 2003", ("201", "202", "2003")),
    ],
)
def test_a_number_in_groups_can_be_extensions_too(text, groups):
    """Groups of digits that make a valid number keep the extensions that they could be."""
    assert read(text) == us("".join(groups), *groups)


@pytest.mark.parametrize(
    ("text", "region", "meaning"),
    [
        ("020 7946 0958", "GB", LONDON),
        ("02079460958", "GB", LONDON),
        ("(020) 7946 0958", "GB", LONDON),
        ("+44 (0)20 7946 0958", "US", LONDON),
        ("+44(0)2079460958", "US", LONDON),
        ("+44 20 7946 0958", "FR", LONDON),
        ("442079460958", "US", LONDON),
        ("44 20 7946 0958", "US", LONDON),
        ("44 20 7946 0958", "GB", LONDON),
        ("011 44 20 7946 0958", "US", LONDON),
        ("00 44 20 7946 0958", "DE", LONDON),
        ("00 44 20 7946 0958", "US", LONDON),
        ("0044 20 7946 0958", "US", LONDON),
        ("00442079460958", "US", LONDON),
        ("0011 44 20 7946 0958", "AU", LONDON),
        ("0114 496 0000", "GB", "441144960000"),
        ("030 123456", "DE", "4930123456"),
        ("030/123456", "DE", "4930123456"),
        ("(030) 12 34 56", "DE", "4930123456"),
        ("+49 (0)30 123456", "US", "4930123456"),
        ("98765 43210", "IN", "919876543210"),
        ("098765 43210", "IN", "919876543210"),
        ("+91 98765 43210", "IN", "919876543210"),
        ("01 23 45 67 89", "FR", "33123456789"),
        ("01.23.45.67.89", "FR", "33123456789"),
        ("0123456789", "FR", "33123456789"),
        ("+54 9 (11) 2345-6789", "US", "5491123456789"),
        ("551 1234", "IS", "3545511234"),
        ("07700-900 002", "GB", "447700900002"),
    ],
)
def test_numbers_of_other_countries(text, region, meaning):
    """National and international writings of a number lead to its E.164 digits first."""
    query = read(text, region)
    assert isinstance(query, Phone)
    assert query.candidates[0] == meaning


@pytest.mark.parametrize(
    ("text", "region", "meaning"),
    [
        ("07700 900002", "GB", "447700900002"),
        ("07700 900 002", "GB", "447700900002"),
        ("020 7946 0958", "GB", LONDON),
        ("0491 570 006", "AU", "61491570006"),
        ("01 99 00 12 34", "FR", "33199001234"),
        ("06 55 123 4567", "HU", "36551234567"),
    ],
)
def test_groups_behind_a_zero_are_one_number_known_or_not(text, region, meaning):
    """Where 0 is dialled before a national number, it tells one, also of a range for fiction."""
    groups = tuple(text.split())
    candidates = (meaning, "".join(groups))
    assert read(text, region) == Phone("".join(groups), candidates, groups=groups)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("0789 0790", "GB"),
        ("0789 790", "GB"),
        ("0100 0200 0300 0400", "GB"),
        ("020 7946 0958 789", "GB"),
        ("0789 790 1001", "US"),
        ("07700 900002", "US"),
        ("07700 900002", "ZZ"),
        ("789 790 1001", "US"),
    ],
)
def test_groups_that_are_no_number_stay_extensions(text, region):
    """Too few digits, too many, or a zero that means nothing there: each is an extension."""
    assert read(text, region) == numbers(*text.split())


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("5550100", Phone("5550100", ("5550100",))),
        ("555-0100", Phone("5550100", ("5550100",))),
        ("555.0100", Phone("5550100", ("5550100",))),
        ("1234567", Phone("1234567", ("1234567",))),
        ("+12345", Phone("12345", ("12345",))),
        ("+999 123 4567 890", Phone("9991234567890", ("9991234567890",))),
        ("(999) 555-0100", Phone("9995550100", ("19995550100", "9995550100"))),
        ("123456789012345", Phone("123456789012345", ("123456789012345",))),
    ],
)
def test_numbers_that_nobody_assigned_are_taken_as_typed(text, query):
    """Without an area code, or unknown to the numbering plan, the digits as typed remain."""
    assert read(text) == query


def test_an_unknown_region_still_reads_numbers():
    """A region that does not exist leaves the digits as typed, and international numbers."""
    assert read("4155550100", "ZZ") == Phone("4155550100", ("4155550100",))
    assert read("+14155550100", "ZZ") == abroad("14155550100")


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
def test_kinds_can_be_mixed(text, items):
    """Numbers, phone numbers with their extensions, emails and names can stand together."""
    assert read(text) == several(*items)
