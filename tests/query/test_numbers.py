"""Extensions and phone numbers, in the ways that people write them."""

from __future__ import annotations

import pytest

from bot.query.model import Number, Phone
from tests.query.queries import abroad, numbers, read, us

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
    """Up to six digits are an extension, whatever is typed before them; leading zeros stay."""
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
def test_separated_numbers_are_several_extensions(text, digits):
    """Numbers between spaces, commas, line breaks and conjunctions are looked up one by one."""
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
def test_national_number_means_number_with_country_code_first(text):
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
def test_number_with_country_code_has_one_meaning(text):
    """A number with its country code has one meaning, with or without plus."""
    assert read(text) == abroad("14155550100")


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("415 555 0100", ("415", "555", "0100")),
        ("20123 20124", ("20123", "20124")),
        ("201 202 2003", ("201", "202", "2003")),
    ],
)
def test_valid_number_in_groups_keeps_the_groups(text, groups):
    """Groups of digits that make a valid number stay available as extensions."""
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
def test_number_of_other_country_leads_to_e164(text, region, meaning):
    """National and international spellings of a number mean its E.164 digits first."""
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
def test_groups_with_trunk_zero_are_one_number(text, region, meaning):
    """Where a national number begins with 0, groups with it are one number, assigned or not."""
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
def test_groups_that_are_no_number_are_extensions(text, region):
    """Each group is an extension if it makes no number with the others."""
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
def test_unassigned_number_keeps_its_digits(text, query):
    """A number without area code, or unknown to the numbering plan, means its digits as typed."""
    assert read(text) == query


def test_number_in_unknown_region_keeps_its_digits():
    """In a region that does not exist, digits stay as typed and international numbers work."""
    assert read("4155550100", "ZZ") == Phone("4155550100", ("4155550100",))
    assert read("+14155550100", "ZZ") == abroad("14155550100")
